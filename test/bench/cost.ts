import type { Section, Target } from './page/section.ts';
import type { WarmResult } from './warm/warm.ts';

/**
 * US dollars, us-east-1, without free tiers, as the pages "AWS Lambda pricing", "Amazon API Gateway pricing", "Amazon SQS pricing",
 * "Amazon DynamoDB pricing" (on demand), "Amazon EventBridge pricing" (Scheduler), "AWS X-Ray pricing" and "Amazon CloudWatch pricing" had them in 2026.
 */
const PRICE = {
  millionRuns: 0.2,
  gigabyteSecond: { arm: 0.0000133334, x86: 0.0000166667 },
  millionRequests: { rest: 3.5, http: 1 },
  millionQueueRequests: 0.4,
  millionSchedules: 1,
  millionReadUnits: 0.125,
  millionWriteUnits: 0.625,
  millionTraces: 5,
  gigabyteOfLogs: 0.5,
};

/** "At 1,769 MB, a function has the equivalent of one vCPU": AWS Lambda, "Configure Lambda function memory". */
const MEGABYTES_OF_ONE_CPU = 1769;
/** Assumptions, because nothing here runs on AWS. */
const WORKFRONT_MS = 250;
const AWS_CALL_MS = 5;

interface FunctionCost {
  megabytes: number;
  processor: 'arm' | 'x86';
  /** Measured here, on a whole CPU. */
  cpuMs: number;
  awsCalls: number;
  workfrontCalls: number;
  /** Invocations for one event: 1, if nothing else is said. */
  runs?: number;
}

export interface Design {
  name: string;
  gateway: number;
  functions: readonly FunctionCost[];
  queueRequests: number;
  /** Schedules that fire. */
  schedules?: number;
  readUnits: number;
  writeUnits: number;
  tracedShare: number;
  logKilobytes: number;
}

/** The cost of a million events, one at a time. */
export interface CostRow {
  name: string;
  gateway: number;
  functions: number;
  queue: number;
  ledger: number;
  signals: number;
  total: number;
}

/** The write units of an ordinary leaver who leaves at once, as test/aws/write-units.test.ts counts them. */
const WRITE_UNITS = 11;
/** Of the same leaver: each item that is asked for takes a unit, also if there is none. */
const READ_UNITS = 12;
/** The fact of a finished event is put beside it, by a request of its own. */
const FACT_REQUESTS = 1;
/** The first look of the watch is scheduled in the leaver's own turn. */
const WATCH_REQUESTS = 1;
/** A message is put on the queue, received and deleted. */
const QUEUE_REQUESTS = 3;

/** The designs that are compared. */
export function designs({ rows, memory }: WarmResult): Design[] {
  const cpu = (name: string) => rows.find((row) => row.name === name)?.cpuMs.median ?? Number.NaN;
  const turn = turnOf(memory);
  const ours = { processor: 'arm' as const };
  const common = { megabytes: 512, processor: 'x86' as const };
  return [
    {
      name: 'this product',
      gateway: PRICE.millionRequests.rest,
      functions: [
        { ...ours, megabytes: 256, cpuMs: cpu('receiver'), awsCalls: 1, workfrontCalls: 0 },
        { ...ours, megabytes: 256, cpuMs: cpu('worker'), awsCalls: turn.awsCalls, workfrontCalls: turn.workfrontCalls },
      ],
      queueRequests: QUEUE_REQUESTS,
      readUnits: READ_UNITS,
      writeUnits: WRITE_UNITS,
      tracedShare: 0,
      logKilobytes: 1,
    },
    {
      name: 'common style: Powertools everywhere, three calls, no guards',
      gateway: PRICE.millionRequests.rest,
      functions: [
        { ...common, cpuMs: cpu('receiver, peer (a): common style'), awsCalls: 4, workfrontCalls: 0 },
        { ...common, cpuMs: cpu('worker, peer (a): common style'), awsCalls: 4, workfrontCalls: 3 },
      ],
      queueRequests: QUEUE_REQUESTS,
      readUnits: 0,
      writeUnits: 5,
      tracedShare: 0.05,
      logKilobytes: 2,
    },
    {
      name: 'one function without queue and ledger, which lists and scans 100,000 users',
      gateway: PRICE.millionRequests.http,
      functions: [{ ...common, cpuMs: cpu('worker, peer (a): common style'), awsCalls: 1, workfrontCalls: 1002 }],
      queueRequests: 0,
      readUnits: 0,
      writeUnits: 0,
      tracedShare: 0,
      logKilobytes: 1,
    },
  ];
}

/** The requests of a leaver's turn, as counted here. */
const turnOf = ({ worker: { reads = 0, writes = 0 } }: WarmResult['memory']) => ({
  awsCalls: reads + writes + FACT_REQUESTS + WATCH_REQUESTS,
  workfrontCalls: 2,
});

