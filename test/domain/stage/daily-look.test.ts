import { describe, expect, it } from '@jest/globals';
import { lookAtStage } from '../../../lambda/domain/stage/daily-look.ts';
import { STAGE_KEYS } from '../../../lambda/domain/stage/shared-record.ts';
import { DAY, HOUR, MINUTE, toInstant } from '../../../lambda/domain/time/time.ts';
import { aDirectory, anArrival, aTermination, guid } from '../../support/builders.ts';
import { aDesk, type TestDesk } from '../../support/in-memory-desk.ts';
import { statusOf, untilSettled, work } from '../../support/working.ts';

const leavers = Array.from({ length: 11 }, (_, index) => ({ id: guid(index + 1), emailAddr: `leaver${index}@acme.test` }));
const newDesk = () => aDesk({ users: aDirectory(...leavers) });

/** Schedules so many terminations for tomorrow, and loses their schedules. */
async function losesSchedules(desk: TestDesk, count: number, first = 0): Promise<void> {
  const due = toInstant(desk.now + DAY);
  for (let index = first; index < first + count; index++) {
    const event = aTermination({ employee: { email: `leaver${index}@acme.test` }, effective: { at: due } });
    const ref = { source: 'acme-hr', eventId: `evt-${index}` };
    await untilSettled(desk, anArrival(event, { ...ref, receivedAt: toInstant(desk.now) }));
    await desk.schedules.remove(ref);
  }
}

const pauseOf = ({ ledger }: TestDesk) => ledger.records.get(STAGE_KEYS.pause)?.value;

