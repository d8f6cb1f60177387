import { describe, expect, it } from '@jest/globals';
import { handleMessage } from '../../../lambda/domain/deactivate/handle-message.ts';
import type { LeaverMessage } from '../../../lambda/domain/event/leaver-message.ts';
import type { Hold } from '../../../lambda/domain/event/ledger-entry.ts';
import { Contended, CredentialFailure, PermanentFailure, TransientFailure } from '../../../lambda/domain/failures.ts';
import type { UserDirectory } from '../../../lambda/domain/ports.ts';
import { DAY, HOUR, MINUTE, SECOND } from '../../../lambda/domain/time/time.ts';
import { aDirectory, anArrival, aRescission, aTermination, guid } from '../../support/builders.ts';
import { aDesk, type TestDesk } from '../../support/in-memory-desk.ts';
import { seenBy, statusOf, untilSettled, work } from '../../support/working.ts';

const turn = { worker: 'worker-1', leaseUntil: Date.parse('2026-11-24T12:01:00Z') };
const ANA = { source: 'acme-hr', eventId: 'evt-1' };
const entryOf = (desk: TestDesk, eventId = 'evt-1') => desk.ledger.entries.get(`acme-hr/${eventId}`);
const newDesk = (rules = {}) => aDesk({ users: aDirectory({ id: guid(1), lastName: 'Silva' }), rules });

/** From now on Workfront fails like this, until the function returned is called. */
function failing(desk: TestDesk, failure: () => Error): () => void {
  const { find } = desk.directory;
  desk.directory.find = async () => {
    throw failure();
  };
  return () => {
    desk.directory.find = find;
  };
}

/** A directory in whose middle a worker's process ends. */
function neverAnswering({ directory }: TestDesk): UserDirectory {
  const ends = async () => {
    throw new Error('the process ended');
  };
  return {
    owner: () => directory.owner(),
    read: ends,
    find: ends,
    findByUsername: ends,
    activeAdministrators: ends,
    whoIsActive: ends,
    countActiveUsersMadeOn: ends,
    deactivate: ends,
    reactivate: ends,
  };
}

const timeout = (retryAfterSeconds?: number) => new TransientFailure('timeout', 'expected an answer, got none', { retryAfterSeconds });
const refused = () => new CredentialFailure('refused', 'expected the key to be taken, Workfront refused it');

/** Works on a message for so many milliseconds, as often as it wants to. @returns its last disposition */
async function workFor(desk: TestDesk, millis: number, message: LeaverMessage) {
  const end = desk.now + millis;
  for (let turns = 0; turns < 10_000; turns++) {
    const disposition = await work(message, desk);
    if (disposition.kind !== 'wait' || desk.now >= end) return disposition;
    desk.now += disposition.seconds * SECOND;
  }
  throw new Error('the message waits for ever');
}

describe('a termination', () => {
  it('deactivates the one user it names, with two calls', async () => {
    const desk = aDesk({ users: aDirectory({ id: guid(1) }) });

    const disposition = await handleMessage(anArrival(aTermination()), desk, turn);

    expect(disposition).toMatchObject({ kind: 'settled', entry: { status: 'deactivated', workfrontUserId: guid(1) } });
    expect(desk.directory.writes).toEqual([{ userId: guid(1), changed: true }]);
    expect(desk.directory.calls).toBe(2);
    expect(desk.ledger.entries.get('acme-hr/evt-1')?.history.map(({ to }) => to)).toEqual(['received', 'processing', 'deactivated']);
  });

  it('touches nobody else', async () => {
    const desk = newDesk();
    const before = structuredClone([...desk.directory.users.values()]);

    await untilSettled(desk, anArrival(aTermination()));

    const changed = [...desk.directory.users.values()].filter((user, index) => user.isActive !== before[index]?.isActive);
    expect(changed.map(({ id }) => id)).toEqual([guid(1)]);
  });
});

