import { mkdirSync, writeFileSync } from 'node:fs';
import { aSwitch, readCommandLine } from '../../local/command-line.mjs';
import { ENGINES, type Engine } from './engines.ts';
import { type Counts, judge } from './judge.ts';

/** The limit of the whole run, with every installation on a fresh machine. */
const WITHIN_MS = 15 * 60_000;

/** The counts of all engines, in the form of jest: `.ci/run` adds them to those of `npm test`. */
const RESULTS = 'reports/engines.json';

const { all } = readCommandLine({
  call: 'npm run test:engines --',
  options: { all: aSwitch('fail if an engine cannot be installed; without it, such an engine is skipped') },
});
mkdirSync('reports', { recursive: true });
const stopped = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stopped.abort(new Error(`stopped by ${signal}`)));
const signal = AbortSignal.any([stopped.signal, AbortSignal.timeout(WITHIN_MS)]);

const total: Counts = { passed: 0, failed: 0, skipped: 0 };
for (const engine of ENGINES) {
  const { passed, failed, skipped } = await countsOf(engine);
  total.passed += passed;
  total.failed += failed;
  total.skipped += skipped;
}
if (total.passed + total.failed === 0) {
  console.error('no engine could be used, so nothing was tested; install what is named above');
  process.exitCode = 1;
}
if (total.failed > 0) process.exitCode = 1;
writeFileSync(RESULTS, JSON.stringify({ numPassedTests: total.passed, numFailedTests: total.failed, numPendingTests: total.skipped }));
console.log(wordsFor(total));

/** Lets an engine judge its tests, and prints what came of it. An engine that does not work counts as one failure. */
async function countsOf(engine: Engine): Promise<Counts> {
  const title = `${engine.name} ${engine.version}`;
  const from = Date.now();
  const say = (verdict: string, what: string) =>
    console.log(`${verdict.padEnd(5)} ${((Date.now() - from) / 1000).toFixed(1).padStart(6)} s  ${title}: ${what}`);
  try {
    signal.throwIfAborted();
    await engine.install(signal);
  } catch (error) {
    if (all || signal.aborted) return failure(error);
    say('skip', sentenceOf(error));
    return { passed: 0, failed: 0, skipped: 0 };
  }
  try {
    const { counts, output } = await judge(engine, signal);
    if (counts.failed > 0) console.error(output);
    say(counts.failed > 0 ? 'FAIL' : 'ok', wordsFor(counts));
    return counts;
  } catch (error) {
    return failure(error);
  }

  function failure(error: unknown): Counts {
    say('FAIL', sentenceOf(signal.aborted ? signal.reason : error));
    return { passed: 0, failed: 1, skipped: 0 };
  }
}

function wordsFor({ passed, failed, skipped }: Counts): string {
  return `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`;
}

function sentenceOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
