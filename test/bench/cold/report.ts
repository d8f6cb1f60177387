import { barChart } from '../page/chart.ts';
import type { Section, Target } from '../page/section.ts';
import type { ColdResult } from './cold-start.ts';

export const coldSection = ({ rows, rounds }: ColdResult): Section => ({
  title: 'Cold start',
  columns: ['bundle', 'zip KB', 'load ms', 'ready ms', 'x empty', 'quartiles', 'CPU x empty', 'first answer ms', 'peak MB'],
  rows: rows.map(({ name, zipKilobytes, loadMs, readyMs, readyRatio, cpuRatio, answeredMs, megabytes }) => [
    name,
    zipKilobytes.toFixed(0),
    loadMs.median.toFixed(1),
    readyMs.median.toFixed(0),
    readyRatio.median.toFixed(2),
    `${readyRatio.lower.toFixed(2)} to ${readyRatio.upper.toFixed(2)}`,
    cpuRatio.median.toFixed(2),
    answeredMs.median.toFixed(0),
    megabytes.median.toFixed(0),
  ]),
  notes: [
    `${rounds} rounds; each bundle runs in a fresh process, in a new order in each round; ratios are within one round. "Ready" is the time from the start of the process to a handler that can be called; the first answer is to a signed delivery, or after a leaver is deactivated, with stand-ins for AWS and Workfront over HTTP on the same machine.`,
  ],
});

export const coldChart = ({ rows }: ColdResult): string =>
  barChart({
    title: 'Cold start: time to ready, as a multiple of an empty handler',
    unit: 'x',
    bars: rows.map(({ name, readyRatio }) => ({ name, value: readyRatio, ours: !name.includes('peer') && name !== 'empty' })),
  });

export function coldTargets({ rows, fasterThanPeer }: ColdResult): Target[] {
  const row = (name: string) => rows.find((one) => one.name === name);
  const times = (value = Number.NaN) => `${value.toFixed(2)} x`;
  const most = (name: string, limit: number): Target => {
    const ratio = row(name)?.readyRatio.median;
    return {
      what: `cold start of the ${name}, in multiples of an empty handler`,
      expected: `at most ${limit} x`,
      came: times(ratio),
      met: (ratio ?? Number.NaN) <= limit,
    };
  };
  const faster = fasterThanPeer['receiver, peer (a): common style']?.median;
  const zip = row('receiver')?.zipKilobytes ?? Number.NaN;
  return [
    most('receiver', 2),
    {
      what: 'cold start of the receiver, compared with peer (a)',
      expected: 'at least 2.5 x faster',
      came: times(faster),
      met: (faster ?? Number.NaN) >= 2.5,
    },
    { what: 'zip of the receiver, with the AWS SDK', expected: 'at most 400 KB', came: `${zip.toFixed(0)} KB`, met: zip <= 400 },
    most('worker', 2.5),
  ];
}
