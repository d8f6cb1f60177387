import { afterEach, describe, expect, it, jest } from '@jest/globals';
import type { LedgerEntry } from '../../lambda/domain/event/ledger-entry.ts';
import { CredentialFailure, TransientFailure } from '../../lambda/domain/failures.ts';
import { STAGE_KEYS } from '../../lambda/domain/stage/shared-record.ts';
import { DAY, HOUR, toInstant } from '../../lambda/domain/time/time.ts';
import { aRecord, aWorker } from '../support/a-worker.ts';
import { aDirectory, anArrival, aTermination, guid } from '../support/builders.ts';
import { anEntry } from '../support/entries.ts';
import { aDesk, type TestDesk } from '../support/in-memory-desk.ts';

const NOW = Date.parse('2026-11-24T12:00:00Z');
const newDesk = () => aDesk({ users: aDirectory({ id: guid(1) }), now: NOW });
const canary = (rememberedAt?: number) => ({ kind: 'canary', ...(rememberedAt && { rememberedAt: toInstant(rememberedAt) }) });
const lookedAt = (desk: TestDesk) => desk.ledger.records.get(STAGE_KEYS.dailyLook)?.value;
const pausedBy = (desk: TestDesk) => Object(desk.ledger.records.get(STAGE_KEYS.pause)?.value).paused?.by;

/** Has the stage looked at some hours ago. */
async function lookedAtBefore(desk: TestDesk, hours: number): Promise<number> {
  const at = NOW - hours * HOUR;
  await desk.ledger.writeRecord(STAGE_KEYS.dailyLook, { value: { lookedAt: toInstant(at), scheduledAgain: [] }, version: 0 });
  return at;
}

/** Scheduled events that were due some hours ago. */
async function areDue(desk: TestDesk, howMany: number, { hours = 3, ...changes }: { hours?: number } & Partial<LedgerEntry> = {}) {
  for (let number = 1; number <= howMany; number++) {
    const effectiveAt = toInstant(desk.now - hours * HOUR);
    await desk.ledger.writeEntry(anEntry(aTermination(), { eventId: `evt-${number}`, status: 'scheduled', effectiveAt, ...changes }));
  }
}

afterEach(() => {
  jest.restoreAllMocks();
});

describe('the daily look of a stage that is well', () => {
  it.each([
    ['for the first time', undefined, undefined],
    ['a day after the last one', 24, undefined],
    ['with the memory of the last one', 12, 12],
    ['with a memory that is older than the last one', 1, 12],
  ])('%s writes down when it was, also outside of the ledger, and rings nothing', async (_, before, remembered) => {
    const desk = newDesk();
    if (before !== undefined) await lookedAtBefore(desk, before);
    const worker = aWorker(desk);

    const failures = await worker.process([aRecord(canary(remembered && NOW - remembered * HOUR))]);

    expect(failures).toEqual([]);
    expect(worker.metrics()).toEqual({ CanaryPassed: 1, CredentialTrouble: 0, StageTrouble: 0 });
    expect(lookedAt(desk)).toEqual({ lookedAt: toInstant(NOW), scheduledAgain: [] });
    expect(desk.schedules.dailyLook).toEqual({ at: toInstant(NOW + 12 * HOUR), rememberedAt: toInstant(NOW) });
    expect(pausedBy(desk)).toBeUndefined();
  });

  it('is its own next message: what it set comes back and finds the stage well', async () => {
    const desk = newDesk();
    const worker = aWorker(desk);
    await worker.process([aRecord(canary())]);
    desk.now += 12 * HOUR;

    await worker.process([aRecord({ kind: 'canary', rememberedAt: desk.schedules.dailyLook?.rememberedAt })]);

    expect(worker.metrics()).toEqual({ CanaryPassed: 2, CredentialTrouble: 0, StageTrouble: 0 });
  });

  it.each([
    ['ledger', (desk: TestDesk) => Object.assign(desk.ledger, { writeRecord: () => Promise.reject(new TransientFailure('busy', 'no')) })],
    ['schedules', (desk: TestDesk) => Object.assign(desk.schedules, { setDailyLook: () => Promise.reject(new Error('no')) })],
  ])('goes back to the queue if the %s cannot be reached', async (_, breaks) => {
    const desk = newDesk();
    breaks(desk);

    expect(await aWorker(desk).process([aRecord(canary())])).toEqual(['m-1']);
  });

  it('goes to the dead-letter queue if its memory is no time', async () => {
    const worker = aWorker(newDesk());

    await worker.process([aRecord({ kind: 'canary', rememberedAt: 'yesterday' })]);

    expect(worker.asked.dead).toHaveLength(1);
  });
});

describe('the late look', () => {
  it('says how late the latest leaver is, in seconds, and which scheduled events were not begun', async () => {
    const desk = newDesk();
    await areDue(desk, 7, { receivedAt: toInstant(NOW - DAY) });
    const worker = aWorker(desk);

    expect(await worker.process([aRecord({ kind: 'late-look' })])).toEqual([]);

    expect(worker.metrics()).toEqual({ Overdue: (3 * HOUR) / 1000, NotStarted: 7 });
    const lines = worker.lines.filter((line) => line.includes('was not begun'));
    expect(lines.map((line) => JSON.parse(line).eventId)).toEqual(['evt-1', 'evt-2', 'evt-3', 'evt-4', 'evt-5']);
    expect(lines.join('')).not.toMatch(/@|ana/i);
  });

  it('says a zero if nobody is late, so that its silence can ring', async () => {
    const worker = aWorker(newDesk());

    await worker.process([aRecord({ kind: 'late-look' })]);

    expect(worker.metrics()).toEqual({ Overdue: 0, NotStarted: 0 });
  });

  it('comes back if the ledger cannot be read', async () => {
    const desk = newDesk();
    desk.ledger.inWork = () => {
      throw new Error('no');
    };

    expect(await aWorker(desk).process([aRecord({ kind: 'late-look' })])).toEqual(['m-1']);
  });
});

