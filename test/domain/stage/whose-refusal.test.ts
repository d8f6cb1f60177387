import { describe, expect, it } from '@jest/globals';
import type { LeaverMessage } from '../../../lambda/domain/event/leaver-message.ts';
import { Contended, PermanentFailure, StageFailure } from '../../../lambda/domain/failures.ts';
import { STAGE_KEYS } from '../../../lambda/domain/stage/shared-record.ts';
import { whoseRefusal } from '../../../lambda/domain/stage/whose-refusal.ts';
import { MINUTE, SECOND, toInstant } from '../../../lambda/domain/time/time.ts';
import { aDirectory, anArrival, aTermination, guid } from '../../support/builders.ts';
import { anEntry } from '../../support/entries.ts';
import { aDesk, type TestDesk } from '../../support/in-memory-desk.ts';
import { seenBy, work } from '../../support/working.ts';

const NUMBERS = [1, 2, 3, 4, 5];
const mail = (number: number) => `leaver${number}@acme.test`;
const ref = (number: number) => ({ source: 'acme-hr', eventId: `evt-${number}` });
const leaver = (number: number) => anArrival(aTermination({ employee: { email: mail(number) } }), { eventId: `evt-${number}` });

function newDesk(user: (number: number) => object = () => ({})): TestDesk {
  const users = NUMBERS.map((number) => ({ id: guid(number), emailAddr: mail(number), extRefID: undefined, ...user(number) }));
  return aDesk({ users: aDirectory(...users), rules: { holdAdministrators: false } });
}

/** Workfront refuses the writes of these users, or of all. @returns how often it was asked to write */
function refusing({ directory }: TestDesk, refuses: { code?: string; users: number[] | 'all' }): { writes: number } {
  const { deactivate } = directory;
  const asked = { writes: 0 };
  directory.deactivate = async (userId) => {
    asked.writes += 1;
    const { code = 'forbidden', users } = refuses;
    if (users !== 'all' && !users.some((number) => guid(number) === userId)) return deactivate.call(directory, userId);
    throw new PermanentFailure(code, 'expected the user to become inactive, got status 403; give the right');
  };
  return asked;
}

/** Plays the queue: every message that waits comes again when its time has come. */
function queueOf(desk: TestDesk, ...messages: LeaverMessage[]) {
  let turns = 0;
  const waiting = messages.map((message) => ({ message, at: desk.now }));
  const next = () => waiting.sort((one, other) => one.at - other.at)[0];
  return {
    add: (message: LeaverMessage) => waiting.push({ message, at: desk.now }),
    async playFor(millis: number) {
      const until = desk.now + millis;
      for (let first = next(); first !== undefined && first.at <= until; first = next()) {
        waiting.shift();
        desk.now = Math.max(desk.now, first.at);
        const end = await work(first.message, desk, `worker-${turns++}`);
        if (end.kind === 'wait') waiting.push({ message: first.message, at: desk.now + end.seconds * SECOND });
        for (const { ref: due, at } of [...desk.schedules.due.values()]) {
          await desk.schedules.remove(due);
          waiting.push({ message: { kind: 'due', ...due }, at: Date.parse(at) });
        }
      }
      desk.now = until;
    },
  };
}

const entryOf = ({ ledger }: TestDesk, number: number) => ledger.entries.get(`acme-hr/evt-${number}`);
const statuses = (desk: TestDesk) =>
  NUMBERS.map((number) => entryOf(desk, number)).map((entry) => entry && [entry.status, entry.reason].filter(Boolean).join(' '));
const circuitOf = ({ ledger }: TestDesk) => ledger.records.get(STAGE_KEYS.circuit)?.value;
const failedOnce = (desk: TestDesk) => NUMBERS.filter((number) => entryOf(desk, number)?.history.some(({ to }) => to === 'failed'));

