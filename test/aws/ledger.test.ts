import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DeleteCommand, DynamoDBDocumentClient, PutCommand, ScanCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import * as z from 'zod';
import { dynamoLedger } from '../../lambda/aws/ledger.ts';
import { EVENT_STATUSES, type EventStatus } from '../../lambda/domain/event/event-status.ts';
import type { LedgerEntry } from '../../lambda/domain/event/ledger-entry.ts';
import { Contended, InvalidInput } from '../../lambda/domain/failures.ts';
import { personKeys } from '../../lambda/domain/person/person-record.ts';
import { changeRecord } from '../../lambda/domain/stage/shared-record.ts';
import { DAY, toMillis } from '../../lambda/domain/time/time.ts';
import { CREDENTIALS, REGION } from '../../local/aws/account.ts';
import type { LocalLedger } from '../../local/aws/ledger.ts';
import { aTermination } from '../support/builders.ts';
import { anEntry } from '../support/entries.ts';
import { aTable } from './a-table.ts';

const NOW = toMillis('2026-11-24T12:00:00Z');
const counter = z.object({ count: z.number() });

let table: LocalLedger;
let client: DynamoDBClient;
let documents: DynamoDBDocumentClient;
let ledger: ReturnType<typeof dynamoLedger>;
let queries = 0;

beforeAll(async () => {
  table = await aTable();
  client = new DynamoDBClient({ endpoint: table.endpoint, region: REGION, credentials: CREDENTIALS });
  client.middlewareStack.add(
    (next, { commandName }) =>
      (request) => {
        if (commandName === 'QueryCommand') queries += 1;
        return next(request);
      },
    { step: 'initialize' },
  );
  documents = DynamoDBDocumentClient.from(client);
  ledger = dynamoLedger({ client, table: table.table, keepDays: 400, clock: () => NOW });
});

afterAll(async () => {
  client.destroy();
  await table.close();
});

/** A source that no other test has, so that tests do not see each other's entries. */
let sources = 0;
const newSource = () => `source-${++sources}`;
const aStored = (changes: Partial<LedgerEntry>) => ledger.writeEntry(anEntry(aTermination(), changes));

async function items(): Promise<Record<string, unknown>[]> {
  const { Items = [] } = await documents.send(new ScanCommand({ TableName: table.table }));
  return Items;
}

async function listed(entries: AsyncGenerator<LedgerEntry>, source: string): Promise<string[]> {
  const ids: string[] = [];
  for await (const entry of entries) if (entry.source === source) ids.push(entry.eventId);
  return ids;
}