describe('a table that was restored to an earlier time', () => {
  it.each([
    ['its last look is older than the one that is remembered', 36],
    ['it has no look at all', undefined],
  ])('is seen because %s: the stage is paused, and a leaver waits', async (_, before) => {
    const desk = newDesk();
    if (before !== undefined) await lookedAtBefore(desk, before);
    await areDue(desk, 1);
    const worker = aWorker(desk);

    expect(await worker.process([aRecord(canary(NOW - 12 * HOUR))])).toEqual([]);
    expect(await worker.process([aRecord(anArrival(aTermination(), { eventId: 'evt-new' }))])).toEqual(['m-1']);

    expect(worker.metrics()).toMatchObject({ LedgerRestored: 1, CanaryPassed: 1, Waiting: 1, ScheduledAgain: 1 });
    expect(pausedBy(desk)).toBe('worker');
    expect(desk.directory.writes).toEqual([]);
    // The memory stays what it was until a person has looked.
    expect(desk.schedules.dailyLook).toBeUndefined();
    expect(desk.schedules.due.size).toBe(1);
    expect(worker.lines.map((line) => JSON.parse(line))).toContainEqual(
      expect.objectContaining({
        level: 'ERROR',
        message: 'the stage was paused',
        why: expect.stringMatching(/restored to an earlier time.*2026-11-24T00:00:00\.000Z is remembered; see docs\/runbook\.md/),
      }),
    );
  });
});

describe('a scheduled event that has lost its schedule', () => {
  it('is scheduled again at once, and rings', async () => {
    const desk = newDesk();
    await areDue(desk, 1);
    const worker = aWorker(desk);

    expect(await worker.process([aRecord(canary())])).toEqual([]);

    expect([...desk.schedules.due.values()]).toEqual([{ ref: { source: 'acme-hr', eventId: 'evt-1' }, at: toInstant(NOW) }]);
    expect(worker.metrics()).toEqual({ CanaryPassed: 1, CredentialTrouble: 0, StageTrouble: 0, ScheduledAgain: 1 });
    expect(lookedAt(desk)).toEqual({ lookedAt: toInstant(NOW), scheduledAgain: [toInstant(NOW)] });
    const line = worker.lines.find((text) => text.includes('a schedule was lost')) ?? '{}';
    expect(JSON.parse(line)).toMatchObject({ level: 'ERROR', source: 'acme-hr', eventId: 'evt-1' });
    expect(line).not.toMatch(/@|ana/i);
  });

  it('is scheduled again although the credential is refused', async () => {
    const desk = newDesk();
    await areDue(desk, 2);
    desk.directory.owner = () => Promise.reject(new CredentialFailure('rejected', '401'));
    const worker = aWorker(desk);

    await worker.process([aRecord(canary())]);

    expect(worker.metrics()).toEqual({ CanaryFailed: 1, CredentialTrouble: 1, ScheduledAgain: 2 });
    expect(desk.schedules.due.size).toBe(2);
  });

  it.each<[string, { hours?: number } & Partial<LedgerEntry>]>([
    ['that is due in an hour', { hours: -1 }],
    ['that was due half an hour ago, as a backlog may be', { hours: 0.5 }],
    ['that waits out trouble', { waiting: { since: toInstant(NOW), attempts: 3, until: toInstant(NOW), code: 'busy', saw: 's' } }],
    ['that is held', { status: 'held' }],
  ])('is not one %s', async (_, changes) => {
    const desk = newDesk();
    await areDue(desk, 1, changes);
    const worker = aWorker(desk);

    await worker.process([aRecord(canary())]);

    expect(desk.schedules.due.size).toBe(0);
    expect(worker.metrics()).not.toHaveProperty('ScheduledAgain');
  });

  it('is no accident if there are more than two in a day: the stage is paused, and they wait in it', async () => {
    const desk = newDesk();
    await areDue(desk, 3);
    const worker = aWorker(desk);

    await worker.process([aRecord(canary())]);

    expect(worker.metrics()).toEqual({ CanaryPassed: 1, CredentialTrouble: 0, StageTrouble: 0, LedgerRestored: 1, ScheduledAgain: 3 });
    expect([pausedBy(desk), desk.schedules.due.size]).toEqual(['worker', 3]);
  });

  it.each([
    { when: 'within a day', later: 12 * HOUR, paused: 'worker' },
    { when: 'a day later', later: DAY, paused: undefined },
  ])('is counted with those before: a third one $when: the stage is paused by $paused', async ({ later, paused }) => {
    const desk = newDesk();
    await areDue(desk, 2);
    const worker = aWorker(desk);
    await worker.process([aRecord(canary())]);
    for (const entry of desk.ledger.entries.values()) entry.status = 'cancelled';
    desk.now += later;
    await areDue(desk, 1, { source: 'payroll' });

    await worker.process([aRecord(canary())]);

    expect(pausedBy(desk)).toBe(paused);
  });
});