describe('the same event', () => {
  it('delivered 50 times at once ends in one outcome and one write', async () => {
    const desk = newDesk();
    const arrival = anArrival(aTermination());

    const first = await Promise.all(Array.from({ length: 50 }, (_, index) => work(arrival, desk, `worker-${index}`)));
    await Promise.all(first.map((disposition) => (disposition.kind === 'wait' ? untilSettled(desk, arrival) : undefined)));

    expect(desk.directory.writes).toEqual([{ userId: guid(1), changed: true }]);
    expect(entryOf(desk)?.history.map(({ to }) => to)).toEqual(['received', 'processing', 'deactivated']);
    expect(first.filter(({ kind }) => kind === 'settled')).toHaveLength(1);
  });

  it('delivered days later is known, and asks nothing of Workfront', async () => {
    const desk = newDesk();
    await untilSettled(desk, anArrival(aTermination()));
    const { calls } = desk.directory;
    Object.assign(desk.directory.users.get(guid(1)) ?? {}, { isActive: true });
    desk.now += 6 * DAY;

    const again = await work(anArrival(aTermination(), { receivedAt: '2026-11-30T12:00:00.000Z' }), desk);

    expect(again).toMatchObject({ kind: 'nothing-to-do', why: 'finished before: deactivated' });
    expect(desk.directory.calls).toBe(calls);
  });

  it('keeps the time of its first delivery', async () => {
    const desk = newDesk();
    const stop = failing(desk, timeout);
    await work(anArrival(aTermination()), desk);
    stop();

    await untilSettled(desk, anArrival(aTermination(), { receivedAt: '2026-11-24T13:00:00.000Z' }));

    expect(entryOf(desk)).toMatchObject({ receivedAt: '2026-11-24T12:00:00.000Z', effectiveAt: '2026-11-24T12:00:00.000Z' });
  });

  it('keeps the time of its first delivery, also if that is worked on last: what HR said in between withdraws it', async () => {
    const desk = newDesk();
    const leaving = (receivedAt: string) => anArrival(aTermination({ effective: { date: '2026-12-24' } }), { receivedAt });
    const back = anArrival(aRescission(), { eventId: 'evt-r', receivedAt: '2026-11-24T12:05:00.000Z' });
    await untilSettled(desk, leaving('2026-11-24T12:10:00.000Z'), back);
    expect(await statusOf(desk, 'evt-1')).toBe('scheduled');

    await untilSettled(desk, leaving('2026-11-24T12:00:00.000Z'));

    expect(entryOf(desk)).toMatchObject({ receivedAt: '2026-11-24T12:00:00.000Z', status: 'cancelled', reason: 'rescinded' });
  });
});

describe('a sign of life', () => {
  it('says that it cancels nothing', async () => {
    const desk = newDesk();

    await work(anArrival({ type: 'employee.sign_of_life', sign: 'hired', employee: { email: 'ana@acme.test' } }), desk);

    expect(entryOf(desk)?.history.at(-1)).toMatchObject({ to: 'noted', why: 'hired: holds what it reaches, cancels nothing' });
  });
});

describe('an id used again for something else', () => {
  const other = anArrival(aTermination({ employee: { email: 'other1@acme.test' } }));

  it('makes nobody vanish: the second event gets an id of its own', async () => {
    const desk = newDesk();

    await untilSettled(desk, anArrival(aTermination()), other, other);

    expect([...desk.ledger.entries.keys()]).toEqual(['acme-hr/evt-1', `acme-hr/evt-1~${other.digest.slice(0, 16)}`]);
    expect(desk.directory.writes.map(({ userId }) => userId)).toEqual([guid(1), guid(0xf001)]);
  });

  it('still makes an id that is short enough', async () => {
    const desk = newDesk();
    const eventId = 'x'.repeat(200);

    await untilSettled(desk, anArrival(aTermination(), { eventId }), { ...other, eventId });

    expect([...desk.ledger.entries.values()].map(({ eventId: id }) => id.length)).toEqual([200, 200]);
  });

  it('in the same moment, with a later time of HR, is another event, and waits trouble out as any other', async () => {
    const desk = newDesk();
    const { digest } = other;
    await untilSettled(desk, anArrival(aTermination({ occurredAt: '2026-11-24T11:00:30Z' }), { digest }));
    Object.assign(desk.directory.users.get(guid(1)) ?? {}, { isActive: true });
    const later = anArrival(aTermination({ occurredAt: '2026-11-24T11:59:30Z' }), { digest });
    const stop = failing(desk, timeout);
    expect(await work(later, desk)).toMatchObject({ kind: 'wait', code: 'timeout' });
    stop();

    await untilSettled(desk, later);

    expect(await statusOf(desk, 'evt-1~20261124120000000')).toBe('deactivated');
    expect(desk.directory.writes).toHaveLength(2);
  });

  it('of another source is another event', async () => {
    const desk = newDesk();

    await untilSettled(desk, anArrival(aTermination()), anArrival(aTermination(), { source: 'payroll' }));

    expect([await statusOf(desk, 'evt-1'), await statusOf(desk, 'evt-1', 'payroll')]).toEqual(['deactivated', 'already-inactive']);
  });
});

