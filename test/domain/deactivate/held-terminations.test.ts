import { describe, expect, it } from '@jest/globals';
import type { User } from '../../../lambda/domain/ports.ts';
import { RELEASED_BRAKE } from '../../../lambda/domain/stage/brake.ts';
import { STAGE_KEYS } from '../../../lambda/domain/stage/shared-record.ts';
import { HOUR } from '../../../lambda/domain/time/time.ts';
import { aDirectory, anArrival, aTermination, CUSTOMER, guid } from '../../support/builders.ts';
import { aDesk, type TestDesk } from '../../support/in-memory-desk.ts';
import { moveTo, seenBy, statusOf, untilSettled, work } from '../../support/working.ts';

const ANA = { source: 'acme-hr', eventId: 'evt-1' };
const entryOf = (desk: TestDesk) => desk.ledger.entries.get('acme-hr/evt-1');
const oneUser = (changes: Partial<User> = {}) => aDirectory({ id: guid(1), ...changes });
const release = async (desk: TestDesk, guard: string, rest: { userId?: string } = {}) =>
  untilSettled(desk, { kind: 'release', ...(await seenBy(desk, ANA)), guard, ...rest });

const OTHER_CUSTOMER = 'd'.repeat(32);
const withAnotherNumber = {
  event: aTermination({ employee: { email: 'ana@acme.test', employeeNumber: '10042' } }),
  users: oneUser({ extRefID: '999' }),
};
const loggedInSince = {
  event: aTermination({ effective: { at: '2026-11-01T00:00:00Z' } }),
  users: oneUser({ lastLoginAt: '2026-11-20T00:00:00Z' }),
};

describe('a termination is held', () => {
  it.each<{ guard: string; users?: User[]; event?: ReturnType<typeof aTermination>; rules?: object; found: string | undefined }>([
    { guard: 'wrong-tenant', rules: { customerId: OTHER_CUSTOMER }, found: guid(1) },
    { guard: 'ambiguous', users: aDirectory({ id: guid(1) }, { id: guid(2) }), found: undefined },
    { guard: 'identity-mismatch', ...withAnotherNumber, found: guid(1) },
    { guard: 'own-goal', event: aTermination({ employee: { email: 'api@acme.test' } }), found: guid(0xadd) },
    { guard: 'protected', rules: { protected: [guid(1)] }, found: guid(1) },
    { guard: 'administrator', users: oneUser({ isAdmin: true }), found: guid(1) },
    { guard: 'stale', ...loggedInSince, found: guid(1) },
    { guard: 'brake', rules: { brake: { perHour: 0 } }, found: guid(1) },
  ])(
    'by $guard, unwritten, with what it saw and what a release would do',
    async ({ guard, users = oneUser(), event = aTermination(), rules = {}, found }) => {
      const desk = aDesk({ users, rules });

      await untilSettled(desk, anArrival(event));

      expect(entryOf(desk)).toMatchObject({ status: 'held', reason: guard, hold: { guard } });
      expect(entryOf(desk)?.history.at(-1)).toMatchObject({ to: 'held', why: `${guard}: ${entryOf(desk)?.hold?.saw}` });
      expect(entryOf(desk)?.workfrontUserId).toBe(found);
      expect(desk.directory.writes).toEqual([]);
      expect(JSON.stringify([entryOf(desk)?.hold, entryOf(desk)?.history])).not.toMatch(/@|10042/);
    },
  );

  it('although the user is inactive, where it may be somebody else', async () => {
    const desk = aDesk({ users: oneUser({ extRefID: '999', isActive: false }) });

    await untilSettled(desk, anArrival(withAnotherNumber.event));

    expect(entryOf(desk)).toMatchObject({ status: 'held', reason: 'identity-mismatch' });
  });

  it('where the credential has moved to another customer since the first use', async () => {
    const desk = aDesk({ users: oneUser() });
    await untilSettled(desk, anArrival(aTermination({ employee: { email: 'other1@acme.test' } }), { eventId: 'evt-0' }));
    for (const user of desk.directory.users.values()) user.customerId = OTHER_CUSTOMER;

    await untilSettled(desk, anArrival(aTermination()));

    expect(entryOf(desk)?.hold?.saw).toBe(`Workfront customer ${OTHER_CUSTOMER}, this stage is pinned to ${CUSTOMER}`);
  });

  it('where another customer does not know the leaver: nobody there proves nothing', async () => {
    const desk = aDesk({ users: aDirectory(), rules: { customerId: OTHER_CUSTOMER } });

    await untilSettled(desk, anArrival(aTermination()));

    expect(entryOf(desk)).toMatchObject({ status: 'held', hold: { guard: 'wrong-tenant' } });
  });

  it('where the last administrator would go, though the stage lets administrators go', async () => {
    const desk = aDesk({ users: oneUser({ isAdmin: true }), rules: { holdAdministrators: false } });
    for (const id of [guid(0xadd), guid(0xade)]) Object.assign(desk.directory.users.get(id) ?? {}, { isAdmin: false });

    await untilSettled(desk, anArrival(aTermination()));

    expect(entryOf(desk)?.hold).toMatchObject({ guard: 'own-goal', saw: `user ${guid(1)} is the last active administrator` });
  });
});

