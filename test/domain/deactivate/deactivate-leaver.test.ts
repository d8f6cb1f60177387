import { describe, expect, it } from '@jest/globals';
import type { Employee } from '../../../lambda/domain/event/hr-event.ts';
import { CredentialFailure, TransientFailure } from '../../../lambda/domain/failures.ts';
import type { User } from '../../../lambda/domain/ports.ts';
import { STAGE_KEYS } from '../../../lambda/domain/stage/shared-record.ts';
import { HOUR, MINUTE, SECOND, toInstant } from '../../../lambda/domain/time/time.ts';
import { aDirectory, anArrival, aTermination, aUser, guid } from '../../support/builders.ts';
import { aDesk, type TestDesk } from '../../support/in-memory-desk.ts';
import { moveTo, removals, seenBy, statusOf, untilSettled, work } from '../../support/working.ts';

const ANA = { source: 'acme-hr', eventId: 'evt-1' };
const entryOf = (desk: TestDesk, eventId = 'evt-1') => desk.ledger.entries.get(`acme-hr/${eventId}`);
const stepsOf = (desk: TestDesk, eventId = 'evt-1') => entryOf(desk, eventId)?.history.map(({ to }) => to);
/** A leaver whose name agrees: an address alone proves little a day after the event. */
const NAMED = anArrival(aTermination({ employee: { email: 'ana@acme.test', familyName: 'Silva' } }));
const oneUser = (changes: Partial<User> = {}) => aDirectory({ id: guid(1), ...changes });

function reject({ entries }: TestDesk['ledger']): void {
  const entry = entries.get('acme-hr/evt-2');
  if (entry !== undefined) entries.set('acme-hr/evt-2', { ...entry, status: 'rejected', finishedAt: '2026-11-24T13:00:00.000Z' });
}

