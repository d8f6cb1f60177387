import { type DynamoDBDocumentClient, QueryCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod/mini';
import type { EventStatus } from '../domain/event/event-status.ts';
import { type LedgerEntry, ledgerEntry } from '../domain/event/ledger-entry.ts';
import { parse } from '../domain/parse.ts';
import { DAY, toInstant, toMillis } from '../domain/time/time.ts';

/** An item that holds an entry, or the audit fact of one. */
export const eventItem = z.object({ entry: ledgerEntry });

/** No event expires sooner: the policy of a stage has at least as many days. */
const SHORTEST_MEMORY = 35 * DAY;

/** The period of a list. Instants are RFC 3339. */
export interface EntryFilter {
  since: string;
  until: string;
}

interface IndexRange extends EntryFilter {
  index: string;
  hash: string;
  is: string;
  range: string;
  ascending: boolean;
}

/** Lists the ledger for people: every event of a period, newest first, with one page in memory at a time. */
export interface EntryList {
  entries(filter: EntryFilter): AsyncGenerator<LedgerEntry>;
  /** The same, and the audit facts of events that have expired. */
  alsoExpired(filter: EntryFilter): AsyncGenerator<LedgerEntry>;
  /** The events of one status that last changed in a period, the longest unchanged first. From an index, so a moment behind. */
  withStatus(status: EventStatus, filter: EntryFilter): AsyncGenerator<LedgerEntry>;
  /** Entries of any source with this event id. */
  byEventId(eventId: string): Promise<LedgerEntry[]>;
}

/** The place of an event in the index by month. The audit fact of an expired event has the hash `factMonth`. */
export const placeInMonth = ({ receivedAt, eventId }: LedgerEntry) => ({
  month: monthOf(receivedAt),
  receivedSort: `${toInstant(toMillis(receivedAt))}/${eventId}`,
});
export const factMonth = (month: string): string => `fact/${month}`;

export function entryList({ client, table, clock }: { client: DynamoDBDocumentClient; table: string; clock: () => number }): EntryList {
  async function* query({ index, hash, is, range, since, until, ascending }: IndexRange): AsyncGenerator<LedgerEntry> {
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
  const ofMonth = (is: string, { since, until }: EntryFilter) =>
    query({ index: 'by-month', hash: 'month', is, range: 'receivedSort', since, until, ascending: false });

  return {
    async *entries(filter) {
      for (const month of monthsBack(filter)) yield* ofMonth(month, filter);
    },

    async *alsoExpired({ since, until }) {
      const mayBeGone = toInstant(Math.min(toMillis(until), clock() - SHORTEST_MEMORY));
      for (const month of monthsBack({ since, until })) {
        const facts = mayBeGone < since ? none() : ofMonth(factMonth(month), { since, until: mayBeGone });
        yield* merged(ofMonth(month, { since, until }), facts);
      }
    },

    withStatus: (status, { since, until }) =>
      query({ index: 'by-status', hash: 'status', is: status, range: 'updatedSort', since, until, ascending: true }),

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

const monthOf = (instant: string): string => toInstant(toMillis(instant)).slice(0, 7);

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
