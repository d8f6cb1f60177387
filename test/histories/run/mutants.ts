import { cp, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { Worker } from 'node:worker_threads';
import { makeScenario } from '../stories/make-scenario.ts';
import { MUTANTS, type Mutant } from './mutant-list.ts';
import { play } from './play.ts';
import { news } from './play-many.ts';

const ROOT = resolve(import.meta.dirname, '../../..');

/**
 * Takes out one rule of the core at a time, on a copy of the tree, and plays histories until the judge complains. Prints a table:
 * after how many histories each was found, by seed, and the median.
 *
 * @returns 1 if one was not found within `runs` histories by the median
 * @throws Error if the text that a mutant replaces is not there, or more than once
 */
export async function playMutants({
  seeds,
  runs,
  only,
}: {
  seeds: readonly number[];
  runs: number;
  only: string | undefined;
}): Promise<number> {
  const chosen = MUTANTS.filter(({ name }) => only === undefined || name.includes(only));
  console.log(`${chosen.length} rules, each taken out alone; found after so many histories (seeds ${seeds.join(', ')}), at most ${runs}\n`);
  console.log(`| rule taken out | ${seeds.map((seed) => `seed ${seed}`).join(' | ')} | median | the judge says |`);
  console.log(`| --- | ${seeds.map(() => '---').join(' | ')} | --- | --- |`);
  let missed = 0;
  for (const mutant of chosen) {
    const copy = await copyWith(mutant);
    const found: Found[] = [];
    for (const seed of seeds) found.push(await findIn(copy, { seed, runs }));
    await rm(copy, { recursive: true });
    const median = found.map(({ after }) => after).toSorted((one, other) => one - other)[Math.floor(found.length / 2)] ?? runs;
    if (median > runs) missed += 1;
    const cells = found.map(({ after }) => shown(after, runs));
    console.log(
      `| ${mutant.name} | ${cells.join(' | ')} | ${shown(median, runs)} | ${[...new Set(found.map(({ rule }) => rule))].join(', ')} |`,
    );
  }
  console.log(`\n${missed} not found`);
  return missed > 0 ? 1 : 0;
}

const shown = (after: number, runs: number): string => (after > runs ? 'not found' : String(after));

interface Found {
  /** The first history with a violation, counted from 1; more than the runs if there is none. */
  after: number;
  rule: string;
}

async function copyWith({ name, edits }: Mutant): Promise<string> {
  const copy = await mkdtemp(join(tmpdir(), 'mutant-'));
  for (const folder of ['lambda', 'test/histories', 'test/support']) await cp(join(ROOT, folder), join(copy, folder), { recursive: true });
  await cp(join(ROOT, 'package.json'), join(copy, 'package.json'));
  await symlink(resolve(ROOT, 'node_modules'), join(copy, 'node_modules'));
  for (const { file, from, to } of edits) {
    const path = join(copy, 'lambda/domain', file);
    const parts = (await readFile(path, 'utf8')).split(from);
    if (parts.length !== 2) throw new Error(`${name}: ${file} has the text ${parts.length - 1} times; correct the edit: ${from}`);
    await writeFile(path, parts.join(to));
  }
  return copy;
}

/** Plays on after a violation that the whole core shows in the same history: it says nothing about the rule taken out. */
async function findIn(copy: string, { seed, runs }: { seed: number; runs: number }): Promise<Found> {
  for (let first = 0; first < runs; ) {
    const { after, rules } = await firstViolations(copy, { seed, first, runs });
    if (after > runs) break;
    const { violations } = await play(makeScenario(seed, after - 1));
    const rule = rules.find((one) => !violations.some((known) => known.rule === one));
    if (rule !== undefined) return { after, rule };
    first = after;
  }
  return { after: runs + 1, rule: '-' };
}

/** The next history with violations, counted from 1; more than the runs if there is none. */
function firstViolations(
  copy: string,
  { seed, first, runs }: { seed: number; first: number; runs: number },
): Promise<{ after: number; rules: string[] }> {
  const workerData = { seed, first, stride: 1, runs, most: 1, twins: false };
  return new Promise((resolveFound, reject) => {
    let found = { after: runs + 1, rules: [] as string[] };
    const thread = new Worker(join(copy, 'test/histories/run/play-many.ts'), { workerData });
    thread.on('message', (message) => {
      const { violations } = news.parse(message);
      const [one] = violations;
      if (one !== undefined) found = { after: one.number + 1, rules: violations.map(({ rule }) => rule) };
    });
    thread.on('error', reject);
    thread.on('exit', () => resolveFound(found));
  });
}
