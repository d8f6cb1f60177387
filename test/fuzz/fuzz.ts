import { openConnection } from './connection.ts';
import { makeJudge } from './judge.ts';
import { makeCase } from './make-case.ts';
import { startReceiver } from './receiver.ts';

const CONNECTIONS_EACH = 12;
const ENOUGH_VIOLATIONS = 20;
/** Twice what the receiver has on AWS, since the gateway and 24 requests at once are in here too. */
const MOST_RSS_BYTES = 512 * 1024 * 1024;

export interface FuzzOptions {
  seed: number;
  runs: number;
  /** After so many seconds nothing more is sent. */
  seconds: number;
  /** Only this one. */
  only?: number | undefined;
  /** Processes of the receiver. */
  instances?: number;
  tell?: (report: FuzzReport) => void;
}

export interface FuzzReport {
  runs: number;
  seconds: number;
  /** Of the answers. */
  statuses: Record<string, number>;
  /** Found on the leaver queue. */
  events: number;
  peakRss: number;
  violations: { number: number; what: string }[];
}

/** Sends what a sender should not send, and judges what comes of it. The same seed sends the same, but for the time it is signed at. */
export async function fuzz({ seed, runs, seconds, only, instances = 2, tell = () => undefined }: FuzzOptions): Promise<FuzzReport> {
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

  const seen = () =>
    Object.assign(report, {
      seconds: (Date.now() - began) / 1000,
      peakRss: Math.max(...receiver.instances.map(({ peak }) => peak())),
      events: queue.taken(),
    });
  const timer = setInterval(() => tell(seen()), 10_000);
  const connections = receiver.instances.flatMap(({ port }) => Array.from({ length: CONNECTIONS_EACH }, () => openConnection(port)));
  try {
    await Promise.all(connections.map(play));
    seen();
    const astray = queue.differences();
    report.violations.push(
      ...[...faults(), ...astray].map((what) => ({ number: -1, what })),
      ...(report.peakRss > MOST_RSS_BYTES ? [{ number: -1, what: `${report.peakRss} bytes of memory` }] : []),
    );
    return Object.assign(report, { events: queue.taken() });
  } finally {
    clearInterval(timer);
    for (const connection of connections) connection.close();
    await receiver.close();
  }
}
