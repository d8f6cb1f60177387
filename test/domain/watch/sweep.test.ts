import { describe, expect, it } from '@jest/globals';
import type { EventStatus } from '../../../lambda/domain/event/event-status.ts';
import { PermanentFailure, TransientFailure } from '../../../lambda/domain/failures.ts';
import { STAGE_KEYS } from '../../../lambda/domain/stage/shared-record.ts';
import { DAY, toInstant } from '../../../lambda/domain/time/time.ts';
import { compareWithHr } from '../../../lambda/domain/watch/compare.ts';
import { dropFinding, lastSweep, noteFinding, readFindings } from '../../../lambda/domain/watch/findings.ts';
import { beginNightlySweep } from '../../../lambda/domain/watch/sweep.ts';
import { aDirectory, anArrival, aRescission, aTermination, guid } from '../../support/builders.ts';
import { anEntry } from '../../support/entries.ts';
import { aDesk, type TestDesk } from '../../support/in-memory-desk.ts';
import { untilSettled } from '../../support/working.ts';

const SOURCE = 'acme-hr';
const numbered = (number: number) => ({ email: `p${number}@acme.test`, sourceId: `hr-${number}` });
const userOf = (number: number) => ({ id: guid(number), emailAddr: `p${number}@acme.test` });

/** A desk at which so many people left. */
async function leavers(count: number, { lookUps = [] as string[], rules = {} } = {}): Promise<TestDesk> {
  const numbers = Array.from({ length: count }, (_, index) => index + 1);
  const desk = aDesk({ users: aDirectory(...numbers.map(userOf)), lookUps, rules });
  for (const number of numbers) {
    desk.hr.says.set(`hr-${number}`, { employee: {}, standing: 'left', lastDay: { date: '2026-11-20' }, startedOn: undefined });
    await untilSettled(desk, anArrival(aTermination({ employee: numbered(number) }), { eventId: `e${number}` }));
  }
  return desk;
}

function activate({ directory }: TestDesk, ...numbers: number[]): void {
  for (const number of numbers) {
    const user = directory.users.get(guid(number));
    if (user !== undefined) user.isActive = true;
  }
}

const namesOf = async (desk: TestDesk) =>
  (await beginNightlySweep(desk)).messages.map((message) => `${message.kind} ${'eventId' in message ? message.eventId : ''}`);

