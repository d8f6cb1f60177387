import { describe, expect, it } from '@jest/globals';
import type { TerminationEvent } from '../../../lambda/domain/event/hr-event.ts';
import { CredentialFailure, PermanentFailure, TransientFailure } from '../../../lambda/domain/failures.ts';
import type { HrRecord } from '../../../lambda/domain/ports.ts';
import { HOUR } from '../../../lambda/domain/time/time.ts';
import { aDirectory, anArrival, aTermination, guid } from '../../support/builders.ts';
import { aDesk, type TestDesk } from '../../support/in-memory-desk.ts';
import { moveTo, seenBy, work } from '../../support/working.ts';

const REF = { source: 'acme-hr', eventId: 'evt-1' };
const LEFT: HrRecord = { employee: { sourceId: '7', email: 'ana@acme.test' }, standing: 'left', lastDay: undefined, startedOn: undefined };
const EMPLOYED: HrRecord = { ...LEFT, standing: 'employed' };
const THIN = aTermination({ employee: { sourceId: '7' } });
const UNCONFIRMED = aTermination({ employee: { sourceId: '7' }, unconfirmed: true });

function askingDesk(says: HrRecord | Error | undefined, rules = {}): TestDesk {
  const desk = aDesk({
    users: aDirectory({ id: guid(1), lastName: 'Silva' }, { id: guid(2), emailAddr: 'bob@acme.test' }),
    lookUps: ['acme-hr', 'gamma-hr'],
    rules: { defaultTimeZone: 'UTC', ...rules },
  });
  if (says !== undefined) desk.hr.says.set('7', says);
  return desk;
}

const arrives = (desk: TestDesk, event: TerminationEvent, changes = {}) => work(anArrival(event, changes), desk);
const entryOf = (desk: TestDesk) => desk.ledger.entries.get('acme-hr/evt-1');

