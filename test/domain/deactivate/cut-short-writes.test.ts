import { describe, expect, it } from '@jest/globals';
import { handleMessage } from '../../../lambda/domain/deactivate/handle-message.ts';
import { PermanentFailure } from '../../../lambda/domain/failures.ts';
import type { HrRecord } from '../../../lambda/domain/ports.ts';
import { takeBrakePlace } from '../../../lambda/domain/stage/brake-place.ts';
import { MINUTE, SECOND } from '../../../lambda/domain/time/time.ts';
import { aDirectory, anArrival, aRescission, aTermination, CUSTOMER, guid } from '../../support/builders.ts';
import { aDesk, type TestDesk } from '../../support/in-memory-desk.ts';
import { moveTo, untilSettled, work } from '../../support/working.ts';

const newDesk = () => aDesk({ users: aDirectory({ id: guid(1) }) });
const entryOf = (desk: TestDesk) => desk.ledger.entries.get('acme-hr/evt-1');

/** Works on the termination until the process ends at the write: before it takes effect, or after. */
async function diesAt(desk: TestDesk, when: 'before' | 'after', event = aTermination()): Promise<void> {
  const { deactivate } = desk.directory;
  desk.directory.deactivate = async (userId) => {
    desk.directory.deactivate = deactivate;
    if (when === 'after') await deactivate.call(desk.directory, userId);
    throw new Error('the process ended');
  };
  await expect(work(anArrival(event), desk, 'worker-1')).rejects.toThrow('the process ended');
}