describe('a termination to come', () => {
  const future = aTermination({ effective: { date: '2026-11-30', timeZone: 'Europe/Amsterdam' } });

  it('is scheduled for its instant, and looked up once', async () => {
    const desk = aDesk({ users: oneUser() });

    const disposition = await work(anArrival(future), desk);

    expect(disposition).toMatchObject({ kind: 'settled', entry: { status: 'scheduled', effectiveAt: '2026-11-30T23:00:00.000Z' } });
    expect([...desk.schedules.due.values()]).toEqual([{ ref: ANA, at: '2026-11-30T23:00:00.000Z' }]);
    expect(desk.directory.calls).toBe(1);
    expect(entryOf(desk)?.sighted).toMatchObject({ at: '2026-11-24T12:00:00.000Z', users: [{ userId: guid(1) }] });
  });

  it('takes place at that instant, by the schedule', async () => {
    const desk = aDesk({ users: oneUser() });
    await untilSettled(desk, anArrival(future));

    await moveTo(desk, '2026-11-30T23:00:00.000Z');

    expect(stepsOf(desk)).toEqual(['received', 'scheduled', 'processing', 'deactivated']);
    expect(entryOf(desk)?.history.at(2)).toMatchObject({ by: 'schedule', why: 'due', at: '2026-11-30T23:00:00.000Z' });
  });

  it('is begun by the worker itself if its instant has come already', async () => {
    const desk = aDesk({ users: oneUser() });
    const removed = removals(desk);

    await untilSettled(desk, anArrival(aTermination()));

    expect(entryOf(desk)?.history[1]).toMatchObject({ to: 'processing', by: 'worker', why: 'due' });
    expect(removed).toEqual([]);
  });

  it('ends as already inactive if who matched before is inactive by then, and matches no more', async () => {
    const desk = aDesk({ users: oneUser() });
    await untilSettled(desk, anArrival(future));
    Object.assign(desk.directory.users.get(guid(1)) ?? {}, { isActive: false, emailAddr: 'ana@company.inactive' });

    await moveTo(desk, '2026-11-30T23:00:00.000Z');

    expect(entryOf(desk)).toMatchObject({ status: 'already-inactive', workfrontUserId: guid(1) });
    expect(entryOf(desk)?.history.at(-1)?.why).toBe(`user ${guid(1)} matched when the termination was recorded, and is inactive by now`);
  });

  it('waits before its date for a person to approve it, where the stage says so', async () => {
    const desk = aDesk({ users: oneUser(), rules: { approval: true } });
    await untilSettled(desk, anArrival(future));

    expect(entryOf(desk)).toMatchObject({ status: 'held', effectiveAt: '2026-11-30T23:00:00.000Z' });
    expect(entryOf(desk)?.hold).toEqual({
      guard: 'approval',
      saw: `a person must approve each leaver; user ${guid(1)} loses access at 2026-11-30T23:00:00.000Z`,
      releasing: 'approves: the user loses access at the effective time',
      of: `user ${guid(1)}`,
    });
    await untilSettled(desk, { kind: 'release', ...(await seenBy(desk, ANA)), guard: 'approval' });
    expect(entryOf(desk)).toMatchObject({ status: 'scheduled' });
  });

  it.each([
    { what: 'of another user', release: { guard: 'approval', of: `user ${guid(2)}` } },
    { what: 'from another guard', release: { guard: 'stale', of: `user ${guid(1)}` } },
  ])('is not approved by a release $what', async ({ release }) => {
    const desk = aDesk({ users: oneUser(), rules: { sources: { 'acme-hr': { approval: true } } } });
    await untilSettled(desk, anArrival(future));
    const entry = entryOf(desk);
    if (entry !== undefined) desk.ledger.entries.set('acme-hr/evt-1', { ...entry, status: 'processing', released: [release] });

    await untilSettled(desk, { kind: 'due', ...ANA });

    expect(entryOf(desk)).toMatchObject({ status: 'held', reason: 'approval' });
  });

  it.each([
    { what: 'nobody matches', users: aDirectory() },
    { what: 'two match', users: aDirectory({ id: guid(1) }, { id: guid(2) }) },
    { what: 'nobody was looked up', users: oneUser(), maySight: false },
  ])('waits for nobody’s approval while $what: who is meant is decided first', async ({ users, maySight = true }) => {
    const desk = aDesk({ users, rules: { approval: true } });
    desk.maySight = () => maySight;
    await untilSettled(desk, anArrival(future));

    expect(entryOf(desk)).toMatchObject({ status: 'scheduled' });
  });

  describe('that cannot be looked up now', () => {
    const noAnswer = () => Promise.reject(new TransientFailure('timeout', 'there was no answer; it is tried again'));

    it.each<{ what: string; change: (desk: TestDesk) => unknown }>([
      { what: 'others are due', change: (desk) => Object.assign(desk, { maySight: () => false }) },
      { what: 'Workfront does not answer', change: ({ directory }) => Object.assign(directory, { find: noAnswer }) },
      {
        what: 'the credential is another customer’s',
        change: ({ policy }) => Object.assign(policy, { customerId: 'd'.repeat(32) }),
      },
    ])('as $what, comes back within the hour', async ({ change }) => {
      const desk = aDesk({ users: oneUser() });
      change(desk);

      await untilSettled(desk, anArrival(future));

      expect(entryOf(desk)).toMatchObject({ status: 'scheduled', effectiveAt: '2026-11-30T23:00:00.000Z' });
      expect(entryOf(desk)).not.toHaveProperty('sighted');
      expect(desk.directory.calls).toBe(0);
      expect(desk.schedules.due.get('acme-hr/evt-1')?.at).toBe('2026-11-24T13:00:00.000Z');
    });

    it('comes back at its own time if that is sooner: nobody keeps access for longer', async () => {
      const desk = aDesk({ users: oneUser() });
      desk.maySight = () => false;

      await untilSettled(desk, anArrival(aTermination({ effective: { at: '2026-11-24T12:30:00Z' } })));

      expect(desk.schedules.due.get('acme-hr/evt-1')?.at).toBe('2026-11-24T12:30:00.000Z');
    });

    it('is of who matched an hour later, whoever has the address by its day', async () => {
      const desk = aDesk({ users: oneUser() });
      desk.maySight = () => false;
      await untilSettled(desk, anArrival(future));
      desk.maySight = () => true;
      await moveTo(desk, '2026-11-24T13:00:00.000Z');
      expect(entryOf(desk)?.sighted).toMatchObject({ at: '2026-11-24T13:00:00.000Z', users: [{ userId: guid(1) }] });
      expect(desk.schedules.due.get('acme-hr/evt-1')?.at).toBe('2026-11-30T23:00:00.000Z');

      Object.assign(desk.directory.users.get(guid(1)) ?? {}, { emailAddr: 'ana.silva@acme.test' });
      desk.directory.users.set(guid(2), aUser({ id: guid(2) }));
      await moveTo(desk, '2026-11-30T23:00:00.000Z');

      expect(entryOf(desk)).toMatchObject({ status: 'held', reason: 'identity-changed' });
      expect(desk.directory.writes).toEqual([]);
    });

    it('hides no mistake of ours', async () => {
      const desk = aDesk({ users: oneUser() });
      desk.directory.find = () => Promise.reject(new TypeError('a mistake'));

      await expect(work(anArrival(future), desk)).rejects.toThrow('a mistake');
    });
  });

  it('says nothing of a range where the zone is known', async () => {
    const desk = aDesk({ users: oneUser() });

    await untilSettled(desk, anArrival(future));

    expect(entryOf(desk)).not.toHaveProperty('effectiveFrom');
    expect(entryOf(desk)?.history.at(-1)?.why).toBe('effective at 2026-11-30T23:00:00.000Z');
  });

  it('is put on another instant where the rules of the stage have changed', async () => {
    const desk = aDesk({ users: oneUser(), rules: { defaultTimeZone: 'UTC' } });
    await untilSettled(desk, anArrival(aTermination({ effective: { date: '2026-11-30' } })));
    desk.policy = { ...desk.policy, defaultTimeZone: 'America/New_York' };

    await moveTo(desk, '2026-12-01T00:00:00.000Z');

    expect(entryOf(desk)).toMatchObject({ status: 'scheduled', effectiveAt: '2026-12-01T05:00:00.000Z' });
    expect(desk.schedules.due.get('acme-hr/evt-1')?.at).toBe('2026-12-01T05:00:00.000Z');
    await moveTo(desk, '2026-12-01T05:00:00.000Z');
    expect(await statusOf(desk, 'evt-1')).toBe('deactivated');
  });

  it('goes back to its schedule where the next worker has a clock that is behind', async () => {
    const desk = aDesk({ users: oneUser() });
    await untilSettled(desk, anArrival(future));
    const { find } = desk.directory;
    desk.directory.find = () => Promise.reject(new TransientFailure('timeout', 'there was no answer; it is tried again'));
    desk.now = Date.parse('2026-11-30T23:00:00.000Z');
    await work({ kind: 'due', ...ANA }, desk);
    desk.now -= SECOND;

    await work({ kind: 'due', ...ANA }, desk);

    expect(entryOf(desk)).toMatchObject({ status: 'scheduled', effectiveAt: '2026-11-30T23:00:00.000Z' });
    desk.directory.find = find;
    await moveTo(desk, '2026-11-30T23:00:00.000Z');
    expect(await statusOf(desk, 'evt-1')).toBe('deactivated');
  });

  it('is scheduled again where it is called too early', async () => {
    const desk = aDesk({ users: oneUser() });
    await untilSettled(desk, anArrival(future));
    await desk.schedules.remove(ANA);
    desk.now += HOUR;

    const disposition = await work({ kind: 'due', ...ANA }, desk);

    expect(disposition).toMatchObject({ kind: 'settled', entry: { status: 'scheduled', version: 2 } });
    expect(desk.schedules.due.get('acme-hr/evt-1')?.at).toBe('2026-11-30T23:00:00.000Z');
    expect(desk.directory.writes).toEqual([]);
  });

  it('shows the range of a date whose zone nobody knows, and acts at its end', async () => {
    const desk = aDesk({ users: oneUser() });
    await untilSettled(desk, anArrival(aTermination({ effective: { date: '2026-11-30' } })));

    await moveTo(desk, '2026-12-01T11:59:59.999Z');
    const before = entryOf(desk);
    await moveTo(desk, '2026-12-01T12:00:00.000Z');

    expect(before).toMatchObject({
      status: 'scheduled',
      effectiveFrom: '2026-11-30T10:00:00.000Z',
      effectiveAt: '2026-12-01T12:00:00.000Z',
    });
    expect(entryOf(desk)).toMatchObject({
      status: 'deactivated',
      effectiveFrom: '2026-11-30T10:00:00.000Z',
      effectiveAt: '2026-12-01T12:00:00.000Z',
    });
    expect(entryOf(desk)?.history.at(1)?.why).toBe(
      'effective at 2026-12-01T12:00:00.000Z; the time zone is unknown, the date may mean any instant from 2026-11-30T10:00:00.000Z',
    );
  });

  it('shows the range also where it is over already', async () => {
    const desk = aDesk({ users: oneUser() });

    await untilSettled(desk, anArrival(aTermination({ effective: { date: '2026-11-20' } })));

    expect(entryOf(desk)).toMatchObject({
      status: 'deactivated',
      effectiveFrom: '2026-11-20T10:00:00.000Z',
      effectiveAt: '2026-11-21T12:00:00.000Z',
    });
  });

  it.each([
    { timeZone: 'Pacific/Kiritimati', status: 'deactivated' },
    { timeZone: 'Pacific/Honolulu', status: 'scheduled' },
  ])('is not to come where the date is over already: $timeZone is $status at noon UTC', async ({ timeZone, status }) => {
    const desk = aDesk({ users: oneUser(), now: Date.parse('2026-11-30T12:00:00Z') });
    const receivedAt = '2026-11-30T12:00:00.000Z';

    await untilSettled(desk, anArrival(aTermination({ effective: { date: '2026-11-30', timeZone } }), { receivedAt }));

    expect(await statusOf(desk, 'evt-1')).toBe(status);
  });

  it.each([
    { what: 'a later date recorded later', recorded: '2026-11-25T09:00:00Z', date: '2026-12-15', status: 'cancelled' },
    { what: 'an earlier date recorded later', recorded: '2026-11-25T09:00:00Z', date: '2026-11-28', status: 'cancelled' },
    { what: 'a later date recorded earlier', recorded: '2026-11-23T09:00:00Z', date: '2026-12-15', status: 'deactivated' },
  ])('gives way to $what: $status', async ({ recorded, date, status }) => {
    const desk = aDesk({ users: oneUser(), now: Date.parse('2026-11-25T12:00:00Z') });
    const receivedAt = '2026-11-25T12:00:00.000Z';
    const first = aTermination({ occurredAt: '2026-11-24T09:00:00Z', effective: { date: '2026-11-30', timeZone: 'UTC' } });
    const second = aTermination({ occurredAt: recorded, effective: { date, timeZone: 'UTC' } });
    await untilSettled(desk, anArrival(first, { receivedAt }), anArrival(second, { receivedAt, eventId: 'evt-2' }));

    await moveTo(desk, '2026-12-01T00:00:00.000Z');

    expect(await statusOf(desk, 'evt-1')).toBe(status);
    await moveTo(desk, '2026-12-16T00:00:00.000Z');
    expect(desk.directory.writes).toEqual([{ userId: guid(1), changed: true }]);
  });

  it('gives way with its schedule, and says to which event', async () => {
    const desk = aDesk({ users: oneUser() });
    const removed = removals(desk);
    const until = (date: string) => ({ effective: { date, timeZone: 'UTC' } });
    await untilSettled(
      desk,
      anArrival(aTermination({ ...until('2026-11-30'), occurredAt: '2026-11-24T09:00:00Z' })),
      anArrival(aTermination({ ...until('2026-12-15'), occurredAt: '2026-11-24T10:00:00Z' }), { eventId: 'evt-2' }),
    );
    desk.now = Date.parse('2026-12-01T00:00:00.000Z');

    const disposition = await work({ kind: 'due', ...ANA }, desk);

    expect(disposition).toMatchObject({ kind: 'settled', entry: { status: 'cancelled', reason: 'superseded' } });
    expect(entryOf(desk)?.history.at(-1)?.why).toBe('HR recorded another date later: 2026-12-16T00:00:00.000Z by event evt-2');
    expect(removed).toEqual(['evt-1 2026-12-01T00:00:00.000Z']);
  });

  describe('that gives way to a later word of HR', () => {
    const later = aTermination({ effective: { date: '2026-12-15', timeZone: 'UTC' }, occurredAt: '2026-11-24T10:00:00Z' });
    const seen = [{ userId: guid(1) }];

    /** The address leads to nobody any more when the later word comes, or that is not looked up. */
    async function givesWay(maySight: boolean, change: (entry: NonNullable<ReturnType<typeof entryOf>>) => object = () => ({})) {
      const desk = aDesk({ users: oneUser() });
      await untilSettled(desk, anArrival({ ...future, occurredAt: '2026-11-24T09:00:00Z' }));
      Object.assign(desk.directory.users.get(guid(1)) ?? {}, { emailAddr: 'ana.silva@acme.test' });
      desk.maySight = () => maySight;
      await untilSettled(desk, anArrival(later, { eventId: 'evt-2' }));
      const second = entryOf(desk, 'evt-2');
      if (second !== undefined) desk.ledger.entries.set('acme-hr/evt-2', { ...second, ...change(second) });
      desk.now = Date.parse('2026-11-30T23:00:00.000Z');
      await work({ kind: 'due', ...ANA }, desk);
      expect(await statusOf(desk, 'evt-1')).toBe('cancelled');
      return { second: entryOf(desk, 'evt-2'), desk };
    }

    it.each([
      { what: 'found nobody', maySight: true },
      { what: 'was not looked up', maySight: false },
    ])('leaves who matched it to that one, if that $what: they have not left unseen', async ({ maySight }) => {
      const { second, desk } = await givesWay(maySight);

      expect(second).toMatchObject({ status: 'scheduled', sighted: { users: seen }, kept: [guid(1)] });
      await moveTo(desk, '2026-12-16T00:00:00.000Z');
      expect(entryOf(desk, 'evt-2')).toMatchObject({ status: 'held' });
    });

    it('does not touch that one if nobody was looked up: an order that a person gives to it stays good', async () => {
      const desk = aDesk({ users: oneUser() });
      desk.maySight = () => false;
      await untilSettled(desk, anArrival({ ...future, occurredAt: '2026-11-24T09:00:00Z' }), anArrival(later, { eventId: 'evt-2' }));
      const second = entryOf(desk, 'evt-2');
      desk.now = Date.parse('2026-11-30T23:00:00.000Z');

      await work({ kind: 'due', ...ANA }, desk);

      expect(await statusOf(desk, 'evt-1')).toBe('cancelled');
      expect(entryOf(desk, 'evt-2')).toEqual(second);
    });

    it('does not say who is meant by one that found somebody itself', async () => {
      const sighted = { at: '2026-11-24T12:00:00.000Z', users: [{ userId: guid(2) }] };

      expect((await givesWay(true, () => ({ sighted }))).second?.sighted).toEqual(sighted);
    });

    it('leaves one that was done before as it is, and keeps nothing for it', async () => {
      const finished = { status: 'deactivated', finishedAt: '2026-11-25T12:00:00.000Z', workfrontUserId: guid(1) };
      const { second, desk } = await givesWay(false, () => finished);

      expect(second).toMatchObject(finished);
      expect(second).not.toHaveProperty('sighted');
      expect(desk.ledger.records.get(`person/user/${guid(1)}`)?.value).toMatchObject({ open: [] });
    });
  });

  it('gives way to one that finds its user inactive, which it shares no key with: it must not act on its day', async () => {
    const desk = aDesk({ users: oneUser({ extRefID: '10042' }) });
    const byNumber = aTermination({ employee: { employeeNumber: '10042' }, effective: { date: '2026-12-15', timeZone: 'UTC' } });
    await untilSettled(desk, anArrival({ ...byNumber, occurredAt: '2026-11-24T09:00:00Z' }));
    Object.assign(desk.directory.users.get(guid(1)) ?? {}, { isActive: false });

    await untilSettled(desk, anArrival(aTermination({ occurredAt: '2026-11-24T10:00:00Z' }), { eventId: 'evt-2' }));

    expect(await statusOf(desk, 'evt-2')).toBe('already-inactive');
    expect(entryOf(desk)).toMatchObject({ status: 'cancelled', reason: 'superseded' });
    expect(entryOf(desk)?.history.at(-1)?.why).toBe('HR recorded another date later: 2026-11-24T12:00:00.000Z by event evt-2');
  });

  it.each<{ what: string; changes: (desk: TestDesk) => unknown; status: string }>([
    { what: 'waits for a person', changes: () => undefined, status: 'cancelled' },
    { what: 'a person has rejected', changes: ({ ledger }) => reject(ledger), status: 'deactivated' },
    { what: 'the ledger has forgotten', changes: (desk) => desk.ledger.entries.delete('acme-hr/evt-2'), status: 'deactivated' },
  ])('is $status for a later word that $what', async ({ changes, status }) => {
    const desk = aDesk({ users: oneUser({ isAdmin: true }) });
    await untilSettled(desk, anArrival(aTermination({ occurredAt: '2026-11-24T09:00:30Z', effective: { date: '2026-11-30' } })));
    await untilSettled(desk, anArrival(aTermination({ occurredAt: '2026-11-24T10:00:30Z' }), { eventId: 'evt-2' }));
    expect(await statusOf(desk, 'evt-2')).toBe('held');
    changes(desk);
    Object.assign(desk.directory.users.get(guid(1)) ?? {}, { isAdmin: false });

    await moveTo(desk, '2026-12-01T12:00:00.000Z');

    expect(await statusOf(desk, 'evt-1')).toBe(status);
  });

  it('does not keep an order to act at once from being obeyed', async () => {
    const desk = aDesk({ users: oneUser() });
    await untilSettled(desk, anArrival(aTermination({ effective: { date: '2026-12-15' } }), { eventId: 'evt-2' }));

    desk.now += MINUTE;
    await untilSettled(desk, anArrival(aTermination({ occurredAt: '2026-11-24T09:00:30Z' }), { receivedAt: toInstant(desk.now) }));

    expect(await statusOf(desk, 'evt-1')).toBe('deactivated');
  });
});

