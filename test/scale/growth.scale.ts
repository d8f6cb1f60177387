import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { expect, it } from '@jest/globals';
import { dynamoLedger } from '../../lambda/aws/ledger.ts';
import { DAY, toInstant } from '../../lambda/domain/time/time.ts';
import { CREDENTIALS, REGION } from '../../local/aws/account.ts';
import { startLocalLedger } from '../../local/aws/ledger.ts';
import { aDirectory, anArrival, aTermination, guid } from '../support/builders.ts';
import { aDesk } from '../support/in-memory-desk.ts';
import { untilSettled } from '../support/working.ts';
import { putManyEvents } from './many-events.ts';

const SIZES = [1_000, Number(process.env.SCALE_EVENTS ?? '100000')];

/** The requests of each question, in a ledger of so many events that came at the same rate. */
async function requestsIn(events: number): Promise<Record<string, number>> {
  const dataDir = mkdtempSync(join(tmpdir(), 'growth-'));
  const now = Date.now();
  await putManyEvents(dataDir, events, now);
  const { endpoint, table, close } = await startLocalLedger({ dataDir: join(dataDir, 'ledger') });
  const client = new DynamoDBClient({ endpoint, region: REGION, credentials: CREDENTIALS });
  let sent = 0;
  client.middlewareStack.add(
    (next) => (args) => {
      sent += 1;
      return next(args);
    },
    { step: 'initialize' },
  );
  const documents = DynamoDBDocumentClient.from(client, { marshallOptions: { removeUndefinedValues: true } });
  const ledger = dynamoLedger({ client: documents, table, keepDays: 400, clock: () => now });
  const lately = { since: toInstant(now - 3 * DAY), until: toInstant(now) };
  const counted = async (ask: () => Promise<unknown>) => {
    const before = sent;
    await ask();
    return sent - before;
  };
  const all = async (entries: AsyncIterable<unknown>) => {
    for await (const _ of entries);
  };
  try {
    return {
      'a list of three days': await counted(() => all(ledger.entries(lately))),
      'a report of three days': await counted(() => all(ledger.alsoExpired(lately))),
      'the held events': await counted(() => all(ledger.withStatus('held', { since: toInstant(0), until: toInstant(now) }))),
      'who was deactivated in two days': await counted(() =>
        all(ledger.withStatus('deactivated', { since: toInstant(now - 2 * DAY), until: toInstant(now) })),
      ),
      'the turn of a leaver': await counted(() =>
        untilSettled({ ...aDesk({ users: aDirectory({ id: guid(1) }), now }), ledger } as never, anArrival(aTermination())),
      ),
    };
  } finally {
    documents.destroy();
    await close();
    rmSync(dataDir, { recursive: true });
  }
}

it(
  'no question costs more requests because the ledger is larger',
  async () => {
    const [small, ...larger] = await Promise.all(SIZES.map(requestsIn));
    for (const one of larger) expect(one).toEqual(small);
  },
  10 * 60_000,
);