/** What comes later, once for each time: as test/aws/later-units.test.ts and test/workfront/impact/impact.test.ts count it. */
const LATER = {
  look: { awsCalls: 5 + WATCH_REQUESTS, workfrontCalls: 1, readUnits: 5, writeUnits: 0 },
  impact: { awsCalls: 3, workfrontCalls: 12, readUnits: 1, writeUnits: 3 },
  /** A hundred events are read together, and a hundred users asked for, in one call each. */
  sweep: { awsCalls: 6 / 100, workfrontCalls: 1 / 100, readUnits: 3, writeUnits: 0 },
  /** HR takes as long as Workfront. */
  comparison: { awsCalls: 3, workfrontCalls: 1, readUnits: 3, writeUnits: 0 },
};
/** The looks and nights of the default policy: `watch.after` and `watch.sweepDays`. */
const LOOKS = 3;
const NIGHTS = 30;

/** What comes after the turns of a million leavers. */
export function laterDesigns({ rows, memory }: WarmResult): Design[] {
  const turn = turnOf(memory);
  const cpuMs = rows.find(({ name }) => name === 'worker')?.cpuMs.median ?? Number.NaN;
  const later = (name: string, what: keyof typeof LATER, { times, messages = 0, schedules = 0 }: Times): Design => {
    const { awsCalls, workfrontCalls, readUnits, writeUnits } = LATER[what];
    const share = (awsCalls + workfrontCalls) / (turn.awsCalls + turn.workfrontCalls);
    return {
      name,
      gateway: 0,
      functions: [
        {
          ...{ processor: 'arm', megabytes: 256, runs: messages, cpuMs: times * share * cpuMs },
          ...{ awsCalls: times * awsCalls, workfrontCalls: times * workfrontCalls },
        },
      ],
      queueRequests: messages * QUEUE_REQUESTS,
      schedules,
      readUnits: times * readUnits,
      writeUnits: times * writeUnits,
      tracedShare: 0,
      logKilobytes: messages,
    };
  };
  return [
    later('+ the watch: looks after an hour, a day and a week', 'look', { times: LOOKS, messages: LOOKS, schedules: LOOKS }),
    later('+ the impact at the deactivation', 'impact', { times: 1 }),
    later('+ the nightly sweep, for 30 nights', 'sweep', { times: NIGHTS }),
    later('+ each comparison with HR in 30 nights', 'comparison', { times: NIGHTS, messages: NIGHTS }),
  ];
}

interface Times {
  times: number;
  /** Messages that bring it to the worker, if it is not part of another turn. */
  messages?: number;
  schedules?: number;
}

/** Computes the cost of a million events in US dollars. */
export function costOf({
  name,
  gateway,
  functions,
  queueRequests,
  schedules = 0,
  readUnits,
  writeUnits,
  tracedShare,
  logKilobytes,
}: Design): CostRow {
  const run = ({ megabytes, processor, cpuMs, awsCalls, workfrontCalls, runs = 1 }: FunctionCost) => {
    const seconds = (cpuMs * Math.max(1, MEGABYTES_OF_ONE_CPU / megabytes) + awsCalls * AWS_CALL_MS + workfrontCalls * WORKFRONT_MS) / 1000;
    return runs * PRICE.millionRuns + seconds * (megabytes / 1024) * PRICE.gigabyteSecond[processor] * 1e6;
  };
  const parts = {
    gateway,
    functions: functions.reduce((sum, one) => sum + run(one), 0),
    queue: queueRequests * PRICE.millionQueueRequests + schedules * PRICE.millionSchedules,
    ledger: readUnits * PRICE.millionReadUnits + writeUnits * PRICE.millionWriteUnits,
    signals: tracedShare * PRICE.millionTraces + logKilobytes * PRICE.gigabyteOfLogs,
  };
  return { name, ...parts, total: Object.values(parts).reduce((sum, part) => sum + part, 0) };
}

export const costSection = (rows: readonly CostRow[]): Section => ({
  title: 'US dollars for a million events',
  columns: ['design', 'API', 'Lambda', 'SQS, schedules', 'DynamoDB', 'logs, traces', 'total'],
  rows: rows.map(({ name, gateway, functions, queue, ledger, signals, total }) => [
    name,
    ...[gateway, functions, queue, ledger, signals, total].map((part) => part.toFixed(2)),
  ]),
  notes: [
    `By the formula in test/bench/cost.ts: CPU time as measured here, scaled to Lambda's share of a CPU, ${WORKFRONT_MS} ms for each Workfront call and ${AWS_CALL_MS} ms for each AWS call, no free tier. The ledger writes what a crash must find, and the indexes hold keys alone. The rows that begin with a plus come on top, each if the stage wants it; their CPU time is that of the leaver's turn by their share of its requests. For a thousand leavers a year the whole is a few cents; secrets, key and alarms cost more.`,
  ],
});

/** The guards must not make a leaver dearer than the common style is without them. */
export function costTargets([ours, common]: readonly CostRow[]): Target[] {
  if (ours === undefined || common === undefined) throw new Error('there are no two designs to compare; see designs in test/bench/cost.ts');
  return [
    { what: 'write units of the ledger for each event', expected: 'at most 12', came: `${WRITE_UNITS}`, met: WRITE_UNITS <= 12 },
    {
      what: 'a million events, in US dollars',
      expected: `at most ${common.total.toFixed(2)}, as in the common style`,
      came: ours.total.toFixed(2),
      met: ours.total <= common.total,
    },
  ];
}
