import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { anyText, aSwitch, readCommandLine, wholeNumber } from '../../local/command-line.mjs';
import { measureBurst } from './burst/burst.ts';
import { burstSection, burstTargets } from './burst/report.ts';
import { measureColdStart } from './cold/cold-start.ts';
import { coldChart, coldSection, coldTargets } from './cold/report.ts';
import { costOf, costSection, costTargets, designs, laterDesigns } from './cost.ts';
import { directorySection, directoryTargets, measureDirectorySizes } from './directory-size.ts';
import { measureLoad } from './load/load.ts';
import { loadSection, loadTargets } from './load/report.ts';
import { machine } from './page/machine.ts';
import { plainTable, type Section, type Target, targetsSection } from './page/section.ts';
import { writePage } from './page/write-page.ts';
import { buildColdBundles, type ColdBundle } from './setup/bundles.ts';
import { warmSections, warmTargets } from './warm/report.ts';
import { measureWarm } from './warm/warm.ts';

const {
  quick,
  write,
  burst: terminations,
  out,
} = readCommandLine({
  call: 'npm run bench --',
  options: {
    quick: aSwitch('take a few samples of each, to see that it runs; these figures mean nothing'),
    write: aSwitch('put tables and chart into docs/performance.md'),
    burst: wholeNumber({
      takes: 'N',
      from: 1,
      to: 999_999,
      otherwise: undefined,
      help: 'measure only the burst, of N terminations: 10000 take 13 minutes',
    }),
    out: anyText({
      takes: 'FILE',
      allowed: 'the path of a file',
      otherwise: 'reports/bench.json',
      help: 'file of the measurements, as JSON',
    }),
  },
});

const FULL = {
  cold: { rounds: 25 },
  warm: { events: 150, rounds: 3, memoryEvents: 100_000 },
  directory: { sizes: [1000, 10_000, 100_000], leavers: 5 },
  burst: { terminations: 3000 },
  load: { seconds: 8, rounds: 3 },
};
const QUICK = {
  cold: { rounds: 2 },
  warm: { events: 10, rounds: 1, memoryEvents: 1000 },
  directory: { sizes: [1000], leavers: 2 },
  burst: { terminations: 40 },
  load: { seconds: 2, rounds: 1 },
};

const began = Date.now();
const on = machine();
const folder = mkdtempSync(join(tmpdir(), 'bench-bundles-'));
try {
  const bundles = await buildColdBundles(folder);
  if (terminations !== undefined) await runBurst(bundles, terminations);
  else await runAll(bundles, quick ? QUICK : FULL);
} finally {
  rmSync(folder, { recursive: true });
}
process.exit(0);

async function runAll(bundles: ColdBundle[], sizes: typeof FULL): Promise<void> {
  const ours = filesOf(bundles);

  const cold = await timed('cold start', () => measureColdStart({ bundles, ...sizes.cold }));
  const warm = await timed('warm, and memory', () => measureWarm({ bundles, ...sizes.warm }));
  const directory = await timed('directories of several sizes', () => measureDirectorySizes(sizes.directory));
  const burst = await timed('burst', () => measureBurst({ bundles: ours, ...sizes.burst }));
  const load = await timed('receiver over HTTP', () => measureLoad({ bundles: ours, ...sizes.load }));
  const cost = [...designs(warm), ...laterDesigns(warm)].map(costOf);

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
    ...costTargets(cost),
  ];
  if (write) writePage({ on, chart: coldChart(cold), sections, targets });
  report({ on, cold, warm, directory, burst, load, cost, targets }, sections, targets);
}

async function runBurst(bundles: ColdBundle[], count: number): Promise<void> {
  const burst = await timed('burst', () => measureBurst({ bundles: filesOf(bundles), terminations: count }));
  const targets = burstTargets(burst);
  report({ on, burst, targets }, [burstSection(burst)], targets);
}

function report(measured: object, sections: readonly Section[], targets: Target[]): void {
  mkdirSync(dirname(out), { recursive: true });
  writeFileSync(out, `${JSON.stringify(measured, null, 2)}\n`);
  for (const section of [...sections, targetsSection(targets)]) console.log(plainTable(section));
  const met = targets.filter((target) => target.met).length;
  const minutes = ((Date.now() - began) / 60_000).toFixed(1);
  console.log(`\n${met} of ${targets.length} targets met, in ${minutes} minutes; the measurements are in ${out}`);
}

/** Measures, and prints how long that took. */
async function timed<Result>(what: string, measure: () => Promise<Result>): Promise<Result> {
  const began = Date.now();
  const result = await measure();
  console.error(`${what}: ${((Date.now() - began) / 1000).toFixed(0)} s`);
  return result;
}

function filesOf(bundles: readonly ColdBundle[]): { receiver: string; worker: string; empty: string } {
  const file = (expected: string) => {
    const found = bundles.find(({ name }) => name === expected);
    if (found === undefined) throw new Error(`the bundle ${expected} was not built; see test/bench/setup/bundles.ts`);
    return found.file;
  };
  return { receiver: file('receiver'), worker: file('worker'), empty: file('empty') };
}
