import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { askBrake, type BrakeRecord, dailyLimit, givenBack, RELEASED_BRAKE, settled } from '../../../lambda/domain/stage/brake.ts';
import { DAY, HOUR, MINUTE, SECOND, toInstant, toMillis } from '../../../lambda/domain/time/time.ts';

/** "Constraints in Amazon DynamoDB": an item has at most 400 KB. */
const DYNAMODB_ITEM = 400 * 1024;

const NOON = toMillis('2026-11-24T12:00:00Z');
const LIMITS = { perHour: 3, shareOfActivePerDay: 0.05, floorPerDay: 5 };

/** A record of deactivations that many milliseconds ago. */
const agoes = (...millis: number[]): BrakeRecord => ({
  entries: millis.map((ago, index) => ({ at: toInstant(NOON - ago), event: `hr/${index}` })),
});

const ask = (record: BrakeRecord, changes: Partial<Parameters<typeof askBrake>[1]> = {}) =>
  askBrake(record, { event: 'hr/new', now: NOON, activeUsers: 1000, limits: LIMITS, ...changes });

describe('the brake', () => {
  it('allows and counts a deactivation', () => {
    expect(ask(RELEASED_BRAKE)).toEqual({
      record: { entries: [{ at: toInstant(NOON), event: 'hr/new', reserved: true }] },
      kind: 'go',
      saw: '',
      changed: true,
    });
  });

  it.each([
    { what: 'the hour has room', record: agoes(1, 2), refused: undefined },
    { what: 'the hour is full', record: agoes(1, 2, 3), refused: '3 deactivations in the last hour, the limit is 3' },
    {
      what: 'the oldest is a moment less than an hour ago',
      record: agoes(HOUR - 1, 2, 1),
      refused: '3 deactivations in the last hour, the limit is 3',
    },
    { what: 'the oldest is exactly an hour ago', record: agoes(HOUR, 2, 1), refused: undefined },
    { what: 'the day has room', record: agoes(...Array(49).fill(2 * HOUR)), refused: undefined },
    {
      what: 'the day is full',
      record: agoes(...Array(50).fill(2 * HOUR)),
      refused: '50 deactivations in the last 24 hours, the limit is 50 for 1000 active users',
    },
    {
      what: 'the oldest is a moment less than a day ago',
      record: agoes(DAY - 1, ...Array(49).fill(2 * HOUR)),
      refused: '50 deactivations in the last 24 hours, the limit is 50 for 1000 active users',
    },
    { what: 'the oldest is exactly a day ago', record: agoes(DAY, ...Array(49).fill(2 * HOUR)), refused: undefined },
  ])('where $what says: $refused', ({ record, refused }) => {
    expect(ask(record)).toMatchObject(refused === undefined ? { kind: 'go' } : { kind: 'refused', saw: refused });
  });

  it('stays latched once a window was full, however long ago, until it is released', () => {
    const tripped = ask(agoes(1, 2, 3)).record;

    const muchLater = ask(tripped, { now: NOON + 30 * DAY });

    expect(tripped.latched).toEqual({ at: toInstant(NOON), saw: '3 deactivations in the last hour, the limit is 3' });
    expect(muchLater).toEqual({
      record: tripped,
      kind: 'refused',
      saw: 'latched since 2026-11-24T12:00:00.000Z: 3 deactivations in the last hour, the limit is 3',
      changed: false,
    });
  });

  it('does not count what it refuses', () => {
    expect(ask(agoes(1, 2, 3)).record.entries).toHaveLength(3);
  });

  it('counts the same event once, and allows it again even where it was the last', () => {
    const once = ask(agoes(1, 2)).record;

    const twice = ask(once, { now: NOON + 1 });

    expect(twice).toMatchObject({ kind: 'go' });
    expect(twice.record.entries).toHaveLength(3);
    expect(ask(agoes(1, 2, 3), { event: 'hr/0' })).toMatchObject({ kind: 'go', saw: '', changed: false });
  });

  it('refuses also an event it had counted, once it is latched', () => {
    const tripped = ask(agoes(1, 2, 3)).record;

    expect(ask(tripped, { event: 'hr/0' })).toMatchObject({ kind: 'refused', saw: expect.stringMatching(/^latched since/) });
  });

  it('forgets what is older than a day', () => {
    expect(ask(agoes(2 * DAY, DAY, HOUR)).record.entries.map(({ event }) => event)).toEqual(['hr/2', 'hr/new']);
  });

  it.each([
    { what: 'an hour', limits: { ...LIMITS, perHour: 0 } },
    { what: 'a share of 0', limits: { ...LIMITS, shareOfActivePerDay: 0 } },
  ])('takes 0 for none: $what', ({ limits }) => {
    expect(ask(RELEASED_BRAKE, { limits })).toMatchObject({ kind: 'refused', saw: expect.stringContaining('the limit is 0') });
  });

  const reserved = (count: number, ago = 1): BrakeRecord => ({
    entries: Array.from({ length: count }, (_, index) => ({ at: toInstant(NOON - ago), event: `hr/r${index}`, reserved: true as const })),
  });

  it.each([
    { what: 'under way alone', record: reserved(3), kind: 'wait' },
    { what: 'done, one of them under way', record: { entries: [...agoes(1, 2).entries, ...reserved(1).entries] }, kind: 'wait' },
    { what: 'done', record: agoes(1, 2, 3), kind: 'refused' },
    { what: 'under way, and may still take effect within the hour', record: reserved(3, HOUR + 20 * MINUTE - 1), kind: 'wait' },
    { what: 'under way, and took effect more than an hour ago', record: reserved(3, HOUR + 20 * MINUTE), kind: 'go' },
    { what: 'under way, and a day is full of them', record: reserved(50, 2 * HOUR), kind: 'wait' },
    { what: 'under way, and may still take effect within the day', record: reserved(50, DAY + 20 * MINUTE - 1), kind: 'wait' },
    { what: 'under way for longer than a day', record: reserved(50, DAY + 20 * MINUTE), kind: 'go' },
  ])('with its window full of writes that are $what: $kind', ({ record, kind }) => {
    const answer = ask(record);

    expect(answer.kind).toBe(kind);
    expect(answer.record.latched !== undefined).toBe(kind === 'refused');
  });

  it('has one place for an event that asks again, at the time when it was asked last', () => {
    const again = ask(reserved(3, 2 * HOUR), { event: 'hr/r0' });

    expect(again).toMatchObject({ kind: 'go', changed: true });
    expect(again.record.entries.filter(({ event }) => event === 'hr/r0')).toEqual([
      { at: toInstant(NOON), event: 'hr/r0', reserved: true },
    ]);
    expect(ask(again.record, { event: 'hr/r0', now: NOON + DAY + HOUR }).record.entries).toHaveLength(1);
  });

  it('counts an event again that is asked for a day after it was counted', () => {
    const done = agoes(DAY);

    expect(ask(done, { event: 'hr/0' })).toMatchObject({ changed: true, record: { entries: [{ event: 'hr/0', at: toInstant(NOON) }] } });
    expect(ask(agoes(DAY - 1), { event: 'hr/0' })).toMatchObject({ changed: false });
  });

  it('counts a write that was cut short from the latest time at which it took effect, however late that is known', () => {
    const record = reserved(1, HOUR);

    expect(settled(record, new Map([['hr/r0', NOON]]))).toEqual({ entries: [], settled: [(NOON - 40 * MINUTE) / SECOND] });
  });

  it('keeps of a settled write the time alone, and forgets one that is given back', () => {
    const record = reserved(2, 7);

    expect(settled(record, new Map([['hr/r0', NOON]]))).toEqual({ entries: [record.entries[1]], settled: [NOON / SECOND] });
    expect(givenBack(record, 'hr/r0')?.entries).toEqual([record.entries[1]]);
    expect([givenBack(record, 'hr/x'), givenBack(undefined, 'hr/x'), givenBack(agoes(1), 'hr/0')]).toEqual(Array(3).fill(undefined));
    expect(settled(record, new Map([['hr/x', NOON]]))).toBe(record);
  });

  it('counts settled writes in both windows, and forgets them after a day', () => {
    const record: BrakeRecord = { entries: [], settled: [DAY, HOUR, 2, 1].map((ago) => (NOON - ago) / SECOND) };

    expect(ask(record, { limits: { ...LIMITS, perHour: 2 } })).toMatchObject({
      kind: 'refused',
      saw: expect.stringContaining('2 deactivations'),
    });
    expect(ask(record, { limits: { ...LIMITS, floorPerDay: 3 }, activeUsers: 0 })).toMatchObject({ kind: 'refused' });
    expect(ask(record).record.settled).toHaveLength(3);
  });

  it('never allows more than the limits in any window, whenever it is asked and released', () => {
    const asks = fc.array(fc.record({ after: fc.nat({ max: 3 * HOUR }), release: fc.boolean() }), { minLength: 20, maxLength: 120 });
    const rules = fc.record({
      perHour: fc.nat({ max: 6 }),
      shareOfActivePerDay: fc.constantFrom(0, 0.05, 0.5),
      floorPerDay: fc.nat({ max: 8 }),
    });

    fc.assert(
      fc.property(asks, rules, fc.nat({ max: 300 }), (times, limits, activeUsers) => {
        let record = RELEASED_BRAKE;
        let now = NOON;
        const allowed: number[] = [];
        for (const [index, { after, release }] of times.entries()) {
          now += after;
          const answer = askBrake(release ? { entries: record.entries, settled: record.settled } : record, {
            event: `hr/${index}`,
            now,
            activeUsers,
            limits,
          });
          record = settled(answer.record, new Map([[`hr/${index}`, now]]));
          if (answer.kind === 'go') allowed.push(now);
        }

        const most = (window: number) =>
          Math.max(0, ...allowed.map((end) => allowed.filter((at) => at > end - window && at <= end).length));
        expect(most(HOUR)).toBeLessThanOrEqual(limits.perHour);
        expect(most(DAY)).toBeLessThanOrEqual(dailyLimit(limits, activeUsers));
      }),
    );
  });
});