describe('a message', () => {
  it.each<{ message: LeaverMessage }>([
    { message: { kind: 'due', ...ANA } },
    { message: { kind: 'replay', ...ANA, entryVersion: 1, by: 'ops' } },
    { message: { kind: 'release', ...ANA, entryVersion: 1, guard: 'brake', by: 'ops' } },
  ])('of kind $message.kind for an event that nobody knows does nothing', async ({ message }) => {
    expect(await work(message, newDesk())).toEqual({ kind: 'nothing-to-do', entry: undefined, why: 'the ledger has no such event' });
  });

  it('goes back to the queue where other workers always write first', async () => {
    const desk = newDesk();
    const writeEntry = desk.ledger.writeEntry.bind(desk.ledger);
    desk.ledger.writeEntry = (entry) => writeEntry({ ...entry, version: entry.version + 1 });

    expect(await work(anArrival(aTermination()), desk)).toEqual({ kind: 'wait', entry: undefined, code: 'contended', seconds: 2 });
  });

  it.each([
    { times: 7, ends: { kind: 'settled', entry: { status: 'deactivated' } } },
    { times: 8, ends: { kind: 'wait', code: 'contended' } },
  ])('is decided again if another worker writes first $times times: $ends.kind', async ({ times, ends }) => {
    const desk = newDesk();
    const writeEntry = desk.ledger.writeEntry.bind(desk.ledger);
    let left = times;
    desk.ledger.writeEntry = async (entry) => {
      left -= 1;
      if (left >= 0) throw new Contended('event acme-hr/evt-1');
      return writeEntry(entry);
    };

    expect(await work(anArrival(aTermination()), desk)).toMatchObject(ends);
  });

  it('is written again by each turn that ends in a way that nobody foresaw: from the second write on it is listed among what waits', async () => {
    const desk = newDesk();
    desk.ledger.writeRecord = async () => {
      throw new Error('out of reach');
    };

    for (const version of [1, 2]) {
      await expect(handleMessage(anArrival(aTermination()), desk, turn)).rejects.toThrow('out of reach');
      expect(entryOf(desk)).toMatchObject({ status: 'received', version });
    }
  });

  it('says what went wrong first, if the ledger is out of reach from the last look on', async () => {
    const desk = newDesk();
    const { readTogether } = desk.ledger;
    let looks = 0;
    desk.ledger.readTogether = async (what) => {
      looks += 1;
      if (looks === 1) return readTogether.call(desk.ledger, what);
      desk.ledger.writeEntry = async () => {
        throw new Error('still out of reach');
      };
      throw new Error('out of reach in the last look');
    };

    await expect(work(anArrival(aTermination()), desk)).rejects.toThrow('out of reach in the last look');
  });

  it('is not lost to a mistake in the code or a ledger out of reach', async () => {
    const desk = newDesk();
    desk.ledger.writeEntry = async () => {
      throw new TypeError('x is not a function');
    };

    await expect(work(anArrival(aTermination()), desk)).rejects.toThrow(TypeError);
  });
});

/** A leaver whose name agrees: an address alone proves little a day after the event. */
const named = anArrival(aTermination({ employee: { email: 'ana@acme.test', familyName: 'Silva' } }));

