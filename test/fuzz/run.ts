import { parseArgs } from 'node:util';
import { type FuzzReport, fuzz } from './fuzz.ts';
import { makeCase } from './make-case.ts';

const USAGE = `npm run test:fuzz -- [--runs 100000] [--seconds 1800] [--seed S]
npm run test:fuzz -- --seed S --only N     sends request N of seed S again, and shows it`;

const { values } = parseArgs({
  options: {
    runs: { type: 'string', default: '100000' },
    seconds: { type: 'string', default: '1800' },
    seed: { type: 'string', default: String(Date.now() % 1_000_000) },
    only: { type: 'string' },
  },
});
const [runs, seconds, seed] = [values.runs, values.seconds, values.seed].map(wholeNumber);
const only = values.only === undefined ? undefined : wholeNumber(values.only);
if (runs === undefined || seconds === undefined || seed === undefined) throw new Error(USAGE);

console.log(`seed ${seed}, ${only === undefined ? `${runs} requests, ${seconds} s at most` : `request ${only}`}`);
if (only !== undefined) show(seed, only);
const report = await fuzz({ seed, runs, seconds, only, tell });
tell(report);
console.log(`answers ${JSON.stringify(report.statuses)}`);
for (const { number, what } of report.violations) {
  console.log(`VIOLATION ${what}${number < 0 ? '' : `\n  again: npm run test:fuzz -- --seed ${seed} --only ${number}`}`);
}
process.exitCode = report.violations.length > 0 ? 1 : 0;

function wholeNumber(text: string): number {
  const number = Number(text);
  if (!Number.isSafeInteger(number) || number < 0) throw new Error(`expected a whole number, got "${text}"\n${USAGE}`);
  return number;
}

function tell({ runs: done, seconds: took, events, peakRss, violations }: FuzzReport): void {
  const rate = Math.round(done / took);
  const megabytes = Math.round(peakRss / 1024 / 1024);
  console.log(`${done} requests, ${rate}/s, ${events} events on the queue, ${megabytes} MB at most, ${violations.length} violations`);
}

function show(withSeed: number, number: number): void {
  const { kind, how, target, bytes } = makeCase(withSeed, number, Date.now());
  console.log(
    `${target.source.name}, ${kind}, ${how}, ${bytes.length} bytes:\n${JSON.stringify(bytes.toString('latin1').slice(0, 20_000))}`,
  );
}
