import { describe, expect, it } from '@jest/globals';
import type { LeaverMessage } from '../../../../lambda/domain/event/leaver-message.ts';
import { CredentialFailure, PermanentFailure, StageFailure, TransientFailure } from '../../../../lambda/domain/failures.ts';
import { NEW_PERSON } from '../../../../lambda/domain/person/person-record.ts';
import { circuitRecord } from '../../../../lambda/domain/stage/circuit.ts';
import { STAGE_KEYS } from '../../../../lambda/domain/stage/shared-record.ts';
import { DAY, MINUTE, toInstant } from '../../../../lambda/domain/time/time.ts';
import { lookAgain } from '../../../../lambda/domain/watch/look-again.ts';
import { aDirectory, anArrival, aRescission, aTermination, guid } from '../../../support/builders.ts';
import { anEntry } from '../../../support/entries.ts';
import { aDesk, type TestDesk } from '../../../support/in-memory-desk.ts';
import { seenBy, statusOf, untilSettled, work } from '../../../support/working.ts';

const PLACEMENT = { accessLevelID: guid(0xa1), homeGroupID: guid(0xa2), homeTeamID: guid(0xa3), roleID: guid(0xa4), managerID: guid(0xa5) };
const REF = { source: 'acme-hr', eventId: 'evt-1' };

/** Ana was deactivated by us, and Workfront took what a test says. */
async function anaIsOut(taken: (keyof typeof PLACEMENT)[] = ['accessLevelID', 'homeTeamID']): Promise<TestDesk> {
  const desk = aDesk({ users: aDirectory({ placement: { ...PLACEMENT } }) });
  await untilSettled(desk, anArrival(aTermination()));
  const ana = userOf(desk);
  ana.placement = { ...ana.placement, ...Object.fromEntries(taken.map((field) => [field, undefined])) };
  desk.now += 60_000;
  return desk;
}

function userOf(desk: TestDesk) {
  const ana = desk.directory.users.get(guid(1));
  if (ana === undefined) throw new Error('Ana has no account');
  return ana;
}

async function entryOf(desk: TestDesk) {
  const entry = await desk.ledger.readEntry(REF);
  if (entry === undefined) throw new Error('no such event');
  return entry;
}

const lastWord = async (desk: TestDesk) => (await entryOf(desk)).history.at(-1)?.why;

async function anOrder(desk: TestDesk): Promise<Extract<LeaverMessage, { kind: 'undo' }>> {
  const { history } = await entryOf(desk);
  return { kind: 'undo', ...REF, steps: history.length, by: 'ops-person', reason: 'the wrong Ana', at: toInstant(desk.now) };
}

/** Ends the process at the next call of this name, after it took effect or before. */
function dieAt(desk: TestDesk, call: 'reactivate' | 'conclude', { after }: { after: boolean }): void {
  const died = new Error('the process ended');
  if (call === 'reactivate') {
    const { reactivate } = desk.directory;
    desk.directory.reactivate = async (id, restores) => {
      desk.directory.reactivate = reactivate;
      if (after) await reactivate.call(desk.directory, id, restores);
      throw died;
    };
    return;
  }
  const { writeEntry } = desk.ledger;
  desk.ledger.writeEntry = async (entry) => {
    if (entry.status !== 'undone') return writeEntry.call(desk.ledger, entry) as Promise<typeof entry>;
    desk.ledger.writeEntry = writeEntry;
    throw died;
  };
}

