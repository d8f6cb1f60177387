import { describe, expect, it } from '@jest/globals';
import type { LeaverMessage } from '../../../lambda/domain/event/leaver-message.ts';
import {
  Blocked,
  Contended,
  CredentialFailure,
  PermanentFailure,
  StageFailure,
  TransientFailure,
} from '../../../lambda/domain/failures.ts';
import { circuitRecord } from '../../../lambda/domain/stage/circuit.ts';
import { DAY, HOUR, MINUTE, toMillis } from '../../../lambda/domain/time/time.ts';
import { orLater } from '../../../lambda/domain/watch/after-trouble.ts';
import { readFindings } from '../../../lambda/domain/watch/findings.ts';
import { lookAgain } from '../../../lambda/domain/watch/look-again.ts';
import { aDirectory, anArrival, aRescission, aTermination, aUser, guid } from '../../support/builders.ts';
import { aDesk, type TestDesk } from '../../support/in-memory-desk.ts';
import { seenBy, statusOf, untilSettled, work } from '../../support/working.ts';

const EMPLOYEE = { email: 'ana@acme.test', employeeNumber: '10042', givenName: 'Ana', familyName: 'Silva' };
const ANA = { id: guid(1), firstName: 'Ana', lastName: 'Silva', extRefID: '10042' };
const leaver = anArrival(aTermination({ employee: EMPLOYEE }));
const REF = { source: leaver.source, eventId: leaver.eventId };

/** A desk at which Ana's user was deactivated, or was inactive before. */
async function aLeaver({ isActive = true, watch }: { isActive?: boolean; watch?: { after: string[] } } = {}): Promise<TestDesk> {
  const desk = aDesk({ users: aDirectory({ ...ANA, isActive }), ...(watch && { rules: { watch } }) });
  await untilSettled(desk, leaver);
  return desk;
}

/** The instants at which Ana's user is read again, from the first to the last, each look after the other. */
async function looks(desk: TestDesk): Promise<string[]> {
  const times: string[] = [];
  for (let next = takeWatch(desk); next !== undefined; next = takeWatch(desk)) {
    times.push(next);
    desk.now = toMillis(next);
    await look(desk);
  }
  return times;
}

function takeWatch({ schedules: { watch } }: TestDesk): string | undefined {
  const [key, set] = [...watch][0] ?? [];
  if (key !== undefined) watch.delete(key);
  return set?.at;
}

const look = (desk: TestDesk) => orLater(() => lookAgain(REF, desk), desk);

function comeBack({ directory }: TestDesk): void {
  const user = directory.users.get(ANA.id);
  if (user !== undefined) user.isActive = true;
}

const since = (from: number, times: readonly string[]): number[] => times.map((at) => toMillis(at) - from);

