import { createHash } from 'node:crypto';
import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { type DynamoDBDocumentClient, GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod/mini';
import { auditFact } from '../domain/event/audit-fact.ts';
import { isFinished } from '../domain/event/event-status.ts';
import type { LedgerEntry } from '../domain/event/ledger-entry.ts';
import { Contended } from '../domain/failures.ts';
import { parse } from '../domain/parse.ts';
import type { Ledger } from '../domain/ports.ts';
import { DAY } from '../domain/time/time.ts';
import { type EntryList, entryList, eventItem, factMonth, placeInMonth } from './entry-list.ts';

const recordItem = z.object({ version: z.number(), value: z.unknown() });

/** Sort key of everything that is not an event. */
const RECORD = '-';

/**
 * The ledger on one DynamoDB table: an event at `event/<id>` + source, every other record at its key. Each item has a
 * version, and each write is conditional on it; reads are strongly consistent. Finished events and persons expire by TTL; what an
 * auditor needs of a finished event stays at `fact/<id>`.
 *
 * @param keepDays how long finished events are remembered
 */
export function dynamoLedger({
  client,
  table,
  keepDays,
  clock,
}: {
  client: DynamoDBDocumentClient;
  table: string;
  keepDays: number | (() => Promise<number>);
  clock: () => number;
}): Ledger & EntryList {
  const get = async (pk: string, sk: string) =>
    (await client.send(new GetCommand({ TableName: table, Key: { pk, sk }, ConsistentRead: true }))).Item;

  const put = async (item: Record<string, unknown> & { version: number }, what: string) => {
    const isNew = item.version === 1;
    try {
      await client.send(
        new PutCommand({
          TableName: table,
          Item: item,
          ConditionExpression: isNew ? 'attribute_not_exists(pk)' : 'version = :expected',
          ...(isNew ? {} : { ExpressionAttributeValues: { ':expected': item.version - 1 } }),
        }),
      );
    } catch (failure) {
      if (failure instanceof ConditionalCheckFailedException) throw new Contended(what);
      throw failure;
    }
  };
  const expiry = async () => Math.floor((clock() + (typeof keepDays === 'number' ? keepDays : await keepDays()) * DAY) / 1000);

  const readEntry: Ledger['readEntry'] = async ({ source, eventId }) => {
    const item = await get(`event/${eventId}`, source);
    return item && parse(eventItem, item, `ledger entry ${eventId}`).entry;
  };

  const putFact = async (entry: LedgerEntry) => {
    const { month, receivedSort } = placeInMonth(entry);
    const key = { pk: `fact/${entry.eventId}`, sk: `${entry.source}/${receivedSort}` };
    await client.send(
      new PutCommand({ TableName: table, Item: { ...key, month: factMonth(month), receivedSort, entry: auditFact(entry) } }),
    );
  };

  return {
    ...entryList({ client, table, clock }),
    readEntry,

    async writeEntry(entry) {
      const next = { ...entry, version: entry.version + 1 };
      const isLast = isFinished(next.status);
      // before the entry: a crash in between leaves a fact that nobody reads while the entry is there
      if (isLast) await putFact(next);
      try {
        await put(
          {
            pk: `event/${entry.eventId}`,
            sk: entry.source,
            version: next.version,
            entry: next,
            status: next.status,
            updatedSort: `${next.updatedAt}/${next.eventId}`,
            ...placeInMonth(next),
            ...(isLast ? { expiresAt: await expiry() } : {}),
          },
          `event ${entry.eventId}`,
        );
      } catch (failure) {
        const there = isLast && failure instanceof Contended ? await readEntry(entry) : undefined;
        if (there !== undefined && isFinished(there.status)) await putFact(there);
        throw failure;
      }
      return next;
    },

    async readRecord(key, schema) {
      const item = await get(recordKey(key), RECORD);
      if (item === undefined) return undefined;
      const { version, value } = parse(recordItem, item, 'ledger record');
      return { version, value: parse(schema, value, `ledger record ${key.split('/')[0]}`) };
    },

    async writeRecord(key, value, version) {
      const expires = key.startsWith('stage/') ? {} : { expiresAt: await expiry() };
      await put({ pk: recordKey(key), sk: RECORD, version: version + 1, value, ...expires }, `record ${key.split('/')[0]}`);
      return version + 1;
    },
  };
}

/** A person's key holds an address or a number: it is kept as a digest. */
const recordKey = (key: string): string => (key.startsWith('person/') ? `person/${createHash('sha256').update(key).digest('hex')}` : key);