describe('a termination whose worker died at the write', () => {
  it('is taken up at once by the same worker', async () => {
    const desk = newDesk();
    await diesAt(desk, 'before');

    expect(await work(anArrival(aTermination()), desk, 'worker-1')).toMatchObject({ kind: 'settled', entry: { status: 'deactivated' } });
    expect(desk.directory.writes).toEqual([{ userId: guid(1), changed: true }]);
  });

  it('is not written twice, and says what proves it', async () => {
    const desk = newDesk();
    await diesAt(desk, 'after');
    desk.now += MINUTE;

    await work(anArrival(aTermination()), desk, 'worker-2');

    expect(entryOf(desk)).toMatchObject({ status: 'deactivated', workfrontUserId: guid(1) });
    expect(entryOf(desk)?.history.at(-1)?.why).toBe(
      `user ${guid(1)} is inactive after a write at 2026-11-24T12:00:00.000Z that was cut short; Workfront shows isActive false when read again`,
    );
    expect(desk.directory.writes).toHaveLength(1);
    expect(entryOf(desk)?.intent).toBeUndefined();
  });

  it('is for a person if other active users match by then, unless one chose already', async () => {
    const desk = aDesk({
      users: aDirectory({ id: guid(1) }, { id: guid(2), emailAddr: 'x@acme.test' }, { id: guid(3), emailAddr: 'y@acme.test' }),
    });
    await diesAt(desk, 'after');
    for (const id of [2, 3]) Object.assign(desk.directory.users.get(guid(id)) ?? {}, { emailAddr: 'ana@acme.test' });
    desk.now += MINUTE;

    await work(anArrival(aTermination()), desk, 'worker-2');

    expect(entryOf(desk)?.hold).toEqual({
      guard: 'ambiguous',
      saw: `user ${guid(1)} is inactive after a write that was cut short, and now user ${guid(2)}, ${guid(3)} matches`,
      releasing: 'needs --user GUID: the one deactivated before, or the one to deactivate',
      of: guid(1),
    });
    expect(entryOf(desk)).toMatchObject({ status: 'held', intent: { userId: guid(1) }, kept: [guid(1)] });

    const order = { source: 'acme-hr', eventId: 'evt-1', entryVersion: entryOf(desk)?.version ?? 0, by: 'ops-person', userId: guid(1) };
    await work({ kind: 'release', ...order, guard: 'ambiguous' }, desk, 'worker-3');
    expect(entryOf(desk)).toMatchObject({ status: 'deactivated', workfrontUserId: guid(1) });
    expect(desk.directory.writes).toHaveLength(1);
  });

  it('is deactivated if the search still shows the user as active: that is no other user', async () => {
    const desk = newDesk();
    await diesAt(desk, 'after');
    const { find } = desk.directory;
    desk.directory.find = async (keys) => (await find.call(desk.directory, keys)).map((user) => ({ ...user, isActive: true }));
    desk.now += MINUTE;

    await work(anArrival(aTermination()), desk, 'worker-2');

    expect(entryOf(desk)).toMatchObject({ status: 'deactivated', workfrontUserId: guid(1) });
  });

  it('waits while the credential looks into another customer: what is seen there proves nothing', async () => {
    const desk = aDesk({ users: aDirectory({ id: guid(1) }), rules: { customerId: CUSTOMER } });
    await diesAt(desk, 'after');
    for (const user of desk.directory.users.values()) user.customerId = 'd'.repeat(32);
    desk.now += MINUTE;

    expect(await work(anArrival(aTermination()), desk, 'worker-2')).toMatchObject({ kind: 'wait', code: 'wrong-customer' });
    expect(entryOf(desk)?.waiting).toMatchObject({
      saw: `a write to Workfront was cut short, and the credential is of another customer than ${CUSTOMER}; set the right one`,
      untilRepaired: true,
    });
  });

  it('is its own work if the write takes effect just after it was looked up', async () => {
    const desk = newDesk();
    await diesAt(desk, 'before');
    desk.now += MINUTE;
    const { find, deactivate } = desk.directory;
    desk.directory.find = async (keys) => {
      await deactivate.call(desk.directory, guid(1));
      return find.call(desk.directory, keys);
    };

    await work(anArrival(aTermination()), desk, 'worker-2');

    expect(entryOf(desk)).toMatchObject({ status: 'deactivated', workfrontUserId: guid(1) });
  });

  it('lets what is known of the person expire, also if the answer to the last write was lost', async () => {
    const desk = newDesk();
    await work(anArrival(aTermination({ effective: { date: '2026-12-01' } })), desk);
    const { writeEntry } = desk.ledger;
    desk.ledger.writeEntry = async (entry) => {
      const written = await writeEntry.call(desk.ledger, entry);
      if (written.status === 'deactivated') throw new Error('no answer');
      return written as typeof entry;
    };

    await expect(moveTo(desk, '2026-12-03T00:00:00Z')).rejects.toThrow('no answer');
    await untilSettled(desk, { kind: 'due', source: 'acme-hr', eventId: 'evt-1' });

    expect(entryOf(desk)).toMatchObject({ status: 'deactivated' });
    const people = [...desk.ledger.records].filter(([key]) => key.startsWith('person/'));
    expect(people.length).toBeGreaterThan(0);
    for (const [, { value }] of people) expect(value).toMatchObject({ open: [] });
  });

  it('is counted by the brake, which finds out by itself what took effect', async () => {
    const desk = newDesk();
    const { writeEntry } = desk.ledger;
    desk.ledger.writeEntry = async (entry) => {
      const written = await writeEntry.call(desk.ledger, entry);
      if (written.status === 'deactivated') throw new Error('the process ended');
      return written as typeof entry;
    };
    await expect(work(anArrival(aTermination()), desk, 'worker-1')).rejects.toThrow('the process ended');
    expect(await work(anArrival(aTermination()), desk, 'worker-2')).toMatchObject({ kind: 'nothing-to-do' });

    const full = { ...desk, policy: { ...desk.policy, brake: { ...desk.policy.brake, perHour: 1 } } };
    expect(await takeBrakePlace({ source: 'acme-hr', eventId: 'evt-2' }, 200, full)).toMatch(/^1 deactivations in the last hour/);
    expect(desk.ledger.records.get('stage/brake')?.value).toMatchObject({ entries: [], settled: [desk.now / 1000] });
  });

  it('is deactivated by it, and not found inactive, if the write takes effect while the next turn looks for the user', async () => {
    const desk = newDesk();
    await diesAt(desk, 'before');
    desk.now += MINUTE;
    const { find } = desk.directory;
    desk.directory.find = async (keys) => {
      const user = desk.directory.users.get(guid(1));
      if (user !== undefined) user.isActive = false;
      return find.call(desk.directory, keys);
    };

    expect(await work(anArrival(aTermination()), desk, 'worker-2')).toMatchObject({
      kind: 'settled',
      entry: { status: 'deactivated', workfrontUserId: guid(1) },
    });
    expect(desk.ledger.records.get('stage/brake')?.value).toMatchObject({ entries: [{ event: 'acme-hr/evt-1' }] });
  });

  it.each([
    { what: 'another inactive user matches by then', other: { emailAddr: 'ana@acme.test' }, keep: 'ana@acme.test' },
    { what: 'nobody matches any more', other: {}, keep: 'gone@acme.test' },
  ])('is deactivated by it if the write takes effect while the next turn looks for the user, and $what', async ({ other, keep }) => {
    const desk = aDesk({ users: aDirectory({ id: guid(2), emailAddr: 'bo@acme.test' }, { id: guid(1) }) });
    await diesAt(desk, 'before');
    desk.now += MINUTE;
    const { find } = desk.directory;
    desk.directory.find = async (keys) => {
      Object.assign(desk.directory.users.get(guid(1)) ?? {}, { isActive: false, emailAddr: keep });
      Object.assign(desk.directory.users.get(guid(2)) ?? {}, { isActive: false, ...other });
      return find.call(desk.directory, keys);
    };

    expect(await work(anArrival(aTermination()), desk, 'worker-2')).toMatchObject({
      kind: 'settled',
      entry: { status: 'deactivated', workfrontUserId: guid(1) },
    });
  });

  it('keeps its place at the brake if the second turn stops before its write: the first may still take effect', async () => {
    const desk = newDesk();
    await diesAt(desk, 'before');
    desk.now += MINUTE;
    const { writeEntry } = desk.ledger;
    desk.ledger.writeEntry = (entry) => {
      const value = { paused: { at: '2026-11-24T12:01:00.000Z', by: 'ops-person', reason: 'cut-over' } };
      if (entry.intent?.at === '2026-11-24T12:01:00.000Z') desk.ledger.records.set('stage/pause', { value, version: 1 });
      return writeEntry.call(desk.ledger, entry) as Promise<typeof entry>;
    };

    expect(await work(anArrival(aTermination()), desk, 'worker-2')).toMatchObject({ kind: 'wait', code: 'paused' });
    expect(desk.ledger.records.get('stage/brake')?.value).toMatchObject({ entries: [{ event: 'acme-hr/evt-1', reserved: true }] });
  });

  it('is decided again if the user is no more', async () => {
    const desk = newDesk();
    await diesAt(desk, 'before');
    desk.directory.users.delete(guid(1));
    desk.now += MINUTE;

    await work(anArrival(aTermination()), desk, 'worker-2');

    expect(entryOf(desk)).toMatchObject({ status: 'no-account' });
  });

  it.each([
    { when: 'after', entry: { status: 'deactivated' } },
    { when: 'before', entry: { status: 'cancelled', reason: 'rescinded' } },
  ] as const)('and that HR took back since says what is true of the user: died $when it, $entry.status', async ({ when, entry }) => {
    const desk = newDesk();
    await diesAt(desk, when);
    await work(anArrival(aRescission(), { eventId: 'evt-r', receivedAt: '2026-11-24T12:00:01.000Z' }), desk);
    desk.now += 5 * MINUTE;

    expect(await work(anArrival(aTermination()), desk, 'worker-2')).toMatchObject({ entry });
  });

  it.each([
    {
      what: 'HR withdraws it',
      message: anArrival(aRescission(), { eventId: 'evt-r', receivedAt: '2026-11-24T12:00:01.000Z' }),
      event: aTermination(),
      status: 'cancelled',
    },
    { what: 'HR puts it off', message: undefined, event: aTermination({ effective: { date: '2026-11-20' } }), status: 'scheduled' },
  ])('gives its place at the brake to others if $what after that', async ({ message, event, status }) => {
    const desk = newDesk();
    await diesAt(desk, 'before', event);
    expect(desk.ledger.records.get('stage/brake')?.value).toMatchObject({ entries: [{ event: 'acme-hr/evt-1' }] });
    desk.now += 5 * MINUTE;
    if (message === undefined) desk.policy.dateMeans.offset = 'P20D';

    await work(message ?? anArrival(event), desk, 'worker-2');

    expect(entryOf(desk)).toMatchObject({ status });
    expect(desk.ledger.records.get('stage/brake')?.value).toMatchObject({ entries: [] });
  });

  it('and that HR withdrew since waits until the write cannot land any more', async () => {
    const desk = newDesk();
    await diesAt(desk, 'before');
    await work(anArrival(aRescission(), { eventId: 'evt-r', receivedAt: '2026-11-24T12:00:01.000Z' }), desk);
    desk.now += 2 * MINUTE;

    const wait = { kind: 'wait', code: 'write-under-way' };
    expect(await work(anArrival(aTermination()), desk, 'worker-2')).toMatchObject({ ...wait, seconds: 5 });
    expect(entryOf(desk)?.waiting?.saw).toBe('event evt-1 is being written');
    expect(await work(anArrival(aTermination()), desk, 'worker-2')).toMatchObject({ ...wait, seconds: 3 * 60 });
    desk.now += 3 * MINUTE - 1;
    expect(await work(anArrival(aTermination()), desk, 'worker-2')).toMatchObject(wait);
  });
});

