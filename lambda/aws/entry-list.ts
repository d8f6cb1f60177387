import { type DynamoDBClient, QueryCommand } from '@aws-sdk/client-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import * as z from 'zod/mini';
import type { EventStatus } from '../domain/event/event-status.ts';
import { type LedgerEntry, ledgerEntry } from '../domain/event/ledger-entry.ts';
import { parse } from '../domain/parse.ts';
import { DAY, toInstant, toMillis } from '../domain/time/time.ts';
import { type IndexKey, type IndexRange, inMonth, keysOf, monthsBack, type Period } from './index-keys.ts';
import { factMonth, IN_WORK, isInWork, isListed, placeInMonth, placeInStatus } from './index-places.ts';
import { type LedgerTable, stored } from './ledger-table.ts';

/** An item that holds an entry, or the audit fact of one. */
export const eventItem = z.object({ entry: ledgerEntry });

/** No event expires sooner: the policy of a stage has at least as many days. */
const SHORTEST_MEMORY = 35 * DAY;

/** Lists the ledger for people: every event of a period, newest first, with one page in memory at a time. */
export interface EntryList {
  entries(filter: Period): AsyncGenerator<LedgerEntry>;
  /** The same, and the audit facts of events that have expired. */
  alsoExpired(filter: Period): AsyncGenerator<LedgerEntry>;
  /**
   * The events of one status that last changed in a period: first what waits or has waited, then what is done at once or in its first turn,
   * each the longest unchanged first. From an index, so a moment behind. What was done at once is found by its time of receipt, a day before
   * the period at most; what is in its first turn, if it was received within the last day and has no outcome yet.
   */
  withStatus(status: EventStatus, filter: Period): AsyncGenerator<LedgerEntry>;
  /** Entries of any source with this event id. */
  byEventId(eventId: string): Promise<LedgerEntry[]>;
}

/** An event that waits for nothing comes to its end within a turn, or a few: long before a day has passed. */
const ONE_TURN = DAY;

/** Entries that are read together: as many as one BatchGetItem takes. */
const PAGE = 100;

/** Keys that are read together, of events of which mostly nothing else is read. */
const KEYS = 1000;

interface ListOptions {
  client: DynamoDBClient;
  table: string;
  items: Pick<LedgerTable, 'readMany'>;
  clock: () => number;
}

type Query = (range: IndexRange) => AsyncGenerator<LedgerEntry>;

/** The indexes hold keys: the entries of a page are read together. */
const indexOf = (options: ListOptions): Query =>
  async function* (range) {
    for await (const keys of keysOf(range, { ...options, most: PAGE })) yield* entriesAt(keys, options);
  };

/** One that is gone by now is left out. */
async function* entriesAt(keys: readonly IndexKey[], { items }: ListOptions): AsyncGenerator<LedgerEntry> {
  for (const item of await items.readMany(keys)) if (item !== undefined) yield parse(eventItem, item, 'ledger entry').entry;
}

async function* received(query: Query, filter: Period): AsyncGenerator<LedgerEntry> {
  for (const month of monthsBack(filter)) yield* query(inMonth(month, filter));
}

async function* waiting(query: Query, status: EventStatus, filter: Period): AsyncGenerator<LedgerEntry> {
  const listed = query({ index: 'by-status', hash: 'status', is: status, range: 'updatedSort', ...filter, ascending: true });
  for await (const entry of listed) if (entry.status === status) yield entry;
}

/**
 * What was received in a period and has no audit fact: it has not ended, or just now. The fact is written just before the end, and is in
 * the same index: of all that have ended only keys are read. If a worker ends between the two, the next one takes the event up with a
 * write, and from then on it is in the index by status.
 */
async function* unfinished(period: Period, options: ListOptions): AsyncGenerator<LedgerEntry> {
  const keysIn = (month: string) => keysOf(inMonth(month, period), { ...options, most: KEYS });
  for (const month of monthsBack(period)) {
    const ended = new Set<string>();
    for await (const facts of keysIn(factMonth(month))) for (const fact of facts) ended.add(nameOf(fact));
    for await (const keys of keysIn(month)) {
      yield* entriesAt(
        keys.filter((key) => !ended.has(nameOf(key))),
        options,
      );
    }
  }
}

/** The same for an event and its fact: when it was received, its id and its source. */
const nameOf = ({ receivedSort, sk }: IndexKey): string => `${receivedSort} ${sk.split('/')[0]}`;

/** Those that are in no index by status, the longest unchanged first. */
async function neverWaited(entries: AsyncIterable<LedgerEntry>, statuses: readonly EventStatus[], { since, until }: Period) {
  const found: LedgerEntry[] = [];
  for await (const entry of entries) {
    const isMeant = statuses.includes(entry.status) && entry.updatedAt >= since && entry.updatedAt <= until;
    if (isMeant && placeInStatus(entry).status === undefined) found.push(entry);
  }
  return found.sort((one, other) => one.updatedAt.localeCompare(other.updatedAt));
}

interface WorkList {
  /** As {@link EntryList.withStatus}, of everything that is received or processing. */
  inWork(filter: Period): AsyncGenerator<LedgerEntry>;
}

export function entryList(options: ListOptions): EntryList & WorkList {
  const { client, table, clock } = options;
  const query = indexOf(options);
  const turnBefore = (millis: number) => toInstant(millis - ONE_TURN);
  const begun = ({ until }: Period) => unfinished({ since: turnBefore(clock()), until }, options);

  return {
    entries: (filter) => received(query, filter),

    async *alsoExpired({ since, until }) {
      const mayBeGone = toInstant(Math.min(toMillis(until), clock() - SHORTEST_MEMORY));
      for (const month of monthsBack({ since, until })) {
        const facts = mayBeGone < since ? none() : query(inMonth(factMonth(month), { since, until: mayBeGone }));
        yield* merged(query(inMonth(month, { since, until })), facts);
      }
    },

    async *withStatus(status, filter) {
      yield* waiting(query, status, filter);
      if (isListed(status)) return;
      const entries = isInWork(status) ? begun(filter) : received(query, { ...filter, since: turnBefore(toMillis(filter.since)) });
      yield* await neverWaited(entries, [status], filter);
    },

    async *inWork(filter) {
      for (const status of IN_WORK) yield* waiting(query, status, filter);
      yield* await neverWaited(begun(filter), IN_WORK, filter);
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