describe('an order to undo', () => {
  it('activates the user, gives back what they lost, and says who ordered it', async () => {
    const desk = await anaIsOut();

    await untilSettled(desk, await anOrder(desk));

    expect(userOf(desk)).toMatchObject({ isActive: true, placement: PLACEMENT });
    const { status, history, undoing, lease } = await entryOf(desk);
    expect({ status, undoing, lease }).toEqual({ status: 'undone' });
    const activated = `user ${guid(1)} is active again; Workfront shows isActive true when read again`;
    expect(history.at(-1)).toMatchObject({
      from: 'deactivated',
      to: 'undone',
      by: 'ops-person',
      why: `undone: the wrong Ana; ${activated}; given back: accessLevelID, homeTeamID`,
    });
  });

  it('leaves what somebody has put there since', async () => {
    const desk = await anaIsOut([]);
    userOf(desk).placement = { ...PLACEMENT, accessLevelID: guid(0xbb), roleID: undefined };

    await untilSettled(desk, await anOrder(desk));

    expect(userOf(desk).placement).toEqual({ ...PLACEMENT, accessLevelID: guid(0xbb) });
  });

  it('also ends an event whose user returned, and writes nothing if nothing is lost', async () => {
    const desk = await anaIsOut([]);
    userOf(desk).isActive = true;
    await desk.ledger.writeEntry({ ...(await entryOf(desk)), status: 'returned' });
    const before = desk.directory.writes.length;

    expect(await work(await anOrder(desk), desk)).toMatchObject({ kind: 'settled', entry: { status: 'undone' } });
    expect(desk.directory.writes).toHaveLength(before);
    await expect(lastWord(desk)).resolves.toBe(`undone: the wrong Ana; user ${guid(1)} was active already, nothing was written`);
  });

  it('gives back what a user lost who returned by themselves', async () => {
    const desk = await anaIsOut(['roleID']);
    userOf(desk).isActive = true;

    await untilSettled(desk, await anOrder(desk));

    expect(userOf(desk)).toMatchObject({ isActive: true, placement: PLACEMENT });
  });

  it('activates a user who lost nothing', async () => {
    const desk = await anaIsOut([]);

    await untilSettled(desk, await anOrder(desk));

    expect(userOf(desk).isActive).toBe(true);
  });

  it('does not invent what nobody knew before the write', async () => {
    const desk = aDesk({ users: aDirectory({}) });
    await untilSettled(desk, anArrival(aTermination()));
    userOf(desk).placement = { roleID: guid(0xbb) };

    await untilSettled(desk, await anOrder(desk));

    expect(userOf(desk).placement).toEqual({ roleID: guid(0xbb) });
    await expect(lastWord(desk)).resolves.toBe(
      `undone: the wrong Ana; user ${guid(1)} is active again; Workfront shows isActive true when read again`,
    );
  });

  it.each(['already-inactive', 'held', 'failed', 'no-account', 'would-deactivate', 'cancelled', 'accepted', 'undone'] as const)(
    'does nothing to what we did not do: %s',
    async (status) => {
      const desk = await anaIsOut();
      await desk.ledger.writeEntry({ ...(await entryOf(desk)), status });

      const end = await work(await anOrder(desk), desk);

      expect(end).toMatchObject({ kind: 'nothing-to-do', why: status === 'undone' ? 'undone before' : `nothing to undo: ${status}` });
      expect(userOf(desk).isActive).toBe(false);
      await expect(statusOf(desk, 'evt-1')).resolves.toBe(status);
    },
  );

  it('is void if the event has changed since the person saw it', async () => {
    const desk = await anaIsOut();
    const order = await anOrder(desk);
    const entry = await entryOf(desk);
    const step = { at: toInstant(desk.now), to: 'deactivated' as const, by: 'worker', why: 'something happened' };
    await desk.ledger.writeEntry({ ...entry, history: [...entry.history, step] });

    expect(await work(order, desk)).toEqual({
      kind: 'nothing-to-do',
      entry: undefined,
      why: 'the event has changed since the order to undo it',
    });
    expect(userOf(desk).isActive).toBe(false);
  });

  describe('of somebody who returned, while another person orders to deactivate them again,', () => {
    /** A worker took the undo up, and died before it activated the user. */
    async function underWay() {
      const desk = await anaIsOut();
      userOf(desk).isActive = true;
      await desk.ledger.writeEntry({ ...(await entryOf(desk)), status: 'returned' });
      const undo = await anOrder(desk);
      dieAt(desk, 'reactivate', { after: false });
      await expect(work(undo, desk, 'worker-1')).rejects.toThrow('the process ended');
      const again: LeaverMessage = { kind: 'replay', ...(await seenBy(desk, REF)), by: 'another-person' };
      return { desk, undo, again };
    }

    it('lets the worker that has the event finish first', async () => {
      const { desk, again } = await underWay();

      expect(await work(again, desk, 'worker-2')).toMatchObject({ kind: 'wait', code: 'busy', seconds: 60 });
      expect(await entryOf(desk)).toMatchObject({ status: 'returned', undoing: { by: 'ops-person' } });
    });

    it('is void: the later order counts', async () => {
      const { desk, undo, again } = await underWay();
      await untilSettled(desk, again);
      expect(userOf(desk).isActive).toBe(false);

      expect(await work(undo, desk)).toEqual({
        kind: 'nothing-to-do',
        entry: undefined,
        why: 'the event has changed since the order to undo it',
      });
      expect(userOf(desk).isActive).toBe(false);
      await expect(statusOf(desk, 'evt-1')).resolves.toBe('deactivated');
    });

    it('counts if it was done before the order to deactivate again was taken up', async () => {
      const { desk, undo, again } = await underWay();
      await untilSettled(desk, undo);

      expect(await work(again, desk)).toMatchObject({ kind: 'nothing-to-do' });
      expect(userOf(desk).isActive).toBe(true);
      await expect(statusOf(desk, 'evt-1')).resolves.toBe('undone');
    });
  });

  it('is void if the event names no user', async () => {
    const desk = await anaIsOut();
    const { workfrontUserId: _user, ...entry } = await entryOf(desk);
    await desk.ledger.writeEntry(entry);

    expect(await work(await anOrder(desk), desk)).toMatchObject({ kind: 'nothing-to-do', why: 'the event names no user' });
  });

  it("is void for an event that ends nobody's employment, whatever the ledger says of its status", async () => {
    const desk = await anaIsOut();
    const entry = anEntry(aRescission(), { ...REF, eventId: 'evt-2', status: 'deactivated', workfrontUserId: guid(1) });
    await desk.ledger.writeEntry(entry);
    const order = { ...(await anOrder(desk)), eventId: 'evt-2', steps: entry.history.length };

    expect(await work(order, desk)).toEqual({ kind: 'nothing-to-do', entry: undefined, why: 'no termination' });
    expect(userOf(desk).isActive).toBe(false);
  });

  it('is recorded as refused if the user does not exist any more, and stays refused', async () => {
    const desk = await anaIsOut();
    const order = await anOrder(desk);
    desk.directory.users.delete(guid(1));

    expect(await work(order, desk)).toMatchObject({ kind: 'nothing-to-do', why: 'the undo was refused: user-not-found' });
    expect((await entryOf(desk)).undoing?.refused).toEqual({
      code: 'user-not-found',
      saw: `user ${guid(1)} does not exist any more; make a new account`,
    });
    expect(await work(order, desk)).toMatchObject({ kind: 'nothing-to-do', why: 'refused before: user-not-found' });
  });

  it('counts although something was noted beside the history since', async () => {
    const desk = await anaIsOut();
    const order = await anOrder(desk);
    await desk.ledger.writeEntry({ ...(await entryOf(desk)), impact: { at: toInstant(desk.now), counts: { projects: 1 }, unknown: [] } });

    await untilSettled(desk, order);

    expect(userOf(desk).isActive).toBe(true);
  });

  it('is carried out once, however often it comes', async () => {
    const desk = await anaIsOut();
    const order = await anOrder(desk);
    const before = desk.directory.writes.length;

    await untilSettled(desk, order, order, order);

    expect(desk.directory.writes.slice(before)).toEqual([{ userId: guid(1), changed: true }]);
  });

  it('is announced again by a message that finds it done: the worker may have died before', async () => {
    const desk = await anaIsOut();
    const order = await anOrder(desk);
    await untilSettled(desk, order);

    expect(await work(order, desk)).toMatchObject({ kind: 'nothing-to-do', entry: { status: 'undone' } });
  });

  it.each([
    ['before the write', 'reactivate', false, 'is active again; Workfront'],
    ['after the write', 'reactivate', true, 'is active after a write that was cut short; Workfront'],
    ['before it is recorded', 'conclude', true, 'is active after a write that was cut short; Workfront'],
  ] as const)('goes on after a crash %s', async (_, call, after, did) => {
    const desk = await anaIsOut();
    const order = await anOrder(desk);
    dieAt(desk, call, { after });

    await expect(work(order, desk, 'worker-1')).rejects.toThrow('the process ended');
    await untilSettled(desk, order);

    expect(userOf(desk)).toMatchObject({ isActive: true, placement: PLACEMENT });
    await expect(statusOf(desk, 'evt-1')).resolves.toBe('undone');
    expect(desk.directory.writes.filter(({ changed }) => changed)).toHaveLength(2);
    await expect(lastWord(desk)).resolves.toContain(`user ${guid(1)} ${did} shows isActive true when read again`);
  });

  it('goes on at once if the worker that took it up comes again', async () => {
    const desk = await anaIsOut();
    const order = await anOrder(desk);
    dieAt(desk, 'reactivate', { after: false });
    await expect(work(order, desk, 'worker-1')).rejects.toThrow('the process ended');

    expect(await work(order, desk, 'worker-1')).toMatchObject({ kind: 'settled' });
  });

  it('goes on although its own write was taken for a return before it was recorded', async () => {
    const desk = await anaIsOut();
    const order = await anOrder(desk);
    dieAt(desk, 'conclude', { after: true });
    await expect(work(order, desk, 'worker-1')).rejects.toThrow('the process ended');
    const { lease: _lease, ...entry } = await entryOf(desk);
    const step = { at: toInstant(desk.now), from: 'deactivated' as const, to: 'returned' as const, by: 'worker', why: 'active again' };
    await desk.ledger.writeEntry({ ...entry, status: 'returned', history: [...entry.history, step] });

    await untilSettled(desk, order);

    await expect(statusOf(desk, 'evt-1')).resolves.toBe('undone');
  });

  it('waits for the lease of another worker, whose write may still be under way', async () => {
    const desk = await anaIsOut();
    const order = await anOrder(desk);
    dieAt(desk, 'reactivate', { after: false });
    await expect(work(order, desk, 'worker-1')).rejects.toThrow('the process ended');

    const end = await work(order, desk, 'worker-2');

    expect(end).toMatchObject({ kind: 'wait', code: 'busy', seconds: 60 });
    expect(userOf(desk).isActive).toBe(false);
  });

  it('is over for a worker whose lease ran out, and whose own call fails after another worker was done', async () => {
    const desk = await anaIsOut();
    const order = await anOrder(desk);
    const { reactivate } = desk.directory;
    desk.directory.reactivate = async () => {
      desk.directory.reactivate = reactivate;
      desk.now += 60_000;
      expect(await work(order, desk, 'worker-2')).toMatchObject({ kind: 'settled', entry: { status: 'undone' } });
      throw new TransientFailure('timed-out', 'no answer; wait');
    };

    expect(await work(order, desk, 'worker-1')).toEqual({ kind: 'nothing-to-do', entry: undefined, why: 'nothing to undo: undone' });
    const { status, undoing } = await entryOf(desk);
    expect({ status, undoing }).toEqual({ status: 'undone' });
    expect(userOf(desk).isActive).toBe(true);
    expect((await desk.ledger.readRecord(STAGE_KEYS.circuit, circuitRecord))?.value).toBeUndefined();
  });

  it('is refused if HR says again that the person leaves, after the order', async () => {
    const desk = await anaIsOut();
    const order = await anOrder(desk);
    desk.now += 1000;
    await untilSettled(desk, anArrival(aTermination(), { eventId: 'evt-2', receivedAt: toInstant(desk.now) }));

    expect((await work(order, desk)).kind).toBe('nothing-to-do');

    expect(userOf(desk).isActive).toBe(false);
    expect((await entryOf(desk)).undoing?.refused).toMatchObject({ code: 'left-again', saw: expect.stringContaining('evt-2') });
  });

  it('is refused too if HR names the person by another key, which Workfront shows of the user', async () => {
    const desk = await anaIsOut();
    userOf(desk).extRefID = '10042';
    const order = await anOrder(desk);
    desk.now += 1000;
    const again = aTermination({ employee: { employeeNumber: '10042' } });
    await untilSettled(desk, anArrival(again, { eventId: 'evt-2', receivedAt: toInstant(desk.now) }));

    expect(await work(order, desk)).toMatchObject({ kind: 'nothing-to-do', why: 'the undo was refused: left-again' });
    expect((await entryOf(desk)).undoing?.refused?.saw).toBe(
      'event evt-2 of acme-hr says again that this person leaves, and came after the order; order the undo again if it is still right',
    );
    expect(userOf(desk).isActive).toBe(false);
  });

  it('is not stopped by a termination of the person that the ledger has forgotten, nor waits for it', async () => {
    const desk = await anaIsOut();
    const key = 'person/email:ana@acme.test';
    const { value = NEW_PERSON, version = 0 } = desk.ledger.records.get(key) ?? {};
    const forgotten = { source: 'acme-hr', eventId: 'evt-0', recordedAt: '2025-01-07T12:00:00.000Z' };
    await desk.ledger.writeRecord(key, { value: { ...value, events: [forgotten] }, version });

    expect(await work(await anOrder(desk), desk)).toMatchObject({ kind: 'settled', entry: { status: 'undone' } });

    expect(userOf(desk).isActive).toBe(true);
  });

  it('waits a little for a termination of the person whose worker has named it, and died before it wrote the entry', async () => {
    const desk = await anaIsOut();
    const { writeEntry } = desk.ledger;
    desk.ledger.writeEntry = () => Promise.reject(new Error('the process ended'));
    await expect(work(anArrival(aTermination(), { eventId: 'evt-2' }), desk)).rejects.toThrow('the process ended');
    desk.ledger.writeEntry = writeEntry;
    const order = await anOrder(desk);

    for (const attempts of [1, 2, 3, 4, 5]) {
      const waiting = { attempts, code: 'write-under-way', saw: 'event evt-2 of this person is being opened' };
      const seconds = attempts === 1 ? { seconds: 5 } : {};
      expect(await work(order, desk)).toMatchObject({ kind: 'wait', code: 'write-under-way', ...seconds, entry: { undoing: { waiting } } });
    }
    expect(userOf(desk).isActive).toBe(false);
    expect(await work(order, desk)).toMatchObject({ kind: 'settled', entry: { status: 'undone' } });
    expect(userOf(desk).isActive).toBe(true);
  });

  it.each([
    { what: 'came at the moment of the order', later: 0, status: 'deactivated' as const },
    { what: 'was cancelled since', later: 1000, status: 'cancelled' as const },
  ])('is not refused for another termination that $what', async ({ later, status }) => {
    const desk = await anaIsOut();
    const order = await anOrder(desk);
    desk.now += later;
    await untilSettled(desk, anArrival(aTermination(), { eventId: 'evt-2', receivedAt: toInstant(desk.now) }));
    const other = await desk.ledger.readEntry({ ...REF, eventId: 'evt-2' });
    if (other !== undefined) await desk.ledger.writeEntry({ ...other, status });

    await untilSettled(desk, order);

    expect(userOf(desk).isActive).toBe(true);
  });

  it('is not taken for a return by a look in the middle of it', async () => {
    const desk = await anaIsOut();
    const { reactivate } = desk.directory;
    desk.directory.reactivate = async (id, restores) => {
      await reactivate.call(desk.directory, id, restores);
      await expect(lookAgain(REF, desk)).rejects.toMatchObject({ code: 'write-under-way' });
    };

    await untilSettled(desk, await anOrder(desk));

    await expect(statusOf(desk, REF.eventId)).resolves.toBe('undone');
  });

  it('is refused if HR says again that the person leaves, also if that found nobody', async () => {
    const desk = await anaIsOut();
    const order = await anOrder(desk);
    desk.now += 1000;
    const { find } = desk.directory;
    desk.directory.find = async () => [];
    await untilSettled(desk, anArrival(aTermination(), { eventId: 'evt-2', receivedAt: toInstant(desk.now) }));
    desk.directory.find = find;
    expect(await statusOf(desk, 'evt-2')).toMatch(/no-account|already-inactive/);

    await untilSettled(desk, order);

    expect(userOf(desk).isActive).toBe(false);
  });

  it('lets a termination that comes in the middle of it wait, so that the leaver does not stay active behind it', async () => {
    const desk = await anaIsOut();
    const order = await anOrder(desk);
    desk.now += 1000;
    const again = anArrival(aTermination(), { eventId: 'evt-2', receivedAt: toInstant(desk.now) });
    const { reactivate } = desk.directory;
    desk.directory.reactivate = async (id, restores) => {
      expect(await work(again, desk, 'worker-2')).toMatchObject({
        kind: 'wait',
        code: 'write-under-way',
        seconds: 5,
        entry: { waiting: { saw: 'event evt-1 is being undone' } },
      });
      await reactivate.call(desk.directory, id, restores);
    };

    await untilSettled(desk, order);
    await untilSettled(desk, again);

    expect(userOf(desk).isActive).toBe(false);
    await expect(statusOf(desk, 'evt-2')).resolves.toBe('deactivated');
  });

  it('keeps the termination of whoever leaves again waiting only for as long as its worker may run', async () => {
    const desk = await anaIsOut();
    dieAt(desk, 'reactivate', { after: true });
    await expect(work(await anOrder(desk), desk)).rejects.toThrow('the process ended');
    const leaseEnds = desk.now + MINUTE;
    desk.now += 1000;
    const again = anArrival(aTermination(), { eventId: 'evt-2', receivedAt: toInstant(desk.now) });

    desk.now = leaseEnds - 1;
    expect(await work(again, desk, 'worker-2')).toMatchObject({ kind: 'wait', code: 'write-under-way' });
    desk.now = leaseEnds;
    expect(await work(again, desk, 'worker-2')).toMatchObject({ kind: 'settled', entry: { status: 'deactivated' } });
    expect(userOf(desk).isActive).toBe(false);
  });

  it('that waits for trouble to pass keeps no termination waiting: whoever leaves again loses access now', async () => {
    const desk = await anaIsOut();
    const order = await anOrder(desk);
    const { reactivate } = desk.directory;
    desk.directory.reactivate = async (id, restores) => {
      await reactivate.call(desk.directory, id, restores);
      throw new TransientFailure('timed-out', 'no answer; wait');
    };
    expect(await work(order, desk)).toMatchObject({ kind: 'wait', code: 'timed-out' });
    desk.now += 1000;

    const again = anArrival(aTermination(), { eventId: 'evt-2', receivedAt: toInstant(desk.now) });
    expect(await work(again, desk, 'worker-2')).toMatchObject({ kind: 'settled', entry: { status: 'deactivated' } });
    expect(userOf(desk).isActive).toBe(false);
  });

  it('is not stopped by an older termination of the person: who ordered it has seen it', async () => {
    const desk = await anaIsOut();
    await untilSettled(desk, anArrival(aTermination(), { eventId: 'evt-2', receivedAt: toInstant(desk.now) }));
    desk.now += 1000;

    await untilSettled(desk, await anOrder(desk));

    expect(userOf(desk).isActive).toBe(true);
  });

  it('goes through a pause, and not through an open circuit', async () => {
    const desk = await anaIsOut();
    const paused = { at: toInstant(desk.now), by: 'ops-person', reason: 'a mass mistake' };
    await desk.ledger.writeRecord(STAGE_KEYS.pause, { value: { paused }, version: 0 });

    await untilSettled(desk, await anOrder(desk));

    expect(userOf(desk).isActive).toBe(true);
  });

  it('waits out trouble, opens the circuit for trouble of all, and does not touch a strange customer', async () => {
    const desk = await anaIsOut();
    const order = await anOrder(desk);
    const { reactivate } = desk.directory;
    const troubles = [new TransientFailure('timed-out', 'no answer; wait'), new CredentialFailure('rejected', 'no; set a new one')];
    desk.directory.reactivate = async (id, restores) => {
      const trouble = troubles.shift();
      if (trouble !== undefined) throw trouble;
      return reactivate.call(desk.directory, id, restores);
    };

    expect(await work(order, desk)).toMatchObject({ kind: 'wait', code: 'timed-out' });
    expect((await entryOf(desk)).undoing?.waiting).toEqual({ attempts: 1, code: 'timed-out', saw: 'no answer; wait' });
    expect(await work(order, desk)).toMatchObject({ kind: 'wait', code: 'rejected' });
    expect((await entryOf(desk)).undoing?.waiting).toMatchObject({ attempts: 2, code: 'rejected' });
    expect(await work(order, desk)).toMatchObject({ kind: 'wait', code: 'circuit-open' });
    await untilSettled(desk, order);

    expect(userOf(desk).isActive).toBe(true);
    await expect(statusOf(desk, 'evt-1')).resolves.toBe('undone');
  });

  it('waits as long as Workfront asks', async () => {
    const desk = await anaIsOut();
    desk.directory.reactivate = async () => {
      throw new TransientFailure('throttled', 'too many calls; wait', { retryAfterSeconds: 240 });
    };

    expect(await work(await anOrder(desk), desk)).toMatchObject({ kind: 'wait', code: 'throttled', seconds: 240 });
  });

  it.each([
    {
      failure: new StageFailure('forbidden', 'may not write; give the right'),
      circuit: { failures: 1, open: { cause: 'stage', saw: 'forbidden' } },
    },
    {
      failure: new CredentialFailure('rejected', 'no; set a new one'),
      circuit: { failures: 1, open: { cause: 'credentials', saw: 'rejected' } },
    },
    { failure: new TransientFailure('timed-out', 'no answer; wait'), circuit: { failures: 1 } },
    { failure: new TransientFailure('throttled', 'too many calls; wait'), circuit: undefined },
    { failure: new TransientFailure('conflict', 'written by another; wait'), circuit: undefined },
    { failure: new PermanentFailure('address-taken', 'another has the address; wait'), circuit: undefined },
  ])('counts trouble of all, and only that, for the circuit: $failure.code', async ({ failure, circuit }) => {
    const desk = await anaIsOut();
    desk.directory.reactivate = async () => {
      throw failure;
    };

    await work(await anOrder(desk), desk);

    const noted = (await desk.ledger.readRecord(STAGE_KEYS.circuit, circuitRecord))?.value;
    if (circuit === undefined) expect(noted).toBeUndefined();
    else expect(noted).toMatchObject(circuit);
  });

  it.each([
    { what: 'a write', taken: ['roleID'] as const, active: false },
    { what: 'a turn that had nothing to write', taken: [], active: true },
  ])('closes the circuit after $what', async ({ taken, active }) => {
    const desk = await anaIsOut([...taken]);
    userOf(desk).isActive = active;
    await desk.ledger.writeRecord(STAGE_KEYS.circuit, { value: { failures: 4 }, version: 0 });

    await untilSettled(desk, await anOrder(desk));

    expect((await desk.ledger.readRecord(STAGE_KEYS.circuit, circuitRecord))?.value).toEqual({ failures: 0 });
  });

  it('is recorded as refused if Workfront refuses the user, and can be ordered again', async () => {
    const desk = await anaIsOut();
    const { reactivate } = desk.directory;
    desk.directory.reactivate = async () => {
      throw new PermanentFailure('address-taken', 'another active user has the address; deactivate that user');
    };

    expect(await work(await anOrder(desk), desk)).toMatchObject({ kind: 'nothing-to-do', entry: undefined });
    const { status, undoing, lease } = await entryOf(desk);
    expect({ status, code: undoing?.refused?.code, lease }).toEqual({ status: 'deactivated', code: 'address-taken' });

    desk.directory.reactivate = reactivate;
    desk.now += 1000;
    await untilSettled(desk, await anOrder(desk));
    await expect(statusOf(desk, 'evt-1')).resolves.toBe('undone');
  });

  it('is given up after a day: it would surprise everybody later', async () => {
    const desk = await anaIsOut();
    const order = await anOrder(desk);
    desk.directory.reactivate = async () => {
      throw new TransientFailure('unreachable', 'no connection; wait');
    };
    await work(order, desk);
    desk.now += DAY;
    expect((await work(order, desk)).kind).toBe('wait');
    desk.now += 1;

    expect((await work(order, desk)).kind).toBe('nothing-to-do');
    expect((await entryOf(desk)).undoing?.refused?.code).toBe('gave-up-unreachable');
  });

  it('does not touch the Workfront of another customer', async () => {
    const desk = await anaIsOut();
    for (const user of desk.directory.users.values()) user.customerId = 'e'.repeat(32);

    expect(await work(await anOrder(desk), desk)).toMatchObject({ kind: 'wait', code: 'wrong-customer' });
    expect(userOf(desk).isActive).toBe(false);
    expect((await entryOf(desk)).undoing?.waiting?.saw).toBe('the credential is of another Workfront customer; set the right one');
  });
});