describe('a termination that is due ends as', () => {
  it.each<{ status: string; users: User[]; employee?: Employee; rules?: object; why: string; writes: number }>([
    {
      status: 'deactivated',
      users: oneUser(),
      why: `user ${guid(1)}, found by emailAddr, deactivated as user ${guid(0xadd)}; Workfront answered isActive false for this user`,
      writes: 1,
    },
    {
      status: 'already-inactive',
      users: oneUser({ isActive: false }),
      why: `user ${guid(1)}, found by emailAddr, is inactive already`,
      writes: 0,
    },
    {
      status: 'no-account',
      users: aDirectory(),
      employee: { email: 'ana@acme.test', employeeNumber: '10042' },
      why: 'no user has this emailAddr or extRefID; the credential sees 202 active users',
      writes: 0,
    },
    { status: 'no-account', users: aDirectory(), why: 'no user has this emailAddr; the credential sees 202 active users', writes: 0 },
    {
      status: 'no-account',
      users: aDirectory().map((user) => ({ ...user, isAdmin: false })),
      why: 'no user has this emailAddr; the credential sees 202 active users, and not every user: it is no system administrator',
      writes: 0,
    },
    {
      status: 'would-deactivate',
      users: oneUser(),
      rules: { dryRun: true },
      why: `dry run: user ${guid(1)}, found by emailAddr, would be deactivated`,
      writes: 0,
    },
  ])('$status: $why', async ({ status, users, employee = { email: 'ana@acme.test' }, rules = {}, why, writes }) => {
    const desk = aDesk({ users, rules });

    await untilSettled(desk, anArrival(aTermination({ employee })));

    expect(entryOf(desk)).toMatchObject({ status, finishedAt: '2026-11-24T12:00:00.000Z' });
    expect(entryOf(desk)?.history.at(-1)).toMatchObject({ to: status, by: 'worker', why });
    expect(desk.directory.writes).toHaveLength(writes);
  });

  it('failed where HR sent nothing that the stage matches by', async () => {
    const desk = aDesk({ users: oneUser(), rules: { matchKeys: [{ field: 'extRefID', from: 'employeeNumber' }] } });

    await untilSettled(desk, anArrival(aTermination()));

    expect(entryOf(desk)).toMatchObject({ status: 'failed', reason: 'no-match-key' });
  });

  it.each([
    ['no-match-key', 'where HR sent its own id alone', aTermination({ employee: { sourceId: '67890' } }), /the HR system's own id alone/],
    [
      'unconfirmed',
      'where HR said only that something changed',
      aTermination({ unconfirmed: true }),
      /something about the employment changed/,
    ],
  ])('failed, %s, %s', async (reason, _, event, why) => {
    const desk = aDesk({ users: oneUser() });

    await untilSettled(desk, anArrival(event));

    expect(entryOf(desk)).toMatchObject({
      status: 'failed',
      reason,
      history: expect.arrayContaining([expect.objectContaining({ why: expect.stringMatching(why) })]),
    });
    expect(desk.directory.writes).toEqual([]);
  });

  it('deactivated, proven by a read, where the answer proves nothing', async () => {
    const desk = aDesk({ users: oneUser() });
    const { deactivate } = desk.directory;
    desk.directory.deactivate = async (userId) => ({ ...(await deactivate.call(desk.directory, userId)), confirmedBy: 'read' as const });

    await untilSettled(desk, anArrival(aTermination()));

    expect(entryOf(desk)?.history.at(-1)?.why).toMatch(/Workfront shows isActive false when read again$/);
  });

  it('already inactive, with no brake asked, in a dry run too', async () => {
    const desk = aDesk({ users: oneUser({ isActive: false }), rules: { brake: { perHour: 0 }, dryRun: true } });

    await untilSettled(desk, anArrival(aTermination()));

    expect(await statusOf(desk, 'evt-1')).toBe('already-inactive');
    expect(desk.ledger.records.has(STAGE_KEYS.brake)).toBe(false);
  });

  it('held in a dry run too', async () => {
    const desk = aDesk({ users: oneUser({ isAdmin: true }), rules: { dryRun: true } });

    await untilSettled(desk, anArrival(aTermination()));

    expect(entryOf(desk)).toMatchObject({ status: 'held', reason: 'administrator' });
  });
});

describe('a termination that finds nobody, while another one of the person found a user', () => {
  const other = aTermination({ employee: { employeeNumber: '0042', familyName: 'Silva' }, effective: { at: '2026-12-31T00:00:00Z' } });
  const again = { employeeNumber: '42' };

  async function bothOf(employee: Employee, change: (desk: TestDesk) => unknown = () => undefined) {
    const desk = aDesk({ users: oneUser({ extRefID: '0042', emailAddr: 'x@acme.test' }) });
    await untilSettled(desk, anArrival(other, { eventId: 'evt-2' }));
    await change(desk);
    await untilSettled(desk, anArrival(aTermination({ employee })));
    return entryOf(desk);
  }
  const userOf = (desk: TestDesk) => desk.directory.users.get(guid(1));
  const changed = ({ ledger: { entries } }: TestDesk, changes: object) => {
    const { sighted: _sighted, ...entry } = entries.get('acme-hr/evt-2') ?? {};
    entries.set('acme-hr/evt-2', { ...entry, ...changes } as NonNullable<ReturnType<typeof entryOf>>);
  };

  it.each<{ what: string; change?: (desk: TestDesk) => unknown }>([
    { what: 'that it saw' },
    { what: 'that it names', change: (desk) => changed(desk, { status: 'held', workfrontUserId: guid(1) }) },
  ])('is for a person as long as the user $what is active', async ({ change }) => {
    expect((await bothOf(again, change))?.hold).toMatchObject({
      guard: 'identity-changed',
      saw: `user ${guid(1)} matched an earlier word of HR, is active, and matches no more`,
    });
  });

  it.each<{ what: string; employee?: Employee; change?: (desk: TestDesk) => unknown }>([
    { what: 'the user is inactive', change: (desk) => Object.assign(userOf(desk) ?? {}, { isActive: false }) },
    { what: 'there is no such user any more', change: (desk) => desk.directory.users.delete(guid(1)) },
    { what: 'the other one is of somebody else, by the name', employee: { ...again, familyName: 'Berg' } },
    { what: 'the other one found nobody', change: (desk) => changed(desk, {}) },
    { what: 'the other one has expired', change: (desk) => desk.ledger.entries.delete('acme-hr/evt-2') },
  ])('ends without an account if $what', async ({ employee = again, change }) => {
    expect(await bothOf(employee, change)).toMatchObject({ status: 'no-account' });
  });

  it('asks Workfront about nobody else if the other one found nobody either', async () => {
    const asked: string[] = [];
    await bothOf(again, (desk) => {
      changed(desk, {});
      desk.directory.read = async (userId) => {
        asked.push(userId);
        return undefined;
      };
    });

    expect(asked).toHaveLength(0);
  });
});

describe('a termination that another worker has', () => {
  it('waits until the lease ends, and is then taken over', async () => {
    const desk = aDesk({ users: oneUser() });
    let release: () => void = () => undefined;
    const { owner } = desk.directory;
    desk.directory.owner = () => {
      desk.directory.owner = owner;
      return new Promise((resolve) => {
        release = () => resolve(owner.call(desk.directory));
      });
    };
    const first = work(anArrival(aTermination()), desk, 'worker-1');
    while (entryOf(desk)?.lease === undefined) await Promise.resolve();
    desk.now += 20 * SECOND;

    const second = await work(anArrival(aTermination()), desk, 'worker-2');

    expect(second).toMatchObject({ kind: 'wait', code: 'busy', seconds: 40 });
    release();
    await first;
    expect(desk.directory.writes).toHaveLength(1);
  });

  it('keeps no other termination of the person waiting', async () => {
    const desk = aDesk({ users: oneUser() });
    const { find } = desk.directory;
    const meanwhile: unknown[] = [];
    desk.directory.find = async (keys) => {
      desk.directory.find = find;
      meanwhile.push(await work(anArrival(aTermination(), { eventId: 'evt-2' }), desk, 'worker-2'));
      return find.call(desk.directory, keys);
    };

    await work(anArrival(aTermination()), desk, 'worker-1');

    expect(meanwhile).toMatchObject([{ kind: 'settled', entry: { status: 'deactivated' } }]);
    expect(await statusOf(desk, 'evt-1')).toBe('already-inactive');
  });

  it('is taken over from a worker that died', async () => {
    const desk = aDesk({ users: oneUser() });
    const { owner } = desk.directory;
    desk.directory.owner = async () => {
      desk.directory.owner = owner;
      throw new Error('the process ended');
    };
    await expect(work(anArrival(aTermination()), desk, 'worker-1')).rejects.toThrow('the process ended');

    const early = await work(anArrival(aTermination()), desk, 'worker-2');
    desk.now += MINUTE;
    const late = await work(anArrival(aTermination()), desk, 'worker-2');

    expect(early).toMatchObject({ kind: 'wait', code: 'busy' });
    expect(late).toMatchObject({ kind: 'settled', entry: { status: 'deactivated' } });
  });
});

describe('a stage', () => {
  const pause = { paused: { at: '2026-11-24T11:00:00.000Z', by: 'ops-person', reason: 'Workfront cut-over' } };

  it('that is paused lets nothing go to Workfront, for however long, and then goes on', async () => {
    const desk = aDesk({ users: oneUser({ lastName: 'Silva' }) });
    await desk.ledger.writeRecord(STAGE_KEYS.pause, { value: pause, version: 0 });

    const disposition = await work(NAMED, desk);
    desk.now += 9999 * HOUR;
    const later = await work(NAMED, desk);
    const calls = desk.directory.calls;
    await desk.ledger.writeRecord(STAGE_KEYS.pause, { value: {}, version: 1 });
    await untilSettled(desk, NAMED);

    expect(disposition).toMatchObject({
      kind: 'wait',
      code: 'paused',
      entry: { waiting: { saw: 'paused since 2026-11-24T11:00:00.000Z: Workfront cut-over' } },
    });
    expect([later.kind, calls]).toEqual(['wait', 0]);
    expect(await statusOf(desk, 'evt-1')).toBe('deactivated');
  });

  it('that is paused between the search and the write does not write', async () => {
    const desk = aDesk({ users: oneUser() });
    const { find } = desk.directory;
    desk.directory.find = async (key) => {
      await desk.ledger.writeRecord(STAGE_KEYS.pause, { value: pause, version: 0 });
      desk.directory.find = find;
      return find.call(desk.directory, key);
    };

    const disposition = await work(anArrival(aTermination()), desk);

    expect(disposition).toMatchObject({ kind: 'wait', code: 'paused' });
    expect(desk.directory.writes).toEqual([]);
    await desk.ledger.writeRecord(STAGE_KEYS.pause, { value: {}, version: 1 });
    await untilSettled(desk, anArrival(aTermination()));
    expect(desk.directory.writes).toEqual([{ userId: guid(1), changed: true }]);
  });

  it.each([
    { replaced: 'customer', stranger: { customerId: 'd'.repeat(32) } },
    { replaced: 'user', stranger: { userId: guid(1) } },
  ])('whose secret is replaced by one of another $replaced in the middle of the search starts over', async ({ stranger }) => {
    const leaver = anArrival(aTermination());
    const desk = aDesk({ users: oneUser() });
    const { owner, find } = desk.directory;
    desk.directory.find = async () => {
      desk.directory.find = find;
      desk.directory.owner = async () => {
        desk.directory.owner = owner;
        return { ...(await owner.call(desk.directory)), ...stranger };
      };
      return [];
    };

    const disposition = await work(leaver, desk);

    expect(disposition).toMatchObject({
      kind: 'wait',
      code: 'credential-replaced',
      entry: { waiting: { saw: expect.stringContaining('the event starts over') } },
    });
    await untilSettled(desk, leaver);
    expect(entryOf(desk)).toMatchObject({ status: 'deactivated' });
  });

  it('still schedules and cancels while it is paused', async () => {
    const desk = aDesk({ users: oneUser() });
    await desk.ledger.writeRecord(STAGE_KEYS.pause, { value: pause, version: 0 });

    await untilSettled(desk, anArrival(aTermination({ effective: { date: '2026-12-15' } })));

    expect(await statusOf(desk, 'evt-1')).toBe('scheduled');
  });

  it('stops asking after five failures, sends one probe, and goes on when it succeeds', async () => {
    const desk = aDesk({
      users: aDirectory(...Array.from({ length: 9 }, (_, index) => ({ id: guid(index + 1), emailAddr: `leaver${index}@acme.test` }))),
    });
    const arrivals = Array.from({ length: 9 }, (_, index) =>
      anArrival(aTermination({ employee: { email: `leaver${index}@acme.test` } }), { eventId: `evt-${index}` }),
    );
    const { owner } = desk.directory;
    let asked = 0;
    desk.directory.owner = async () => {
      asked += 1;
      throw new TransientFailure('timeout', 'expected an answer, got none');
    };

    const codes: string[] = [];
    for (const arrival of arrivals) {
      const disposition = await work(arrival, desk);
      codes.push(disposition.kind === 'wait' ? disposition.code : disposition.kind);
    }

    expect(codes).toEqual([...Array(5).fill('timeout'), ...Array(4).fill('circuit-open')]);
    desk.now += 15 * SECOND;
    await Promise.all(arrivals.map((arrival, index) => work(arrival, desk, `worker-${index}`)));
    expect(asked).toBe(6);
    desk.directory.owner = owner;
    await untilSettled(desk, ...arrivals);
    expect(desk.directory.writes).toHaveLength(9);
    expect(desk.ledger.records.get(STAGE_KEYS.circuit)?.value).toEqual({ failures: 0 });
  });

  it('asks once in a minute and a half while the credential is refused, and no event fails', async () => {
    const desk = aDesk({ users: oneUser({ lastName: 'Silva' }) });
    const { owner } = desk.directory;
    let asked = 0;
    desk.directory.owner = async () => {
      asked += 1;
      throw new CredentialFailure('refused', 'expected the key to be taken, Workfront refused it');
    };
    const repaired = desk.now + 3 * 24 * HOUR;

    while (desk.now < repaired) {
      const disposition = await work(NAMED, desk);
      if (disposition.kind !== 'wait') throw new Error(`settled at ${toInstant(desk.now)}`);
      desk.now += disposition.seconds * SECOND;
    }
    desk.directory.owner = owner;
    await untilSettled(desk, NAMED);

    expect(asked).toBeLessThanOrEqual((3 * 24 * 60) / 1.5 + 1);
    expect(await statusOf(desk, 'evt-1')).toBe('deactivated');
  });
});
