import { createHash } from 'node:crypto';
import { setTimeout } from 'node:timers/promises';
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import * as z from 'zod/mini';
import { isFinished } from '../domain/event/event-status.ts';
import type { EventRef } from '../domain/event/leaver-message.ts';
import type { LedgerEntry } from '../domain/event/ledger-entry.ts';
import { Contended } from '../domain/failures.ts';
import type { Ledger, Snapshot, Together } from '../domain/ledger-port.ts';
import { parse } from '../domain/parse.ts';
import { DAY, SECOND, toInstant } from '../domain/time/time.ts';
import { finishedAt, lastFactKey, putFact } from './audit-facts.ts';
import { type EntryList, entryList, eventItem } from './entry-list.ts';
import { placeInMonth, placeInStatus } from './index-places.ts';
import { type Item, type ItemKey, type LedgerTable, ledgerTable, type TableOptions, textOf } from './ledger-table.ts';

interface LedgerOptions extends Partial<Pick<TableOptions, 'random' | 'wait'>> {
  client: DynamoDBClient;
  table: string;
  /** How long finished events and persons are remembered. */
  keepDays: number | (() => Promise<number>);
  clock: () => number;
}

/** When an item that is written now expires, in seconds since the epoch. */
type Expiry = () => Promise<number>;

/**
 * The ledger on one DynamoDB table: an event at `event/<id>` + source, every other record at its key. Each item has a version, and
 * each write is conditional on it; reads of items are strongly consistent. Finished events and persons expire by TTL; the audit fact
 * of a finished event stays at `fact/<id>` + source.
 */
export function dynamoLedger(options: LedgerOptions): Ledger & EntryList {
  const { client, table: name, keepDays, clock, random = Math.random, wait = setTimeout } = options;
  const table = ledgerTable({ client, table: name, random, wait });
  const expiry: Expiry = async () => Math.floor((clock() + (typeof keepDays === 'number' ? keepDays : await keepDays()) * DAY) / SECOND);

  const lists = entryList({ client, table: name, items: table, clock });
  const ever = () => ({ since: FIRST_DAY, until: toInstant(clock() + DAY) });

  return {
    ...lists,
    ...entriesOf(table, expiry),
    ...recordsOf(table, expiry),
    readTogether: (what) => readTogether(table, what),
    scheduled: () => lists.withStatus('scheduled', ever()),
    inWork: () => lists.inWork(ever()),
  };
}

/** Before the first event. */
const FIRST_DAY = '2020-01-01T00:00:00.000Z';

function entriesOf(table: LedgerTable, expiry: Expiry): Pick<Ledger, 'readEntry' | 'writeEntry' | 'finishedBefore'> {
  const readEntry: Ledger['readEntry'] = async (ref) => {
    const item = await table.read(eventKey(ref));
    return item && entryIn(item, ref);
  };

  return {
    readEntry,

    async finishedBefore(ref) {
      return finishedAt(await table.read(lastFactKey(ref)), ref);
    },

    async writeEntry(entry) {
      const next: typeof entry = { ...entry, version: entry.version + 1 };
      const isLast = isFinished(next.status);
      // Before the entry: a crash in between leaves a fact that nobody reads while the entry exists.
      if (isLast) await putFact(table, next);
      try {
        const expires = isLast && entry.legalHold === undefined ? { expiresAt: await expiry() } : {};
        await table.putNext({ ...entryItem(next), ...expires }, `event ${entry.eventId}`);
      } catch (failure) {
        // Another worker has finished the event: the fact must be that worker's.
        const stored = isLast && failure instanceof Contended ? await readEntry(entry) : undefined;
        if (stored !== undefined && isFinished(stored.status)) await putFact(table, stored);
        throw failure;
      }
      return next;
    },
  };
}

function recordsOf(table: LedgerTable, expiry: Expiry): Pick<Ledger, 'readRecord' | 'readRecords' | 'writeRecord'> {
  return {
    async readRecord(key, schema) {
      const item = await table.read(recordKey(key));
      return item && recordIn(item, key, schema);
    },

    async readRecords(keys, schema) {
      const items = await table.readMany(keys.map(recordKey));
      return new Map(
        keys.flatMap((key, index) => {
          const item = items[index];
          return item === undefined ? [] : [[key, recordIn(item, key, schema)]];
        }),
      );
    },

    async writeRecord(key, { value, version, kept = false }) {
      const expires = kept || key.startsWith('stage/') ? {} : { expiresAt: await expiry() };
      await table.putNext({ ...recordKey(key), version: version + 1, value, ...expires }, `record ${recordKind(key)}`);
      return version + 1;
    },
  };
}

const recordItem = z.object({ version: z.number(), value: z.unknown() });

function recordIn<Schema extends z.core.$ZodType>(item: Item, key: string, schema: Schema) {
  const { version, value } = parse(recordItem, item, 'ledger record');
  return { version, value: parse(schema, value, `ledger record ${recordKind(key)}`) };
}

const entryIn = (item: Item, { eventId }: EventRef): LedgerEntry => parse(eventItem, item, `ledger entry ${eventId}`).entry;

const eventKey = ({ source, eventId }: EventRef): ItemKey => ({ pk: `event/${eventId}`, sk: source });

/** The key of a person holds an address or a number, so only its digest is stored. */
const recordKey = (key: string): ItemKey => ({
  pk: key.startsWith('person/') ? `person/${createHash('sha256').update(key).digest('hex')}` : key,
  sk: '-',
});

/** The first part of a record's key, which names nobody. */
const recordKind = (key: string) => key.split('/')[0];

const entryItem = (entry: LedgerEntry) => ({
  ...eventKey(entry),
  version: entry.version,
  entry,
  ...placeInStatus(entry),
  ...placeInMonth(entry),
});

async function readTogether(table: LedgerTable, { entries = [], finished = [], records = [] }: Together): Promise<Snapshot> {
  const keys = [...entries.map(eventKey), ...finished.map(lastFactKey), ...records.map(recordKey)];
  const items = await table.readMany(keys);
  const found = new Map(keys.map((key, index) => [textOf(key), items[index]]));
  const itemAt = (key: ItemKey) => found.get(textOf(key));
  return {
    entry(ref) {
      const item = itemAt(eventKey(ref));
      return item && entryIn(item, ref);
    },
    finishedBefore: (ref) => finishedAt(itemAt(lastFactKey(ref)), ref),
    record(key, schema) {
      const item = itemAt(recordKey(key));
      return item && recordIn(item, key, schema);
    },
  };
}
