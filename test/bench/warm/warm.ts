import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { type Spread, shuffled, spreadOf } from '../page/statistics.ts';
import type { ColdBundle } from '../setup/bundles.ts';
import { anArrival, aTermination, gatewayEvent, queueEvent } from '../setup/events.ts';
import { mustHaveWorked } from '../setup/must-have-worked.ts';
import { runCold } from '../setup/run-cold.ts';
import { NO_BRAKE, plainAddresses, startStandIns } from '../setup/stand-ins.ts';
import type { Look } from './memory-child.ts';

/** The number of first events, which are not warm yet. */
export const FIRST = 50;
/** The calls that prove the credential: its own user, and the count of users. Leavers with one match key need no search with groups. */
const PROOF_CALLS = 2;
/** The memory of each function in lib/, in megabytes. */
const MEMORY = { receiver: 256, worker: 256 };
/** The number of looks at the memory, at equal distances. */
const LOOKS = 10;

interface WarmRow {
  name: string;
  /** With the SDK and HTTP, for each event. */
  cpuMs: Spread;
  ms: Spread;
}

interface Flatness {
  events: number;
  heapMegabytes: { first: number; last: number };
  rssMegabytes: { first: number; last: number };
  /** CPU time of our own code, with ports in memory. */
  cpuMs: number;
  /** Calls of the ledger for each event. */
  reads: number | undefined;
  writes: number | undefined;
}

export interface WarmResult {
  eventsEach: number;
  rounds: number;
  rows: WarmRow[];
  workfrontCallsPerEvent: number;
  memory: { receiver: Flatness; worker: Flatness };
}

/** Measures warm events and the growth of memory. */
export async function measureWarm({
  bundles,
  events,
  rounds,
  memoryEvents,
}: {
  bundles: readonly ColdBundle[];
  events: number;
  rounds: number;
  memoryEvents: number;
}): Promise<WarmResult> {
  const compared = bundles.filter(({ of }) => of !== 'neither');
  const { rows, workfrontCallsPerEvent } = await measureCpu(compared, { events, rounds });
  return {
    eventsEach: events,
    rounds,
    rows,
    workfrontCallsPerEvent,
    memory: { receiver: await measureMemory('receiver', memoryEvents), worker: await measureMemory('worker', memoryEvents) },
  };
}

/** Measures the events after the first ones, one bundle after the other, in a new order in each round. */
async function measureCpu(bundles: readonly ColdBundle[], { events, rounds }: { events: number; rounds: number }) {
  const seen = new Map(bundles.map(({ name }) => [name, { cpuMs: [0].slice(1), ms: [0].slice(1) }]));
  let workfrontCallsPerEvent = 0;
  for (let round = 0; round < rounds; round++) {
    // Each round has a brake of its own, which lets 500 through.
    const standIns = await startStandIns({ users: 2 * bundles.length * (FIRST + events) + 100, policy: NO_BRAKE });
    const addresses = plainAddresses(standIns.workfront, bundles.length * (FIRST + events));
    try {
      for (const { name, of, file, flags } of shuffled(bundles)) {
        const given = addresses
          .splice(0, FIRST + events)
          .map((email) =>
            of === 'worker' ? queueEvent([anArrival({ email, eventId: `warm-${email}` })]) : gatewayEvent(aTermination(email)),
          );
        const before = standIns.workfront.calls.total;
        const run = await runCold({ file, flags, events: given, environment: standIns.environment, warmAfter: FIRST });
        for (const answer of run.answers) mustHaveWorked({ of, name }, answer);
        seen.get(name)?.cpuMs.push(run.warmCpuMs / events);
        seen.get(name)?.ms.push(run.warmMs / events);
        if (name === 'worker') workfrontCallsPerEvent = (standIns.workfront.calls.total - before - PROOF_CALLS) / given.length;
      }
    } finally {
      await standIns.close();
    }
  }
  return {
    rows: [...seen].map(([name, { cpuMs, ms }]) => ({ name, cpuMs: spreadOf(cpuMs), ms: spreadOf(ms) })),
    workfrontCallsPerEvent,
  };
}

async function measureMemory(which: 'receiver' | 'worker', events: number): Promise<Flatness> {
  const child = fork(join(import.meta.dirname, 'memory-child.ts'), [which, String(events), String(LOOKS)], {
    execArgv: ['--expose-gc', ...heapOf(MEMORY[which]), '--disable-warning=ExperimentalWarning'],
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  const looks: Look[] = [];
  child.on('message', (look: Look) => looks.push(look));
  const [code] = await once(child, 'exit');
  const [first, last] = [looks[0], looks.at(-1)];
  if (code !== 0 || first === undefined || last === undefined || looks.length < LOOKS)
    throw new Error(`the memory of the ${which} was not measured; start test/bench/warm/memory-child.ts by hand to see why`);
  return {
    events,
    heapMegabytes: { first: first.heapMegabytes, last: last.heapMegabytes },
    rssMegabytes: { first: first.rssMegabytes, last: last.rssMegabytes },
    cpuMs: last.cpuMs,
    reads: last.asked?.reads,
    writes: last.asked?.writes,
  };
}

/**
 * Gives a tenth of the memory to the young generation, in two halves, and the rest to the old one: `bootstrap` of AWS's Node.js images (aws-lambda-base-images).
 * The halves have their full size from the start: otherwise V8 doubles them once, and the process grows by that.
 */
function heapOf(megabytes: number): string[] {
  const half = Math.floor(megabytes / 20);
  return [`--min-semi-space-size=${half}`, `--max-semi-space-size=${half}`, `--max-old-space-size=${Math.floor(megabytes * 0.9)}`];
}
