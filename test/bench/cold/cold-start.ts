import { ratioOf, type Spread, shuffled, spreadOf } from '../page/statistics.ts';
import type { ColdBundle } from '../setup/bundles.ts';
import { anArrival, aTermination, gatewayEvent, queueEvent } from '../setup/events.ts';
import { mustHaveWorked } from '../setup/must-have-worked.ts';
import { type ColdRun, runCold } from '../setup/run-cold.ts';
import { NO_BRAKE, plainAddresses, startStandIns } from '../setup/stand-ins.ts';

interface ColdRow {
  name: string;
  zipKilobytes: number;
  loadMs: Spread;
  /** From the start of the process to a handler that can be called. */
  readyMs: Spread;
  readyRatio: Spread;
  /** CPU time of the process until then, for all threads. */
  cpuMs: Spread;
  cpuRatio: Spread;
  /** From the start of the process to the first answer, with stand-ins on the same machine. */
  answeredMs: Spread;
  /** The peak after the first event. */
  megabytes: Spread;
}

export interface ColdResult {
  rounds: number;
  rows: ColdRow[];
  /** The time of a peer until it is ready, in multiples of ours. */
  fasterThanPeer: Record<string, Spread>;
}

/** Starts every bundle in a fresh process, in a new order in each round; the first round does not count. */
export async function measureColdStart({ bundles, rounds }: { bundles: readonly ColdBundle[]; rounds: number }): Promise<ColdResult> {
  const starts = (rounds + 1) * bundles.length;
  const standIns = await startStandIns({ users: 2 * starts + 100, policy: NO_BRAKE });
  const addresses = plainAddresses(standIns.workfront, starts);
  const runs = new Map<string, ColdRun[]>(bundles.map(({ name }) => [name, []]));
  try {
    for (let round = 0; round <= rounds; round++) {
      for (const { name, of, file, flags } of shuffled(bundles)) {
        const email = addresses.pop() ?? '';
        const event =
          of === 'worker' ? queueEvent([anArrival({ email, eventId: `cold-${crypto.randomUUID()}` })]) : gatewayEvent(aTermination(email));
        const run = await runCold({ file, flags, events: [event], environment: standIns.environment });
        mustHaveWorked({ of, name }, run.answers[0]);
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
