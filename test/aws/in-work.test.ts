import { afterAll, beforeAll, expect, it } from '@jest/globals';
import type { LedgerEntry } from '../../lambda/domain/event/ledger-entry.ts';
import { aTermination } from '../support/builders.ts';
import { anEntry } from '../support/entries.ts';
import { aLedger } from './a-ledger.ts';

const FINISHED = 230;
/** Requests of DynamoDB: for each of the two statuses the index of those that wait, and the keys and facts of one month. */
const REQUESTS = ['Query', 'Query', 'Query', 'Query'];

let place: Awaited<ReturnType<typeof aLedger>>;
beforeAll(async () => {
  place = await aLedger();
  for (let number = 0; number < FINISHED; number++) await finished(`done-${number}`, number);
}, 120_000);
afterAll(() => place.close());

const stored = (changes: Partial<LedgerEntry>) => place.ledger.writeEntry(anEntry(aTermination(), changes));

async function finished(eventId: string, second: number): Promise<void> {
  const receivedAt = new Date(Date.UTC(2026, 10, 24, 9, 0, second)).toISOString();
  const first = await stored({ eventId, status: 'processing', receivedAt, updatedAt: receivedAt });
  await place.ledger.writeEntry({ ...first, status: 'deactivated', finishedAt: receivedAt });
}

async function inWork() {
  place.sent.length = 0;
  const ids: string[] = [];
  for await (const { eventId } of place.ledger.inWork()) ids.push(eventId);
  const read = place.sent.flatMap(({ input }) => input.RequestItems?.[place.table]?.Keys ?? []);
  return { ids, read: read.length, operations: place.sent.map(({ operation }) => operation) };
}

it('reads no event that has ended to see who is in work', async () => {
  expect(await inWork()).toEqual({ ids: [], read: 0, operations: REQUESTS });
});

it('finds who is in the first turn or waits, and reads nobody else but who has not ended', async () => {
  const receivedAt = '2026-11-24T09:30:00.000Z';
  await stored({ eventId: 'received', status: 'received', receivedAt });
  await stored({ eventId: 'processing', status: 'processing', receivedAt });
  await stored({ eventId: 'same-id', source: 'another-hr', status: 'processing', receivedAt });
  await stored({ eventId: 'held', status: 'held', receivedAt });
  const again = await stored({ eventId: 'again', status: 'processing', receivedAt: '2026-11-03T09:00:00.000Z' });
  await place.ledger.writeEntry(again);
  // of the same id and time, from another source: it has ended, and hides nobody
  const other = await stored({ eventId: 'same-id', status: 'processing', receivedAt });
  await place.ledger.writeEntry({ ...other, status: 'deactivated', finishedAt: receivedAt });

  const { ids, read } = await inWork();

  expect(ids.sort()).toEqual(['again', 'processing', 'received', 'same-id']);
  // the one that waits, and the four without an end
  expect(read).toBe(5);
});

it('finds an event again that has ended and is replayed', async () => {
  const receivedAt = '2026-11-24T09:40:00.000Z';
  const first = await stored({ eventId: 'replayed', status: 'processing', receivedAt });
  const ended = await place.ledger.writeEntry({ ...first, status: 'no-account', finishedAt: receivedAt });
  await place.ledger.writeEntry({ ...ended, status: 'processing' });

  expect((await inWork()).ids).toContain('replayed');
});
