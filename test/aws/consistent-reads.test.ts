import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import * as z from 'zod';
import { Contended } from '../../lambda/domain/failures.ts';
import { aTermination } from '../support/builders.ts';
import { anEntry } from '../support/entries.ts';
import { aLedger } from './a-ledger.ts';

type Place = Awaited<ReturnType<typeof aLedger>>;

const READS = ['GetItem', 'BatchGetItem', 'Query', 'Scan'];
const PERIOD = { since: '2026-11-01T00:00:00.000Z', until: '2026-11-30T00:00:00.000Z' };
const REF = { source: 'acme-hr', eventId: 'evt-1' };
const KEY = 'person/email:ana@acme.test';
const anything = z.unknown();

const all = async (entries: AsyncIterable<unknown>) => {
  for await (const _ of entries);
};

/** A call of every method of the ledger, and what it reads of the table itself. */
const METHODS: Record<keyof Place['ledger'], { call: (place: Place) => Promise<unknown>; reads: string[] }> = {
  readEntry: { call: ({ ledger }) => ledger.readEntry(REF), reads: ['GetItem'] },
  readRecord: { call: ({ ledger }) => ledger.readRecord(KEY, anything), reads: ['GetItem'] },
  readRecords: {
    call: ({ ledger, limitBatches }) => {
      limitBatches(1);
      return ledger.readRecords([KEY, 'stage/read'], anything);
    },
    reads: ['BatchGetItem', 'BatchGetItem'],
  },
  finishedBefore: { call: ({ ledger }) => ledger.finishedBefore(REF), reads: ['GetItem'] },
  readTogether: {
    call: ({ ledger, limitBatches }) => {
      limitBatches(2);
      return ledger.readTogether({ entries: [REF], finished: [REF], records: [KEY, 'stage/read'] });
    },
    reads: ['BatchGetItem', 'BatchGetItem'],
  },
  byEventId: { call: ({ ledger }) => ledger.byEventId('evt-1'), reads: ['Query'] },
  // It reads only to see who was faster.
  writeEntry: {
    call: ({ ledger }) => ledger.writeEntry(anEntry(aTermination(), { ...REF, status: 'cancelled', version: 7 })).catch(contended),
    reads: ['GetItem'],
  },
  writeRecord: { call: ({ ledger }) => ledger.writeRecord('stage/one', { value: {}, version: 0 }), reads: [] },
  // The keys of a list come from an index, which DynamoDB cannot read consistently; its entries from the table.
  entries: { call: ({ ledger }) => all(ledger.entries(PERIOD)), reads: ['BatchGetItem'] },
  alsoExpired: { call: ({ ledger }) => all(ledger.alsoExpired(PERIOD)), reads: ['BatchGetItem'] },
  scheduled: { call: ({ ledger }) => all(ledger.scheduled()), reads: [] },
  inWork: { call: ({ ledger }) => all(ledger.inWork()), reads: ['BatchGetItem'] },
  withStatus: { call: ({ ledger }) => all(ledger.withStatus('held', PERIOD)), reads: [] },
};

function contended(failure: unknown): void {
  if (!(failure instanceof Contended)) throw failure;
}

describe('every read of the table itself asks for a consistent read', () => {
  let place: Place;
  beforeAll(async () => {
    place = await aLedger();
    await place.ledger.writeEntry(anEntry(aTermination(), REF));
    await place.ledger.writeEntry(anEntry(aTermination(), { ...REF, eventId: 'in-work' }));
    await place.ledger.writeRecord(KEY, { value: {}, version: 0 });
    await place.ledger.writeRecord('stage/read', { value: {}, version: 0 });
  });
  afterAll(() => place.close());

  it('in every method of the ledger', () => {
    expect(Object.keys(place.ledger).sort()).toEqual(Object.keys(METHODS).sort());
  });

  it.each(Object.entries(METHODS))('in %s', async (_, { call, reads }) => {
    place.sent.length = 0;

    await call(place);

    const ofTable = place.sent.filter(({ operation, input }) => READS.includes(operation) && input.IndexName === undefined);
    expect(ofTable.map(({ operation }) => operation)).toEqual(reads);
    const asked = ofTable.map(({ input }) => (input.RequestItems?.[place.table] ?? input).ConsistentRead);
    expect(asked).toEqual(reads.map(() => true));
  });
});
