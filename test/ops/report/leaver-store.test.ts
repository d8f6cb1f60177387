import { readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { LedgerEntry } from '../../../lambda/domain/event/ledger-entry.ts';
import { HOUR, MINUTE, toInstant } from '../../../lambda/domain/time/time.ts';
import type { Leaver } from '../../../ops/report/leaver.ts';
import { isTest } from '../../../ops/report/leaver-row.ts';
import { openLeaverStore } from '../../../ops/report/leaver-store.ts';
import { numbersOf } from '../../../ops/report/numbers.ts';
import { onTimeCount } from '../../../ops/report/on-time.ts';
import { aTermination, guid } from '../../support/builders.ts';

const NOW = Date.parse('2026-11-24T12:00:00Z');
const DUE = Date.parse('2026-11-20T12:00:00Z');

let ids = 0;

/** @param hour when it was received, after the effective time */
function anEntry({
  hour = 0,
  delay = MINUTE,
  email = 'ana@acme.test',
  ...changes
}: Partial<LedgerEntry> & { hour?: number; delay?: number; email?: string } = {}): LedgerEntry {
  ids += 1;
  const receivedAt = toInstant(DUE + hour * HOUR);
  return {
    source: 'hr',
    eventId: `evt-${ids}`,
    version: 1,
    status: 'deactivated',
    event: aTermination({ employee: { email } }),
    digest: 'd',
    receivedAt,
    updatedAt: receivedAt,
    effectiveAt: toInstant(DUE),
    finishedAt: toInstant(DUE + delay),
    released: [],
    history: [{ at: receivedAt, to: 'received', by: 'hr', why: 'a verified delivery' }],
    ...changes,
  };
}

function reported(entries: readonly LedgerEntry[], target = HOUR) {
  const store = openLeaverStore({ target, now: NOW });
  try {
    for (const entry of entries) store.add(entry);
    store.finish();
    return { leavers: [...store.leavers()], numbers: numbersOf(store, { target, onTime: onTimeCount(target).figure() }) };
  } finally {
    store.close();
  }
}

describe('each leaver', () => {
  const user = { workfrontUserId: guid(1) };
  it.each<{ what: string; events: LedgerEntry[]; is: Partial<Leaver>[] }>([
    {
      what: 'is there once, with the event that deactivated them',
      events: [anEntry({ ...user, eventId: 'first' }), anEntry({ ...user, hour: 2, status: 'already-inactive' })],
      is: [{ eventId: 'first', outcome: 'deactivated', events: 2, delay: MINUTE }],
    },
    {
      what: 'is known by the user even if HR names them differently',
      events: [
        anEntry({ ...user, eventId: 'first' }),
        anEntry({ ...user, hour: 1, status: 'already-inactive', email: 'ana.silva@acme.test' }),
      ],
      is: [{ eventId: 'first', events: 2 }],
    },
    {
      what: 'is known by the keys of HR if one event found no user',
      events: [anEntry({ status: 'failed' }), anEntry({ ...user, hour: 1, eventId: 'second' })],
      is: [{ eventId: 'second', outcome: 'deactivated', events: 2, deactivatedBefore: null }],
    },
    {
      what: 'is one person if a later event shows that two unknown ones are the same',
      events: [
        anEntry({ status: 'no-account', event: aTermination({ employee: { email: 'ana@acme.test' } }) }),
        anEntry({ status: 'no-account', hour: 1, event: aTermination({ employee: { employeeNumber: '7' } }) }),
        anEntry({ status: 'no-account', hour: 2, event: aTermination({ employee: { email: 'ana@acme.test', employeeNumber: '7' } }) }),
      ],
      is: [{ outcome: 'no-account', events: 3 }],
    },
    {
      what: 'is open if a later event is open, and keeps the earlier deactivation',
      events: [anEntry(user), anEntry({ ...user, hour: 5, status: 'held', reason: 'stale' })],
      is: [{ outcome: 'held', reason: 'stale', deactivatedBefore: toInstant(DUE + MINUTE), pastTarget: true }],
    },
    {
      what: 'stays open even if a later event ended without effect',
      events: [anEntry({ status: 'held', reason: 'ambiguous' }), anEntry({ hour: 3, status: 'no-account' })],
      is: [{ outcome: 'held', events: 2 }],
    },
    {
      what: 'is somebody else with another user, even if the address is the same',
      events: [anEntry({ ...user, eventId: 'one' }), anEntry({ workfrontUserId: guid(2), hour: 9, eventId: 'two' })],
      is: [{ eventId: 'one' }, { eventId: 'two' }],
    },
    {
      what: 'is not past the target before they are due',
      events: [anEntry({ status: 'scheduled', effectiveAt: '2027-01-01T00:00:00.000Z' })],
      is: [{ outcome: 'scheduled', pastTarget: false }],
    },
    { what: 'was not late if it took exactly the target', events: [anEntry({ delay: HOUR })], is: [{ pastTarget: false }] },
    { what: 'was late a millisecond later', events: [anEntry({ delay: HOUR + 1 })], is: [{ pastTarget: true }] },
    { what: 'was deactivated without a delay if it was early', events: [anEntry({ delay: -MINUTE })], is: [{ delay: 0 }] },
  ])('$what', ({ events, is }) => {
    expect(reported(events).leavers).toEqual(is.map((one) => expect.objectContaining(one)));
    expect(reported(events.toReversed()).leavers).toEqual(is.map((one) => expect.objectContaining(one)));
  });

  it('has the people who decided, with their reasons', () => {
    const by = 'arn:aws:sts::1:assumed-role/Ops/ana';
    const history = [
      { at: toInstant(DUE), to: 'received' as const, by: 'hr', why: 'a verified delivery' },
      { at: toInstant(DUE), to: 'held' as const, by: 'worker', why: 'brake: 20 in an hour' },
      { at: toInstant(DUE + 1), to: 'processing' as const, by, why: 'released from brake: the boss said so' },
      { at: toInstant(DUE + 2), to: 'deactivated' as const, by: 'worker', why: 'user' },
    ];

    const decided = { at: toInstant(DUE + 1), by, did: 'released from brake', reason: 'the boss said so' };
    expect(reported([anEntry({ history })]).leavers[0]?.decided).toEqual([decided]);
  });
});

it('keeps nothing on disk after it is closed', () => {
  const before = readdirSync(tmpdir()).filter((name) => name.startsWith('offboarding-report-'));

  reported([anEntry()]);

  expect(readdirSync(tmpdir()).filter((name) => name.startsWith('offboarding-report-'))).toEqual(before);
});

it('knows the test events of ops by their address', () => {
  expect(isTest(anEntry({ email: 'ops-test-1@offboarding-test.invalid' }))).toBe(true);
  expect(isTest(anEntry())).toBe(false);
});

const status = fc.constantFrom('deactivated', 'already-inactive', 'held', 'failed', 'no-account', 'cancelled', 'scheduled');
const event = fc.record({ status, person: fc.nat(5), hour: fc.nat(40), found: fc.boolean(), delay: fc.nat(9 * HOUR) });

describe('whatever happened', () => {
  it('nobody is there twice, nobody is missing, and the numbers are those of the list', () => {
    fc.assert(
      fc.property(fc.array(event, { maxLength: 25 }), fc.integer({ min: 1, max: 10 * HOUR }), (events, target) => {
        const entries = events.map(({ person, found, hour, ...rest }, index) =>
          anEntry({
            ...rest,
            hour: hour + index / 1000,
            email: `p${person}@acme.test`,
            ...(found && { workfrontUserId: guid(person + 1) }),
          }),
        );
        const { leavers, numbers } = reported(entries, target);

        expect(leavers).toHaveLength(new Set(events.map(({ person }) => person)).size);
        expect(reported(entries.toReversed(), target).leavers).toEqual(leavers);
        expect(leavers.reduce((sum, one) => sum + one.events, 0)).toBe(events.length);
        const delays = leavers.flatMap(({ delay }) => delay ?? []).sort((one, other) => one - other);
        const rank = (share: number) => delays[Math.max(Math.ceil(share * delays.length), 1) - 1] ?? null;
        expect(numbers.delay).toEqual({ p50: rank(0.5), p95: rank(0.95), p99: rank(0.99), longest: rank(1) });
        expect(numbers.pastTarget).toBe(leavers.filter(({ pastTarget }) => pastTarget).length);
        expect(numbers.spread.reduce((sum, { count }) => sum + count, 0)).toBe(delays.length);
        expect(numbers.spread.filter(({ from }) => from > target).reduce((sum, { count }) => sum + count, 0)).toBe(
          delays.filter((one) => one > target).length,
        );
      }),
      { numRuns: 60 },
    );
  });

  it('an access that may still be there is never shown as ended', () => {
    fc.assert(
      fc.property(fc.array(event, { minLength: 1, maxLength: 12 }), (events) => {
        const entries = events.map(({ status: one, delay }, index) =>
          anEntry({ status: one, delay, hour: index, workfrontUserId: guid(1) }),
        );
        const [leaver] = reported(entries).leavers;
        const ended = entries.findLastIndex((entry) => ['deactivated', 'already-inactive'].includes(entry.status));
        const open = entries.findLastIndex((entry) => ['held', 'failed', 'scheduled'].includes(entry.status));

        if (open > ended) expect(['held', 'failed', 'scheduled']).toContain(leaver?.outcome);
        else if (ended >= 0) expect(['deactivated', 'already-inactive']).toContain(leaver?.outcome);
      }),
      { numRuns: 60 },
    );
  });
});