describe('trouble', () => {
  it('is waited out, and the ledger shows what is waited for', async () => {
    const desk = newDesk();
    const stop = failing(desk, timeout);

    const first = await work(anArrival(aTermination()), desk);
    desk.now += 60 * SECOND;
    const second = await work(anArrival(aTermination()), desk);

    expect(first).toMatchObject({ kind: 'wait', code: 'timeout', seconds: 1 });
    expect(first).not.toHaveProperty('credentialTrouble');
    expect(second).toMatchObject({ kind: 'wait', code: 'timeout', seconds: 2 });
    expect(entryOf(desk)).toMatchObject({
      status: 'processing',
      waiting: {
        since: '2026-11-24T12:00:00.000Z',
        attempts: 2,
        until: '2026-11-24T12:01:02.000Z',
        code: 'timeout',
        saw: 'expected an answer, got none',
      },
    });
    expect(entryOf(desk)?.lease).toBeUndefined();
    stop();
    await untilSettled(desk, anArrival(aTermination()));
    expect(entryOf(desk)).toMatchObject({ status: 'deactivated' });
    expect(entryOf(desk)?.waiting).toBeUndefined();
  });

  it.each([
    { asked: 200, seconds: 200 },
    { asked: 86_400, seconds: 300 },
  ])('is waited out for the $asked seconds that Workfront asks, but for five minutes at a time', async ({ asked, seconds }) => {
    const desk = newDesk();
    failing(desk, () => timeout(asked));

    expect(await work(anArrival(aTermination()), desk)).toMatchObject({ kind: 'wait', seconds });
  });

  it('of a maintenance week-end of 40 hours fails no event', async () => {
    const desk = newDesk();
    const stop = failing(desk, timeout);

    const still = await workFor(desk, 40 * HOUR, named);
    stop();
    await untilSettled(desk, named);

    expect(still.kind).toBe('wait');
    expect(await statusOf(desk, 'evt-1')).toBe('deactivated');
  });

  it('that lasts beyond the limit of the stage fails the event, for a person to replay', async () => {
    const desk = newDesk({ waitLimitHours: 2 });
    const stop = failing(desk, timeout);

    const early = await workFor(desk, 1.9 * HOUR, anArrival(aTermination()));
    const late = await workFor(desk, HOUR, anArrival(aTermination()));

    expect(early.kind).toBe('wait');
    expect(late.entry).toMatchObject({ status: 'failed', reason: expect.stringMatching(/^gave-up-(timeout|circuit-open)$/) });
    expect(late.entry?.history.at(-1)?.why).toMatch(/^waited since 2026-11-24T12:00:00.000Z: /);
    stop();
    await untilSettled(desk, { kind: 'replay', ...(await seenBy(desk, ANA)) });
    expect(await statusOf(desk, 'evt-1')).toBe('deactivated');
  });

  it('is waited out up to the last moment of the limit, and no longer', async () => {
    const desk = newDesk({ waitLimitHours: 2 });
    failing(desk, timeout);
    await work(anArrival(aTermination()), desk);

    desk.now += 2 * HOUR;
    const last = await work(anArrival(aTermination()), desk);
    desk.now += 1;
    const over = await work(anArrival(aTermination()), desk);

    expect(last).toMatchObject({ kind: 'wait', code: 'timeout' });
    expect(over).toMatchObject({ kind: 'settled', entry: { status: 'failed', reason: 'gave-up-timeout' } });
  });

  it.each([
    { what: 'throttling', failure: () => new TransientFailure('throttled', 'expected an answer, got 429') },
    { what: 'a conflict', failure: () => new TransientFailure('conflict', 'expected to write, got 409') },
    { what: 'a fault of the event itself', failure: () => new PermanentFailure('too-long', 'expected a shorter address') },
  ])('that is $what says nothing of Workfront as a whole', async ({ failure }) => {
    const desk = newDesk();
    failing(desk, failure);

    for (let number = 0; number < 10; number++) await work(anArrival(aTermination(), { eventId: `evt-${number}` }), desk);

    expect(desk.ledger.records.has('stage/circuit')).toBe(false);
  });

  it('with the credential keeps the event waiting', async () => {
    const desk = newDesk({ waitLimitHours: 24 });
    const stop = failing(desk, refused);

    const first = await work(named, desk);
    const still = await workFor(desk, 2 * DAY, named);
    stop();
    await untilSettled(desk, named);

    expect(first).toMatchObject({ kind: 'wait', code: 'refused', credentialTrouble: true });
    expect(still).toMatchObject({ kind: 'wait' });
    expect(await statusOf(desk, 'evt-1')).toBe('deactivated');
  });

  it('of a pause is asked about ever less often, and never fails the event', async () => {
    const desk = newDesk({ waitLimitHours: 2 });
    await desk.ledger.writeRecord('stage/pause', {
      value: { paused: { at: '2026-11-24T11:00:00.000Z', by: 'ops-person', reason: 'cut-over' } },
      version: 0,
    });
    const seconds: number[] = [];

    for (let turns = 0; turns < 10; turns++) {
      const disposition = await work(anArrival(aTermination()), desk);
      if (disposition.kind === 'wait') seconds.push(disposition.seconds);
      desk.now += 3 * HOUR;
    }

    expect(seconds).toEqual([1, 2, 4, 8, 16, 32, 45, 45, 45, 45]);
    expect(desk.ledger.records.has('stage/circuit')).toBe(false);
  });

  it('that a pause follows is no longer counted against the event', async () => {
    const desk = newDesk({ waitLimitHours: 2 });
    failing(desk, timeout);
    await workFor(desk, 1.9 * HOUR, anArrival(aTermination()));
    await desk.ledger.writeRecord('stage/pause', {
      value: { paused: { at: '2026-11-24T11:00:00.000Z', by: 'ops-person', reason: 'cut-over' } },
      version: 0,
    });
    desk.now += 10 * HOUR;

    expect(await work(anArrival(aTermination()), desk)).toMatchObject({ kind: 'wait', code: 'paused' });
  });

  it('after a pause is waited out for its full time', async () => {
    const desk = newDesk({ waitLimitHours: 2 });
    await desk.ledger.writeRecord('stage/pause', {
      value: { paused: { at: '2026-11-24T11:00:00.000Z', by: 'ops-person', reason: 'cut-over' } },
      version: 0,
    });
    await work(anArrival(aTermination()), desk);
    await desk.ledger.writeRecord('stage/pause', { value: {}, version: 1 });
    failing(desk, timeout);
    desk.now += 100 * HOUR;

    const first = await work(anArrival(aTermination()), desk);
    const still = await workFor(desk, 1.9 * HOUR, anArrival(aTermination()));

    expect([first.kind, still.kind]).toEqual(['wait', 'wait']);
  });

  it('that goes on after a pause is waited out for its full time again', async () => {
    const desk = newDesk({ waitLimitHours: 2 });
    failing(desk, timeout);
    await work(anArrival(aTermination()), desk);
    await desk.ledger.writeRecord('stage/pause', {
      value: { paused: { at: '2026-11-24T11:00:00.000Z', by: 'ops-person', reason: 'cut-over' } },
      version: 0,
    });
    desk.now += HOUR;
    const paused = await work(anArrival(aTermination()), desk);
    await desk.ledger.writeRecord('stage/pause', { value: {}, version: 1 });
    desk.now += 100 * HOUR;

    const after = await work(anArrival(aTermination()), desk);

    expect(paused.entry?.waiting).toMatchObject({ since: '2026-11-24T12:00:00.000Z', untilRepaired: true });
    expect(after.kind).toBe('wait');
    expect(after.entry?.waiting).toStrictEqual({
      since: '2026-11-28T17:00:00.000Z',
      attempts: 3,
      until: '2026-11-28T17:00:04.000Z',
      code: 'timeout',
      saw: 'expected an answer, got none',
    });
  });

  it('of one worker leaves alone what another has held meanwhile', async () => {
    const desk = newDesk({ protected: [guid(1)] });
    const { find } = desk.directory;
    desk.directory.find = async () => {
      desk.directory.find = find;
      desk.now += 2 * HOUR;
      await untilSettled(desk, anArrival(aTermination()));
      throw timeout();
    };

    const late = await work(anArrival(aTermination()), desk);

    expect(late).toMatchObject({ kind: 'nothing-to-do', why: 'held: waits for a person' });
    expect(entryOf(desk)).toMatchObject({ status: 'held', hold: { guard: 'protected' } });
    expect(entryOf(desk)?.waiting).toBeUndefined();
  });

  it.each([
    { what: 'says so where another has the event now', later: MINUTE - 1, code: 'busy' },
    { what: 'is waited out where another had the event until now', later: MINUTE, code: 'timeout' },
  ])('of one worker $what', async ({ later, code }) => {
    const desk = newDesk();
    desk.directory.find = async () => {
      desk.now += 2 * HOUR;
      await work(anArrival(aTermination()), { ...desk, directory: neverAnswering(desk) }, 'worker-2').catch(() => undefined);
      desk.now += later;
      throw timeout();
    };

    expect(await work(anArrival(aTermination()), desk)).toMatchObject({ kind: 'wait', code, seconds: 1 });
  });

  it('of the event itself fails it at once, with what is wrong', async () => {
    const desk = newDesk();
    failing(desk, () => new PermanentFailure('too-long', 'expected a shorter address; shorten it'));

    expect(await work(anArrival(aTermination()), desk)).toMatchObject({ kind: 'settled', entry: { status: 'failed' } });

    expect(entryOf(desk)).toMatchObject({ status: 'failed', reason: 'too-long' });
    expect(entryOf(desk)?.history.at(-1)?.why).toBe('expected a shorter address; shorten it');
  });
});