describe('the daily look', () => {
  it('remembers outside of the ledger when it was', async () => {
    const desk = newDesk();

    expect(await lookAtStage(undefined, desk)).toEqual({ kind: 'well', scheduledAgain: [] });

    expect(desk.schedules.dailyLook).toEqual({ at: toInstant(desk.now + 12 * HOUR), rememberedAt: toInstant(desk.now) });
    expect(desk.ledger.records.get(STAGE_KEYS.dailyLook)?.value).toEqual({ lookedAt: toInstant(desk.now), scheduledAgain: [] });
  });

  it('finds the next time the look that it remembers, and no restored ledger', async () => {
    const desk = newDesk();
    await lookAtStage(undefined, desk);
    desk.now += DAY;

    expect(await lookAtStage(desk.schedules.dailyLook?.rememberedAt, desk)).toEqual({ kind: 'well', scheduledAgain: [] });
    expect(await lookAtStage(toInstant(desk.now - HOUR), desk)).toMatchObject({ kind: 'well' });
    expect(pauseOf(desk)).toBeUndefined();
  });

  it('sets a lost schedule again, and the leaver is deactivated', async () => {
    const desk = newDesk();
    await losesSchedules(desk, 2);
    desk.now += DAY + 30 * MINUTE + 1;

    const look = await lookAtStage(undefined, desk);

    expect(look).toMatchObject({ kind: 'well', scheduledAgain: [{ eventId: 'evt-0' }, { eventId: 'evt-1' }] });
    await untilSettled(desk, ...[...desk.schedules.due.values()].map(({ ref }) => ({ kind: 'due' as const, ...ref })));
    expect([await statusOf(desk, 'evt-0'), await statusOf(desk, 'evt-1')]).toEqual(['deactivated', 'deactivated']);
  });

  it('leaves alone what is a backlog of half an hour', async () => {
    const desk = newDesk();
    await losesSchedules(desk, 1);
    desk.now += DAY + 30 * MINUTE;

    expect(await lookAtStage(undefined, desk)).toEqual({ kind: 'well', scheduledAgain: [] });
  });

  it('pauses the stage if more are lost than can be lost one by one', async () => {
    const desk = newDesk();
    await losesSchedules(desk, 3);
    desk.now += DAY + 3 * HOUR;

    const look = await lookAtStage(undefined, desk);

    expect(look).toMatchObject({ kind: 'paused', why: expect.stringMatching(/^3 scheduled events .*; see docs\/runbook\.md/) });
    expect(pauseOf(desk)).toMatchObject({ paused: { by: 'worker' } });
  });

  it('schedules the many again too, so that they go on when a person resumes the stage, and not before', async () => {
    const desk = newDesk();
    await losesSchedules(desk, 5);
    desk.now += DAY + 3 * HOUR;
    await lookAtStage(undefined, desk);

    const due = [...desk.schedules.due.values()].map(({ ref }) => ({ kind: 'due' as const, ...ref }));
    expect(due).toHaveLength(5);
    for (const message of due) expect(await work(message, desk)).toMatchObject({ kind: 'wait', code: 'paused' });
    expect(desk.directory.writes).toEqual([]);
    expect(await lookAtStage(undefined, desk)).toMatchObject({ kind: 'well', scheduledAgain: [] });

    desk.ledger.records.delete(STAGE_KEYS.pause);
    await untilSettled(desk, ...due);
    expect(desk.directory.writes).toHaveLength(5);
  });

  it('schedules each of the many once', async () => {
    const desk = newDesk();
    await losesSchedules(desk, leavers.length);
    desk.now += DAY + 3 * HOUR;
    const { set } = desk.schedules;
    const scheduled: string[] = [];
    desk.schedules.set = (ref, at) => {
      scheduled.push(ref.eventId);
      return set.call(desk.schedules, ref, at);
    };

    await lookAtStage(undefined, desk);

    expect(scheduled).toEqual(leavers.map((_, index) => `evt-${index}`));
  });

  it('pauses the stage before it schedules anything again', async () => {
    const desk = newDesk();
    await losesSchedules(desk, 3);
    desk.now += DAY + 3 * HOUR;
    const { set } = desk.schedules;
    const pauses: unknown[] = [];
    desk.schedules.set = (...schedule) => {
      pauses.push(pauseOf(desk));
      return set.apply(desk.schedules, schedule);
    };

    await lookAtStage(undefined, desk);

    expect(pauses).toEqual(Array.from({ length: 3 }, () => expect.objectContaining({ paused: expect.anything() })));
  });

  it('counts a schedule once if the message of the look comes twice', async () => {
    const desk = newDesk();
    await losesSchedules(desk, 2);
    desk.now += DAY + HOUR;
    await lookAtStage(undefined, desk);

    for (let minute = 1; minute <= 3; minute++) {
      desk.now += MINUTE;
      expect(await lookAtStage(undefined, desk)).toMatchObject({
        kind: 'well',
        scheduledAgain: [{ eventId: 'evt-0' }, { eventId: 'evt-1' }],
      });
    }
    expect(pauseOf(desk)).toBeUndefined();
    expect(desk.ledger.records.get(STAGE_KEYS.dailyLook)?.value).toMatchObject({
      scheduledAgain: [toInstant(desk.now), toInstant(desk.now)],
    });
  });

  it.each([
    { after: 30 * MINUTE - 1, kind: 'well' },
    { after: 30 * MINUTE, kind: 'paused' },
  ])('takes a schedule that is lost again after half an hour for another loss: after $after ms, $kind', async ({ after, kind }) => {
    const desk = newDesk();
    await losesSchedules(desk, 2);
    desk.now += DAY + HOUR;
    await lookAtStage(undefined, desk);

    desk.now += after;

    expect(await lookAtStage(undefined, desk)).toMatchObject({ kind });
  });

  it('counts those of the day before, and not older ones', async () => {
    const desk = newDesk();
    await losesSchedules(desk, 2);
    desk.now += DAY + 3 * HOUR;
    await lookAtStage(undefined, desk);
    for (const { ref } of [...desk.schedules.due.values()]) await untilSettled(desk, { kind: 'due', ...ref });
    await losesSchedules(desk, 1, 2);
    const later = desk.now + DAY;

    desk.now = later - 1;
    Object.assign(desk.ledger.entries.get('acme-hr/evt-2') ?? {}, { effectiveAt: toInstant(later - 4 * HOUR) });
    expect(await lookAtStage(undefined, desk)).toMatchObject({ kind: 'paused' });

    desk.now = later;
    desk.ledger.records.delete(STAGE_KEYS.pause);
    expect(await lookAtStage(undefined, desk)).toMatchObject({ kind: 'well', scheduledAgain: [{ eventId: 'evt-2' }] });
  });

  it.each([
    { what: 'an older one than is remembered', lookedAt: '2026-11-23T12:00:00.000Z' },
    { what: 'none', lookedAt: undefined },
  ])('pauses the stage if the ledger has $what: its table was restored', async ({ lookedAt }) => {
    const desk = newDesk();
    await losesSchedules(desk, 1);
    desk.now += DAY + HOUR;
    if (lookedAt !== undefined) {
      await desk.ledger.writeRecord(STAGE_KEYS.dailyLook, { value: { lookedAt, scheduledAgain: [] }, version: 0 });
    }

    const look = await lookAtStage('2026-11-23T18:00:00.000Z', desk);

    expect(look).toMatchObject({ kind: 'paused', why: expect.stringContaining('restored to an earlier time') });
    expect(pauseOf(desk)).toMatchObject({ paused: { reason: expect.stringContaining(lookedAt ?? 'unknown') } });
    expect([...desk.schedules.due.values()]).toMatchObject([{ ref: { eventId: 'evt-0' } }]);
  });

  it('pauses nothing that is paused already', async () => {
    const desk = newDesk();
    const paused = { at: '2026-11-24T11:00:00.000Z', by: 'ops-person', reason: 'cut-over' };
    await desk.ledger.writeRecord(STAGE_KEYS.pause, { value: { paused }, version: 0 });

    await lookAtStage('2026-11-23T18:00:00.000Z', desk);

    expect(pauseOf(desk)).toEqual({ paused });
  });
});