describe('the nightly sweep', () => {
  it('has those read again who are active, and asks once for all', async () => {
    const desk = await leavers(5);
    activate(desk, 2, 4);
    const { calls } = desk.directory;

    expect(await namesOf(desk)).toEqual(['watch e2', 'watch e4']);
    expect(desk.directory.calls - calls).toBe(1);
  });

  it('looks at events of as many days as the stage says, and at none if it says 0', async () => {
    const desk = await leavers(1);
    activate(desk, 1);

    desk.now += 29 * DAY;
    expect(await namesOf(desk)).toEqual(['watch e1']);
    desk.now += 2 * DAY;
    expect(await namesOf(desk)).toEqual([]);
    const never = await leavers(1, { rules: { watch: { sweepDays: 0 } } });
    activate(never, 1);
    expect(await beginNightlySweep(never)).toEqual({ kind: 'swept', people: 0, leftOut: 0, messages: [] });
  });

  it('goes back to its last one if it did not run for a while, such as in a long pause', async () => {
    const desk = await leavers(1);
    desk.now += 20 * DAY;
    expect(await namesOf(desk)).toEqual([]);
    activate(desk, 1);

    desk.now += 20 * DAY;
    expect(await namesOf(desk)).toEqual(['watch e1']);
  });

  it('says when the last one began, and of a stage that had none that there was none', async () => {
    const desk = await leavers(1);
    expect(await lastSweep(desk)).toBeUndefined();
    await noteFinding({ source: SOURCE, eventId: 'e1', what: 'employed', saw: 'x' }, desk);
    expect(await lastSweep(desk)).toBeUndefined();

    const began = desk.now;
    await beginNightlySweep(desk);
    desk.now += DAY;
    expect(await lastSweep(desk)).toBe(began);
  });

  it('leaves out events of which nothing can be found', async () => {
    const desk = await leavers(2);
    await untilSettled(desk, anArrival(aTermination({ employee: { email: 'nobody@acme.test' } }), { eventId: 'none' }));

    expect(await beginNightlySweep(desk)).toEqual({ kind: 'swept', people: 2, leftOut: 0, messages: [] });
  });

  it('has every event compared that HR can be asked about, the longest unchanged first', async () => {
    const desk = await leavers(2, { lookUps: [SOURCE] });
    const rejected = anEntry(aTermination({ employee: numbered(3) }), { source: SOURCE, eventId: 'e3', status: 'rejected' });
    await desk.ledger.writeEntry({ ...rejected, updatedAt: toInstant(desk.now + 1), workfrontUserId: guid(3) });
    const asked: string[] = [];
    desk.directory.whoIsActive = async (users) => {
      asked.push(...users);
      return [guid(3)];
    };

    expect(await namesOf(desk)).toEqual(['compare e1', 'compare e2', 'compare e3']);
    expect(asked).toEqual([guid(1), guid(2)]);
  });

  it('does not compare whose account somebody else closed, nor who is not named as HR does it', async () => {
    const desk = aDesk({ users: aDirectory({ ...userOf(1), isActive: false }, userOf(2)), lookUps: [SOURCE] });
    desk.hr.says.set('hr-1', { employee: {}, standing: 'left', lastDay: { date: '2026-11-20' }, startedOn: undefined });
    await untilSettled(desk, anArrival(aTermination({ employee: numbered(1) }), { eventId: 'e1' }));
    await untilSettled(desk, anArrival(aTermination({ employee: { email: 'p2@acme.test' } }), { eventId: 'e2' }));

    expect(await beginNightlySweep(desk)).toMatchObject({ people: 2, messages: [] });
  });

  it('asks Workfront nothing if there is nobody to ask about', async () => {
    const desk = aDesk({ users: aDirectory(userOf(1)) });
    desk.directory.whoIsActive = () => Promise.reject(new Error('nobody to ask about'));

    expect(await beginNightlySweep(desk)).toMatchObject({ people: 0 });
  });

  it('looks at 2000 events, leaves out those that changed first, and says how many', async () => {
    const desk = aDesk({ users: aDirectory(userOf(1)) });
    const one = anEntry(aTermination(), { status: 'deactivated', workfrontUserId: guid(1) });
    desk.ledger.withStatus = async function* (status) {
      if (status !== 'deactivated') return;
      for (let index = 2001; index >= 0; index--) yield { ...one, eventId: `e${index}`, updatedAt: toInstant(desk.now + index) };
    };

    const { people, leftOut, messages } = await beginNightlySweep(desk);

    expect({ people, leftOut }).toEqual({ people: 2000, leftOut: 2 });
    expect(messages[0]).toEqual({ kind: 'watch', source: one.source, eventId: 'e2' });
  });

  it('forgets what was found about events that it does not look at any more', async () => {
    const desk = await leavers(1);
    await noteFinding({ source: SOURCE, eventId: 'e1', what: 'employed', saw: 'x' }, desk);
    await noteFinding({ source: SOURCE, eventId: 'long-ago', what: 'employed', saw: 'x' }, desk);
    await beginNightlySweep(desk);

    expect((await readFindings(desk)).map(({ eventId }) => eventId)).toEqual(['e1']);
  });

  it('writes no user', async () => {
    const desk = await leavers(3, { lookUps: [SOURCE] });
    activate(desk, 1, 2, 3);
    const writes = desk.directory.writes.length;
    for (const message of (await beginNightlySweep(desk)).messages) if (message.kind === 'compare') await compareWithHr(message, desk);

    expect(desk.directory.writes).toHaveLength(writes);
  });
});