describe('a termination that Workfront refuses after a write that nobody answered', () => {
  it('looks soon whether it is alone, and fails once the first write cannot take effect any more', async () => {
    const desk = newDesk();
    await diesAt(desk, 'before');
    desk.now += MINUTE;
    desk.directory.deactivate = async () => {
      throw new PermanentFailure('forbidden', 'Workfront refused the write');
    };
    const turn = () => work(anArrival(aTermination()), desk, 'worker-2');

    expect(await turn()).toMatchObject({ kind: 'wait', code: 'forbidden', seconds: 4 });
    desk.now += 10 * SECOND;
    expect(await turn()).toMatchObject({ kind: 'wait', code: 'forbidden', seconds: 3 * 60 + 50 });
    expect(entryOf(desk)).toMatchObject({ intent: { at: '2026-11-24T12:00:00.000Z' } });
    expect(entryOf(desk)?.waiting?.untilRepaired).toBeUndefined();
    desk.now += 3 * MINUTE + 50 * SECOND;
    expect(await turn()).toMatchObject({ kind: 'settled', entry: { status: 'failed', reason: 'forbidden' } });
    expect(entryOf(desk)?.intent).toBeUndefined();
  });
});

describe('a termination that HR perhaps withdrew, and whose worker died at the write', () => {
  const perhaps = anArrival(aRescission(), { source: 'payroll', eventId: 'evt-r', receivedAt: '2026-11-24T12:00:01.000Z' });
  const rescissionOf = ({ ledger }: TestDesk) => ledger.entries.get('payroll/evt-r');

  it('is for a person at once if the write took effect: who perhaps stays has lost their access', async () => {
    const desk = newDesk();
    await diesAt(desk, 'after');
    desk.now += MINUTE;

    await work(perhaps, desk, 'worker-2');

    const saw = `user ${guid(1)} was deactivated before HR withdrew the termination`;
    expect(rescissionOf(desk)).toMatchObject({ status: 'held', hold: { guard: 'rescinded-after-deactivation', saw } });
  });

  it('is for nobody if the write can take no effect any more, and is held at its next turn', async () => {
    const desk = newDesk();
    await diesAt(desk, 'before');
    desk.now += 5 * MINUTE;

    await work(perhaps, desk, 'worker-2');
    await work(anArrival(aTermination()), desk, 'worker-2');

    expect(rescissionOf(desk)).toMatchObject({ status: 'rescinded' });
    expect(entryOf(desk)).toMatchObject({ status: 'held', reason: 'perhaps-rescinded' });
    expect(desk.directory.writes).toEqual([]);
  });
});

