import * as z from 'zod/mini';
import { instant } from '../event/hr-event.ts';
import { Blocked } from '../failures.ts';
import type { Desk } from '../ports.ts';
import { SECOND } from '../time/time.ts';
import { changeLog } from './change-log.ts';
import { admit, afterFailure, CLOSED_CIRCUIT, circuitRecord } from './circuit.ts';
import { changeRecord, STAGE_KEYS } from './shared-record.ts';

/** How one source's HR system has been doing: each has a circuit of its own. */
export const hrCircuitKey = (source: string): string => `stage/hr-circuit/${source}`;

/** The kill switch: while it is set no worker writes, and events wait. */
export const pauseRecord = z.object({
  paused: z.optional(z.object({ at: instant, by: z.string(), reason: z.string() })),
  log: z.optional(changeLog),
});

export type PauseRecord = z.infer<typeof pauseRecord>;

/** Who paused the stage and why; undefined when it runs. */
async function pauseSaw({ ledger }: Pick<Desk, 'ledger'>): Promise<string | undefined> {
  const paused = (await ledger.readRecord(STAGE_KEYS.pause, pauseRecord))?.value.paused;
  return paused === undefined ? undefined : `paused since ${paused.at}: ${paused.reason}`;
}

/** @throws Blocked while a person has paused the stage */
export async function stopIfPaused(desk: Pick<Desk, 'ledger'>): Promise<void> {
  const paused = await pauseSaw(desk);
  if (paused !== undefined) throw new Blocked('paused', paused, { untilRepaired: true });
}

/**
 * Lets an event go to Workfront. While the circuit is open one probe at a time goes; it is claimed here.
 *
 * @returns whether Workfront is known to be well, or its next good answer is news to report
 * @throws Blocked while the stage is paused or the circuit is open
 */
export async function passGate(desk: Desk): Promise<'clean' | 'doubtful'> {
  await stopIfPaused(desk);
  return passCircuit(STAGE_KEYS.circuit, 'circuit-open', desk);
}

/**
 * Lets an event through to the system that the circuit of this key protects.
 *
 * @throws Blocked with the code while it is open
 */
export async function passCircuit(key: string, code: string, desk: Pick<Desk, 'ledger' | 'clock'>): Promise<'clean' | 'doubtful'> {
  const { answer, circuit } = await askCircuit(key, code, desk);
  if (answer.kind === 'probe') await desk.ledger.writeRecord(key, { value: answer.record, version: circuit?.version ?? 0 });
  return answer.kind === 'probe' || circuit?.value.failures ? 'doubtful' : 'clean';
}

/** Only looks: a probe that may go is not claimed. @throws Blocked with the code while the circuit is open */
export async function stopIfOpen(key: string, code: string, desk: Pick<Desk, 'ledger' | 'clock'>): Promise<void> {
  await askCircuit(key, code, desk);
}

async function askCircuit(key: string, code: string, { ledger, clock }: Pick<Desk, 'ledger' | 'clock'>) {
  const circuit = await ledger.readRecord(key, circuitRecord);
  const answer = admit(circuit?.value ?? CLOSED_CIRCUIT, clock());
  if (answer.kind !== 'wait') return { answer, circuit };

  throw new Blocked(code, answer.saw, {
    retryAfterSeconds: Math.ceil((answer.untilMillis - clock()) / SECOND),
    untilRepaired: answer.cause === 'credentials',
  });
}

/**
 * One more failure to talk to Workfront, or to the HR system of the key, at all.
 *
 * @param saw the code of the failure
 */
export async function reportFailure(
  failure: { cause: 'credentials' | 'trouble'; saw: string },
  { ledger, clock }: Desk,
  key: string = STAGE_KEYS.circuit,
): Promise<void> {
  await changeRecord(ledger, { key, schema: circuitRecord }, (record) => afterFailure(record ?? CLOSED_CIRCUIT, failure, clock()));
}

/** Closes the circuit of the key. */
export async function reportSuccess({ ledger }: Desk, key: string = STAGE_KEYS.circuit): Promise<void> {
  await changeRecord(ledger, { key, schema: circuitRecord }, (record) =>
    record === undefined || (record.failures === 0 && record.open === undefined) ? undefined : CLOSED_CIRCUIT,
  );
}
