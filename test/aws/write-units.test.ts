import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { aDirectory, anArrival, aTermination, guid } from '../support/builders.ts';
import { aDesk } from '../support/in-memory-desk.ts';
import { untilSettled } from '../support/working.ts';
import { aLedger } from './a-ledger.ts';
import { sizeOf, writeUnitsOf } from './write-units.ts';

let place: Awaited<ReturnType<typeof aLedger>>;
beforeAll(async () => {
  place = await aLedger();
});
afterAll(() => place.close());

it('an ordinary leaver who leaves at once costs 11 write units and 12 read units, in nine requests', async () => {
  const desk = { ...aDesk({ users: aDirectory({ id: guid(1) }) }), ledger: place.ledger };
  await place.ledger.writeRecord('stage/tenant', {
    value: { customerId: 'c'.repeat(32), pinnedAt: '2026-11-24T12:00:00.000Z' },
    version: 0,
  });
  place.sent.length = 0;

  await untilSettled(desk as never, anArrival(aTermination(), { source: 'successfactors', eventId: `evt_${'5'.repeat(40)}` }));

  expect(desk.directory.writes).toHaveLength(1);
  expect(place.sent.map(({ operation }) => operation)).toEqual([
    'BatchGetItem',
    'PutItem',
    'PutItem',
    'PutItem',
    'PutItem',
    'BatchGetItem',
    'PutItem',
    // the fact and the outcome
    'PutItem',
    'PutItem',
  ]);
  expect(writeUnitsOf(place.sent.map(({ input }) => input))).toBeLessThanOrEqual(11);
  // each item that is asked for, of less than 4 KB, takes one unit, also if there is none
  expect(place.sent.flatMap(({ input }) => input.RequestItems?.[place.table]?.Keys ?? []).length).toBeLessThanOrEqual(12);
});

it('a write unit is a kilobyte, begun, and one more for each index whose place changes', () => {
  const item = { pk: { S: 'p' }, sk: { S: 's' }, month: { S: '2026-11' }, receivedSort: { S: 'r' }, text: { S: 'x'.repeat(1100) } };

  expect(sizeOf(item)).toBe(1135);
  expect(writeUnitsOf([{ Item: item }])).toBe(3);
  expect(writeUnitsOf([{ Item: item }, { Item: item }])).toBe(5);
});