describe('an operator', () => {
  async function failedDesk() {
    const desk = newDesk();
    const stop = failing(desk, () => new PermanentFailure('forbidden', 'no'));
    await untilSettled(desk, anArrival(aTermination()));
    stop();
    return desk;
  }
  const heldDesk = async () => {
    const desk = newDesk({ protected: [guid(1)] });
    await untilSettled(desk, anArrival(aTermination()));
    return desk;
  };

  it('replays what failed, and the history says who and why', async () => {
    const desk = await failedDesk();

    await untilSettled(desk, { kind: 'replay', ...(await seenBy(desk, ANA)), reason: 'rights corrected' });

    expect(entryOf(desk)?.history.slice(-2)).toMatchObject([
      { from: 'failed', to: 'processing', by: 'ops-person', why: 'replayed: rights corrected' },
      { to: 'deactivated', by: 'worker' },
    ]);
  });

  it('is obeyed once, though the order comes 20 times at once', async () => {
    const desk = await failedDesk();
    const order: LeaverMessage = { kind: 'replay', ...(await seenBy(desk, ANA)) };

    await Promise.allSettled(Array.from({ length: 20 }, (_, index) => work(order, desk, `worker-${index}`)));
    await untilSettled(desk, ...Array.from({ length: 20 }, () => order));

    expect(entryOf(desk)?.history.filter(({ by }) => by === 'ops-person')).toMatchObject([{ why: 'replayed' }]);
    expect(desk.directory.writes).toHaveLength(1);
  });

  it('is not obeyed a second time when the event fails again', async () => {
    const desk = await failedDesk();
    const order: LeaverMessage = { kind: 'replay', ...(await seenBy(desk, ANA)) };
    const stop = failing(desk, () => new PermanentFailure('forbidden', 'no'));
    await untilSettled(desk, order);
    stop();

    const again = await work(order, desk);

    expect(again).toMatchObject({ kind: 'nothing-to-do', why: 'failed: waits for a person' });
    expect(desk.directory.writes).toEqual([]);
  });

  it.each([
    { what: 'an older version', changes: { entryVersion: 1 } },
    { what: 'another guard', changes: { guard: 'brake' } },
  ])('who saw $what is not obeyed', async ({ changes }) => {
    const desk = await heldDesk();

    const disposition = await work({ kind: 'release', ...(await seenBy(desk, ANA)), guard: 'protected', ...changes }, desk);

    expect(disposition).toMatchObject({ kind: 'nothing-to-do', why: 'held: waits for a person' });
    expect(desk.directory.writes).toEqual([]);
  });

  it('cannot replay what is held, nor release what failed', async () => {
    const [held, failed] = [await heldDesk(), await failedDesk()];

    await work({ kind: 'replay', ...(await seenBy(held, ANA)) }, held);
    await work({ kind: 'release', ...(await seenBy(failed, ANA)), guard: 'protected' }, failed);

    expect([await statusOf(held, 'evt-1'), await statusOf(failed, 'evt-1')]).toEqual(['held', 'failed']);
    expect([held, failed].map((desk) => entryOf(desk)?.history.filter(({ by }) => by === 'ops-person'))).toEqual([[], []]);
  });

  it('cannot replay what is done', async () => {
    const desk = newDesk();
    await untilSettled(desk, anArrival(aTermination()));

    const end = await work({ kind: 'replay', ...(await seenBy(desk, ANA)) }, desk);

    expect(end).toMatchObject({ kind: 'nothing-to-do', why: 'finished before: deactivated' });
    expect(entryOf(desk)?.history.filter(({ by }) => by === 'ops-person')).toEqual([]);
  });

  it.each<{ what: string; order?: { because?: 'renamed' }; hold?: Partial<Hold>; released: object }>([
    { what: 'for whose account it was held', released: { guard: 'protected', of: `user ${guid(1)}` } },
    {
      what: 'with what the guard was wrong about',
      order: { because: 'renamed' },
      released: { guard: 'protected', because: 'renamed', of: `user ${guid(1)}` },
    },
    { what: 'for nothing more, if version 0.1 held it and named nothing', hold: { of: undefined }, released: { guard: 'protected' } },
  ])('releases an event $what', async ({ order = {}, hold = {}, released }) => {
    const desk = await heldDesk();
    const held = entryOf(desk);
    if (held?.hold === undefined) throw new Error('it is not held');
    desk.ledger.entries.set('acme-hr/evt-1', JSON.parse(JSON.stringify({ ...held, hold: { ...held.hold, ...hold } })));

    await work({ kind: 'release', ...(await seenBy(desk, ANA)), guard: 'protected', ...order }, desk);

    expect(entryOf(desk)?.released).toStrictEqual([{ ...released, at: '2026-11-24T12:00:00.000Z' }]);
  });

  it('chooses one of two users, and releases the event from nothing by that', async () => {
    const desk = aDesk({ users: aDirectory({ id: guid(1) }, { id: guid(2) }) });
    await untilSettled(desk, anArrival(aTermination()));

    await work({ kind: 'release', ...(await seenBy(desk, ANA)), guard: 'ambiguous', userId: guid(2) }, desk);

    expect(entryOf(desk)).toMatchObject({ status: 'deactivated', chosenUserId: guid(2) });
    expect(entryOf(desk)?.released).toStrictEqual([]);
  });

  it('who has decided about a rescission that came too late ends it', async () => {
    const desk = newDesk();
    await untilSettled(desk, anArrival(aTermination()), anArrival(aRescission(), { eventId: 'evt-r' }));
    const order = { kind: 'release' as const, guard: 'rescinded-after-deactivation' };

    const end = await work({ ...order, ...(await seenBy(desk, { source: 'acme-hr', eventId: 'evt-r' })) }, desk);

    expect(end).toMatchObject({ kind: 'nothing-to-do', why: 'finished before: rescinded', entry: { status: 'rescinded' } });
  });

  it('releases from one guard, once, and says why', async () => {
    const desk = await heldDesk();
    const order: LeaverMessage = { kind: 'release', ...(await seenBy(desk, ANA)), guard: 'protected', reason: 'asked her' };

    await untilSettled(desk, order, order);

    expect(entryOf(desk)).toMatchObject({ status: 'deactivated', released: [{ guard: 'protected', of: `user ${guid(1)}` }] });
    expect(entryOf(desk)?.history.filter(({ by }) => by === 'ops-person')).toMatchObject([{ why: 'released from protected: asked her' }]);
  });
});
