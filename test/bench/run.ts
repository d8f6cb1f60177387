import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import { measureBurst } from './burst.ts';
import { burstSection, burstTargets } from './burst-report.ts';
import { buildColdBundles, type ColdBundle } from './cold-bundles.ts';
import { measureColdStart } from './cold-start.ts';
import { coldChart, coldSection, coldTargets } from './cold-start-report.ts';
import { costOf, costSection, designs } from './cost.ts';
import { directorySection, directoryTargets, measureDirectorySizes } from './directory-size.ts';
import { measureLoad } from './http-load.ts';
import { loadSection, loadTargets } from './http-load-report.ts';
import { machine } from './machine.ts';
import { writePage } from './page.ts';
import { plainTable, type Section, type Target, targetsSection } from './section.ts';
import { measureWarm } from './warm.ts';
import { warmSections, warmTargets } from './warm-report.ts';

const USAGE = `npm run bench -- [--quick] [--write] [--out reports/bench.json]
npm run bench -- --burst 10000 [--out reports/bench.json]
  --quick   a few samples of each, to see that it runs; its figures mean nothing
  --write   put tables and chart into docs/performance.md
  --burst   nothing but the burst, of so many terminations: 10000 take 13 minutes
  --out     where the measurements go as JSON`;

const { values } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    write: { type: 'boolean', default: false },
    burst: { type: 'string' },
    out: { type: 'string', default: 'reports/bench.json' },
    help: { type: 'boolean', default: false },
  },
});
if (values.help) {
  console.log(USAGE);
  process.exit(0);
}

const FULL = {
  cold: { rounds: 25 },
  warm: { events: 150, rounds: 3, memoryEvents: 100_000 },
  directory: { sizes: [1000, 10_000, 100_000], leavers: 5 },
  burst: { terminations: 2000 },
  load: { seconds: 8, rounds: 3 },
};
const QUICK = {
  cold: { rounds: 2 },
  warm: { events: 10, rounds: 1, memoryEvents: 1000 },
  directory: { sizes: [1000], leavers: 2 },
  burst: { terminations: 40 },
  load: { seconds: 2, rounds: 1 },
};

const terminations = countOf(values.burst);
const began = Date.now();
const on = machine();
const folder = mkdtempSync(join(tmpdir(), 'bench-bundles-'));
try {
  const bundles = await buildColdBundles(folder);
  if (terminations !== undefined) await runBurst(bundles, terminations);
  else await runAll(bundles, values.quick ? QUICK : FULL);
} finally {
  rmSync(folder, { recursive: true });
}
process.exit(0);

async function runAll(bundles: ColdBundle[], sizes: typeof FULL): Promise<void> {
  const ours = filesOf(bundles);

  const cold = await told('cold start', () => measureColdStart({ bundles, ...sizes.cold }));
  const warm = await told('warm, and memory', () => measureWarm({ bundles, ...sizes.warm }));
  const directory = await told('directories of several sizes', () => measureDirectorySizes(sizes.directory));
  const burst = await told('burst', () => measureBurst({ bundles: ours, ...sizes.burst }));
  const load = await told('receiver over HTTP', () => measureLoad({ bundles: ours, ...sizes.load }));
  const cost = designs(warm).map(costOf);

  const sections: Section[] = [
    coldSection(cold),
    ...warmSections(warm),
    directorySection(directory),
    burstSection(burst),
    loadSection(load),
    costSection(cost),
  ];
  const targets: Target[] = [
    ...coldTargets(cold),
    ...warmTargets(warm),
    ...directoryTargets(directory),
    ...burstTargets(burst),
    ...loadTargets(load),
  ];
  if (values.write) writePage({ on, chart: coldChart(cold), sections, targets });
  report({ on, cold, warm, directory, burst, load, cost, targets }, sections, targets);
}

async function runBurst(bundles: ColdBundle[], count: number): Promise<void> {
  const burst = await told('burst', () => measureBurst({ bundles: filesOf(bundles), terminations: count }));
  const targets = burstTargets(burst);
  report({ on, burst, targets }, [burstSection(burst)], targets);
}

function report(measured: object, sections: readonly Section[], targets: Target[]): void {
  mkdirSync(dirname(values.out), { recursive: true });
  writeFileSync(values.out, `${JSON.stringify(measured, null, 2)}\n`);
  for (const section of [...sections, targetsSection(targets)]) console.log(plainTable(section));
  const met = targets.filter((target) => target.met).length;
  const minutes = ((Date.now() - began) / 60_000).toFixed(1);
  console.log(`\n${met} of ${targets.length} targets met, in ${minutes} minutes; measurements in ${values.out}`);
}

async function told<Result>(what: string, measure: () => Promise<Result>): Promise<Result> {
  const began = Date.now();
  const result = await measure();
  console.error(`${what}: ${((Date.now() - began) / 1000).toFixed(0)} s`);
  return result;
}

function filesOf(bundles: readonly ColdBundle[]): { receiver: string; worker: string; empty: string } {
  const file = (expected: string) => {
    const found = bundles.find(({ name }) => name === expected);
    if (found === undefined) throw new Error(`expected a bundle ${expected}`);
    return found.file;
  };
  return { receiver: file('receiver'), worker: file('worker'), empty: file('empty') };
}

function countOf(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  if (!/^[1-9]\d{0,5}$/.test(text)) throw new Error(`expected a number of terminations, got "${text}"\n${USAGE}`);
  return Number(text);
}