describe('a worker that takes long to write', () => {
  const due = { ...aTermination({ effective: { date: '2026-11-20', timeZone: 'UTC' } }), occurredAt: '2026-11-24T11:00:00Z' };
  const received = { receivedAt: '2026-11-24T12:06:00.000Z' };

  it.each([
    { what: 'HR withdraws it', message: anArrival(aRescission(), { eventId: 'evt-2', ...received }) },
    { what: 'HR perhaps withdraws it', message: anArrival(aRescission(), { source: 'payroll', eventId: 'evt-2', ...received }) },
    {
      what: 'HR replaces it',
      message: anArrival({ ...aTermination(), occurredAt: '2026-11-24T11:30:00Z' }, { eventId: 'evt-2', ...received }),
    },
  ])('is left to end, for as long as it may run, if $what meanwhile', async ({ message }) => {
    const desk = newDesk();
    const { deactivate } = desk.directory;
    const meanwhile: unknown[] = [];
    desk.directory.deactivate = async (userId) => {
      desk.directory.deactivate = deactivate;
      desk.now += 6 * MINUTE;
      meanwhile.push(await work(message, desk, 'worker-2'));
      return deactivate.call(desk.directory, userId);
    };

    await handleMessage(anArrival(due), desk, { worker: 'worker-1', leaseUntil: desk.now + 15 * MINUTE });

    expect(meanwhile).toMatchObject([{ kind: 'wait', code: 'write-under-way', seconds: 5 }]);
    expect(entryOf(desk)).toMatchObject({ status: 'deactivated' });
  });
});