describe('compared with HR', () => {
  const REF = { source: SOURCE, eventId: 'e1' };
  const EMPLOYED = { employee: {}, standing: 'employed', lastDay: undefined, startedOn: undefined } as const;

  it.each<[string, object, string[]]>([
    ['HR says that they left', {}, []],
    ['HR says that they are employed', EMPLOYED, ['employed']],
    ['HR shows another record that goes on', { otherRecord: 'goes-on' }, ['employed']],
    ['HR does not show whether there is another record', { otherRecord: 'unseen' }, []],
    ['HR has a last day to come', { ...EMPLOYED, lastDay: { date: '2027-03-01' } }, ['employed']],
    ['HR says so of somebody with another address', { ...EMPLOYED, employee: { email: 'bo@acme.test' } }, []],
    ['HR still shows them the day after', { ...EMPLOYED, lastDay: { date: '2026-11-23' } }, []],
  ])('who was deactivated is found if they are employed: %s', async (_, says, found) => {
    const desk = await leavers(1, { lookUps: [SOURCE] });
    desk.hr.says.set('hr-1', { employee: {}, standing: 'left', lastDay: undefined, startedOn: undefined, ...says });
    expect(await compareWithHr(REF, desk)).toEqual({ kind: 'compared', found: found[0] });

    expect((await readFindings(desk)).map(({ what }) => what)).toEqual(found);
  });

  it('says whose user it is, and what HR says, also if the user does not exist any more', async () => {
    const desk = await leavers(1, { lookUps: [SOURCE] });
    desk.hr.says.set('hr-1', EMPLOYED);
    const saw = `user ${guid(1)} was deactivated, and HR shows the employee as employed, without a last day`;
    await compareWithHr(REF, desk);
    expect(await readFindings(desk)).toEqual([{ ...REF, what: 'employed', saw, at: toInstant(desk.now) }]);

    desk.directory.users.delete(guid(1));
    expect(await compareWithHr(REF, desk)).toMatchObject({ found: 'employed' });
  });

  it('says of nobody that they are inactive if Workfront does not show them', async () => {
    const desk = await leavers(1, { lookUps: [SOURCE] });
    desk.hr.says.set('hr-1', EMPLOYED);
    activate(desk, 1);
    desk.directory.read = () => Promise.reject(new PermanentFailure('forbidden', 'no'));
    const saw = `user ${guid(1)} was deactivated, and HR shows the employee as employed, without a last day; Workfront does not show the user now`;

    expect(await compareWithHr(REF, desk)).toMatchObject({ found: 'unreadable' });
    expect(await readFindings(desk)).toMatchObject([{ what: 'unreadable', saw }]);
  });

  it('hides no trouble of Workfront', async () => {
    const desk = await leavers(1, { lookUps: [SOURCE] });
    desk.hr.says.set('hr-1', EMPLOYED);
    desk.directory.read = () => Promise.reject(new TransientFailure('timed-out', 'no'));

    await expect(compareWithHr(REF, desk)).rejects.toMatchObject({ code: 'timed-out' });
  });

  it.each([
    ['whose event the ledger does not have', undefined],
    ['who is at work', anEntry(aRescission(), { ...REF, status: 'accepted' })],
  ])('is nobody %s', async (_, entry) => {
    const desk = aDesk({ users: [], lookUps: [SOURCE] });
    if (entry !== undefined) await desk.ledger.writeEntry(entry);

    expect(await compareWithHr(REF, desk)).toMatchObject({ kind: 'nothing-to-do', why: 'no termination to compare' });
  });

  it('is nobody whose HR cannot be asked', async () => {
    const desk = await leavers(1);

    expect(await compareWithHr(REF, desk)).toEqual({ kind: 'compared', found: undefined });
  });

  it('is nobody while HR does not answer, or by a mistake of ours', async () => {
    const desk = await leavers(1, { lookUps: [SOURCE] });
    desk.hr.says.set('hr-1', new TransientFailure('unreachable', 'no'));
    await expect(compareWithHr(REF, desk)).rejects.toMatchObject({ code: 'unreachable' });
    desk.hr.says.set('hr-1', new TypeError('a mistake'));
    await expect(compareWithHr(REF, desk)).rejects.toThrow('a mistake');
  });

  it('is no finding if somebody has activated them already, whatever their address is now', async () => {
    const desk = await leavers(1, { lookUps: [SOURCE] });
    desk.hr.says.set('hr-1', EMPLOYED);
    activate(desk, 1);
    const user = desk.directory.users.get(guid(1));
    if (user !== undefined) user.emailAddr = 'moved@acme.test';
    await compareWithHr(REF, desk);

    expect(await readFindings(desk)).toEqual([]);
  });

  it('is no finding that HR knows nobody with this id, or will not say', async () => {
    const desk = await leavers(2, { lookUps: [SOURCE] });
    desk.hr.says.delete('hr-1');
    desk.hr.says.set('hr-2', new PermanentFailure('hr-forbidden', 'no'));
    for (const eventId of ['e1', 'e2']) await compareWithHr({ ...REF, eventId }, desk);

    expect(await readFindings(desk)).toEqual([]);
  });

  it('is no finding if the event ended without a write, and HR says that they are employed', async () => {
    const desk = aDesk({ users: aDirectory(userOf(1)), lookUps: [SOURCE] });
    desk.hr.says.set('hr-1', EMPLOYED);
    await desk.ledger.writeEntry(anEntry(aTermination({ employee: numbered(1) }), { ...REF, status: 'rejected', version: 0 }));
    await compareWithHr(REF, desk);

    expect(await readFindings(desk)).toEqual([]);
  });

  it('who is gone for HR is found active too if HR does not show whether there is another record', async () => {
    const desk = aDesk({ users: aDirectory(userOf(1)), lookUps: [SOURCE] });
    desk.hr.says.set('hr-1', { ...EMPLOYED, standing: 'left', otherRecord: 'unseen' });
    await desk.ledger.writeEntry(anEntry(aTermination({ employee: numbered(1) }), { ...REF, status: 'no-account', version: 0 }));
    await compareWithHr(REF, desk);

    expect((await readFindings(desk)).map(({ what }) => what)).toEqual(['still-active']);
  });

  it('is over when HR says so', async () => {
    const desk = await leavers(1, { lookUps: [SOURCE] });
    const left = desk.hr.says.get('hr-1');
    desk.hr.says.set('hr-1', EMPLOYED);
    await compareWithHr(REF, desk);
    if (left !== undefined) desk.hr.says.set('hr-1', left);
    await compareWithHr(REF, desk);

    expect(await readFindings(desk)).toEqual([]);
  });

  it.each<[EventStatus, boolean, string[]]>([
    ['rejected', true, ['still-active']],
    ['no-account', true, ['still-active']],
    ['cancelled', true, ['still-active']],
    ['rejected', false, []],
    ['accepted', true, []],
    ['undone', true, []],
    ['held', true, []],
  ])('who is gone for HR is found if the event is %s and the user active: %p', async (status, isActive, found) => {
    const desk = aDesk({ users: aDirectory({ ...userOf(1), isActive }), lookUps: [SOURCE] });
    desk.hr.says.set('hr-1', { employee: {}, standing: 'left', lastDay: { date: '2026-11-20' }, startedOn: undefined });
    const entry = anEntry(aTermination({ employee: numbered(1) }), { ...REF, status, version: 0, updatedAt: toInstant(desk.now) });
    await desk.ledger.writeEntry(entry);
    await compareWithHr(REF, desk);

    const saw = `the event is ${status}, HR shows the employee as gone, and user ${guid(1)} is active`;
    expect(await readFindings(desk)).toMatchObject(found.map((what) => ({ what, saw })));
    expect(await readFindings(desk)).toHaveLength(found.length);
    expect(desk.directory.writes).toEqual([]);
  });

  it('who is gone for HR is over as a finding when no user of theirs is active', async () => {
    const desk = aDesk({ users: aDirectory(userOf(1), { ...userOf(2), emailAddr: 'p1@acme.test' }), lookUps: [SOURCE] });
    desk.hr.says.set('hr-1', { employee: {}, standing: 'left', lastDay: { date: '2026-11-20' }, startedOn: undefined });
    await desk.ledger.writeEntry(anEntry(aTermination({ employee: numbered(1) }), { ...REF, status: 'rejected' }));
    await compareWithHr(REF, desk);
    expect((await readFindings(desk))[0]?.saw).toContain(`user ${guid(1)}, ${guid(2)} is active`);

    for (const user of desk.directory.users.values()) user.isActive = false;
    await compareWithHr(REF, desk);
    expect(await readFindings(desk)).toEqual([]);
  });

  it.each<[EventStatus]>([['rejected'], ['no-account'], ['cancelled']])(
    'who is gone for HR is no finding if the event is %s and Workfront does not show the user: nobody can say that they are active',
    async (status) => {
      const desk = aDesk({ users: aDirectory(userOf(1)), lookUps: [SOURCE] });
      desk.hr.says.set('hr-1', { employee: {}, standing: 'left', lastDay: { date: '2026-11-20' }, startedOn: undefined });
      const employee = numbered(1);
      await desk.ledger.writeEntry(anEntry(aTermination({ employee }), { ...REF, status, workfrontUserId: guid(1) }));
      expect(await compareWithHr(REF, desk)).toEqual({ kind: 'compared', found: 'still-active' });

      desk.directory.read = () => Promise.reject(new PermanentFailure('forbidden', 'no'));
      expect(await compareWithHr(REF, desk)).toEqual({ kind: 'compared', found: undefined });
      expect(await readFindings(desk)).toEqual([]);
    },
  );

  it('who is gone for HR is not looked for by no key', async () => {
    const desk = aDesk({ users: aDirectory(userOf(1)), lookUps: [SOURCE] });
    desk.hr.says.set('hr-1', { employee: {}, standing: 'left', lastDay: { date: '2026-11-20' }, startedOn: undefined });
    await desk.ledger.writeEntry(anEntry(aTermination({ employee: { sourceId: 'hr-1' } }), { ...REF, status: 'rejected' }));

    expect(await compareWithHr(REF, desk)).toEqual({ kind: 'compared', found: undefined });
    expect(desk.directory.calls).toBe(0);
  });

  it('keeps one finding of an event, the last, since it was first found', async () => {
    const desk = aDesk({ users: [] });
    const found = { ...REF, what: 'employed', saw: 'x' } as const;
    const since = toInstant(desk.now);
    await noteFinding({ ...REF, eventId: 'e0', what: 'employed', saw: 'x' }, desk);
    await noteFinding(found, desk);
    desk.now += DAY;
    await noteFinding(found, desk);
    expect((await readFindings(desk))[1]).toEqual({ ...found, at: since });

    await noteFinding({ ...found, saw: 'y' }, desk);
    expect(await readFindings(desk)).toMatchObject([
      { eventId: 'e0', saw: 'x' },
      { ...found, saw: 'y', at: toInstant(desk.now) },
    ]);
    await noteFinding({ ...found, what: 'unreadable' }, desk);
    expect(await readFindings(desk)).toHaveLength(2);
  });

  it('ends a finding of that event and of that kind alone', async () => {
    const desk = aDesk({ users: [] });
    await noteFinding({ ...REF, what: 'unreadable', saw: 'x' }, desk);
    const written = desk.ledger.records.get(STAGE_KEYS.findings)?.version;
    await dropFinding(REF, ['employed', 'still-active'], desk);
    await dropFinding({ ...REF, eventId: 'e2' }, ['unreadable'], desk);
    expect(await readFindings(desk)).toHaveLength(1);
    expect(desk.ledger.records.get(STAGE_KEYS.findings)?.version).toBe(written);

    await dropFinding(REF, ['unreadable'], desk);
    expect(await readFindings(desk)).toEqual([]);
  });

  it('keeps as many findings as fit into one record', async () => {
    const desk = aDesk({ users: [] });
    for (let index = 0; index < 302; index++) await noteFinding({ source: SOURCE, eventId: `e${index}`, what: 'employed', saw: 'x' }, desk);
    const findings = await readFindings(desk);

    expect(findings).toHaveLength(300);
    expect(findings.at(-1)?.eventId).toBe('e301');
  });
});
