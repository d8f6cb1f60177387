import { describe, expect, it } from '@jest/globals';
import type { LedgerEntry } from '../../../lambda/domain/event/ledger-entry.ts';
import { TransientFailure } from '../../../lambda/domain/failures.ts';
import { isLost, lookForLate } from '../../../lambda/domain/stage/late-look.ts';
import { HOUR, MINUTE, toInstant } from '../../../lambda/domain/time/time.ts';
import { aDirectory, anArrival, aTermination, guid } from '../../support/builders.ts';
import { anEntry } from '../../support/entries.ts';
import { aDesk, type TestDesk } from '../../support/in-memory-desk.ts';
import { statusOf, work } from '../../support/working.ts';

const newDesk = () => aDesk({ users: aDirectory({ id: guid(1) }) });
const idsOf = (entries: readonly LedgerEntry[]) => entries.map(({ eventId }) => eventId);

/** Puts events into the ledger: times are minutes before now. */
async function inLedger(desk: TestDesk, ...entries: (Partial<LedgerEntry> & { due?: number; received?: number; hidden?: number })[]) {
  const ago = (minutes: number) => toInstant(desk.now - minutes * MINUTE);
  for (const [index, { due, received = 1000, hidden, ...changes }] of entries.entries()) {
    const waiting =
      hidden === undefined ? undefined : { since: ago(received), attempts: 2, until: ago(hidden), code: 'throttled', saw: 's' };
    const times = { receivedAt: ago(received), ...(due !== undefined && { effectiveAt: ago(due) }), ...(waiting && { waiting }) };
    await desk.ledger.writeEntry(anEntry(aTermination(), { eventId: `evt-${index}`, ...times, ...changes }));
  }
}

describe('how late the latest leaver is', () => {
  it('grows by the clock while the message is hidden, without another attempt', async () => {
    const desk = newDesk();
    desk.directory.find = () => Promise.reject(new TransientFailure('throttled', 'status 429', { retryAfterSeconds: 86_400 }));
    await work(anArrival(aTermination(), { eventId: 'evt-1' }), desk);

    desk.now += HOUR + MINUTE;

    expect((await lookForLate(desk)).longest).toBeGreaterThan(HOUR);
    expect(await statusOf(desk, 'evt-1')).toBe('processing');
  });

  it.each<[string, Parameters<typeof inLedger>[1], number]>([
    ['received, and not looked at yet', { status: 'received', received: 61 }, 61],
    ['in work, for longer than its time', { status: 'processing', due: 90 }, 90],
    ['hidden for half a day', { status: 'processing', due: 61, hidden: -660 }, 61],
    ['scheduled, and nothing came', { status: 'scheduled', due: 70 }, 70],
    ['known later than it was due', { status: 'processing', due: 900, received: 20 }, 20],
    ['due later', { status: 'scheduled', due: -5 }, 0],
    ['held, which has its own alarm', { status: 'held', due: 900 }, 0],
    ['failed, which has its own alarm', { status: 'failed', due: 900 }, 0],
    ['done', { status: 'deactivated', due: 900 }, 0],
  ])('is counted for an event %s', async (_, entry, minutes) => {
    const desk = newDesk();
    await inLedger(desk, entry);

    expect((await lookForLate(desk)).longest).toBe(minutes * MINUTE);
  });

  it('is that of the one who is late by most', async () => {
    const desk = newDesk();
    await inLedger(desk, { status: 'processing', due: 5 }, { status: 'scheduled', due: 20 }, { status: 'received', received: 9 });

    expect((await lookForLate(desk)).longest).toBe(20 * MINUTE);
  });
});

describe('a scheduled event', () => {
  it('that was due more than half an hour ago without a turn was not begun', async () => {
    const desk = newDesk();
    await inLedger(desk, { status: 'scheduled', due: 31 }, { status: 'scheduled', due: 30 }, { status: 'scheduled', due: -60 });

    expect(idsOf((await lookForLate(desk)).notStarted)).toEqual(['evt-0']);
  });

  it.each([
    ['has its turn while its message is hidden', -60, []],
    ['has had its turn when its message came back a moment ago', 30, []],
    ['was not begun if its message never came back', 31, ['evt-0']],
  ])('that waits out trouble %s', async (_, hidden, ids) => {
    const desk = newDesk();
    await inLedger(desk, { status: 'scheduled', due: 600, hidden });

    expect(idsOf((await lookForLate(desk)).notStarted)).toEqual(ids);
  });
});

it.each<[string, Partial<LedgerEntry>, boolean]>([
  ['has nothing coming, long after its time', { status: 'scheduled', effectiveAt: '2026-11-24T11:29:59.999Z' }, true],
  ['may still have its turn', { status: 'scheduled', effectiveAt: '2026-11-24T11:30:00.000Z' }, false],
  ['is in work', { status: 'processing', effectiveAt: '2026-11-24T01:00:00.000Z' }, false],
  ['has no time', { status: 'scheduled' }, false],
])('an event that %s is lost: %j, %p', (_, entry, lost) => {
  expect(isLost(anEntry(aTermination(), entry), Date.parse('2026-11-24T12:00:00Z'))).toBe(lost);
});

it('nothing is changed by looking', async () => {
  const desk = newDesk();
  await inLedger(desk, { status: 'scheduled', due: 600 }, { status: 'processing', due: 600 });
  const before = structuredClone([...desk.ledger.entries.values()]);

  await lookForLate(desk);

  expect([...desk.ledger.entries.values()]).toEqual(before);
  expect([desk.schedules.due.size, desk.ledger.records.size, desk.directory.calls]).toEqual([0, 0, 0]);
});