describe('a write that Workfront refuses', () => {
  it('fails one leaver alone, a moment later, with what Workfront said', async () => {
    const desk = newDesk();
    const asked = refusing(desk, { users: [1] });
    const queue = queueOf(desk, leaver(1));

    await queue.playFor(7 * SECOND);
    expect(entryOf(desk, 1)).toMatchObject({ status: 'processing', waiting: { code: 'forbidden' } });
    expect(entryOf(desk, 1)?.intent).toBeUndefined();
    expect(circuitOf(desk)).not.toHaveProperty('open');
    await queue.playFor(10 * SECOND);

    expect(entryOf(desk, 1)).toMatchObject({ status: 'failed', reason: 'forbidden', workfrontUserId: guid(1) });
    expect(entryOf(desk, 1)?.history.at(-1)?.why).toMatch(/got status 403; give the right$/);
    expect(entryOf(desk, 1)?.intent).toBeUndefined();
    expect(asked.writes).toBe(3);
  });

  it('fails those alone who are refused while others are not', async () => {
    const desk = newDesk();
    refusing(desk, { users: [2] });

    await queueOf(desk, ...NUMBERS.map(leaver)).playFor(MINUTE);

    expect(statuses(desk)).toEqual(['deactivated', 'failed forbidden', 'deactivated', 'deactivated', 'deactivated']);
    expect(circuitOf(desk)).toMatchObject({ failures: 0, refusals: [{ userId: guid(2), alone: true }] });
  });

  it('goes on by itself where the right is given within the moment', async () => {
    const desk = newDesk();
    const refuses = { users: [1] };
    refusing(desk, refuses);
    const queue = queueOf(desk, leaver(1));
    await queue.playFor(5 * SECOND);

    refuses.users = [];
    await queue.playFor(10 * SECOND);

    expect(statuses(desk)[0]).toBe('deactivated');
  });

  it('is the stage’s trouble where three users are refused: nobody fails, and all go on within five minutes of the repair', async () => {
    const desk = newDesk();
    const refuses: { users: number[] | 'all' } = { users: 'all' };
    const asked = refusing(desk, refuses);
    const queue = queueOf(desk, ...NUMBERS.map(leaver));

    await queue.playFor(12 * 60 * MINUTE);
    expect(failedOnce(desk)).toEqual([]);
    expect(circuitOf(desk)).toMatchObject({
      open: { cause: 'stage', saw: 'forbidden', endedBy: 'write', since: toInstant(Date.parse('2026-11-24T12:00:00Z')) },
    });
    expect(asked.writes).toBeLessThan(12 * 40 + 20);
    refuses.users = [];
    await queue.playFor(5 * MINUTE);

    expect(statuses(desk)).toEqual(NUMBERS.map(() => 'deactivated'));
    expect(circuitOf(desk)).not.toHaveProperty('open');
    expect(failedOnce(desk)).toEqual([]);
  });

  it('says so in every wait, so that one alarm rings', async () => {
    const desk = newDesk();
    refusing(desk, { users: 'all' });
    for (const number of [1, 2]) expect(await work(leaver(number), desk)).not.toHaveProperty('stageTrouble');
    for (const number of [1, 2]) expect(entryOf(desk, number)?.waiting).not.toHaveProperty('untilRepaired');

    expect(await work(leaver(3), desk)).toMatchObject({ kind: 'wait', code: 'forbidden', stageTrouble: true });
    expect(await work(leaver(4), desk)).toMatchObject({ kind: 'wait', code: 'circuit-open', stageTrouble: true });
    expect(entryOf(desk, 3)?.waiting).toMatchObject({ untilRepaired: true });
    expect(entryOf(desk, 4)?.waiting).toMatchObject({ saw: 'forbidden', untilRepaired: true });
  });

  it('takes up again who failed before the third was refused, and everybody is done after the repair', async () => {
    const desk = newDesk((number) => ({ isAdmin: number === 2 }));
    const refuses: { users: number[] | 'all' } = { users: 'all' };
    refusing(desk, refuses);
    const queue = queueOf(desk, leaver(1));
    await queue.playFor(20 * MINUTE);
    queue.add(leaver(2));
    await queue.playFor(20 * MINUTE);
    expect(statuses(desk).slice(0, 2)).toEqual(['failed forbidden', 'failed main-administrator']);

    queue.add(leaver(3));
    await queue.playFor(MINUTE);
    expect(statuses(desk).slice(0, 3)).toEqual(['processing', 'processing', 'processing']);
    expect(entryOf(desk, 1)?.history.at(-1)).toMatchObject({
      by: 'worker',
      why: 'taken up again: Workfront refuses others too (forbidden)',
    });
    refuses.users = [];
    await queue.playFor(5 * MINUTE);

    expect(statuses(desk).slice(0, 3)).toEqual(['deactivated', 'deactivated', 'deactivated']);
  });

  it.each([
    { what: 'a person cancelled', change: { status: 'cancelled', reason: 'operator' } },
    { what: 'a person cancelled after it had failed', change: { status: 'cancelled', reason: 'forbidden' } },
    { what: 'failed for another reason', change: { status: 'failed', reason: 'too-long' } },
    { what: 'failed without a reason', change: { status: 'failed', reason: undefined } },
  ] as const)('leaves alone what $what meanwhile', async ({ change }) => {
    const desk = newDesk();
    refusing(desk, { users: 'all' });
    const queue = queueOf(desk, leaver(1));
    await queue.playFor(20 * MINUTE);
    const entry = await desk.ledger.readEntry(ref(1));
    if (entry === undefined) throw new Error('no entry');
    await desk.ledger.writeEntry({ ...entry, ...change });

    queue.add(leaver(2));
    queue.add(leaver(3));
    await queue.playFor(MINUTE);

    expect(entryOf(desk, 1)).toMatchObject(change);
  });

  it('has a message for later before it is taken up again, should the worker die meanwhile', async () => {
    const desk = newDesk();
    refusing(desk, { users: 'all' });
    await queueOf(desk, leaver(1)).playFor(20 * MINUTE);
    await work(leaver(2), desk);
    const { writeEntry } = desk.ledger;
    desk.ledger.writeEntry = (entry) => {
      if (entry.eventId === 'evt-1') return Promise.reject(new Error('the process ended'));
      return writeEntry.call(desk.ledger, entry) as Promise<typeof entry>;
    };

    await expect(work(leaver(3), desk)).rejects.toThrow('the process ended');

    expect([...desk.schedules.due.values()]).toEqual([{ ref: ref(1), at: toInstant(desk.now + 5 * MINUTE) }]);
  });

  it('leaves to an operator what the operator has just taken up', async () => {
    const desk = newDesk();
    const asked = refusing(desk, { users: 'all' });
    const queue = queueOf(desk, leaver(1));
    await queue.playFor(20 * MINUTE);
    const { set } = desk.schedules;
    const scheduled: string[] = [];
    desk.schedules.set = async (event, at) => {
      scheduled.push(at);
      await set.call(desk.schedules, event, at);
      if (scheduled.length === 1) await work({ kind: 'replay', ...(await seenBy(desk, ref(1))) }, desk, 'another');
    };

    await work(leaver(2), desk);
    const before = asked.writes;
    expect(await work(leaver(3), desk)).toMatchObject({ stageTrouble: true });

    expect(entryOf(desk, 1)?.history.filter(({ from }) => from === 'failed')).toMatchObject([{ by: 'ops-person' }]);
    expect(scheduled).toHaveLength(1);
    // Its own: the operator's replay finds the circuit open.
    expect(asked.writes - before).toBe(1);
  });

  it('lets through who needs no write, while every write is refused', async () => {
    const desk = newDesk();
    refusing(desk, { users: 'all' });
    const nobody = [11, 12, 13, 14].map(leaver);
    const queue = queueOf(desk, ...NUMBERS.map(leaver));
    await queue.playFor(10 * SECOND);

    for (const one of nobody) queue.add(one);
    await queue.playFor(12 * MINUTE);

    expect([11, 12, 13, 14].map((number) => entryOf(desk, number)?.status)).toEqual(nobody.map(() => 'no-account'));
    expect(circuitOf(desk)).toMatchObject({ open: { endedBy: 'write' } });
  });

  it('of a user who is gone since the search looks again, and finds nobody', async () => {
    const desk = newDesk();
    const { directory } = desk;
    directory.deactivate = async (userId) => {
      directory.users.delete(userId);
      throw new PermanentFailure('user-not-found', 'expected the user to become inactive, got status 404; check it');
    };

    await queueOf(desk, leaver(1)).playFor(10 * SECOND);

    expect(statuses(desk)[0]).toBe('no-account');
  });

  it('that a stale read does not show is seen later, and is not written again', async () => {
    const desk = newDesk();
    let writes = 0;
    desk.directory.deactivate = async (userId) => {
      writes += 1;
      Object.assign(desk.directory.users.get(userId) ?? {}, { isActive: false });
      throw new PermanentFailure('not-confirmed', 'expected the user to be inactive, got a success that does not show it; look');
    };
    const queue = queueOf(desk, leaver(1));

    await queue.playFor(SECOND);
    expect(entryOf(desk, 1)).toMatchObject({ status: 'processing', intent: { userId: guid(1) }, waiting: { code: 'not-confirmed' } });
    await queue.playFor(10 * SECOND);

    expect(statuses(desk)[0]).toBe('deactivated');
    expect(writes).toBe(1);
  });

  it('and that stays in doubt fails, with its intent for whoever looks', async () => {
    const desk = newDesk();
    refusing(desk, { code: 'not-confirmed', users: [1] });

    await queueOf(desk, leaver(1)).playFor(MINUTE);

    expect(entryOf(desk, 1)).toMatchObject({ status: 'failed', reason: 'not-confirmed', intent: { userId: guid(1) } });
  });

  it.each([
    { what: 'an administrator', isAdmin: true, seesEverybody: true, code: 'refused', reason: 'main-administrator' },
    { what: 'an administrator, by a credential of less', isAdmin: true, seesEverybody: false, code: 'forbidden', reason: 'forbidden' },
    { what: 'anybody else', isAdmin: false, seesEverybody: true, code: 'forbidden', reason: 'forbidden' },
    { what: 'an administrator who is gone', isAdmin: true, seesEverybody: true, code: 'user-not-found', reason: 'user-not-found' },
    { what: 'an administrator, in doubt', isAdmin: true, seesEverybody: true, code: 'not-confirmed', reason: 'not-confirmed' },
  ])('of $what is $reason', async ({ isAdmin, seesEverybody, code, reason }) => {
    const desk = newDesk((number) => ({ isAdmin: number === 1 && isAdmin }));
    refusing(desk, { code, users: [1] });
    const { owner } = desk.directory;
    desk.directory.owner = async () => ({ ...(await owner.call(desk.directory)), seesEverybody });

    await queueOf(desk, leaver(1)).playFor(MINUTE);

    expect(entryOf(desk, 1)).toMatchObject({ status: 'failed', reason });
    const why = entryOf(desk, 1)?.history.at(-1)?.why;
    if (reason === 'main-administrator') {
      expect(why).toBe(
        'expected the user to become inactive, got status 403 for a system administrator; no right helps with the main administrator: set another Admin Email (Setup > System > Customer Info), then replay',
      );
    }
  });
});

