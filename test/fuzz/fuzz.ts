import { openConnection } from './connection.ts';
import { makeJudge } from './judge.ts';
import { makeCase } from './make-case.ts';
import { startReceiver } from './receiver.ts';

const CONNECTIONS_EACH = 12;
const ENOUGH_VIOLATIONS = 20;
/** Twice the memory that the receiver has on AWS, because this process also has the gateway and 24 requests in flight. */
const MOST_RSS_BYTES = 512 * 1024 * 1024;

export interface FuzzOptions {
  seed: number;
  runs: number;
  /** The time after which no more requests are sent. */
  seconds: number;
  /** Send only the request of this number. */
  only?: number | undefined;
  /** The number of receiver processes. */
  instances?: number;
  /** Called every ten seconds. */
  onProgress?: (report: FuzzReport) => void;
}

export interface FuzzReport {
  runs: number;
  seconds: number;
  /** Answers by status. */
  statuses: Record<string, number>;
  /** Events found in the leaver queue. */
  events: number;
  peakRss: number;
  violations: { number: number; what: string }[];
}

/** Sends what no sender should send, and judges every answer. The same seed sends the same requests, apart from the time in their signatures. */
export async function fuzz({ seed, runs, seconds, only, instances = 2, onProgress = () => undefined }: FuzzOptions): Promise<FuzzReport> {
  const receiver = await startReceiver(instances);
  const { queue } = receiver;
  const faults = () => receiver.instances.flatMap((instance) => instance.faults);
  const judge = makeJudge();
  const began = Date.now();
  const report: FuzzReport = { runs: 0, seconds: 0, statuses: {}, events: 0, peakRss: 0, violations: [] };
  const isOver = () => Date.now() - began > seconds * 1000 || report.violations.length >= ENOUGH_VIOLATIONS || faults().length > 0;
  let next = only ?? 0;
  const last = only ?? runs - 1;

  async function play(connection: ReturnType<typeof openConnection>): Promise<void> {
    while (next <= last && !isOver()) {
      const one = makeCase(seed, next++, Date.now());
      const answer = await connection.exchange(one.bytes, { isLast: one.kind === 'spoilt' });
      const status = typeof answer === 'string' ? answer : String(answer.status);
      report.statuses[status] = (report.statuses[status] ?? 0) + 1;
      report.runs += 1;
      const { wrong, events } = await judge(one, answer);
      queue.promise(one.target.source.name, events);
      if (wrong !== undefined)
        report.violations.push({ number: one.number, what: `${one.target.source.name}, ${one.kind}, ${one.how}: ${wrong}` });
    }
  }

  const current = () =>
    Object.assign(report, {
      seconds: (Date.now() - began) / 1000,
      peakRss: Math.max(...receiver.instances.map(({ peak }) => peak())),
      events: queue.taken(),
    });
  const timer = setInterval(() => onProgress(current()), 10_000);
  const connections = receiver.instances.flatMap(({ port }) => Array.from({ length: CONNECTIONS_EACH }, () => openConnection(port)));
  try {
    await Promise.all(connections.map(play));
    current();
    const differences = queue.differences();
    report.violations.push(
      ...[...faults(), ...differences].map((what) => ({ number: -1, what })),
      ...(report.peakRss > MOST_RSS_BYTES
        ? [{ number: -1, what: `the receiver used ${report.peakRss} bytes of memory; the limit is ${MOST_RSS_BYTES}` }]
        : []),
    );
    return Object.assign(report, { events: queue.taken() });
  } finally {
    clearInterval(timer);
    for (const connection of connections) connection.close();
    await receiver.close();
  }
}