describe('a source whose HR system can be asked', () => {
  it.each([
    ['a thin event', THIN],
    ['an event that does not say that it is a termination', UNCONFIRMED],
  ])('completes %s, and deactivates that one user', async (_, event) => {
    const desk = askingDesk(LEFT);

    await arrives(desk, event);

    expect(entryOf(desk)).toMatchObject({ status: 'deactivated', workfrontUserId: guid(1), matchedBy: 'emailAddr' });
    expect(desk.directory.writes).toEqual([{ userId: guid(1), changed: true }]);
  });

  it('keeps nothing of what HR said of a person', async () => {
    const desk = askingDesk(LEFT);

    await arrives(desk, THIN);

    expect(JSON.stringify([...desk.ledger.entries.values(), ...desk.ledger.records.values()])).not.toContain('ana@acme.test');
  });

  it('asks also about an event that says everything', async () => {
    const desk = askingDesk(EMPLOYED);

    await arrives(desk, aTermination({ employee: { sourceId: '7', email: 'ana@acme.test' } }));

    expect(entryOf(desk)).toMatchObject({
      status: 'held',
      reason: 'hr-contradicts',
      workfrontUserId: guid(1),
      hold: { saw: 'HR shows the employee as employed, without a last day', releasing: expect.stringMatching(/against that of HR/) },
    });
    expect(desk.directory.writes).toEqual([]);
  });

  it('does not ask about an event without an id of the HR system', async () => {
    const desk = askingDesk(EMPLOYED);

    await arrives(desk, aTermination());

    expect(entryOf(desk)?.status).toBe('deactivated');
    expect(desk.hr.asked).toEqual([]);
  });

  it.each([
    { what: 'has no id of the HR system', employee: { email: 'ana@acme.test' }, source: 'acme-hr', asked: [] },
    { what: 'comes from a source that cannot be asked', employee: { email: 'ana@acme.test', sourceId: '7' }, source: 'beta-hr', asked: [] },
    { what: 'is of somebody that HR does not know', employee: { email: 'ana@acme.test', sourceId: '8' }, source: 'acme-hr', asked: ['8'] },
  ])('has an event that $what looked up before its day, by what it says itself', async ({ employee, source, asked }) => {
    const desk = askingDesk(EMPLOYED);

    await arrives(desk, aTermination({ employee, effective: { date: '2026-11-30' } }), { source });

    expect(desk.ledger.entries.get(`${source}/evt-1`)).toMatchObject({ status: 'scheduled', sighted: { users: [{ userId: guid(1) }] } });
    expect(desk.hr.asked).toStrictEqual(asked);
  });

  it('ends what HR knows no termination of', async () => {
    const desk = askingDesk(EMPLOYED);

    await arrives(desk, UNCONFIRMED);

    expect(entryOf(desk)).toMatchObject({ status: 'cancelled', reason: 'not-a-termination' });
  });

  it('asks again when a schedule fires, and waits for the day to which HR has moved the last one', async () => {
    const desk = askingDesk({ ...EMPLOYED, lastDay: { date: '2026-12-15' } });
    await arrives(desk, aTermination({ employee: { sourceId: '7' }, effective: { date: '2026-11-30' } }));
    expect(desk.hr.asked).toEqual(['7']);

    await moveTo(desk, '2026-12-01T00:00:00Z');
    expect(entryOf(desk)).toMatchObject({ status: 'scheduled', effectiveAt: '2026-12-16T00:00:00.000Z', putOff: { date: '2026-12-15' } });
    expect(entryOf(desk)?.history.at(-1)?.why).toBe('HR, asked again, has the last day 2026-12-15: effective at 2026-12-16T00:00:00.000Z');

    await work({ kind: 'due', ...REF }, desk);
    expect(desk.hr.asked).toHaveLength(2);
    await moveTo(desk, '2026-12-16T00:00:00Z');
    expect(entryOf(desk)).toMatchObject({ status: 'deactivated', workfrontUserId: guid(1) });
  });

  it('says that the event waits for a day, where HR puts it off', async () => {
    const desk = askingDesk({ ...EMPLOYED, lastDay: { date: '2026-12-15' } });

    expect(await arrives(desk, THIN)).toMatchObject({ kind: 'settled', entry: { status: 'scheduled', putOff: { date: '2026-12-15' } } });
    expect(desk.schedules.due.get('acme-hr/evt-1')?.at).toBe('2026-12-16T00:00:00.000Z');
  });

  it('holds a termination that HR withdrew without a word, and deactivates when a person releases it', async () => {
    const desk = askingDesk(EMPLOYED);
    await arrives(desk, aTermination({ employee: { sourceId: '7' }, effective: { date: '2026-11-30' } }));
    await moveTo(desk, '2026-12-01T00:00:00Z');
    expect(entryOf(desk)).toMatchObject({ status: 'held', reason: 'hr-contradicts' });

    await work({ kind: 'release', guard: 'hr-contradicts', ...(await seenBy(desk, REF)) }, desk);

    expect(entryOf(desk)).toMatchObject({
      status: 'deactivated',
      released: [{ guard: 'hr-contradicts', of: 'HR shows the employee as employed, without a last day' }],
    });
  });

  it('asks HR again, and skips nothing, where a person says that HR is right by now', async () => {
    const desk = askingDesk(EMPLOYED);
    await arrives(desk, THIN);
    const recheck = async () => work({ kind: 'release', guard: 'hr-contradicts', recheck: true, ...(await seenBy(desk, REF)) }, desk);

    await recheck();
    expect(entryOf(desk)).toMatchObject({ status: 'held', reason: 'hr-contradicts', released: [] });
    desk.hr.says.set('7', LEFT);
    await recheck();

    expect(entryOf(desk)).toMatchObject({ status: 'deactivated', released: [] });
    expect(entryOf(desk)?.history.filter(({ by }) => by === 'ops-person')).toMatchObject([
      { why: 'asks hr-contradicts again' },
      { why: 'asks hr-contradicts again' },
    ]);
  });

  it('holds an employee that HR does not know, and cannot find them when released either', async () => {
    const desk = askingDesk(undefined);
    await arrives(desk, THIN);
    expect(entryOf(desk)).toMatchObject({ status: 'held', reason: 'hr-contradicts' });

    await work({ kind: 'release', guard: 'hr-contradicts', ...(await seenBy(desk, REF)) }, desk);

    expect(entryOf(desk)).toMatchObject({ status: 'failed', reason: 'no-match-key' });
  });

  it('shows every other guard that holds, and one release answers them all', async () => {
    const desk = askingDesk(EMPLOYED, { protected: [guid(1)] });
    await arrives(desk, THIN);
    expect(entryOf(desk)?.hold).toMatchObject({ guard: 'hr-contradicts', also: [{ guard: 'protected' }] });

    await work({ kind: 'release', guard: 'hr-contradicts', ...(await seenBy(desk, REF)) }, desk);

    expect(entryOf(desk)).toMatchObject({ status: 'deactivated' });
  });

  it('asks every guard that holds only since then, all the same', async () => {
    const desk = askingDesk(EMPLOYED);
    await arrives(desk, THIN);
    desk.policy.protected.push(guid(1));

    await work({ kind: 'release', guard: 'hr-contradicts', ...(await seenBy(desk, REF)) }, desk);

    expect(entryOf(desk)).toMatchObject({ status: 'held', reason: 'protected' });
  });
});