describe('whose trouble a refusal is', () => {
  const forbidden = new PermanentFailure('forbidden', 'expected users, got status 403; give the right');
  const refused = (number: number, desk: TestDesk) => whoseRefusal(anEntry(aTermination(), ref(number)), forbidden, desk);

  it('is the stage’s with the third event, also if no user of theirs is known and the ledger has lost them', async () => {
    const desk = newDesk();

    expect([await refused(1, desk), await refused(2, desk), await refused(3, desk)]).toEqual(['waits', 'waits', 'stage']);
  });

  it('is known also if somebody else has just decided about an event that failed of it', async () => {
    const desk = newDesk();
    await desk.ledger.writeEntry(anEntry(aTermination(), { ...ref(1), status: 'failed', reason: 'forbidden' }));
    for (const number of [1, 2]) await refused(number, desk);
    desk.ledger.writeEntry = () => Promise.reject(new Contended('event acme-hr/evt-1'));

    expect(await refused(3, desk)).toBe('stage');
  });
});

describe('trouble of the stage at a search', () => {
  it('keeps every event, says so, and lets all go on within five minutes of the repair', async () => {
    const desk = newDesk();
    const { find } = desk.directory;
    desk.directory.find = () => Promise.reject(new StageFailure('redirected', 'expected users, got status 302; check the base URL'));
    expect(await work(leaver(1), desk)).toMatchObject({ kind: 'wait', code: 'redirected', stageTrouble: true });
    expect(entryOf(desk, 1)?.waiting).toMatchObject({ untilRepaired: true });
    const queue = queueOf(desk, ...NUMBERS.map(leaver));

    await queue.playFor(20 * 60 * MINUTE);
    expect(failedOnce(desk)).toEqual([]);
    expect(circuitOf(desk)).toMatchObject({ open: { cause: 'stage', saw: 'redirected', since: '2026-11-24T12:00:00.000Z' } });
    desk.directory.find = find;
    await queue.playFor(5 * MINUTE);

    expect(statuses(desk)).toEqual(NUMBERS.map(() => 'deactivated'));
    expect(circuitOf(desk)).toEqual({ failures: 0 });
  });

  it('just before the write takes nothing of what was written down', async () => {
    const desk = newDesk();
    const { deactivate } = desk.directory;
    desk.directory.deactivate = () =>
      Promise.reject(new StageFailure('redirected', 'expected the user, got status 302; check the base URL'));
    const queue = queueOf(desk, leaver(1));

    await queue.playFor(MINUTE);
    expect(entryOf(desk, 1)).toMatchObject({ status: 'processing' });
    expect(entryOf(desk, 1)?.intent).toBeUndefined();
    desk.directory.deactivate = deactivate;
    await queue.playFor(5 * MINUTE);

    expect(statuses(desk)[0]).toBe('deactivated');
  });
});
