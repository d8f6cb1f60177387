import { describe, expect, it } from '@jest/globals';
import { CONSOLE_CIRCUIT } from '../../../lambda/domain/console-access/wait-for-console.ts';
import { whoseAccess } from '../../../lambda/domain/console-access/whose-access.ts';
import type { Effective } from '../../../lambda/domain/event/hr-event.ts';
import type { LedgerEntry } from '../../../lambda/domain/event/ledger-entry.ts';
import { isTermination } from '../../../lambda/domain/event/termination.ts';
import { CredentialFailure, PermanentFailure, StageFailure, TransientFailure } from '../../../lambda/domain/failures.ts';
import { HOUR, SECOND, toInstant } from '../../../lambda/domain/time/time.ts';
import { ANA, aConsole, anAccess, EVENT } from '../../admin-console/a-console.ts';
import { anArrival, aRescission, aTermination, aUser, guid } from '../../support/builders.ts';
import { seenBy, statusOf, untilSettled } from '../../support/working.ts';

type Desk = Awaited<ReturnType<typeof aConsole>>['desk'];

const NOON = '2026-11-24T12:00:00.000Z';
/** When Ana's deactivation was decided. */
const DECIDED = NOON;
const JUST_BEFORE = '2026-11-24T11:59:59.999Z';
const LATER = '2026-11-24T13:00:00.000Z';

const REMOVED = { status: 'removed' };
const HELD = { status: 'held', code: 'rescinded' };

it('the Console is asked about the address that the user has in Workfront now', async () => {
  const { desk } = await aConsole();
  desk.directory.users.set(guid(1), aUser({ id: guid(1), isActive: false, emailAddr: 'ana.new@acme.test' }));
  const entry = await desk.ledger.readEntry(EVENT);
  if (entry === undefined || !isTermination(entry)) throw new Error('no such termination');

  expect(await whoseAccess(entry, anAccess(), desk)).toEqual({ kind: 'address', address: 'ana.new@acme.test' });
});

describe('what HR says after the deactivation', () => {
  it('is heard if HR names the person by a key that only the user in Workfront has', async () => {
    const { desk, untilOver, directory } = await aConsole();
    desk.directory.users.set(guid(1), aUser({ id: guid(1), isActive: false, extRefID: '10042' }));
    const byNumber = aRescission({ employee: { employeeNumber: '10042' } });
    await untilSettled(desk, anArrival(byNumber, { eventId: 'evt-2', receivedAt: LATER }));

    expect(await untilOver()).toMatchObject(HELD);
    expect(directory.find(ANA.email)?.direct).toEqual(ANA.direct);
  });

  it.each([
    { sign: 'hired', becomes: HELD },
    { sign: 'transferred', becomes: HELD },
    // The identity provider's own sync may be what said it.
    { sign: 'activated', becomes: REMOVED },
  ] as const)('holds the removal if it is a hire or a transfer, and no activation: $sign', async ({ sign, becomes }) => {
    const { desk, untilOver } = await aConsole();
    const event = { type: 'employee.sign_of_life' as const, sign, employee: { email: ANA.email } };
    await untilSettled(desk, anArrival(event, { eventId: 'evt-2', receivedAt: LATER }));

    expect(await untilOver()).toMatchObject(becomes);
  });

  it.each([
    { what: 'a rescission', event: aRescission({ employee: { email: ANA.email } }) },
    {
      what: 'a hire',
      event: { type: 'employee.sign_of_life' as const, sign: 'hired' as const, employee: { email: ANA.email }, startsOn: '2026-12-01' },
    },
  ])(
    'holds the removal if it is $what that was received before the termination, and waited elsewhere until after the write',
    async ({ event }) => {
      const { desk, untilOver, directory } = await aConsole();
      desk.now += HOUR;
      await untilSettled(desk, anArrival(event, { eventId: 'evt-2', receivedAt: JUST_BEFORE }));

      expect(await untilOver()).toMatchObject(HELD);
      expect(directory.find(ANA.email)?.direct).toEqual(ANA.direct);
    },
  );

  it('holds nothing if the ledger has forgotten what was received before the termination', async () => {
    const { desk, untilOver } = await aConsole();
    await untilSettled(desk, anArrival(aRescission({ employee: { email: ANA.email } }), { eventId: 'evt-2', receivedAt: JUST_BEFORE }));
    desk.ledger.entries.delete('acme-hr/evt-2');

    expect(await untilOver()).toMatchObject(REMOVED);
  });

  it('holds nothing if a person knew of it when they released the leaver', async () => {
    const { desk, directory, turn, record } = await aConsole();
    const ben = { source: 'acme-hr', eventId: 'ben-1' };
    const employee = { email: 'ben@acme.test' };
    desk.directory.users.set(guid(2), aUser({ id: guid(2), emailAddr: employee.email }));
    directory.put({ ...ANA, ...employee });
    const hired = { type: 'employee.sign_of_life' as const, sign: 'hired' as const, employee, startsOn: '2026-12-01' };
    await untilSettled(desk, anArrival(hired, { eventId: 'ben-0', receivedAt: JUST_BEFORE }));
    await untilSettled(desk, anArrival(aTermination({ employee }), ben));
    expect(await statusOf(desk, ben.eventId)).toBe('held');
    desk.now += HOUR;
    await untilSettled(desk, { kind: 'release', ...(await seenBy(desk, ben)), guard: 'perhaps-stays' });
    expect(await statusOf(desk, ben.eventId)).toBe('deactivated');

    for (let end = await turn(ben); end.kind === 'wait'; end = await turn(ben)) desk.now += end.seconds * SECOND;

    expect(await record(ben)).toMatchObject(REMOVED);
    expect(directory.find(employee.email)?.direct).toEqual(['Acrobat']);
  });
});

