import { type AttributeValue, type DynamoDBClient, QueryCommand } from '@aws-sdk/client-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import * as z from 'zod/mini';
import type { EventStatus } from '../domain/event/event-status.ts';
import { type LedgerEntry, ledgerEntry } from '../domain/event/ledger-entry.ts';
import { parse } from '../domain/parse.ts';
import { DAY, toInstant, toMillis } from '../domain/time/time.ts';
import { factMonth, isInWork, isListed, monthOf, placeInMonth, placeInStatus } from './index-places.ts';
import { type LedgerTable, stored } from './ledger-table.ts';

/** An item that holds an entry, or the audit fact of one. */
export const eventItem = z.object({ entry: ledgerEntry });

/** No event expires sooner: the policy of a stage has at least as many days. */
const SHORTEST_MEMORY = 35 * DAY;

/** The period of a list. Instants are RFC 3339. */
export interface EntryFilter {
  since: string;
  until: string;
}

/** Lists the ledger for people: every event of a period, newest first, with one page in memory at a time. */
export interface EntryList {
  entries(filter: EntryFilter): AsyncGenerator<LedgerEntry>;
  /** The same, and the audit facts of events that have expired. */
  alsoExpired(filter: EntryFilter): AsyncGenerator<LedgerEntry>;
  /**
   * The events of one status that last changed in a period: first what waits or has waited, then what is done at once or in its first turn,
   * each the longest unchanged first. From an index, so a moment behind. What was done at once is found by its time of receipt, a day before
   * the period at most; what is in its first turn, if it was received within the last day.
   */
  withStatus(status: EventStatus, filter: EntryFilter): AsyncGenerator<LedgerEntry>;
  /** Entries of any source with this event id. */
  byEventId(eventId: string): Promise<LedgerEntry[]>;
}

/** An event that waits for nothing comes to its end within a turn, or a few: long before a day has passed. */
const ONE_TURN = DAY;

/** Entries that are read together: as many as one BatchGetItem takes. */
const PAGE = 100;

const itemKey = z.object({ pk: z.string(), sk: z.string() });

interface ListOptions {
  client: DynamoDBClient;
  table: string;
  items: Pick<LedgerTable, 'readMany'>;
  clock: () => number;
}

/** A place in an index, whose range includes both ends. */
interface IndexRange extends EntryFilter {
  index: string;
  hash: string;
  is: string;
  range: string;
  ascending: boolean;
}

type Query = (range: IndexRange) => AsyncGenerator<LedgerEntry>;

/** The indexes hold keys: the entries of a page are read together. One that is gone by now is left out. */
function indexOf({ client, table, items }: ListOptions): Query {
  return async function* ({ index, hash, is, range, since, until, ascending }) {
    let from: Record<string, AttributeValue> | undefined;
    do {
      const page = await client.send(
        new QueryCommand({
          TableName: table,
          IndexName: index,
          KeyConditionExpression: '#hash = :is AND #range BETWEEN :since AND :until',
          ExpressionAttributeNames: { '#hash': hash, '#range': range },
          ExpressionAttributeValues: stored({ ':is': is, ':since': since, ':until': `${until}~` }),
          ScanIndexForward: ascending,
          Limit: PAGE,
          ...(from && { ExclusiveStartKey: from }),
        }),
      );
      const keys = (page.Items ?? []).map((key) => parse(itemKey, unmarshall(key), 'key of the ledger'));
      for (const item of await items.readMany(keys)) if (item !== undefined) yield parse(eventItem, item, 'ledger entry').entry;
      from = page.LastEvaluatedKey;
    } while (from !== undefined);
  };
}

const ofMonth = (query: Query, is: string, filter: EntryFilter) =>
  query({ index: 'by-month', hash: 'month', is, range: 'receivedSort', ...filter, ascending: false });

async function* received(query: Query, filter: EntryFilter): AsyncGenerator<LedgerEntry> {
  for (const month of monthsBack(filter)) yield* ofMonth(query, month, filter);
}

async function* waiting(query: Query, status: EventStatus, filter: EntryFilter): AsyncGenerator<LedgerEntry> {
  const listed = query({ index: 'by-status', hash: 'status', is: status, range: 'updatedSort', ...filter, ascending: true });
  for await (const entry of listed) if (entry.status === status) yield entry;
}

/** @param last when the last of those that are meant was in its first turn */
async function neverWaited(query: Query, status: EventStatus, { since, until, last }: EntryFilter & { last: string }) {
  const found: LedgerEntry[] = [];
  for await (const entry of received(query, { since: toInstant(toMillis(last) - ONE_TURN), until })) {
    const isMeant = entry.status === status && entry.updatedAt >= since && entry.updatedAt <= until;
    if (isMeant && placeInStatus(entry).status === undefined) found.push(entry);
  }
  return found.sort((one, other) => one.updatedAt.localeCompare(other.updatedAt));
}

export function entryList(options: ListOptions): EntryList {
  const { client, table, clock } = options;
  const query = indexOf(options);

  return {
    entries: (filter) => received(query, filter),

    async *alsoExpired({ since, until }) {
      const mayBeGone = toInstant(Math.min(toMillis(until), clock() - SHORTEST_MEMORY));
      for (const month of monthsBack({ since, until })) {
        const facts = mayBeGone < since ? none() : ofMonth(query, factMonth(month), { since, until: mayBeGone });
        yield* merged(ofMonth(query, month, { since, until }), facts);
      }
    },

    async *withStatus(status, filter) {
      yield* waiting(query, status, filter);
      const last = isInWork(status) ? toInstant(clock()) : filter.since;
      if (!isListed(status)) yield* await neverWaited(query, status, { ...filter, last });
    },

    async byEventId(eventId) {
      const found = await client.send(
        new QueryCommand({
          TableName: table,
          KeyConditionExpression: 'pk = :pk',
          ExpressionAttributeValues: stored({ ':pk': `event/${eventId}` }),
          ConsistentRead: true,
        }),
      );
      return (found.Items ?? []).map((item) => parse(eventItem, unmarshall(item), `ledger entry ${eventId}`).entry);
    },
  };
}

async function* none(): AsyncGenerator<LedgerEntry> {}

/** Merges both lists, each newest first. An entry that still exists replaces its own audit fact. */
async function* merged(entries: AsyncGenerator<LedgerEntry>, facts: AsyncGenerator<LedgerEntry>): AsyncGenerator<LedgerEntry> {
  const placeOf = (entry: LedgerEntry) => placeInMonth(entry).receivedSort;
  let fact = await facts.next();
  for await (const entry of entries) {
    while (!fact.done && placeOf(fact.value) > placeOf(entry)) {
      yield fact.value;
      fact = await facts.next();
    }
    if (!fact.done && placeOf(fact.value) === placeOf(entry) && fact.value.source === entry.source) fact = await facts.next();
    yield entry;
  }
  for (; !fact.done; fact = await facts.next()) yield fact.value;
}

/** The months from `until` back to `since`, as `2026-11`. */
function monthsBack({ since, until }: EntryFilter): string[] {
  const [year = 0, month = 1] = monthOf(until).split('-').map(Number);
  const months: string[] = [];
  for (let back = 0; ; back++) {
    const name = toInstant(Date.UTC(year, month - 1 - back)).slice(0, 7);
    if (name < monthOf(since)) return months;
    months.push(name);
  }
}
