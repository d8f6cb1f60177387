import { describe, expect, it } from '@jest/globals';
import { DAY, toInstant } from '../../../../lambda/domain/time/time.ts';
import { aDirectory, anArrival, aTermination, guid } from '../../../support/builders.ts';
import { aDesk } from '../../../support/in-memory-desk.ts';
import { untilSettled } from '../../../support/working.ts';

const REHEARSAL = { user: guid(1), source: 'acme-hr' };
/** An id that was made of the content, because HR sent none. */
const DERIVED = `evt_${'a'.repeat(40)}`;

const entryOf = async (desk: ReturnType<typeof aDesk>, eventId = 'evt-1', source = 'acme-hr') => desk.ledger.readEntry({ source, eventId });

describe('the test user of a stage', () => {
  it.each([
    { whose: 'the test user', rehearsal: REHEARSAL, becomes: 'deactivated' },
    { whose: 'another user', rehearsal: { ...REHEARSAL, user: guid(2) }, becomes: 'held' },
    { whose: 'the test user, by another source', rehearsal: { ...REHEARSAL, source: 'other-hr' }, becomes: 'held' },
  ])('passes the brake, and nobody else does: $whose', async ({ rehearsal, becomes }) => {
    const brake = { perHour: 0, shareOfActivePerDay: 0, floorPerDay: 0 };
    const desk = aDesk({ users: aDirectory({ id: guid(1) }), rules: { brake, rehearsal } });

    await untilSettled(desk, anArrival(aTermination()));

    expect((await entryOf(desk))?.status).toBe(becomes);
  });

  it('takes no place at the brake', async () => {
    const users = aDirectory({ id: guid(1) }, { id: guid(2), emailAddr: 'ben@acme.test' });
    const desk = aDesk({ users, rules: { brake: { perHour: 1 }, rehearsal: REHEARSAL } });
    await untilSettled(desk, anArrival(aTermination()));

    await untilSettled(desk, anArrival(aTermination({ employee: { email: 'ben@acme.test' } }), { eventId: 'evt-2' }));

    expect((await entryOf(desk, 'evt-2'))?.status).toBe('deactivated');
  });

  it.each([
    { whose: 'the test user', rehearsal: REHEARSAL, becomes: 'deactivated' },
    { whose: 'nobody', rehearsal: undefined, becomes: 'held' },
  ])('may leave again and again in equal words: $whose', async ({ rehearsal, becomes }) => {
    const desk = aDesk({ users: aDirectory({ id: guid(1) }), rules: { ...(rehearsal && { rehearsal }) } });
    await untilSettled(desk, anArrival(aTermination(), { eventId: DERIVED }));
    await desk.directory.reactivate(guid(1), {});
    desk.now += 10 * DAY;

    await untilSettled(desk, anArrival(aTermination(), { eventId: DERIVED, receivedAt: toInstant(desk.now) }));

    const again = [...desk.ledger.entries.values()].find(({ eventId }) => eventId !== DERIVED);
    expect(again).toMatchObject({ status: becomes, repeats: expect.any(String) });
  });

  it.each([
    ['administrator', { isAdmin: true }, {}],
    ['protected', {}, { protected: [guid(1)] }],
    ['approval', {}, { approval: true }],
    ['identity-mismatch', { extRefID: '1' }, {}],
  ] as const)('is held by every other guard: %s', async (guard, user, rules) => {
    const desk = aDesk({
      users: aDirectory({ id: guid(1), ...user }),
      rules: { ...rules, protected: [...(Object(rules).protected ?? [])], rehearsal: REHEARSAL },
    });
    const employee = { email: 'ana@acme.test', ...(guard === 'identity-mismatch' && { employeeNumber: '2' }) };

    await untilSettled(desk, anArrival(aTermination({ employee })));

    expect(await entryOf(desk)).toMatchObject({ status: 'held', reason: guard });
  });
});