describe('a user whose event ended', () => {
  it.each([
    { what: 'deactivated by us', isActive: true, status: 'deactivated' },
    { what: 'inactive before', isActive: false, status: 'already-inactive' },
  ])('is read again after an hour, a day and a week: $what', async ({ isActive, status }) => {
    const desk = await aLeaver({ isActive });
    const ended = desk.now;
    const calls = desk.directory.calls;

    expect(since(ended, await looks(desk))).toEqual([HOUR, DAY, 7 * DAY]);
    expect(desk.directory.calls - calls).toBe(3);
    expect(await statusOf(desk, leaver.eventId)).toBe(status);
  });

  it('is read when the stage says, or never', async () => {
    const often = await aLeaver({ watch: { after: ['2d', '3h'] } });
    const ended = often.now;
    const never = await aLeaver({ watch: { after: [] } });

    expect(since(ended, await looks(often))).toEqual([3 * HOUR, 2 * DAY]);
    expect(await looks(never)).toEqual([]);
    expect(await look(never)).toMatchObject({ kind: 'looked', saw: 'inactive' });
    expect(never.schedules.watch.size).toBe(0);
  });

  it.each([0, 1500, 2 * HOUR, 2 * DAY])('and who is active again after %d ms has returned, and waits for a person', async (after) => {
    const desk = await aLeaver();
    const back = desk.now + after;
    for (let next = takeWatch(desk); next !== undefined; next = takeWatch(desk)) {
      desk.now = toMillis(next);
      if (desk.now >= back) comeBack(desk);
      await look(desk);
    }

    expect(await statusOf(desk, leaver.eventId)).toBe('returned');
    expect(desk.directory.writes).toHaveLength(1);
    expect((await work(leaver, desk)).kind).toBe('nothing-to-do');
  });

  it('has returned if they were inactive before our event too', async () => {
    const desk = await aLeaver({ isActive: false });
    comeBack(desk);

    expect(await look(desk)).toMatchObject({ kind: 'settled', entry: { status: 'returned', workfrontUserId: ANA.id } });
    const { history } = (await desk.ledger.readEntry(REF)) ?? {};
    expect(history?.at(-1)?.why).toBe(`user ${ANA.id} was inactive since ${history?.at(-2)?.at}, and is active again`);
  });

  it('is watched no more if Workfront has no such user, which is noted', async () => {
    const desk = await aLeaver();
    desk.directory.users.delete(ANA.id);

    expect(await look(desk)).toMatchObject({ kind: 'looked', saw: 'gone', entry: { status: 'deactivated' } });
    expect(await desk.ledger.readEntry(REF)).toMatchObject({ userGone: new Date(desk.now).toISOString() });
    expect(await look(desk)).toMatchObject({ kind: 'nothing-to-do', why: 'not watched: deactivated' });
  });

  it('is not looked for if the ledger has no such event', async () => {
    const desk = await aLeaver();

    expect(await lookAgain({ ...REF, eventId: 'none' }, desk)).toEqual({
      kind: 'nothing-to-do',
      entry: undefined,
      why: 'not watched: the ledger has no such event',
    });
  });

  it('is a finding, and not gone, if the credential does not see everybody', async () => {
    const desk = await aLeaver();
    const me = desk.directory.users.get(desk.directory.me);
    if (me !== undefined) me.isAdmin = false;
    expect(await look(desk)).toMatchObject({ saw: 'inactive' });
    desk.directory.users.delete(ANA.id);

    expect(await look(desk)).toMatchObject({ saw: 'unreadable' });
    const saw = `user ${ANA.id} was inactive, and Workfront does not show them to the credential any more`;
    expect(await readFindings(desk)).toMatchObject([{ ...REF, what: 'unreadable', saw }]);
  });

  it('is a finding if Workfront refuses to show them, until it does', async () => {
    const desk = await aLeaver();
    const { read } = desk.directory;
    desk.directory.read = async () => {
      throw new PermanentFailure('forbidden', 'expected the user, got 403; give the right');
    };
    await look(desk);
    expect(await readFindings(desk)).toHaveLength(1);

    desk.directory.read = read;
    await look(desk);
    expect(await readFindings(desk)).toEqual([]);
  });

  it('is watched by the event that came back, if the message is lost before the schedule is set', async () => {
    const desk = aDesk({ users: aDirectory(ANA) });
    const { setWatch } = desk.schedules;
    desk.schedules.setWatch = async () => {
      throw new Error('the worker died');
    };
    await expect(work(leaver, desk)).rejects.toThrow();
    expect(await statusOf(desk, leaver.eventId)).toBe('deactivated');

    desk.schedules.setWatch = setWatch;
    await work(leaver, desk);
    expect(since(desk.now, await looks(desk))).toEqual([HOUR, DAY, 7 * DAY]);
  });
});

