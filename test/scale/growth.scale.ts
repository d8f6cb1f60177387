import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { SchedulerClient } from '@aws-sdk/client-scheduler';
import { SQSClient } from '@aws-sdk/client-sqs';
import { expect, it, jest } from '@jest/globals';
import { dynamoLedger } from '../../lambda/aws/ledger.ts';
import { lookForLate } from '../../lambda/domain/stage/late-look.ts';
import { DAY, MINUTE, toInstant } from '../../lambda/domain/time/time.ts';
import { CREDENTIALS, REGION } from '../../local/aws/account.ts';
import { startLocalLedger } from '../../local/aws/ledger.ts';
import { checkEvents } from '../../ops/checks/events.ts';
import { statusOf } from '../../ops/stage/stage-status.ts';
import { aDeployment } from '../ops/a-deployment.ts';
import { aDirectory, anArrival, aTermination, guid } from '../support/builders.ts';
import { untilSettled } from '../support/working.ts';
import { MINUTES_APART, putManyEvents } from './many-events.ts';

const LARGEST = Number(process.env.SCALE_EVENTS ?? '100000');
const SIZES = [1000, Math.max(LARGEST / 10, 20_000), LARGEST];

/** What a question asked of the ledger. */
interface Cost {
  question: string;
  /** How far back it looks. In a ledger that is younger there is less to read. */
  days: number;
  requests: number;
  units: number;
  /** For information. */
  ms: number;
}

const scheduler = new SchedulerClient({ region: REGION, credentials: CREDENTIALS });
jest.spyOn(scheduler, 'send').mockImplementation(async () => ({ $metadata: {}, Schedules: [] }));
jest.spyOn(SQSClient.prototype, 'send').mockImplementation(async () => ({ $metadata: {}, Attributes: {} }));

/** What each question costs in a ledger of so many events that came at the same rate. */
async function costsIn(events: number): Promise<Cost[]> {
  const dataDir = mkdtempSync(join(tmpdir(), 'growth-'));
  const now = Date.now();
  await putManyEvents(dataDir, events, now);
  const { endpoint, table, close } = await startLocalLedger({ dataDir: join(dataDir, 'ledger') });
  const client = new DynamoDBClient({ endpoint, region: REGION, credentials: CREDENTIALS });
  const spent = countOf(client);
  const ledger = dynamoLedger({ client, table, keepDays: 400, clock: () => now });
  const deployment = { ...aDeployment({ users: aDirectory({ id: guid(1) }), now }), ledger };
  const lately = { since: toInstant(now - 3 * DAY), until: toInstant(now) };
  const questions: [question: string, days: number, ask: () => Promise<unknown>][] = [
    ['list, of three days', 3, () => all(ledger.entries(lately))],
    ['report, of three days', 3, () => all(ledger.alsoExpired(lately))],
    ['list of those who are held', 0, () => all(ledger.withStatus('held', { since: toInstant(0), until: toInstant(now) }))],
    ['the late look', 1, () => lookForLate({ ledger, clock: () => now })],
    ['status', 7, () => statusOf(deployment)],
    ['doctor', 38, () => checkEvents(deployment, { scheduler, again: (command) => command })],
    ['the turn of a leaver', 0, () => untilSettled({ ...deployment.desk, ledger } as never, anArrival(aTermination()))],
  ];
  const costs: Cost[] = [];
  try {
    for (const [question, days, ask] of questions) {
      const [before, began] = [{ ...spent }, performance.now()];
      await ask();
      const ms = Math.round(performance.now() - began);
      costs.push({ question, days, requests: spent.requests - before.requests, units: spent.units - before.units, ms });
    }
  } finally {
    client.destroy();
    await close();
    rmSync(dataDir, { recursive: true });
  }
  console.log(
    costs.map(({ question, requests, units, ms }) => `${events}: ${question}: ${requests} requests, ${units} units, ${ms} ms`).join('\n'),
  );
  return costs;
}

/** Counts the requests of a client from now on, and the units that they consume. */
function countOf(client: DynamoDBClient): { requests: number; units: number } {
  const spent = { requests: 0, units: 0 };
  client.middlewareStack.add(
    (next) => async (args) => {
      Object.assign(args.input, { ReturnConsumedCapacity: 'TOTAL' });
      const sent = await next(args);
      spent.requests += 1;
      const { ConsumedCapacity = [] } = sent.output as { ConsumedCapacity?: Capacity | Capacity[] };
      for (const { CapacityUnits = 0 } of [ConsumedCapacity].flat()) spent.units += CapacityUnits;
      return sent;
    },
    { step: 'initialize' },
  );
  return spent;
}

interface Capacity {
  CapacityUnits?: number;
}

async function all(entries: AsyncIterable<unknown>): Promise<void> {
  for await (const _ of entries);
}

it(
  'no question costs more because the ledger is larger',
  async () => {
    const costs = new Map<number, Cost[]>();
    for (const size of SIZES) costs.set(size, await costsIn(size));

    for (const [size, ofSize] of costs) {
      const old = ofSize.filter(({ days }) => (size * MINUTES_APART * MINUTE) / DAY > days);
      const largest = costs.get(LARGEST) ?? [];
      expect(old.map(({ question, requests, units }) => ({ question, requests, units }))).toEqual(
        largest
          .filter(({ days }) => old.some((one) => one.days === days))
          .map(({ question, requests, units }) => ({ question, requests, units })),
      );
    }
  },
  20 * MINUTE,
);