describe('a release', () => {
  it.each([
    {
      guard: 'identity-mismatch',
      desk: () => aDesk({ users: withAnotherNumber.users.map((user) => ({ ...user })) }),
      event: withAnotherNumber.event,
    },
    { guard: 'protected', desk: () => aDesk({ users: oneUser(), rules: { protected: [guid(1)] } }), event: aTermination() },
    { guard: 'administrator', desk: () => aDesk({ users: oneUser({ isAdmin: true }) }), event: aTermination() },
    { guard: 'stale', desk: () => aDesk({ users: loggedInSince.users.map((user) => ({ ...user })) }), event: loggedInSince.event },
    { guard: 'brake', desk: () => aDesk({ users: oneUser(), rules: { brake: { perHour: 0 } } }), event: aTermination() },
  ])('from $guard deactivates the user, and says who did it', async ({ guard, desk: newDesk, event }) => {
    const desk = newDesk();
    await untilSettled(desk, anArrival(event));

    await release(desk, guard);

    expect(entryOf(desk)).toMatchObject({
      status: 'deactivated',
      released: guard === 'brake' ? [] : [{ guard, of: `user ${guid(1)}`, at: '2026-11-24T12:00:00.000Z' }],
    });
    expect(entryOf(desk)?.history.slice(-2)).toMatchObject([
      { from: 'held', to: 'processing', by: 'ops-person', why: `released from ${guard}` },
      { from: 'processing', to: 'deactivated' },
    ]);
    expect(desk.directory.writes).toEqual([{ userId: guid(1), changed: true }]);
  });

  it('from one guard answers all that it showed, and leaves the brake to hold', async () => {
    const desk = aDesk({ users: oneUser({ isAdmin: true }), rules: { protected: [guid(1)], brake: { perHour: 0 } } });
    await untilSettled(desk, anArrival(aTermination()));
    const guards: (string | undefined)[] = [];

    for (let guard = entryOf(desk)?.hold?.guard; guard !== undefined; guard = entryOf(desk)?.hold?.guard) {
      guards.push(guard);
      await release(desk, guard);
    }

    expect(guards).toEqual(['protected', 'brake']);
    expect(await statusOf(desk, 'evt-1')).toBe('deactivated');
  });

  it.each([
    { guard: 'own-goal', desk: aDesk({ users: oneUser() }), event: aTermination({ employee: { email: 'api@acme.test' } }) },
    { guard: 'wrong-tenant', desk: aDesk({ users: oneUser(), rules: { customerId: OTHER_CUSTOMER } }), event: aTermination() },
    { guard: 'ambiguous', desk: aDesk({ users: aDirectory({ id: guid(1) }, { id: guid(2) }) }), event: aTermination() },
  ])('from $guard changes nothing: it is held again', async ({ guard, desk, event }) => {
    await untilSettled(desk, anArrival(event));

    await release(desk, guard);

    expect(entryOf(desk)).toMatchObject({ status: 'held', reason: guard });
    expect(desk.directory.writes).toEqual([]);
  });

  it('of an ambiguous event deactivates the user chosen and no other', async () => {
    const desk = aDesk({ users: aDirectory({ id: guid(1) }, { id: guid(2) }) });
    await untilSettled(desk, anArrival(aTermination()));

    await release(desk, 'ambiguous', { userId: guid(2) });

    expect(entryOf(desk)).toMatchObject({ status: 'deactivated', workfrontUserId: guid(2) });
    expect(desk.directory.writes).toEqual([{ userId: guid(2), changed: true }]);
  });

  it('of an ambiguous event holds it again where the user chosen does not match', async () => {
    const desk = aDesk({ users: aDirectory({ id: guid(1) }, { id: guid(2) }) });
    await untilSettled(desk, anArrival(aTermination()));

    await release(desk, 'ambiguous', { userId: guid(0xf000) });

    expect(entryOf(desk)).toMatchObject({ status: 'held', reason: 'ambiguous' });
    expect(desk.directory.writes).toEqual([]);
  });

  it('of an ambiguous event holds it again where the user chosen has gone meanwhile', async () => {
    const desk = aDesk({ users: aDirectory({ id: guid(1) }, { id: guid(2) }) });
    await untilSettled(desk, anArrival(aTermination()));
    desk.directory.users.delete(guid(2));

    await release(desk, 'ambiguous', { userId: guid(2) });

    expect(entryOf(desk)?.hold).toMatchObject({
      guard: 'ambiguous',
      saw: `user ${guid(2)}, chosen by a person, does not match any more; ${guid(1)} does`,
    });
    expect(desk.directory.writes).toEqual([]);
  });

  it('of an ambiguous event asks the other guards about the user chosen', async () => {
    const desk = aDesk({ users: aDirectory({ id: guid(1) }, { id: guid(2), isAdmin: true }) });
    await untilSettled(desk, anArrival(aTermination()));

    await release(desk, 'ambiguous', { userId: guid(2) });

    expect(entryOf(desk)).toMatchObject({ status: 'held', reason: 'administrator' });
  });

  it('after the circumstances changed decides on the new ones', async () => {
    const desk = aDesk({ users: oneUser({ isAdmin: true }) });
    await untilSettled(desk, anArrival(aTermination()));
    Object.assign(desk.directory.users.get(guid(1)) ?? {}, { isActive: false });

    await release(desk, 'administrator');

    expect(entryOf(desk)).toMatchObject({ status: 'already-inactive' });
  });
});