describe('who is active again is expected', () => {
  const later = { receivedAt: '2026-11-24T13:00:00.000Z', eventId: 'later' };

  it.each<[string, LeaverMessage]>([
    ['HR withdrew the termination', anArrival(aRescission({ employee: EMPLOYEE }), later)],
    ['HR hired them again', anArrival({ type: 'employee.sign_of_life', sign: 'hired', employee: EMPLOYEE }, later)],
    [
      'HR hired them again from today on',
      anArrival({ type: 'employee.sign_of_life', sign: 'hired', startsOn: '2026-11-24', employee: EMPLOYEE }, later),
    ],
    ['HR moved them', anArrival({ type: 'employee.sign_of_life', sign: 'transferred', employee: EMPLOYEE }, later)],
    [
      'HR recorded a later last day afterwards',
      anArrival(aTermination({ employee: EMPLOYEE, occurredAt: '2026-11-24T13:00:00Z', effective: { at: '2027-02-01T00:00:00Z' } }), later),
    ],
  ])('if %s', async (_, word) => {
    const desk = aDesk({ users: aDirectory(ANA) });
    await untilSettled(
      desk,
      anArrival(aTermination({ employee: EMPLOYEE, occurredAt: '2026-11-24T10:00:00Z', effective: { at: '2026-11-24T11:00:00Z' } })),
    );
    desk.now += HOUR;
    await untilSettled(desk, word);
    comeBack(desk);

    expect(await look(desk)).toMatchObject({ kind: 'looked', saw: 'expected' });
    expect(await statusOf(desk, leaver.eventId)).toBe('deactivated');
  });

  describe('if HR says so by a number that only the user has, not the event', () => {
    const byNumber = { employeeNumber: '10042' };

    it.each<[string, LeaverMessage]>([
      ['HR withdrew the termination', anArrival(aRescission({ employee: byNumber }), later)],
      [
        'HR recorded a later last day afterwards',
        anArrival(
          aTermination({ employee: byNumber, occurredAt: '2026-11-24T13:00:00Z', effective: { at: '2027-02-01T00:00:00Z' } }),
          later,
        ),
      ],
    ])('%s', async (_, word) => {
      const desk = aDesk({ users: aDirectory(ANA) });
      const byAddress = { employee: { email: EMPLOYEE.email }, occurredAt: '2026-11-24T10:00:00Z' };
      await untilSettled(desk, anArrival(aTermination({ ...byAddress, effective: { at: '2026-11-24T11:00:00Z' } })));
      desk.now += HOUR;
      await untilSettled(desk, word);
      comeBack(desk);

      expect(await look(desk)).toMatchObject({ kind: 'looked', saw: 'expected' });
      expect(await statusOf(desk, leaver.eventId)).toBe('deactivated');
    });
  });

  it.each([
    { what: 'the first day has begun', early: 0, end: { kind: 'looked', saw: 'expected' } },
    { what: 'it is a millisecond too early', early: 1, end: { kind: 'settled', entry: { status: 'returned' } } },
  ])('from the first moment of the first day, in UTC: $what', async ({ early, end }) => {
    const desk = await aLeaver();
    desk.now += HOUR;
    await untilSettled(
      desk,
      anArrival({ type: 'employee.sign_of_life', sign: 'hired', startsOn: '2026-12-01', employee: EMPLOYEE }, later),
    );
    comeBack(desk);
    desk.now = toMillis('2026-12-01T00:00:00Z') - early;

    expect(await look(desk)).toMatchObject(end);
  });

  it.each<[string, LeaverMessage]>([
    ['an identity provider activated them', anArrival({ type: 'employee.sign_of_life', sign: 'activated', employee: EMPLOYEE }, later)],
    [
      'their first day is still to come',
      anArrival({ type: 'employee.sign_of_life', sign: 'hired', startsOn: '2027-01-01', employee: EMPLOYEE }, later),
    ],
    [
      'HR hired somebody with another number',
      anArrival({ type: 'employee.sign_of_life', sign: 'hired', employee: { ...EMPLOYEE, employeeNumber: '77' } }, later),
    ],
  ])('and not if %s', async (_, word) => {
    const desk = await aLeaver();
    desk.now += HOUR;
    await untilSettled(desk, word);
    comeBack(desk);

    expect(await look(desk)).toMatchObject({ kind: 'settled', entry: { status: 'returned' } });
  });
});

