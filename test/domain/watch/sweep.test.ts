import { describe, expect, it } from '@jest/globals';
import type { EventStatus } from '../../../lambda/domain/event/event-status.ts';
import { PermanentFailure } from '../../../lambda/domain/failures.ts';
import { DAY, toInstant } from '../../../lambda/domain/time/time.ts';
import { compareWithHr } from '../../../lambda/domain/watch/compare.ts';
import { noteFinding, readFindings } from '../../../lambda/domain/watch/findings.ts';
import { beginNightlySweep } from '../../../lambda/domain/watch/sweep.ts';
import { aDirectory, anArrival, aTermination, guid } from '../../support/builders.ts';
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
    expect(await namesOf(never)).toEqual([]);
  });

  it('goes back to its last one if it did not run for a while, such as in a long pause', async () => {
    const desk = await leavers(1);
    desk.now += 20 * DAY;
    expect(await namesOf(desk)).toEqual([]);
    activate(desk, 1);

    desk.now += 20 * DAY;
    expect(await namesOf(desk)).toEqual(['watch e1']);
  });

  it('leaves out events of which nothing can be found', async () => {
    const desk = await leavers(2);
    await untilSettled(desk, anArrival(aTermination({ employee: { email: 'nobody@acme.test' } }), { eventId: 'none' }));

    expect(await beginNightlySweep(desk)).toMatchObject({ people: 2, leftOut: 0 });
  });

  it('has every event compared that HR can be asked about', async () => {
    expect(await namesOf(await leavers(2, { lookUps: [SOURCE] }))).toEqual(['compare e1', 'compare e2']);
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
    ['HR still shows them the day after', { ...EMPLOYED, lastDay: { date: '2026-11-23' } }, []],
  ])('who was deactivated is found if they are employed: %s', async (_, says, found) => {
    const desk = await leavers(1, { lookUps: [SOURCE] });
    desk.hr.says.set('hr-1', { employee: {}, standing: 'left', lastDay: undefined, startedOn: undefined, ...says });
    await compareWithHr(REF, desk);

    expect((await readFindings(desk)).map(({ what }) => what)).toEqual(found);
  });

  it('is no finding if somebody has activated them already', async () => {
    const desk = await leavers(1, { lookUps: [SOURCE] });
    desk.hr.says.set('hr-1', EMPLOYED);
    activate(desk, 1);
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

    expect((await readFindings(desk)).map(({ what }) => what)).toEqual(found);
    expect(desk.directory.writes).toEqual([]);
  });

  it('keeps as many findings as fit into one record', async () => {
    const desk = aDesk({ users: [] });
    for (let index = 0; index < 302; index++) await noteFinding({ source: SOURCE, eventId: `e${index}`, what: 'employed', saw: 'x' }, desk);
    const findings = await readFindings(desk);

    expect(findings).toHaveLength(300);
    expect(findings.at(-1)?.eventId).toBe('e301');
  });
});
