import { parseArgs } from 'node:util';
import { Worker } from 'node:worker_threads';
import type * as z from 'zod';
import { makeScenario } from './make-scenario.ts';
import { play } from './play.ts';
import { news, type share } from './play-many.ts';
import type { Scenario } from './scenario.ts';
import { shrink } from './shrink.ts';

const USAGE = `npm run test:histories -- [--runs 10000] [--seed 1] [--jobs 2]
npm run test:histories -- --seed S --only N     plays history N of seed S, step by step, and what it shrinks to if it fails`;

type News = z.infer<typeof news>;

const { values } = parseArgs({
  options: {
    runs: { type: 'string', default: '10000' },
    seed: { type: 'string', default: String(Date.now() % 1_000_000) },
    jobs: { type: 'string', default: '2' },
    only: { type: 'string' },
  },
});
const [runs, seed, jobs] = [values.runs, values.seed, values.jobs].map(wholeNumber);
if (runs === undefined || seed === undefined || jobs === undefined) throw new Error(USAGE);

process.exitCode = values.only === undefined ? await runAll(runs, seed, jobs) : await replay(seed, wholeNumber(values.only));

function wholeNumber(text: string): number {
  const number = Number(text);
  if (!Number.isSafeInteger(number) || number < 0) throw new Error(`expected a whole number, got "${text}"\n${USAGE}`);
  return number;
}

async function runAll(count: number, withSeed: number, threads: number): Promise<number> {
  console.log(`seed ${withSeed}, ${count} histories, ${threads} threads`);
  const began = Date.now();
  const latest: News[] = [];
  const shown = new Set<number>();
  const show = ({ violations }: News) => {
    for (const { number, invariant, detail } of violations.filter((one) => !shown.has(one.number))) {
      shown.add(number);
      console.log(`VIOLATION ${invariant}: ${detail}\n  again: npm run test:histories -- --seed ${withSeed} --only ${number}`);
    }
  };
  const report = () => {
    const [played, steps] = [sum(latest, 'played'), sum(latest, 'steps')];
    const seconds = (Date.now() - began) / 1000;
    console.log(
      `${played} histories, ${steps} steps, ${Math.round(played / seconds)} histories/s, ${violationsOf(latest).length} violations`,
    );
  };
  const timer = setInterval(report, 30_000);

  await Promise.all(
    Array.from({ length: threads }, (_, first) =>
      playShare({ seed: withSeed, first, stride: threads, runs: count }, (told) => {
        latest[first] = told;
        show(told);
      }),
    ),
  );
  clearInterval(timer);
  report();
  return shown.size > 0 ? 1 : 0;
}

/** One thread's share. @throws Error where the thread ends before its share is done: a history that hangs */
function playShare(workerData: z.infer<typeof share>, tell: (told: News) => void): Promise<void> {
  return new Promise((resolve, reject) => {
    let last: News | undefined;
    const thread = new Worker(new URL('./play-many.ts', import.meta.url), { workerData });
    thread.on('message', (message) => {
      last = news.parse(message);
      tell(last);
    });
    thread.on('error', reject);
    thread.on('exit', () => {
      if (last?.done === true) return resolve();
      return reject(new Error(`a thread ended after history ${workerData.first + (last?.played ?? 0) * workerData.stride} or a later one`));
    });
  });
}

async function replay(withSeed: number, number: number): Promise<number> {
  const scenario = makeScenario(withSeed, number);
  describe(scenario);
  const { violation } = await play(scenario, { trace: console.log });
  if (violation === undefined) return 0;

  const shrunk = await shrink(scenario, violation.invariant);
  console.log(`\nshrunk to ${shrunk.scenario.actions.length} actions:`);
  await play(shrunk.scenario, { variant: shrunk.variant, trace: console.log });
  return 1;
}

function describe({ rules, users, faults, workers }: Scenario): void {
  console.log(`rules ${JSON.stringify(rules)}\nfaults ${JSON.stringify(faults)}, ${workers} workers`);
  for (const { customerId: _, customFields: __, ...user } of users) console.log(`user ${JSON.stringify(user)}`);
}

function sum(all: readonly News[], of: 'played' | 'steps'): number {
  return all.reduce((total, one) => total + one[of], 0);
}

function violationsOf(all: readonly News[]): News['violations'] {
  return all.flatMap(({ violations }) => violations);
}