describe('a look waits', () => {
  it('while the stage is paused', async () => {
    const desk = await aLeaver();
    await desk.ledger.writeRecord('stage/pause', {
      value: { paused: { at: '2026-11-24T12:00:00.000Z', by: 'op', reason: 'test' } },
      version: 0,
    });
    const { calls } = desk.directory;

    expect(await look(desk)).toMatchObject({ kind: 'wait', code: 'paused' });
    expect(desk.directory.calls).toBe(calls);
  });

  it('while the credential looks into another customer, where nobody is found', async () => {
    const desk = await aLeaver();
    for (const user of desk.directory.users.values()) user.customerId = 'e'.repeat(32);
    desk.directory.users.delete(ANA.id);

    expect(await look(desk)).toMatchObject({ kind: 'wait', code: 'wrong-customer' });
    await expect(lookAgain(REF, desk)).rejects.toThrow(
      'the credential is of another Workfront customer than the stage is pinned to, or does not say of which; set the right one',
    );
    expect((await desk.ledger.readEntry(REF))?.userGone).toBeUndefined();
  });

  it.each<{ failure: Error; end: object; circuit?: object }>([
    {
      failure: new CredentialFailure('rejected', 'no'),
      end: { code: 'rejected', seconds: 45, credentialTrouble: true },
      circuit: { failures: 1, open: { cause: 'credentials', saw: 'rejected' } },
    },
    {
      failure: new StageFailure('field-unknown', 'no'),
      end: { code: 'field-unknown', seconds: 45, stageTrouble: true },
      circuit: { failures: 1, open: { cause: 'stage', saw: 'field-unknown' } },
    },
    { failure: new TransientFailure('server-error', 'no'), end: { code: 'server-error', seconds: 45 }, circuit: { failures: 1 } },
    { failure: new TransientFailure('throttled', 'no', { retryAfterSeconds: 200 }), end: { code: 'throttled', seconds: 200 } },
    { failure: new TransientFailure('conflict', 'no'), end: { code: 'conflict', seconds: 45 } },
    { failure: new Blocked('paused', 'no', { retryAfterSeconds: 100 }), end: { code: 'paused', seconds: 100 } },
    { failure: new Contended('the event'), end: { code: 'contended', seconds: 2 } },
    { failure: new PermanentFailure('not-allowed', 'no'), end: { code: 'refused', seconds: 300 } },
  ])('for trouble, and tells the circuit what others must know: $failure', async ({ failure, end, circuit }) => {
    const desk = await aLeaver();

    expect(await orLater(() => Promise.reject(failure), desk)).toEqual({ kind: 'wait', entry: undefined, ...end });
    const noted = (await desk.ledger.readRecord('stage/circuit', circuitRecord))?.value;
    if (circuit === undefined) expect(noted).toBeUndefined();
    else expect(noted).toMatchObject(circuit);
    expect(await statusOf(desk, leaver.eventId)).toBe('deactivated');
  });

  it('for nothing that is a mistake of ours', async () => {
    await expect(orLater(() => Promise.reject(new TypeError('a mistake')), await aLeaver())).rejects.toThrow('a mistake');
  });

  it('while the circuit is open, without a call and without the probe', async () => {
    const desk = await aLeaver();
    const { read } = desk.directory;
    desk.directory.read = async () => {
      throw new CredentialFailure('rejected', 'no');
    };
    await look(desk);
    desk.directory.read = read;
    const before = await desk.ledger.readRecord('stage/circuit', circuitRecord);
    const { calls } = desk.directory;

    expect(await look(desk)).toMatchObject({ kind: 'wait', code: 'circuit-open' });
    expect(desk.directory.calls).toBe(calls);
    desk.now += 10 * MINUTE;
    await look(desk);
    expect(await desk.ledger.readRecord('stage/circuit', circuitRecord)).toEqual(before);
  });
});

