import { join } from 'node:path';
import { type AttributeValue, DescribeTableCommand, DynamoDBClient, ScanCommand, type TableDescription } from '@aws-sdk/client-dynamodb';
import dynalite from 'dynalite/db/index.js';
import { dynamoLedger } from '../../lambda/aws/ledger.ts';
import { MINUTE, toInstant } from '../../lambda/domain/time/time.ts';
import { startLocalLedger } from '../../local/aws/ledger.ts';
import { aTermination } from '../support/builders.ts';
import { anEntry } from '../support/entries.ts';

type Item = Record<string, AttributeValue>;

/** The time between two events. */
export const MINUTES_APART = 5;

/** The values that make the item of one event into the item of another. */
const MARKS = {
  eventId: 'MARK-event',
  person: 'mark-person',
  userId: 'b'.repeat(32),
  receivedAt: '1999-01-01T00:00:00.000Z',
  finishedAt: '1999-02-02T00:00:00.000Z',
  month: '1999-01',
};
const AT_ONCE = 1000;

/**
 * Puts deactivated leavers, each a different person, into the ledger of a data directory, the newest first. It bypasses the API of
 * the stand-in, which would take minutes. Each leaver has a delay of a second and as many milliseconds as its number.
 */
export async function putManyEvents(dataDir: string, count: number, now: number): Promise<void> {
  const directory = join(dataDir, 'ledger');
  const { table, items: ofOne } = await writeOne(directory);
  const { db } = dynalite.create({ path: directory });
  for (let from = 0; from < count; from += AT_ONCE) {
    const items = Array.from({ length: Math.min(AT_ONCE, count - from) }, (_, index) =>
      ofOne.map((item) => another(item, marksOf(from + index, now))),
    ).flat();
    await db.batch(items.flatMap((one) => placesOf(one, table).map((place) => ({ type: 'put' as const, ...place }))));
  }
  await db.close();
}

/** Where the stand-in keeps an item: all of it in its table, its keys in each index that it has a place in. */
function placesOf(item: Item, table: TableDescription): { key: string; value: Item }[] {
  const namesOf = (schema: TableDescription['KeySchema'] = []) => schema.map(({ AttributeName = '' }) => AttributeName);
  const indexes = (table.GlobalSecondaryIndexes ?? []).filter(({ KeySchema }) =>
    namesOf(KeySchema).every((name) => item[name] !== undefined),
  );
  return [
    { key: `item-${table.TableName}~${dynalite.createKey(item, table)}`, value: item },
    ...indexes.map(({ IndexName, KeySchema }) => ({
      key: `index-global~${table.TableName}~${IndexName}~${dynalite.createIndexKey(item, table, KeySchema)}`,
      value: Object.fromEntries(
        [...namesOf(KeySchema), ...namesOf(table.KeySchema)].flatMap((name) => {
          const value = item[name];
          return value === undefined ? [] : [[name, value]];
        }),
      ),
    })),
  ];
}

/** Lets the product write one event, and its audit fact. */
async function writeOne(dataDir: string): Promise<{ table: TableDescription; items: Item[] }> {
  const { endpoint, table: TableName, close } = await startLocalLedger({ dataDir });
  const client = new DynamoDBClient({ endpoint, region: 'us-east-1', credentials: { accessKeyId: 'local', secretAccessKey: 'local' } });
  try {
    const { eventId, person, userId, receivedAt, finishedAt } = MARKS;
    const source = 'standard-webhooks';
    await dynamoLedger({ client, table: TableName, keepDays: 400, clock: Date.now }).writeEntry(
      anEntry(aTermination({ employee: { email: `${person}@acme.test` } }), {
        source,
        eventId,
        status: 'deactivated',
        ...{ receivedAt, effectiveAt: receivedAt, updatedAt: finishedAt, finishedAt },
        ...{ workfrontUserId: userId, matchedBy: 'emailAddr' },
        history: [
          { at: receivedAt, to: 'received', by: source, why: 'a verified delivery' },
          { at: receivedAt, to: 'processing', by: 'worker', why: 'due' },
          { at: finishedAt, to: 'deactivated', by: 'worker', why: `user ${userId}, found by emailAddr, deactivated` },
        ],
      }),
    );
    const { Table: table } = await client.send(new DescribeTableCommand({ TableName }));
    const { Items: items = [] } = await client.send(new ScanCommand({ TableName }));
    if (table === undefined || items.length !== 2)
      throw new Error(`expected one event and its fact in the ledger, got ${items.length} items; see lambda/aws/ledger.ts`);
    return { table, items };
  } finally {
    client.destroy();
    await close();
  }
}

const another = (item: Item, marks: Record<string, string>): Item =>
  JSON.parse(Object.entries(MARKS).reduce((text, [name, mark]) => text.replaceAll(mark, marks[name] ?? ''), JSON.stringify(item)));

function marksOf(number: number, now: number): typeof MARKS {
  const received = now - (number + 1) * MINUTES_APART * MINUTE;
  const receivedAt = toInstant(received);
  return {
    eventId: `evt-${number}`,
    person: `p${number}`,
    userId: (number + 1).toString(16).padStart(32, '0'),
    receivedAt,
    finishedAt: toInstant(received + 1000 + number),
    month: receivedAt.slice(0, 7),
  };
}
