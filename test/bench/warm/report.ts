import type { Section, Target } from '../page/section.ts';
import { FIRST, type WarmResult } from './warm.ts';

export function warmSections({ rows, memory, eventsEach, rounds }: WarmResult): Section[] {
  const growth = ({ first, last }: { first: number; last: number }) => [
    first.toFixed(1),
    last.toFixed(1),
    `${((last / first - 1) * 100).toFixed(1)} %`,
  ];
  return [
    {
      title: 'Warm: one event after the other',
      columns: ['bundle', 'CPU ms', 'quartiles', 'ms'],
      rows: rows.map(({ name, cpuMs, ms }) => [
        name,
        cpuMs.median.toFixed(2),
        `${cpuMs.lower.toFixed(2)} to ${cpuMs.upper.toFixed(2)}`,
        ms.median.toFixed(1),
      ]),
      notes: [
        `For each event, over ${eventsEach} events after the first ${FIRST}, ${rounds} times; with the AWS SDK over HTTP to the stand-ins, on the same machine.`,
        `Our own code without the SDK, with ports in memory: receiver ${memory.receiver.cpuMs.toFixed(2)} ms, worker ${memory.worker.cpuMs.toFixed(2)} ms of CPU. The worker reads the ledger ${memory.worker.reads?.toFixed(0)} times and writes it ${memory.worker.writes?.toFixed(0)} times for each event.`,
      ],
    },
    {
      title: `Memory over ${memory.receiver.events.toLocaleString('en')} events`,
      columns: ['', 'first MB', 'last MB', 'growth'],
      rows: [
        ['receiver, heap', ...growth(memory.receiver.heapMegabytes)],
        ['receiver, process', ...growth(memory.receiver.rssMegabytes)],
        ['worker, heap', ...growth(memory.worker.heapMegabytes)],
        ['worker, process', ...growth(memory.worker.rssMegabytes)],
      ],
      notes: [
        `Measured after the first tenth and at the end, after garbage collection, with ports in memory that keep nothing; the heap is as large as Lambda's, its young part at full size from the start.`,
      ],
    },
  ];
}

export function warmTargets({ rows, workfrontCallsPerEvent, memory }: WarmResult): Target[] {
  const cpu = (name: string) => rows.find((row) => row.name === name)?.cpuMs.median ?? Number.NaN;
  const share = cpu('worker') / cpu('worker, peer (a): common style');
  const ledgerCalls = (memory.worker.reads ?? Number.NaN) + (memory.worker.writes ?? Number.NaN);
  const growths = [memory.receiver, memory.worker].flatMap(({ heapMegabytes, rssMegabytes }) =>
    [heapMegabytes, rssMegabytes].map(({ first, last }) => last / first - 1),
  );
  const most = Math.max(...growths);
  return [
    {
      what: 'CPU of the worker for each event, compared with peer (a)',
      expected: 'at most 1.2 x',
      came: `${share.toFixed(2)} x`,
      met: share <= 1.2,
    },
    { what: 'calls of the ledger for each event', expected: 'at most 8', came: ledgerCalls.toFixed(2), met: Math.round(ledgerCalls) <= 8 },
    {
      what: 'Workfront calls of the deployed worker for each event',
      expected: '2',
      came: workfrontCallsPerEvent.toFixed(2),
      met: workfrontCallsPerEvent === 2,
    },
    {
      what: `memory over ${memory.receiver.events.toLocaleString('en')} events`,
      expected: 'grows by 5 % at most',
      came: `${(most * 100).toFixed(1)} %`,
      met: most <= 0.05,
    },
  ];
}
