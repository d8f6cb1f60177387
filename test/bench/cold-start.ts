import { barChart } from './chart.ts';
import type { ColdBundle } from './cold-bundles.ts';
import { anArrival, aTermination, gatewayEvent, queueEvent } from './events.ts';
import { mustHaveWorked } from './must-have-worked.ts';
import { type ColdRun, runCold } from './run-cold.ts';
import type { Section, Target } from './section.ts';
import { NO_BRAKE, plainAddresses, startStandIns } from './stand-ins.ts';
import { ratioOf, type Spread, shuffled, spreadOf } from './statistics.ts';

interface ColdRow {
  name: string;
  zipKilobytes: number;
  loadMs: Spread;
  /** From the start of the process to a handler that can be called. */
  readyMs: Spread;
  readyRatio: Spread;
  /** CPU time of the process until then, all threads. */
  cpuMs: Spread;
  cpuRatio: Spread;
  /** To the answer to the first event, stand-ins on the same machine. */
  answeredMs: Spread;
  /** Peak, after the first event. */
  megabytes: Spread;
}

export interface ColdResult {
  rounds: number;
  rows: ColdRow[];
  /** How many times as fast as ours the peers are not: peer's time to ready by ours, of the same round. */
  fasterThanPeer: Record<string, Spread>;
}

/** Starts every bundle in a fresh process, all of them in a new order in each round; the first round does not count. */
export async function measureColdStart({ bundles, rounds }: { bundles: readonly ColdBundle[]; rounds: number }): Promise<ColdResult> {
  const starts = (rounds + 1) * bundles.length;
  const standIns = await startStandIns({ users: 2 * starts + 100, policy: NO_BRAKE });
  const addresses = plainAddresses(standIns.workfront, starts);
  const runs = new Map<string, ColdRun[]>(bundles.map(({ name }) => [name, []]));
  try {
    for (let round = 0; round <= rounds; round++) {
      for (const { name, of, file, flags } of shuffled(bundles)) {
        const email = addresses.pop() ?? '';
        const event = of === 'worker' ? queueEvent([anArrival(email, `cold-${crypto.randomUUID()}`)]) : gatewayEvent(aTermination(email));
        const run = await runCold({ file, flags, events: [event], environment: standIns.environment });
        mustHaveWorked(of, name, run.answers[0]);
        if (round > 0) runs.get(name)?.push(run);
      }
    }
  } finally {
    await standIns.close();
  }
  return summarise(bundles, runs, rounds);
}

function summarise(bundles: readonly ColdBundle[], runs: ReadonlyMap<string, ColdRun[]>, rounds: number): ColdResult {
  const of = (name: string, what: 'loadMs' | 'readyMs' | 'cpuMs' | 'answeredMs' | 'megabytes') =>
    (runs.get(name) ?? []).map((run) => run[what]);
  return {
    rounds,
    rows: bundles.map(({ name, zipBytes }) => ({
      name,
      zipKilobytes: zipBytes / 1000,
      loadMs: spreadOf(of(name, 'loadMs')),
      readyMs: spreadOf(of(name, 'readyMs')),
      readyRatio: ratioOf(of(name, 'readyMs'), of('empty', 'readyMs')),
      cpuMs: spreadOf(of(name, 'cpuMs')),
      cpuRatio: ratioOf(of(name, 'cpuMs'), of('empty', 'cpuMs')),
      answeredMs: spreadOf(of(name, 'answeredMs')),
      megabytes: spreadOf(of(name, 'megabytes')),
    })),
    fasterThanPeer: Object.fromEntries(
      bundles
        .filter(({ name }) => name.includes('peer'))
        .map(({ name, of: kind }) => [name, ratioOf(of(name, 'readyMs'), of(kind, 'readyMs'))]),
    ),
  };
}

export const coldSection = ({ rows, rounds }: ColdResult): Section => ({
  title: 'Cold start',
  columns: ['bundle', 'zip KB', 'load ms', 'ready ms', 'x empty', 'quartiles', 'CPU x empty', 'first answer ms', 'peak MB'],
  rows: rows.map(({ name, zipKilobytes, loadMs, readyMs, readyRatio, cpuRatio, answeredMs, megabytes }) => [
    name,
    zipKilobytes.toFixed(0),
    loadMs.median.toFixed(1),
    readyMs.median.toFixed(0),
    readyRatio.median.toFixed(2),
    `${readyRatio.lower.toFixed(2)} to ${readyRatio.upper.toFixed(2)}`,
    cpuRatio.median.toFixed(2),
    answeredMs.median.toFixed(0),
    megabytes.median.toFixed(0),
  ]),
  notes: [
    `${rounds} rounds, each bundle in a fresh process, a new order in each round; ratios are of the same round. "Ready" is from the start of the process to a handler that can be called; the first answer is that to a signed delivery, or to a leaver deactivated, stand-ins for AWS and Workfront over HTTP on the same machine.`,
  ],
});

export const coldChart = ({ rows }: ColdResult): string =>
  barChart(
    'Cold start: time to ready, as a multiple of an empty handler',
    'x',
    rows.map(({ name, readyRatio }) => ({ name, value: readyRatio, ours: !name.includes('peer') && name !== 'empty' })),
  );

export function coldTargets({ rows, fasterThanPeer }: ColdResult): Target[] {
  const row = (name: string) => rows.find((one) => one.name === name);
  const times = (value = Number.NaN) => `${value.toFixed(2)} x`;
  const most = (name: string, limit: number): Target => {
    const came = row(name)?.readyRatio.median;
    return {
      what: `cold start of the ${name}, by that of an empty handler`,
      wanted: `at most ${limit} x`,
      came: times(came),
      met: (came ?? Number.NaN) <= limit,
    };
  };
  const faster = fasterThanPeer['receiver, peer (a): common style']?.median;
  const zip = row('receiver')?.zipKilobytes ?? Number.NaN;
  return [
    most('receiver', 2.2),
    {
      what: 'cold start of the receiver, against peer (a)',
      wanted: 'at least 1.8 x faster',
      came: times(faster),
      met: (faster ?? Number.NaN) >= 1.8,
    },
    { what: 'zip of the receiver, with the AWS SDK', wanted: 'at most 400 KB', came: `${zip.toFixed(0)} KB`, met: zip <= 400 },
    most('worker', 2.6),
  ];
}