describe('the brake', () => {
  const leavers = Array.from({ length: 12 }, (_, index) => ({ id: guid(index + 1), emailAddr: `leaver${index}@acme.test` }));
  const arrivals = leavers.map(({ emailAddr }, index) =>
    anArrival(aTermination({ employee: { email: emailAddr } }), { eventId: `evt-${index}` }),
  );

  it('lets through as many as the limit, holds all others, and the next hour does not loosen it', async () => {
    const desk = aDesk({ users: aDirectory(...leavers), rules: { brake: { perHour: 4 } } });

    await untilSettled(desk, ...arrivals.slice(0, 8));
    desk.now += 2 * HOUR;
    await untilSettled(desk, ...arrivals.slice(8));

    const statuses = await Promise.all(arrivals.map(({ eventId }) => statusOf(desk, eventId)));
    expect(statuses).toEqual([...Array(4).fill('deactivated'), ...Array(8).fill('held')]);
    expect(desk.directory.writes).toHaveLength(4);
  });

  it('holds to the limit where many workers ask at once', async () => {
    const desk = aDesk({ users: aDirectory(...leavers), rules: { brake: { perHour: 4 } } });

    await Promise.all(arrivals.map((arrival) => untilSettled(desk, arrival)));

    expect(desk.directory.writes).toHaveLength(4);
  });

  it('lets a released event through and stays latched for the others', async () => {
    const desk = aDesk({ users: aDirectory(...leavers), rules: { brake: { perHour: 1 } } });
    await untilSettled(desk, ...arrivals.slice(0, 3));

    await release(desk, 'brake');

    const statuses = await Promise.all(arrivals.slice(0, 3).map(({ eventId }) => statusOf(desk, eventId)));
    expect(statuses).toEqual(['deactivated', 'deactivated', 'held']);
    expect(desk.ledger.records.get(STAGE_KEYS.brake)?.value).toMatchObject({
      latched: { saw: '1 deactivations in the last hour, the limit is 1' },
    });
  });

  it('that a person has released is not latched again by an event that they release', async () => {
    const desk = aDesk({ users: oneUser(), rules: { brake: { perHour: 0 } } });
    await untilSettled(desk, anArrival(aTermination()));
    const latched = desk.ledger.records.get(STAGE_KEYS.brake);
    await desk.ledger.writeRecord(STAGE_KEYS.brake, { value: RELEASED_BRAKE, version: latched?.version ?? 0 });

    await release(desk, 'brake');

    expect(await statusOf(desk, 'evt-1')).toBe('deactivated');
    expect(desk.ledger.records.get(STAGE_KEYS.brake)?.value).toEqual(RELEASED_BRAKE);
  });

  it('does not count what another guard holds, nor a dry run', async () => {
    const desk = aDesk({ users: oneUser({ isAdmin: true }), rules: { dryRun: true, brake: { perHour: 0 } } });

    await untilSettled(
      desk,
      anArrival(aTermination()),
      anArrival(aTermination({ employee: { email: 'other1@acme.test' } }), { eventId: 'evt-2' }),
    );

    expect([await statusOf(desk, 'evt-1'), await statusOf(desk, 'evt-2')]).toEqual(['held', 'would-deactivate']);
    expect(desk.ledger.records.has(STAGE_KEYS.brake)).toBe(false);
  });
});

describe('a termination held past its date', () => {
  it('is not due again by itself', async () => {
    const desk = aDesk({ users: oneUser({ isAdmin: true }) });
    await untilSettled(desk, anArrival(aTermination({ effective: { date: '2026-11-30', timeZone: 'UTC' } })));
    await moveTo(desk, '2026-12-01T00:00:00.000Z');

    const again = await work({ kind: 'due', ...ANA }, desk);

    expect(again).toMatchObject({ kind: 'nothing-to-do', why: 'held: waits for a person' });
  });
});
