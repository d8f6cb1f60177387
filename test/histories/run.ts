import { parseArgs } from 'node:util';
import { Worker } from 'node:worker_threads';
import type * as z from 'zod';
import { addCounts, NO_COUNTS } from './run/counts.ts';
import { describe } from './run/describe.ts';
import { playMutants } from './run/mutants.ts';
import { play } from './run/play.ts';
import { type Counts, news, type share } from './run/play-many.ts';
import { shrink } from './run/shrink.ts';
import { makeScenario } from './stories/make-scenario.ts';

const USAGE = `npm run test:histories -- [--runs 10000] [--seed 1] [--jobs 2]
npm run test:histories -- --seed S --only N     plays history N of seed S, step by step, and what it shrinks to if it fails
npm run test:histories -- --twins [--runs N]    plays each history and its twins: the same lives, told without faults
npm run test:histories -- --mutants [--seeds 1,2,3] [--only TEXT]   takes out one rule of the core at a time; TEXT is a part of its name`;

type News = z.infer<typeof news>;

const { values } = parseArgs({
  options: {
    runs: { type: 'string' },
    seed: { type: 'string', default: String(Date.now() % 1_000_000) },
    jobs: { type: 'string', default: '2' },
    seeds: { type: 'string', default: '1,2,3' },
    most: { type: 'string', default: '20' },
    only: { type: 'string' },
    twins: { type: 'boolean', default: false },
    mutants: { type: 'boolean', default: false },
  },
});
const [runs = 0, seed = 0, jobs = 0, most = 0] = [values.runs ?? '10000', values.seed, values.jobs, values.most].map(wholeNumber);

if (values.mutants)
  process.exitCode = await playMutants({
    seeds: values.seeds.split(',').map(wholeNumber),
    runs: values.runs === undefined ? 20_000 : runs,
    only: values.only,
  });
else process.exitCode = values.only === undefined ? await runAll() : await replay(wholeNumber(values.only));

function wholeNumber(text: string): number {
  const number = Number(text);
  if (!Number.isSafeInteger(number) || number < 0) throw new Error(`expected a whole number, got "${text}"\n${USAGE}`);
  return number;
}

async function runAll(): Promise<number> {
  console.log(`seed ${seed}, ${runs} histories, ${jobs} threads`);
  const began = Date.now();
  const latest: News[] = [];
  const shown = new Set<string>();
  const show = ({ violations }: News) => {
    for (const { number, rule, detail, stories } of violations) {
      const key = `${number} ${rule} ${detail}`;
      if (shown.has(key)) continue;
      shown.add(key);
      console.log(
        `VIOLATION ${rule} (${stories.join(', ')}): ${detail}\n  again: npm run test:histories -- --seed ${seed} --only ${number}`,
      );
    }
  };
  const total = () => latest.reduce((sum, { counts }) => addCounts(sum, counts), NO_COUNTS);
  const report = () => {
    const { played, steps } = total();
    const perSecond = Math.round(played / ((Date.now() - began) / 1000));
    console.log(`${played} histories, ${steps} steps, ${perSecond} histories/s, ${shown.size} violations`);
  };
  const timer = setInterval(report, 30_000);

  await Promise.all(
    Array.from({ length: jobs }, (_, first) =>
      playShare({ seed, first, stride: jobs, runs, most, twins: values.twins }, (told) => {
        latest[first] = told;
        show(told);
      }),
    ),
  );
  clearInterval(timer);
  report();
  printCounts(total());
  return shown.size > 0 ? 1 : 0;
}

function printCounts({ writes, unknowable, leavers, holds }: Counts): void {
  const share = (count: number, of: number) => (of === 0 ? '0' : ((100 * count) / of).toFixed(2));
  console.log(`${writes} writes, ${unknowable} of them unknowable (${share(unknowable, writes)} %, at most 0.5)`);
  const all = Object.values(holds).reduce((sum, count) => sum + count, 0);
  console.log(`${leavers} ordinary leavers with an account, of 100: ${share(all, leavers)} held (at most 5, each guard at most 1)`);
  for (const [guard, count] of Object.entries(holds).toSorted(([, one], [, other]) => other - one))
    console.log(`  ${guard.padEnd(30)} ${share(count, leavers)}`);
}

/** One thread's share. @throws Error if the thread ends before its share is done: a history that hangs */
function playShare(workerData: z.infer<typeof share>, tell: (told: News) => void): Promise<void> {
  return new Promise((resolve, reject) => {
    let last: News | undefined;
    const thread = new Worker(new URL('./run/play-many.ts', import.meta.url), { workerData });
    thread.on('message', (message) => {
      last = news.parse(message);
      tell(last);
    });
    thread.on('error', reject);
    thread.on('exit', () => {
      if (last?.done === true) return resolve();
      const played = last?.counts.played ?? 0;
      return reject(new Error(`a thread ended after history ${workerData.first + played * workerData.stride} or a later one`));
    });
  });
}

async function replay(number: number): Promise<number> {
  const scenario = makeScenario(seed, number);
  describe(scenario, console.log);
  const { violations } = await play(scenario, { trace: console.log });
  const [first] = violations;
  if (first === undefined) return 0;

  const shrunk = await shrink(scenario, first);
  console.log(`\nshrunk to ${shrunk.scenario.actions.length} actions:`);
  describe(shrunk.scenario, console.log);
  await play(shrunk.scenario, { variant: shrunk.variant, trace: console.log });
  return 1;
}
