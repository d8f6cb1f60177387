import { describe, expect, it } from '@jest/globals';
import { askBrake } from '../../../lambda/domain/stage/brake.ts';
import { pause, releaseBrake, resume } from '../../../lambda/domain/stage/stage-orders.ts';
import { toMillis } from '../../../lambda/domain/time/time.ts';

const AT = '2026-11-24T12:00:00.000Z';
const order = { by: 'ana', reason: 'because', now: toMillis(AT) };
const LATCHED = { entries: [{ at: AT, event: 'hr/1' }], latched: { at: AT, saw: '1 deactivations' } };

describe('the order to release the brake', () => {
  it('unlatches it, empties its windows, and keeps who did it and what it was latched by', () => {
    expect(releaseBrake(LATCHED, order)).toEqual({
      entries: [],
      log: [
        { at: AT, by: 'worker', what: 'latched', reason: '1 deactivations' },
        { at: AT, by: 'ana', what: 'released', reason: 'because' },
      ],
    });
  });

  it.each([undefined, { entries: LATCHED.entries }])('does nothing to one that is not latched', (record) => {
    expect(releaseBrake(record, order)).toBeUndefined();
  });

  it('is remembered through the deactivations that follow', () => {
    const released = releaseBrake(LATCHED, order) ?? { entries: [] };
    const limits = { perHour: 1, shareOfActivePerDay: 1, floorPerDay: 5 };

    const counted = askBrake(released, { event: 'hr/2', now: order.now, activeUsers: 10, limits }).record;
    const latched = askBrake(counted, { event: 'hr/3', now: order.now, activeUsers: 10, limits }).record;

    expect([counted.log, latched.log]).toEqual([released.log, released.log]);
  });

  it('keeps the last fifty changes', () => {
    const log = Array.from({ length: 50 }, (_, number) => ({ at: AT, by: 'bo', what: 'released', reason: String(number) }));

    const kept = releaseBrake({ ...LATCHED, log }, order)?.log;

    expect(kept?.map(({ reason }) => reason)).toEqual([...log.slice(2).map(({ reason }) => reason), '1 deactivations', 'because']);
  });
});

describe('the order to pause', () => {
  it('is kept with who gave it, until the order to resume', () => {
    const paused = pause(undefined, order);
    const resumed = resume(paused, { ...order, by: 'bo' });

    expect(paused?.paused).toEqual({ at: AT, by: 'ana', reason: 'because' });
    expect(resumed).toEqual({
      log: [
        { at: AT, by: 'ana', what: 'paused', reason: 'because' },
        { at: AT, by: 'bo', what: 'resumed', reason: 'because' },
      ],
    });
  });

  it('does nothing to a stage that is paused, and resuming none to one that is not', () => {
    expect(pause(pause(undefined, order), order)).toBeUndefined();
    expect(resume({ log: [] }, order)).toBeUndefined();
    expect(resume(undefined, order)).toBeUndefined();
  });
});