describe('trouble with HR', () => {
  const other = anArrival(aTermination({ employee: { email: 'bob@acme.test' } }), { source: 'beta-hr', eventId: 'evt-2' });

  it.each([
    ['passes', new TransientFailure('hr-throttled', 'too many', { retryAfterSeconds: 77 }), { code: 'hr-throttled', seconds: 77 }],
    ['may pass', new TransientFailure('hr-unavailable', 'status 500'), { code: 'hr-unavailable' }],
    ['is of the credential', new CredentialFailure('hr-credential-refused', 'refused'), { code: 'hr-credential-refused' }],
  ])('that %s makes the event wait, and no other source', async (_, failure, expected) => {
    const desk = askingDesk(failure);

    expect(await arrives(desk, THIN)).toMatchObject({ kind: 'wait', ...expected });
    expect(await work(other, desk)).toMatchObject({ kind: 'settled', entry: { status: 'deactivated' } });
    expect(desk.ledger.records.get('stage/circuit')).toBeUndefined();
  });

  it.each([
    ['outages', new TransientFailure('hr-unavailable', 'status 500'), 'hr-in-trouble'],
    ['limits', new TransientFailure('hr-throttled', 'too many'), 'hr-throttled'],
  ])('with five %s behind it makes the next event wait by its own rule', async (_, failure, code) => {
    const desk = askingDesk(failure);
    for (let number = 0; number < 5; number++) await arrives(desk, THIN, { eventId: `evt-${number}` });

    expect(await arrives(desk, THIN, { eventId: 'evt-6' })).toMatchObject({ kind: 'wait', code });
  });

  it('keeps no other source from asking its own HR system', async () => {
    const desk = askingDesk(new CredentialFailure('hr-credential-refused', 'refused'));
    await arrives(desk, THIN);
    desk.hr.says.set('8', LEFT);

    await work(anArrival(aTermination({ employee: { sourceId: '8' } }), { source: 'gamma-hr' }), desk);

    expect(desk.ledger.entries.get('gamma-hr/evt-1')).toMatchObject({ status: 'deactivated' });
    expect(await arrives(desk, THIN, { eventId: 'evt-3' })).toMatchObject({ kind: 'wait', code: 'hr-in-trouble' });
  });

  it.each([
    { what: 'that lacks the id of the HR system', event: aTermination({ employee: { email: 'bob@acme.test' } }), lookUps: ['acme-hr'] },
    {
      what: 'of a source that cannot be asked any more',
      event: aTermination({ employee: { sourceId: '7', email: 'bob@acme.test' } }),
      lookUps: [],
    },
  ])('keeps nobody waiting by an event $what', async ({ event, lookUps }) => {
    const desk = askingDesk(new CredentialFailure('hr-credential-refused', 'refused'));
    await arrives(desk, THIN);
    desk.hr.canBeAsked = (source) => lookUps.includes(source);

    expect(await arrives(desk, event, { eventId: 'evt-3' })).toMatchObject({ entry: { status: 'deactivated', workfrontUserId: guid(2) } });
  });

  it('is distinguished from what HR will never say', async () => {
    const desk = askingDesk(new PermanentFailure('hr-forbidden', 'not this one'));

    await arrives(desk, THIN);

    expect(entryOf(desk)).toMatchObject({ status: 'failed', reason: 'hr-forbidden' });
  });

  it('of the credential is asked about by one event at a time, and never fails one for waiting', async () => {
    const desk = askingDesk(new CredentialFailure('hr-credential-refused', 'refused'), { waitLimitHours: 1 });
    await arrives(desk, THIN);
    expect(await arrives(desk, THIN, { eventId: 'evt-3' })).toMatchObject({ kind: 'wait', code: 'hr-in-trouble' });
    expect(desk.hr.asked).toHaveLength(1);

    desk.now += 100 * HOUR;
    expect(await arrives(desk, THIN)).toMatchObject({ kind: 'wait', code: 'hr-credential-refused' });
    desk.hr.says.set('7', { ...LEFT, employee: { ...LEFT.employee, familyName: 'Silva' } });
    desk.now += HOUR;
    await arrives(desk, THIN);
    expect(entryOf(desk)?.status).toBe('deactivated');
    expect(await arrives(desk, THIN, { eventId: 'evt-3' })).toMatchObject({ entry: { status: 'already-inactive' } });
  });

  it('that lasts is given up by the rules of the stage', async () => {
    const desk = askingDesk(new TransientFailure('hr-unavailable', 'status 500'), { waitLimitHours: 1 });
    await arrives(desk, THIN);

    desk.now += 2 * HOUR;
    await arrives(desk, THIN);

    expect(entryOf(desk)).toMatchObject({ status: 'failed', reason: 'gave-up-hr-unavailable' });
  });

  it('keeps its events from the gate of Workfront, whose probe they could not use', async () => {
    const desk = askingDesk(new CredentialFailure('hr-credential-refused', 'refused'));
    await arrives(desk, THIN);
    const open = {
      failures: 5,
      open: { cause: 'trouble', since: '2026-11-24T11:00:00.000Z', probeAt: '2026-11-24T12:00:00.000Z', saw: '500' },
    };
    await desk.ledger.writeRecord('stage/circuit', { value: open, version: 0 });

    await arrives(desk, THIN, { eventId: 'evt-3' });

    expect(await work(other, desk)).toMatchObject({ entry: { status: 'deactivated' } });
  });
});