describe('an order on an event whose user came back', () => {
  async function returned(rules = {}): Promise<TestDesk> {
    const desk = aDesk({ users: aDirectory(ANA), rules });
    await untilSettled(desk, leaver);
    desk.now += HOUR;
    comeBack(desk);
    await look(desk);
    return desk;
  }
  const again = async (desk: TestDesk) => untilSettled(desk, { kind: 'replay', ...(await seenBy(desk, REF)), reason: 'sync' });

  it('deactivates again, with a write and a watch of its own', async () => {
    const desk = await returned();
    takeWatch(desk);
    await again(desk);

    expect(await statusOf(desk, leaver.eventId)).toBe('deactivated');
    expect(desk.directory.writes).toHaveLength(2);
    expect((await desk.ledger.readEntry(REF))?.history.map(({ to, by }) => `${to} ${by}`).slice(-3)).toEqual([
      'returned worker',
      'processing ops-person',
      'deactivated worker',
    ]);
    expect(since(desk.now, await looks(desk))).toEqual([HOUR, DAY, 7 * DAY]);
  });

  it.each([
    ['the brake', { brake: { perHour: 0 } }, 'brake'],
    ['the protected list', { protected: [ANA.id] }, 'protected'],
  ])('passes every guard first: %s', async (_, rules, guard) => {
    const desk = await returned();
    desk.policy = aDesk({ users: [], rules }).policy;
    desk.now += 2 * DAY;
    await again(desk);

    expect(await desk.ledger.readEntry(REF)).toMatchObject({ status: 'held', hold: { guard } });
    expect(desk.directory.writes).toHaveLength(1);
  });

  it('is cancelled by a rescission that HR sends meanwhile, and the rescission is for a person', async () => {
    const desk = await returned();
    const rescission = anArrival(aRescission({ employee: EMPLOYEE }), { receivedAt: '2026-11-24T14:00:00.000Z', eventId: 'r' });
    await untilSettled(desk, rescission);

    expect(await desk.ledger.readEntry(REF)).toMatchObject({ status: 'accepted', reason: 'rescinded' });
    expect(await statusOf(desk, 'r')).toBe('held');
  });

  it('is not obeyed for an event that changed since', async () => {
    const desk = await returned();
    const seen = await seenBy(desk, REF);
    await untilSettled(desk, { kind: 'replay', ...seen, entryVersion: seen.entryVersion - 1 });

    expect(await statusOf(desk, leaver.eventId)).toBe('returned');
  });
});

