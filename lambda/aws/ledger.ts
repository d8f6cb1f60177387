import { createHash } from 'node:crypto';
import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { type DynamoDBDocumentClient, GetCommand, PutCommand, QueryCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod/mini';
import { type EventStatus, isFinished } from '../domain/event-status.ts';
import { Contended } from '../domain/failures.ts';
import { type LedgerEntry, ledgerEntry } from '../domain/ledger-entry.ts';
import { parse } from '../domain/parse.ts';
import type { Ledger } from '../domain/ports.ts';
import { DAY, toInstant, toMillis } from '../domain/time.ts';

const eventItem = z.object({ entry: ledgerEntry });
const recordItem = z.object({ version: z.number(), value: z.unknown() });

/** Sort key of everything that is not an event. */
const RECORD = '-';

/** What a list is narrowed to. Instants are RFC 3339. */
export interface EntryFilter {
  since: string;
  until: string;
}

interface IndexRange extends EntryFilter {
  hash: string;
  is: string;
  range: string;
  ascending: boolean;
}

/** The ledger's reading side for people: every event of a period, newest first, a page in memory at a time. */
export interface EntryList {
  entries(filter: EntryFilter): AsyncGenerator<LedgerEntry>;
  /** The events of one status that last changed in a period, the longest unchanged first. An index, so a moment behind. */
  withStatus(status: EventStatus, filter: EntryFilter): AsyncGenerator<LedgerEntry>;
  /** Entries of any source with this event id. */
  byEventId(eventId: string): Promise<LedgerEntry[]>;
}

/**
 * The ledger on one DynamoDB table: an event at `event/<id>` + source, every other record at its key. Each item has a
 * version, and each write is conditional on it; reads are strongly consistent. Finished events and persons expire by TTL.
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
  keepDays: number;
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
  async function* query(index: string, { hash, is, range, since, until, ascending }: IndexRange): AsyncGenerator<LedgerEntry> {
    let from: Record<string, unknown> | undefined;
    do {
      const page = await client.send(
        new QueryCommand({
          TableName: table,
          IndexName: index,
          KeyConditionExpression: '#hash = :is AND #range BETWEEN :since AND :until',
          ExpressionAttributeNames: { '#hash': hash, '#range': range },
          ExpressionAttributeValues: { ':is': is, ':since': since, ':until': `${until}~` },
          ScanIndexForward: ascending,
          ...(from && { ExclusiveStartKey: from }),
        }),
      );
      for (const item of page.Items ?? []) yield parse(eventItem, item, 'ledger entry').entry;
      from = page.LastEvaluatedKey;
    } while (from !== undefined);
  }
  const expiry = () => Math.floor((clock() + keepDays * DAY) / 1000);

  return {
    async readEntry({ source, eventId }) {
      const item = await get(`event/${eventId}`, source);
      return item && parse(eventItem, item, `ledger entry ${eventId}`).entry;
    },

    async writeEntry(entry) {
      const next = { ...entry, version: entry.version + 1 };
      await put(
        {
          pk: `event/${entry.eventId}`,
          sk: entry.source,
          version: next.version,
          entry: next,
          status: next.status,
          updatedSort: `${next.updatedAt}/${next.eventId}`,
          month: monthOf(next.receivedAt),
          receivedSort: `${toInstant(toMillis(next.receivedAt))}/${next.eventId}`,
          ...(isFinished(next.status) ? { expiresAt: expiry() } : {}),
        },
        `event ${entry.eventId}`,
      );
      return next;
    },

    async readRecord(key, schema) {
      const item = await get(recordKey(key), RECORD);
      if (item === undefined) return undefined;
      const { version, value } = parse(recordItem, item, 'ledger record');
      return { version, value: parse(schema, value, `ledger record ${key.split('/')[0]}`) };
    },

    async writeRecord(key, value, version) {
      const expires = key.startsWith('stage/') ? {} : { expiresAt: expiry() };
      await put({ pk: recordKey(key), sk: RECORD, version: version + 1, value, ...expires }, `record ${key.split('/')[0]}`);
      return version + 1;
    },

    async *entries({ since, until }) {
      for (const month of monthsBack(since, until)) {
        yield* query('by-month', { hash: 'month', is: month, range: 'receivedSort', since, until, ascending: false });
      }
    },

    withStatus: (status, { since, until }) =>
      query('by-status', { hash: 'status', is: status, range: 'updatedSort', since, until, ascending: true }),

    async byEventId(eventId) {
      const found = await client.send(
        new QueryCommand({
          TableName: table,
          KeyConditionExpression: 'pk = :pk',
          ExpressionAttributeValues: { ':pk': `event/${eventId}` },
          ConsistentRead: true,
        }),
      );
      return (found.Items ?? []).map((item) => parse(eventItem, item, `ledger entry ${eventId}`).entry);
    },
  };
}

/** A person's key holds an address or a number: it is kept as a digest. */
const recordKey = (key: string): string => (key.startsWith('person/') ? `person/${createHash('sha256').update(key).digest('hex')}` : key);

const monthOf = (instant: string): string => toInstant(toMillis(instant)).slice(0, 7);

/** The months from `until` back to `since`, as `2026-11`. */
function monthsBack(since: string, until: string): string[] {
  const [year = 0, month = 1] = monthOf(until).split('-').map(Number);
  const months: string[] = [];
  for (let back = 0; ; back++) {
    const name = toInstant(Date.UTC(year, month - 1 - back)).slice(0, 7);
    if (name < monthOf(since)) return months;
    months.push(name);
  }
}
