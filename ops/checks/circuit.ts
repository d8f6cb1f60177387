import type { CircuitRecord } from '../../lambda/domain/stage/circuit.ts';
import { ANSWERS, type Row } from '../../lambda/workfront/answers.ts';
import { bothTimes } from '../terminal/times.ts';

type Open = NonNullable<CircuitRecord['open']>;

/** What an open circuit says of Workfront, with the code of the answer. */
export function meaningOfCircuit({ cause, saw, endedBy }: Open): string {
  switch (cause) {
    case 'credentials':
      return `Workfront refuses the credential (${saw})`;
    case 'stage':
      return `Workfront refuses ${endedBy === 'write' ? 'every write' : 'everybody'} (${saw})`;
    case 'trouble':
      return `Workfront is in trouble (${saw})`;
  }
}

/** What a person must do, if Workfront refuses everybody; then all events go on by themselves. */
export function cureOfCircuit({ cause, saw }: Open): string | undefined {
  const rows: readonly Row[] = ANSWERS;
  const row = rows.find(({ code }) => code === saw);
  const advice = row?.adviceToAll ?? row?.advice;
  return cause === 'stage' && advice !== undefined ? `${advice}; all events go on by themselves within 5 minutes` : undefined;
}

/** What `status` says of Workfront. */
export function circuitLines({ failures, open }: CircuitRecord): string[] {
  if (open === undefined) return [`Workfront  ${failures === 0 ? 'answers' : `failed ${failures} times in a row`}`];
  const cure = cureOfCircuit(open);
  return [
    `Workfront  STOPPED since ${bothTimes(open.since)}: ${meaningOfCircuit(open)}; next try ${bothTimes(open.probeAt)}`,
    ...(cure === undefined ? [] : [`           ${cure}`]),
  ];
}