describe('an event whose user came back, and whose person leaves again before anybody has decided,', () => {
  const byDate = { effective: { date: '2026-11-20', timeZone: 'UTC' } };
  const atOnce = {};
  const SECOND = { source: 'acme-hr', eventId: 'evt-2' };
  const second = (event: Parameters<typeof aTermination>[0] = {}, changes: { source?: string } = {}) =>
    anArrival(
      aTermination({
        employee: EMPLOYEE,
        occurredAt: '2026-12-01T12:00:00Z',
        effective: { date: '2026-12-02', timeZone: 'UTC' },
        ...event,
      }),
      { receivedAt: '2026-12-03T12:00:00.000Z', eventId: 'evt-2', ...changes },
    );

  /** A desk at which Ana's event waits for a person, and HR has ended her again. */
  async function leftAgain({ first = atOnce }: { first?: object } = {}): Promise<TestDesk> {
    const desk = aDesk({ users: aDirectory(ANA) });
    await untilSettled(desk, anArrival(aTermination({ employee: EMPLOYEE, occurredAt: '2026-11-24T11:00:00Z', ...first })));
    desk.now += HOUR;
    comeBack(desk);
    await look(desk);
    desk.now = toMillis('2026-12-03T12:00:00.000Z');
    return desk;
  }
  const ends = async (desk: TestDesk) => [await statusOf(desk, leaver.eventId), await statusOf(desk, 'evt-2')];

  it.each([
    ['at once', atOnce],
    ['on a day', byDate],
  ])('is answered by the event that deactivates the user again; the first was for them to leave %s', async (_, first) => {
    const desk = await leftAgain({ first });
    await untilSettled(desk, second());

    expect(await ends(desk)).toEqual(['accepted', 'deactivated']);
    const { reason, history } = (await desk.ledger.readEntry(REF)) ?? {};
    expect(reason).toBe('superseded');
    expect(history?.at(-1)?.why).toBe('user 00000000000000000000000000000001 has no access again, by event evt-2 of acme-hr');
    expect(desk.directory.writes.filter(({ changed }) => changed)).toHaveLength(2);
  });

  it.each([
    ['somebody deactivated the user by hand meanwhile', 'already-inactive'],
    ['the worker died at the write', 'deactivated'],
  ])('is answered as well if %s', async (what, status) => {
    const desk = await leftAgain();
    const { deactivate } = desk.directory;
    const closed = desk.directory.users.get(ANA.id);
    if (status === 'already-inactive' && closed !== undefined) closed.isActive = false;
    if (status === 'deactivated') {
      desk.directory.deactivate = async (userId) => {
        desk.directory.deactivate = deactivate;
        await deactivate.call(desk.directory, userId);
        throw new Error(what);
      };
      await expect(untilSettled(desk, second())).rejects.toThrow(what);
    }
    await untilSettled(desk, second());

    expect(await ends(desk)).toEqual(['accepted', status]);
  });

  it('still waits for a person if the second event has another account', async () => {
    const desk = await leftAgain();
    const other = { ...ANA, id: guid(2), emailAddr: 'ana.silva@acme.test', extRefID: '10042', isActive: true };
    desk.directory.users.set(guid(2), aUser(other));
    const back = desk.directory.users.get(ANA.id);
    if (back !== undefined) Object.assign(back, { extRefID: '', emailAddr: 'ana@elsewhere.test' });
    await untilSettled(desk, second({ employee: { employeeNumber: '10042' } }));
    const { hold, ...seen } = { hold: (await desk.ledger.readEntry(SECOND))?.hold, ...(await seenBy(desk, SECOND)) };
    await untilSettled(desk, { kind: 'release', ...seen, guard: hold?.guard ?? 'none', userId: guid(2) });

    expect(await ends(desk)).toEqual(['returned', 'deactivated']);
  });

  it('still waits for a person if another source says it, which may mean somebody else', async () => {
    const desk = await leftAgain();
    await untilSettled(desk, second({}, { source: 'payroll' }));

    expect(await statusOf(desk, leaver.eventId)).toBe('returned');
  });

  it('is left to whoever undoes it at that moment', async () => {
    const desk = await leftAgain();
    const { deactivate } = desk.directory;
    desk.directory.deactivate = async (userId) => {
      const entry = await desk.ledger.readEntry(REF);
      if (entry !== undefined) await desk.ledger.writeEntry({ ...entry, lease: { owner: 'worker-2', until: '2026-12-03T12:01:00.000Z' } });
      return deactivate.call(desk.directory, userId);
    };
    await untilSettled(desk, second());

    expect(await ends(desk)).toEqual(['returned', 'deactivated']);
  });
});

describe('an order to act at once that could not be carried out', () => {
  it('stands, although a later termination deactivates the user', async () => {
    const desk = aDesk({ users: aDirectory(ANA) });
    const { deactivate } = desk.directory;
    desk.directory.deactivate = async () => {
      throw new PermanentFailure('refused', 'no');
    };
    await untilSettled(desk, leaver);
    desk.directory.deactivate = deactivate;
    desk.now = toMillis('2026-12-03T12:00:00.000Z');
    const later = aTermination({ employee: EMPLOYEE, effective: { date: '2026-12-02', timeZone: 'UTC' } });
    await untilSettled(desk, anArrival(later, { receivedAt: '2026-12-03T12:00:00.000Z', eventId: 'evt-2' }));

    expect([await statusOf(desk, leaver.eventId), await statusOf(desk, 'evt-2')]).toEqual(['failed', 'deactivated']);
  });
});
