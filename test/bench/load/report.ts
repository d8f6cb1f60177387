import type { Section, Target } from '../page/section.ts';
import { CONNECTIONS, type LoadResult } from './load.ts';

export const loadSection = ({ rows, seconds }: LoadResult): Section => ({
  title: 'The receiver over HTTP, while a worker works',
  columns: ['handler', 'deliveries/s', 'p50 ms', 'p90 ms', 'p99 ms'],
  rows: rows.map(({ name, perSecond, p50, p90, p99 }) => [
    name,
    perSecond.median.toFixed(0),
    p50.median.toFixed(0),
    p90.median.toFixed(0),
    p99.median.toFixed(0),
  ]),
  notes: [
    `autocannon with ${CONNECTIONS} connections, ${rows[0]?.perSecond.samples ?? 0} runs of ${seconds} s for each handler in turn. One process receives; gateway, queue, ledger, worker and load share the machine. Lambda runs deliveries at the same time in environments of their own, so this is the cost of one environment, not a limit.`,
  ],
});

export const loadTargets = ({ answered, failed }: LoadResult): Target[] => [
  {
    what: 'deliveries under load that were not accepted',
    expected: '0',
    came: `${failed} of ${answered + failed}`,
    met: failed === 0 && answered > 0,
  },
];