describe('another termination of the person', () => {
  const someday = { date: '2026-12-15', timeZone: 'UTC' };
  const change = (desk: Desk, changes: (entry: LedgerEntry) => Partial<LedgerEntry>, without?: 'effectiveAt') => {
    const entry = desk.ledger.entries.get('acme-hr/evt-2');
    if (entry === undefined) throw new Error('no such event');
    const next = { ...entry, ...changes(entry) };
    if (without !== undefined) delete next[without];
    desk.ledger.entries.set('acme-hr/evt-2', next);
  };

  it.each<{
    what: string;
    effective?: Effective;
    receivedAt?: string;
    later?: (desk: Desk) => unknown;
    becomes: typeof REMOVED;
  }>([
    { what: 'received as the deactivation was decided, for a later day', receivedAt: DECIDED, becomes: HELD },
    { what: 'received a moment before, for a later day: it was weighed then', receivedAt: JUST_BEFORE, becomes: REMOVED },
    {
      what: 'for a later day, which a person has rejected',
      later: (desk) => change(desk, () => ({ status: 'rejected' })),
      becomes: REMOVED,
    },
    {
      what: 'that nobody can look up any more: the ledger has forgotten it',
      later: ({ ledger }) => ledger.entries.delete('acme-hr/evt-2'),
      becomes: REMOVED,
    },
    {
      what: 'for a later day, which no worker has worked out yet',
      later: (desk) => change(desk, () => ({ status: 'received' }), 'effectiveAt'),
      becomes: HELD,
    },
    {
      what: 'at once, which no worker has taken up yet',
      effective: { immediate: true },
      later: (desk) => change(desk, () => ({ status: 'received' }), 'effectiveAt'),
      becomes: REMOVED,
    },
    {
      what: 'whose day comes in a moment',
      later: (desk) => change(desk, () => ({ effectiveAt: toInstant(desk.now + 1) })),
      becomes: HELD,
    },
    {
      what: 'whose day has just come',
      later: (desk) => change(desk, () => ({ effectiveAt: toInstant(desk.now) })),
      becomes: REMOVED,
    },
  ])('puts off the removal, or not: $what', async ({ effective = someday, receivedAt = LATER, later = () => undefined, becomes }) => {
    const { desk, untilOver } = await aConsole();
    await untilSettled(desk, anArrival(aTermination({ effective }), { eventId: 'evt-2', receivedAt }));
    later(desk);

    expect(await untilOver()).toMatchObject(becomes);
  });
});

