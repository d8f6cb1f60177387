import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import * as z from 'zod';
import { InvalidInput, isMistake } from '../../lambda/domain/failures.ts';
import { aLedger } from './a-ledger.ts';

const counter = z.object({ count: z.number() });

let place: Awaited<ReturnType<typeof aLedger>>;
beforeAll(async () => {
  place = await aLedger();
});
afterEach(() => {
  place.limitBatches(Number.POSITIVE_INFINITY);
  place.waits.length = 0;
});
afterAll(() => place.close());

const counted = (key: string, count: number) => place.ledger.writeRecord(key, { value: { count }, version: 0 });
const person = (name: string) => `person/email:${name}@acme.test`;
const persons = (count: number, name: string) => Array.from({ length: count }, (_, number) => person(`${name}-${number}`));

/** The numbers of keys that a reading asked for, request by request. */
const batches = () => place.sent.map(({ input }) => input.RequestItems?.[place.table]?.Keys.length);

describe('records that are read together', () => {
  it('come in one request, those that exist', async () => {
    await counted(person('ana'), 1);
    await counted('stage/brake', 2);
    place.sent.length = 0;

    const found = await place.ledger.readRecords([person('ana'), person('nobody'), 'stage/brake'], counter);

    expect(found).toEqual(
      new Map([
        [person('ana'), { value: { count: 1 }, version: 1 }],
        ['stage/brake', { value: { count: 2 }, version: 1 }],
      ]),
    );
    expect(place.sent.map(({ operation }) => operation)).toEqual(['BatchGetItem']);
  });

  it('are nothing, without a request, if nothing is asked', async () => {
    place.sent.length = 0;

    expect(await place.ledger.readRecords([], counter)).toEqual(new Map());
    expect(place.sent).toEqual([]);
  });

  it('may be named twice', async () => {
    await counted(person('twice'), 3);

    const found = await place.ledger.readRecords([person('twice'), person('twice')], counter);

    expect([...found]).toEqual([[person('twice'), { value: { count: 3 }, version: 1 }]]);
  });

  it('come in requests of 100 at most', async () => {
    const keys = persons(250, 'many');
    await Promise.all(keys.map((key, count) => counted(key, count)));
    place.sent.length = 0;

    const found = await place.ledger.readRecords(keys, counter);

    expect(batches()).toEqual([100, 100, 50]);
    expect([...found.values()].map(({ value }) => value.count)).toEqual(keys.map((_, index) => index));
  });

  it('are asked for again if DynamoDB leaves some unprocessed', async () => {
    const keys = persons(7, 'part');
    await Promise.all(keys.map((key, count) => counted(key, count)));
    place.limitBatches(3);
    place.sent.length = 0;

    const found = await place.ledger.readRecords(keys, counter);

    expect(batches()).toEqual([7, 4, 1]);
    expect([...found.keys()]).toEqual(keys);
    expect(place.waits).toEqual([25, 25]);
  });

  it('are an error of the ledger, not trouble of Workfront, after five answers without an item, with growing waits', async () => {
    await counted(person('busy'), 1);
    place.limitBatches(0);
    place.sent.length = 0;

    const failure: unknown = await place.ledger.readRecords([person('busy')], counter).catch((error: unknown) => error);

    expect(failure).toMatchObject({
      name: 'UnprocessedKeys',
      message: 'expected answers about 1 items of the ledger, got none about 1; wait and try again',
    });
    expect(isMistake(failure)).toBe(true);
    expect(place.sent).toHaveLength(5);
    expect(place.waits).toEqual([50, 100, 200, 400]);
  });

  it('are refused if one cannot be read, without its key or content', async () => {
    await counted(person('secret'), 1);

    await expect(place.ledger.readRecords([person('secret')], z.object({ total: z.number() }))).rejects.toThrow(
      new InvalidInput('ledger record person: total: expected a number, got nothing'),
    );
  });
});
