import { readCommandLine, UsageError, wholeNumber } from '../../local/command-line.mjs';
import { type FuzzReport, fuzz } from './fuzz.ts';
import { makeCase } from './make-case.ts';

const LARGEST = 1_000_000_000;

const { runs, seconds, seed, only } = readCommandLine({
  call: 'npm run test:fuzz --',
  options: {
    runs: wholeNumber({ takes: 'N', from: 1, to: LARGEST, otherwise: 100_000, help: 'number of requests' }),
    seconds: wholeNumber({ takes: 'N', from: 1, to: 86_400, otherwise: 1800, help: 'time after which no more requests are sent' }),
    seed: wholeNumber({ takes: 'S', from: 0, to: LARGEST, otherwise: undefined, help: 'seed of the requests; without it a new one' }),
    only: wholeNumber({ takes: 'N', from: 0, to: LARGEST, otherwise: undefined, help: 'send only request N of --seed S, and show it' }),
  },
  check: ({ seed, only, ...values }) => {
    if (only !== undefined && seed === undefined) throw new UsageError('--only has no seed; add --seed S');
    return { ...values, only, seed: seed ?? Date.now() % 1_000_000 };
  },
});

console.log(`seed ${seed}, ${only === undefined ? `${runs} requests in at most ${seconds} s` : `request ${only}`}`);
if (only !== undefined) show(seed, only);
const report = await fuzz({ seed, runs, seconds, only, onProgress: print });
print(report);
console.log(`answers by status: ${JSON.stringify(report.statuses)}`);
for (const { number, what } of report.violations) {
  console.log(`VIOLATION ${what}${number < 0 ? '' : `\n  to repeat: npm run test:fuzz -- --seed ${seed} --only ${number}`}`);
}
process.exitCode = report.violations.length > 0 ? 1 : 0;

function print({ runs: done, seconds: took, events, peakRss, violations }: FuzzReport): void {
  const rate = Math.round(done / took);
  const megabytes = Math.round(peakRss / 1024 / 1024);
  console.log(`${done} requests, ${rate}/s, ${events} events in the queue, at most ${megabytes} MB, ${violations.length} violations`);
}

function show(withSeed: number, number: number): void {
  const { kind, how, target, bytes } = makeCase(withSeed, number, Date.now());
  console.log(
    `${target.source.name}, ${kind}, ${how}, ${bytes.length} bytes:\n${JSON.stringify(bytes.toString('latin1').slice(0, 20_000))}`,
  );
}