describe('trouble of Workfront', () => {
  const questions = ['read', 'find'] as const;
  /** Workfront answers one kind of question with a failure until it is repaired. */
  const fail = ({ directory }: Desk, question: (typeof questions)[number], failure: Error) => {
    Object.assign(directory, { [question]: () => Promise.reject(failure) });
    return () => Reflect.deleteProperty(directory, question);
  };

  describe.each(questions)('if it is met by a %s', (question) => {
    it.each([
      { what: 'that a person must repair', failure: new CredentialFailure('key-refused', 'Workfront refuses the key; set it again') },
      { what: 'of the whole stage', failure: new StageFailure('filter-dropped', 'Workfront ignores the filter; report this') },
    ])('$what is waited out however long, and is no trouble of the Console', async ({ failure }) => {
      const { desk, turn, record, untilOver, fake } = await aConsole({ rules: { waitLimitHours: 1 } });
      const repair = fail(desk, question, failure);

      for (let looks = 0; looks < 3; looks++) {
        expect(await turn()).toEqual({ kind: 'wait', code: failure.code, seconds: expect.any(Number) });
        desk.now += 2 * HOUR;
      }
      const { status, waiting } = (await record()) ?? {};
      expect({ status, ...waiting }).toMatchObject({ status: 'waiting', saw: failure.message, untilRepaired: true });
      expect(desk.ledger.records.has(CONSOLE_CIRCUIT)).toBe(false);
      expect(fake.calls).toEqual([]);

      repair();
      expect(await untilOver()).toMatchObject(REMOVED);
    });

    it.each([
      { asked: 90, seconds: 90 },
      { asked: undefined, seconds: 1 },
    ])('that passes is waited out as long as Workfront asks, $asked s, and is no trouble of the Console', async ({ asked, seconds }) => {
      const { desk, turn, untilOver, fake } = await aConsole();
      const repair = fail(desk, question, new TransientFailure('workfront-busy', 'Workfront is busy', { retryAfterSeconds: asked }));

      expect(await turn()).toEqual({ kind: 'wait', code: 'workfront-busy', seconds });
      expect(desk.ledger.records.has(CONSOLE_CIRCUIT)).toBe(false);
      expect(fake.calls).toEqual([]);

      repair();
      expect(await untilOver()).toMatchObject(REMOVED);
    });

    it('that should pass is given up after the limit of the stage', async () => {
      const { desk, turn } = await aConsole({ rules: { waitLimitHours: 1 } });
      fail(desk, question, new TransientFailure('workfront-busy', 'Workfront is busy'));
      await turn();
      desk.now += HOUR + 1;

      expect(await turn()).toMatchObject({ kind: 'settled', record: { status: 'failed', code: 'gave-up-workfront-busy' } });
    });

    it('that concerns this user alone fails the removal, with the reason', async () => {
      const { desk, turn } = await aConsole();
      fail(desk, question, new PermanentFailure('user-refused', 'Workfront does not show this user; look at it'));

      const end = await turn();

      expect(end).toMatchObject({ kind: 'settled', record: { status: 'failed', code: 'user-refused' } });
      expect(end.kind === 'settled' && end.record.history.at(-1)?.why).toBe('Workfront does not show this user; look at it');
    });

    it('that nobody foresaw is a mistake: the turn breaks, and is repeated', async () => {
      const { desk, turn, untilOver } = await aConsole();
      const repair = fail(desk, question, new TypeError('a mistake'));

      await expect(turn()).rejects.toThrow('a mistake');

      repair();
      expect(await untilOver()).toMatchObject(REMOVED);
    });
  });
});