it('fits into one record of the ledger when it is full, however long the ids are', () => {
  const longest = { event: `${'s'.repeat(64)}/${'e'.repeat(200)}`, at: toInstant(NOON) };
  const most = dailyLimit({ perHour: 500, shareOfActivePerDay: 1, floorPerDay: 100_000 }, 1_000_000);

  const bytes = JSON.stringify({ entries: Array(most).fill(longest) }).length;

  expect(bytes).toBeLessThan(0.95 * DYNAMODB_ITEM);
});

describe('the daily limit', () => {
  it.each([
    { share: 0.05, floor: 5, users: 1000, limit: 50 },
    { share: 0.05, floor: 5, users: 119, limit: 5 },
    { share: 0.05, floor: 5, users: 120, limit: 6 },
    { share: 0.05, floor: 5, users: 1, limit: 5 },
    { share: 0.05, floor: 0, users: 19, limit: 0 },
    { share: 0, floor: 5, users: 1000, limit: 0 },
    { share: 1, floor: 0, users: 1000, limit: 1000 },
    { share: 0.05, floor: 5, users: 24_000, limit: 1200 },
    { share: 0.05, floor: 5, users: 1_000_000, limit: 1200 },
    { share: 0.05, floor: 5000, users: 1000, limit: 1200 },
  ])('of a share $share with floor $floor of $users users is $limit', ({ share, floor, users, limit }) => {
    expect(dailyLimit({ perHour: 20, shareOfActivePerDay: share, floorPerDay: floor }, users)).toBe(limit);
  });
});