describe('an entry', () => {
  it('does not exist before it is written', async () => {
    expect(await ledger.readEntry({ source: newSource(), eventId: 'evt-1' })).toBeUndefined();
  });

  it('is read as it was written, with its next version', async () => {
    const source = newSource();
    const entry = anEntry(aTermination({ employee: { email: 'ana@acme.test', givenName: '安娜', customFields: { 'DE:HR ID': '7' } } }), {
      source,
      status: 'held',
      reason: 'stale',
      hold: { guard: 'stale', saw: 's', releasing: 'r' },
      released: [{ guard: 'administrator' }],
      lease: { owner: 'w', until: '2026-11-24T12:00:00.000Z' },
      intent: { userId: 'u', at: '2026-11-24T12:00:00.000Z' },
    });

    const written = await ledger.writeEntry(entry);

    expect(written).toEqual({ ...entry, version: 1 });
    expect(await ledger.readEntry(entry)).toEqual(written);
  });

  it('is another one in another source', async () => {
    const [one, other] = [newSource(), newSource()];
    await aStored({ source: one, eventId: 'shared', status: 'held' });
    await aStored({ source: other, eventId: 'shared' });

    const found = await ledger.byEventId('shared');

    expect(found.map(({ source, status }) => [source, status])).toEqual([
      [one, 'held'],
      [other, 'received'],
    ]);
  });

  it('that another worker opened first is contended', async () => {
    const source = newSource();
    await aStored({ source });

    await expect(aStored({ source })).rejects.toThrow(new Contended('event evt-1'));
  });

  it('is written by one of many workers who read the same version', async () => {
    const entry = await aStored({ source: newSource() });

    const answers = await Promise.allSettled(
      ['a', 'b', 'c', 'd', 'e'].map((owner) => ledger.writeEntry({ ...entry, lease: { owner, until: entry.updatedAt } })),
    );

    expect(answers.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    expect(answers.flatMap((answer) => (answer.status === 'rejected' ? [answer.reason] : []))).toEqual(
      Array(4).fill(expect.any(Contended)),
    );
    expect((await ledger.readEntry(entry))?.version).toBe(2);
  });

  it('that does not exist cannot be changed', async () => {
    await expect(aStored({ source: newSource(), version: 3 })).rejects.toThrow(Contended);
  });

  it('that cannot be read is named by its id, never by its content', async () => {
    const source = newSource();
    const entry = { ...anEntry(aTermination()), version: 1, status: 'ana@acme.test' };
    await documents.send(new PutCommand({ TableName: table.table, Item: { pk: 'event/broken', sk: source, version: 1, entry } }));

    const reading = ledger.readEntry({ source, eventId: 'broken' });

    await expect(reading).rejects.toThrow(InvalidInput);
    await expect(reading).rejects.toThrow(/^ledger entry broken: entry.status: expected .*, got a string of 13 characters$/);
  });

  it.each<{ status: EventStatus; expires: boolean }>([
    { status: 'received', expires: false },
    { status: 'scheduled', expires: false },
    { status: 'processing', expires: false },
    { status: 'held', expires: false },
    { status: 'failed', expires: false },
    { status: 'deactivated', expires: true },
    { status: 'no-account', expires: true },
    { status: 'cancelled', expires: true },
    { status: 'rescinded', expires: true },
  ])('that is $status expires: $expires', async ({ status, expires }) => {
    const source = newSource();

    await aStored({ source, status });

    const item = (await items()).find(({ sk }) => sk === source);
    expect(item?.expiresAt).toBe(expires ? (NOW + 400 * DAY) / 1000 : undefined);
  });
});

it('an entry of a person under legal hold does not expire', async () => {
  const source = newSource();

  await aStored({ source, status: 'deactivated', legalHold: { by: 'legal', at: '2026-11-24T12:00:00.000Z', reason: 'a law suit' } });

  expect((await items()).find(({ sk }) => sk === source)).not.toHaveProperty('expiresAt');
});

it('expires after the time that the stage says, which operators have to look up', async () => {
  const source = newSource();
  const asked = dynamoLedger({ client, table: table.table, keepDays: async () => 30, clock: () => NOW });

  await asked.writeEntry(anEntry(aTermination(), { source, status: 'rejected' }));

  expect((await items()).find(({ sk }) => sk === source)?.expiresAt).toBe((NOW + 30 * DAY) / 1000);
});

describe('an entry that has expired', () => {
  const period = { since: '2025-01-01T00:00:00.000Z', until: '2025-12-31T00:00:00.000Z' };
  const aFinished = (changes: Partial<LedgerEntry>) =>
    ledger.writeEntry(
      anEntry(aTermination({ employee: { email: 'gone@acme.test', familyName: 'Vergessen' } }), {
        status: 'deactivated',
        receivedAt: '2025-06-01T00:00:00.000Z',
        ...changes,
      }),
    );
  const expire = ({ eventId, source }: LedgerEntry) =>
    documents.send(new DeleteCommand({ TableName: table.table, Key: { pk: `event/${eventId}`, sk: source } }));
  const listedOf = async (source: string) => {
    const all: LedgerEntry[] = [];
    for await (const entry of ledger.alsoExpired(period)) if (entry.source === source) all.push(entry);
    return all;
  };

  it('leaves for ever what an auditor needs, and nothing about the person', async () => {
    const source = newSource();
    const entry = await aFinished({ source, workfrontUserId: 'a'.repeat(32), finishedAt: '2025-06-01T00:01:00.000Z' });
    await expire(entry);

    expect(await listedOf(source)).toMatchObject([{ eventId: 'evt-1', status: 'deactivated', workfrontUserId: 'a'.repeat(32) }]);
    const left = (await items()).filter(({ sk }) => String(sk).startsWith(source));
    expect(left).toHaveLength(1);
    expect(left[0]).not.toHaveProperty('expiresAt');
    expect(JSON.stringify(left)).not.toMatch(/gone@|Vergessen/);
  });

  it('is listed among the entries that still exist, newest first and each once', async () => {
    const source = newSource();
    const days = ['01', '02', '03', '04', '05', '06'];
    for (const [index, day] of days.entries()) {
      const entry = await aFinished({ source, eventId: `evt-${day}`, receivedAt: `2025-${index < 3 ? '06' : '07'}-${day}T00:00:00.000Z` });
      if (index % 2 === 0) await expire(entry);
    }

    const all = await listedOf(source);

    expect(all.map(({ eventId }) => eventId)).toEqual(days.toReversed().map((day) => `evt-${day}`));
    expect(all.map(({ event }) => event.employee.email)).toEqual([
      'gone@acme.test',
      undefined,
      'gone@acme.test',
      undefined,
      'gone@acme.test',
      undefined,
    ]);
  });

  it('is remembered as the worker who finished it wrote it, not as the worker who was too late', async () => {
    const source = newSource();
    const before = await aFinished({ source, status: 'processing' });
    const cancelled = await ledger.writeEntry({ ...before, status: 'cancelled', reason: 'rescinded' });

    await expect(ledger.writeEntry({ ...before, status: 'deactivated' })).rejects.toThrow(Contended);
    await expire(cancelled);

    expect(await listedOf(source)).toMatchObject([{ status: 'cancelled', reason: 'rescinded' }]);
  });

  it('leaves nothing if it was not finished', async () => {
    const source = newSource();
    await expire(await aFinished({ source, status: 'held' }));

    expect(await listedOf(source)).toEqual([]);
  });
});

describe('the time at which an event finished', () => {
  it('is known as long as the event, and after it expired', async () => {
    const source = newSource();
    const finishedAt = '2025-06-01T00:01:00.000Z';
    expect(await ledger.finishedBefore({ source, eventId: 'evt-1' })).toBeUndefined();

    const entry = await aStored({ source, status: 'deactivated', finishedAt });
    await documents.send(new DeleteCommand({ TableName: table.table, Key: { pk: 'event/evt-1', sk: source } }));

    expect(await ledger.readEntry(entry)).toBeUndefined();
    expect(await ledger.finishedBefore(entry)).toBe(finishedAt);
    expect(await ledger.finishedBefore({ source: `${source}0`, eventId: 'evt-1' })).toBeUndefined();
  });

  it('is the last one of an event that finished twice', async () => {
    const source = newSource();
    for (const [receivedAt, finishedAt] of [
      ['2026-02-01T00:00:00.000Z', '2026-02-01T00:01:00.000Z'],
      ['2025-06-01T00:00:00.000Z', '2025-06-01T00:01:00.000Z'],
    ] as const) {
      await aStored({ source, status: 'deactivated', receivedAt, finishedAt });
      await documents.send(new DeleteCommand({ TableName: table.table, Key: { pk: 'event/evt-1', sk: source } }));
    }

    expect(await ledger.finishedBefore({ source, eventId: 'evt-1' })).toBe('2026-02-01T00:01:00.000Z');
  });
});

describe('a record', () => {
  it('is read as it was written, and counts its versions', async () => {
    const key = `stage/${newSource()}`;

    const first = await ledger.writeRecord(key, { value: { count: 1 }, version: 0 });
    const second = await ledger.writeRecord(key, { value: { count: 2 }, version: first });

    expect([first, second]).toEqual([1, 2]);
    expect(await ledger.readRecord(key, counter)).toEqual({ value: { count: 2 }, version: 2 });
    expect(await ledger.readRecord(`${key}/other`, counter)).toBeUndefined();
  });

  it('that another worker wrote first is contended, and its key is not shown', async () => {
    const key = 'person/email:contended@acme.test';
    await ledger.writeRecord(key, { value: { count: 1 }, version: 0 });

    await expect(ledger.writeRecord(key, { value: { count: 2 }, version: 0 })).rejects.toThrow(new Contended('record person'));
  });

  it('loses no change of eight workers at the same time', async () => {
    const key = `stage/${newSource()}`;
    const increment = () => changeRecord(ledger, { key, schema: counter }, (value) => ({ count: (value?.count ?? 0) + 1 }));

    await Promise.all(Array.from({ length: 8 }, increment));

    expect(await ledger.readRecord(key, counter)).toEqual({ value: { count: 8 }, version: 8 });
  });

  it('of a person is stored under a digest of the key, and expires', async () => {
    const keys = personKeys({
      source: 'hr',
      employee: { email: 'hidden@acme.test', employeeNumber: 'NR-4711', customFields: { 'DE:HR ID': 'HRID-7' } },
    });

    for (const key of keys) await ledger.writeRecord(key, { value: { count: 1 }, version: 0 });

    const all = await items();
    expect(JSON.stringify(all)).not.toMatch(/hidden@|NR-4711|HRID-7/);
    const persons = all.filter(({ pk }) => String(pk).startsWith('person/'));
    expect(persons.length).toBeGreaterThanOrEqual(3);
    for (const { pk, expiresAt } of persons)
      expect([pk, expiresAt]).toEqual([expect.stringMatching(/^person\/[0-9a-f]{64}$/), (NOW + 400 * DAY) / 1000]);
  });

  it.each(['person/email:stays@acme.test', 'rescinded/acme-hr/evt-stays'])(
    'that is kept does not expire until it is written without that: %s',
    async (key) => {
      const expiries = async () => {
        const all = await items();
        return all.filter(({ value }) => Object(value).key === key).map(({ expiresAt }) => expiresAt);
      };
      const forgotten = (NOW + 400 * DAY) / 1000;

      const first = await ledger.writeRecord(key, { value: { key }, version: 0 });
      expect(await expiries()).toEqual([forgotten]);
      const second = await ledger.writeRecord(key, { value: { key }, version: first, kept: true });
      expect(await expiries()).toEqual([undefined]);
      const third = await ledger.writeRecord(key, { value: { key }, version: second, kept: false });
      expect(await expiries()).toEqual([forgotten]);

      expect(third).toBe(3);
      await expect(ledger.writeRecord(key, { value: { key }, version: first, kept: true })).rejects.toThrow(Contended);
    },
  );

  it('of the stage never expires', async () => {
    const key = `stage/${newSource()}`;

    await ledger.writeRecord(key, { value: { count: 1 }, version: 0 });

    expect((await items()).find(({ pk }) => pk === key)).not.toHaveProperty('expiresAt');
  });
});

describe('the list of events', () => {
  const receive = (source: string, ...times: string[]) =>
    Promise.all(times.map((receivedAt) => aStored({ source, eventId: `at-${receivedAt}`, receivedAt })));

  it('goes back over months and years, newest first', async () => {
    const source = newSource();
    const times = ['2025-12-31T23:59:59.999Z', '2026-01-01T00:00:00.000Z', '2026-01-31T12:00:00.000Z', '2026-03-01T00:00:00.000Z'];
    await receive(source, ...times);

    const ids = await listed(ledger.entries({ since: '2025-12-01T00:00:00.000Z', until: '2026-03-31T00:00:00.000Z' }), source);

    expect(ids).toEqual(times.toReversed().map((time) => `at-${time}`));
  });

  it('includes both ends of the period and nothing beyond', async () => {
    const source = newSource();
    const times = ['2026-05-10T00:00:00.000Z', '2026-05-20T00:00:00.000Z'];
    await receive(source, '2026-05-09T23:59:59.999Z', ...times, '2026-05-20T00:00:00.001Z');

    const ids = await listed(ledger.entries({ since: '2026-05-10T00:00:00.000Z', until: '2026-05-20T00:00:00.000Z' }), source);

    expect(ids).toEqual(times.toReversed().map((time) => `at-${time}`));
  });

  it('has an event in its month in UTC', async () => {
    const source = newSource();
    await receive(source, '2026-07-01T01:00:00+02:00');

    const june = await listed(ledger.entries({ since: '2026-06-30T00:00:00.000Z', until: '2026-06-30T23:59:59.999Z' }), source);

    expect(june).toEqual(['at-2026-07-01T01:00:00+02:00']);
  });

  it('is empty if the period ends before it begins', async () => {
    expect(await listed(ledger.entries({ since: '2026-05-10T00:00:00.000Z', until: '2026-04-10T00:00:00.000Z' }), 'none')).toEqual([]);
  });

  it('is complete over many pages', async () => {
    const source = newSource();
    const start = toMillis('2026-08-01T00:00:00Z');
    const why = 'x'.repeat(1500);
    const ids = Array.from({ length: 1500 }, (_, number) => `evt-${String(number).padStart(5, '0')}`);
    for (let at = 0; at < ids.length; at += 100) {
      await Promise.all(
        ids.slice(at, at + 100).map((eventId, index) =>
          aStored({
            source,
            eventId,
            receivedAt: new Date(start + (at + index) * 1000).toISOString(),
            history: [{ at: '2026-08-01T00:00:00.000Z', to: 'received', by: source, why }],
          }),
        ),
      );
    }
    queries = 0;

    const found = await listed(ledger.entries({ since: '2026-08-01T00:00:00.000Z', until: '2026-08-31T23:59:59.999Z' }), source);

    expect(found).toEqual(ids.toReversed());
    expect(queries).toBeGreaterThan(1);
  });

  it('of one status begins with the event that has been unchanged for longest', async () => {
    const source = newSource();
    for (const [eventId, status, updatedAt] of [
      ['b', 'held', '2026-11-20T00:00:00.000Z'],
      ['c', 'held', '2026-11-21T00:00:00.000Z'],
      ['d', 'failed', '2026-11-20T00:00:00.000Z'],
      ['a', 'held', '2026-11-19T00:00:00.000Z'],
      ['e', 'held', '2026-11-01T00:00:00.000Z'],
    ] as const)
      await aStored({ source, eventId, status, updatedAt });

    const held = await listed(ledger.withStatus('held', { since: '2026-11-10T00:00:00.000Z', until: '2026-11-30T00:00:00.000Z' }), source);

    expect(held).toEqual(['a', 'b', 'c']);
  });

  it('of scheduled events has all of them, the longest unchanged first', async () => {
    const source = newSource();
    for (const [eventId, status, updatedAt] of [
      ['b', 'scheduled', '2026-11-24T12:00:00.000Z'],
      ['a', 'scheduled', '2020-06-01T00:00:00.000Z'],
      ['c', 'held', '2026-11-20T00:00:00.000Z'],
    ] as const)
      await aStored({ source, eventId, status, updatedAt });

    const ids: string[] = [];
    for await (const entry of ledger.scheduled()) if (entry.source === source) ids.push(entry.eventId);

    expect(ids).toEqual(['a', 'b']);
  });

  it('of one status finds what ended soon after it was received, although it is in no index', async () => {
    const source = newSource();
    const at = (time: string) => ({ receivedAt: `2026-11-20T${time}:00.000Z`, updatedAt: `2026-11-20T${time}:30.000Z` });
    await aStored({ source, eventId: 'b', status: 'deactivated', ...at('11:00') });
    await aStored({ source, eventId: 'a', status: 'deactivated', ...at('10:00') });
    await aStored({ source, eventId: 'before', status: 'deactivated', ...at('09:00') });
    await aStored({ source, eventId: 'other', status: 'already-inactive', ...at('11:00') });

    const period = { since: '2026-11-20T10:00:00.000Z', until: '2026-11-30T00:00:00.000Z' };

    expect(await listed(ledger.withStatus('deactivated', period), source)).toEqual(['a', 'b']);
  });

  it('of one status has what is in its first turn once, as what has had one', async () => {
    const source = newSource();
    const period = { since: '2026-11-01T00:00:00.000Z', until: '2026-11-30T00:00:00.000Z' };
    const first = await aStored({ source, eventId: 'first', status: 'processing', receivedAt: '2026-11-24T11:00:00.000Z' });
    const again = await aStored({ source, eventId: 'again', status: 'processing', receivedAt: '2026-11-03T11:00:00.000Z' });
    await ledger.writeEntry(again);

    expect(await listed(ledger.withStatus('processing', period), source)).toEqual(['again', 'first']);
    await ledger.writeEntry(first);
    expect((await listed(ledger.withStatus('processing', period), source)).sort()).toEqual(['again', 'first']);
  });

  it.each<{ status: EventStatus; changes?: Partial<LedgerEntry>; inIndex: boolean }>([
    { status: 'received', inIndex: false },
    { status: 'processing', inIndex: false },
    { status: 'processing', changes: { version: 1, intent: { userId: 'u', at: '2026-11-24T12:00:00.000Z' } }, inIndex: false },
    { status: 'deactivated', inIndex: false },
    { status: 'already-inactive', inIndex: false },
    { status: 'cancelled', inIndex: false },
    { status: 'rescinded', inIndex: false },
    { status: 'noted', inIndex: false },
    { status: 'scheduled', inIndex: true },
    { status: 'held', inIndex: true },
    { status: 'failed', inIndex: true },
    { status: 'no-account', inIndex: true },
    { status: 'would-deactivate', inIndex: true },
    { status: 'rejected', inIndex: true },
    {
      status: 'received',
      changes: { waiting: { since: '2026-11-24T12:00:00.000Z', attempts: 1, until: '2026-11-24T12:01:00.000Z', code: 'c', saw: 's' } },
      inIndex: true,
    },
  ])('by status has only what waits: $status $changes, $inIndex', async ({ status, changes = {}, inIndex }) => {
    const source = newSource();
    const { version = 0, ...others } = changes;
    let entry = anEntry(aTermination(), { source, status });
    for (let written = 0; written < version; written++) entry = await ledger.writeEntry(entry);
    await ledger.writeEntry({ ...entry, ...others });

    const { Items = [] } = await documents.send(new ScanCommand({ TableName: table.table, IndexName: 'by-status' }));

    expect(Items.some(({ sk }) => sk === source)).toBe(inIndex);
    expect(Items.every((item) => item.entry === undefined)).toBe(true);
  });

  it('of events in work has all that are received or processing, and no other', async () => {
    const source = newSource();
    for (const status of EVENT_STATUSES) await aStored({ source, eventId: status, status, updatedAt: '2020-06-01T00:00:00.000Z' });

    const ids: string[] = [];
    for await (const entry of ledger.inWork()) if (entry.source === source) ids.push(entry.eventId);

    expect(ids.sort()).toEqual(['processing', 'received']);
  });

  it('of one status loses an event whose status changes', async () => {
    const source = newSource();
    const period = { since: '2026-11-01T00:00:00.000Z', until: '2026-11-30T00:00:00.000Z' };
    const entry = await aStored({ source, status: 'failed' });

    await ledger.writeEntry({ ...entry, status: 'processing' });

    expect(await listed(ledger.withStatus('failed', period), source)).toEqual([]);
    expect(await listed(ledger.withStatus('processing', period), source)).toEqual(['evt-1']);
  });
});