describe('a termination whose worker died at the write, and that is due later than it was', () => {
  const onDate = aTermination({ effective: { date: '2026-11-23', timeZone: 'UTC' }, employee: { email: 'ana@acme.test', sourceId: '7' } });
  const says = (date: string): HrRecord => ({
    employee: { sourceId: '7', email: 'ana@acme.test' },
    standing: 'employed',
    lastDay: { date, timeZone: 'UTC' },
    startedOn: undefined,
  });
  const aLaterOne = aTermination({ ...onDate, effective: { date: '2026-12-31', timeZone: 'UTC' }, occurredAt: '2026-11-24T12:30:00Z' });

  async function died(when: 'before' | 'after'): Promise<TestDesk> {
    const desk = aDesk({ users: aDirectory({ id: guid(1) }), lookUps: ['acme-hr'] });
    desk.hr.says.set('7', { ...says('2026-11-23'), standing: 'left' });
    await diesAt(desk, when, onDate);
    desk.now += MINUTE;
    return desk;
  }

  it.each([
    { what: 'HR says a later day', change: (desk: TestDesk) => desk.hr.says.set('7', says('2026-12-15')) },
    { what: 'the stage says what a date means', change: (desk: TestDesk) => (desk.policy.dateMeans.offset = 'P20D') },
  ])('as $what: is scheduled, and nothing is left of the write that did not happen', async ({ change }) => {
    const desk = await died('before');
    change(desk);
    expect(await work(anArrival(onDate), desk, 'worker-2')).toMatchObject({ kind: 'wait', code: 'write-under-way' });

    desk.now += 5 * MINUTE;
    await work(anArrival(onDate), desk, 'worker-2');
    expect(entryOf(desk)).toMatchObject({ status: 'scheduled' });
    expect(entryOf(desk)?.intent).toBeUndefined();

    await work(anArrival(aLaterOne, { eventId: 'evt-2', receivedAt: '2026-11-24T13:00:00.000Z' }), desk);
    Object.assign(desk.directory.users.get(guid(1)) ?? {}, { isActive: false });
    await moveTo(desk, '2026-12-20T00:00:00Z');
    expect(entryOf(desk)).toMatchObject({ status: 'cancelled', reason: 'superseded' });
  });

  it('as the stage says what a date means: is finished where the write happened', async () => {
    const desk = await died('after');
    desk.policy.dateMeans.offset = 'P20D';

    await work(anArrival(onDate), desk, 'worker-2');

    expect(entryOf(desk)).toMatchObject({ status: 'deactivated' });
  });
});
