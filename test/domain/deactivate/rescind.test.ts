import { describe, expect, it } from '@jest/globals';
import { PermanentFailure, TransientFailure } from '../../../lambda/domain/failures.ts';
import { NEW_PERSON } from '../../../lambda/domain/person/person-record.ts';
import { aDirectory, anArrival, aRescission, aTermination, aUser, guid } from '../../support/builders.ts';
import { aDesk, type TestDesk } from '../../support/in-memory-desk.ts';
import { moveTo, removals, seenBy, statusOf, untilSettled, work } from '../../support/working.ts';

const EMAIL = { email: 'ana@acme.test' };
const later = { date: '2026-12-15', timeZone: 'UTC' };
const at = (hour: number) => `2026-11-24T${String(hour).padStart(2, '0')}:00:00Z`;
const arrival = (eventId: string, event: ReturnType<typeof aTermination> | ReturnType<typeof aRescission>, source = 'acme-hr') =>
  anArrival(event, { eventId, source });

const newDesk = () => aDesk({ users: aDirectory({ id: guid(1), extRefID: '10042' }) });
const entryOf = (desk: TestDesk, eventId: string) => desk.ledger.entries.get(`acme-hr/${eventId}`);

const PERSON = 'person/email:ana@acme.test';
const personOf = (desk: TestDesk) => desk.ledger.records.get(PERSON);

async function statusesOf(desk: TestDesk, ...eventIds: string[]) {
  return Promise.all(eventIds.map((eventId) => statusOf(desk, eventId)));
}

describe('a rescission', () => {
  it('cancels the termination that is still to come, and its schedule', async () => {
    const desk = newDesk();
    const removed = removals(desk);
    await untilSettled(desk, arrival('t', aTermination({ occurredAt: at(8), effective: later })));

    const settled = await work(arrival('r', aRescission({ occurredAt: at(9) })), desk);

    expect(settled).toMatchObject({ kind: 'settled', entry: { eventId: 'r', status: 'rescinded' } });
    expect(entryOf(desk, 't')).toMatchObject({ status: 'cancelled', reason: 'rescinded' });
    expect(removed).toEqual(['t 2026-12-16T00:00:00.000Z']);
    expect(entryOf(desk, 't')?.history.at(-1)?.why).toBe('HR withdrew the termination: rescission r of acme-hr');
    expect(entryOf(desk, 'r')?.history.at(-1)?.why).toBe('word left, 1 open terminations cancelled');
    expect(desk.schedules.due.size).toBe(0);
    await untilSettled(desk, { kind: 'due', source: 'acme-hr', eventId: 't' });
    expect(desk.directory.writes).toEqual([]);
  });

  it('cancels one that never came so far as to be scheduled', async () => {
    const desk = newDesk();
    const removed = removals(desk);
    await desk.ledger.writeRecord('stage/pause', {
      value: { paused: { at: '2026-11-24T11:00:00.000Z', by: 'ops-person', reason: 'cut-over' } },
      version: 0,
    });
    await work(arrival('t', aTermination({ occurredAt: at(8) })), desk);
    expect(await statusesOf(desk, 't')).toEqual(['received']);

    await untilSettled(desk, arrival('r', aRescission({ occurredAt: at(9) })));

    expect(await statusesOf(desk, 't', 'r')).toEqual(['cancelled', 'rescinded']);
    expect(removed).toEqual([]);
  });

  it('that comes before its termination still wins', async () => {
    const desk = newDesk();
    const removed = removals(desk);
    await untilSettled(desk, arrival('r', aRescission({ occurredAt: at(9) })));

    await untilSettled(desk, arrival('t', aTermination({ occurredAt: at(8) })));

    expect(entryOf(desk, 't')).toMatchObject({ status: 'cancelled', reason: 'rescinded' });
    expect(entryOf(desk, 't')?.history.at(-1)?.why).toBe('HR withdrew the termination: rescission r of acme-hr');
    expect([desk.directory.writes, removed]).toEqual([[], []]);
  });

  it('leaves alone a termination recorded after it', async () => {
    const desk = newDesk();
    await untilSettled(desk, arrival('r', aRescission({ occurredAt: at(9) })));

    await untilSettled(desk, arrival('t', aTermination({ occurredAt: at(10) })));

    expect(await statusesOf(desk, 't')).toEqual(['deactivated']);
  });

  it('that comes late leaves alone a newer termination, and cancels the older', async () => {
    const desk = newDesk();
    await untilSettled(
      desk,
      arrival('old', aTermination({ occurredAt: at(8), effective: later })),
      arrival('new', aTermination({ occurredAt: at(10), effective: { ...later, date: '2026-12-20' } })),
    );

    await untilSettled(desk, arrival('r', aRescission({ occurredAt: at(9) })));

    expect(await statusesOf(desk, 'old', 'new')).toEqual(['cancelled', 'scheduled']);
  });

  it('that comes late asks nobody about a newer termination that was done', async () => {
    const desk = newDesk();
    await untilSettled(desk, arrival('new', aTermination({ occurredAt: at(10) })));

    await untilSettled(desk, arrival('r', aRescission({ occurredAt: at(9) })));

    expect(await statusesOf(desk, 'new', 'r')).toEqual(['deactivated', 'rescinded']);
  });

  it('of somebody else who has the address in another source asks nobody about the leaver', async () => {
    const desk = aDesk({ users: aDirectory({ id: guid(1), firstName: 'Ana', lastName: 'Silva' }) });
    const named = (givenName: string, familyName: string) => ({ ...EMAIL, givenName, familyName });
    await untilSettled(desk, arrival('t', aTermination({ occurredAt: at(8), employee: named('Ana', 'Silva') })));

    await untilSettled(desk, arrival('r', aRescission({ occurredAt: at(9), employee: named('Bo', 'Berg') }), 'payroll'));

    expect([await statusOf(desk, 't'), await statusOf(desk, 'r', 'payroll')]).toEqual(['deactivated', 'rescinded']);
  });

  it('that comes later still cancels the newer one', async () => {
    const desk = newDesk();
    await untilSettled(
      desk,
      arrival('old', aTermination({ occurredAt: at(8), effective: later })),
      arrival('new', aTermination({ occurredAt: at(10), effective: { ...later, date: '2026-12-20' } })),
      arrival('r1', aRescission({ occurredAt: at(9) })),
    );

    await untilSettled(desk, arrival('r2', aRescission({ occurredAt: at(11) })));

    expect(await statusesOf(desk, 'old', 'new', 'r2')).toEqual(['cancelled', 'cancelled', 'rescinded']);
  });

  it.each([
    { what: 'the address in other case', termination: EMAIL, rescission: { email: 'ANA@acme.test' }, cancels: true },
    {
      what: 'one of two keys',
      termination: { ...EMAIL, employeeNumber: '10042' },
      rescission: { employeeNumber: '10042' },
      cancels: true,
    },
    {
      what: 'two keys, and counts it once',
      termination: { ...EMAIL, employeeNumber: '10042' },
      rescission: { ...EMAIL, employeeNumber: '10042' },
      cancels: true,
    },
    { what: 'another person', termination: EMAIL, rescission: { email: 'bo@acme.test' }, cancels: false },
  ])('finds the termination by $what: $cancels', async ({ termination, rescission, cancels }) => {
    const desk = newDesk();
    await untilSettled(desk, arrival('t', aTermination({ occurredAt: at(8), employee: termination, effective: later })));

    await untilSettled(desk, arrival('r', aRescission({ occurredAt: at(9), employee: rescission })));

    expect(await statusesOf(desk, 't')).toEqual([cancels ? 'cancelled' : 'scheduled']);
    expect(entryOf(desk, 'r')?.history.at(-1)?.why).toBe(`word left, ${cancels ? 1 : 0} open terminations cancelled`);
  });

  it.each([
    { what: 'the address', employee: EMAIL },
    { what: 'the number, which may be another person there', employee: { employeeNumber: '10042' } },
  ])('of another source cancels nothing by $what, and holds it on its day', async ({ employee }) => {
    const desk = newDesk();
    await untilSettled(desk, arrival('t', aTermination({ occurredAt: at(8), employee, effective: later })));

    await untilSettled(desk, arrival('r', aRescission({ occurredAt: at(9), employee }), 'payroll'));

    expect(await statusesOf(desk, 't')).toEqual(['scheduled']);
    await moveTo(desk, '2026-12-16T00:00:00.000Z');
    expect(entryOf(desk, 't')).toMatchObject({ status: 'held', reason: 'perhaps-rescinded' });
  });

  describe('that names its termination', () => {
    const named = aRescission({ occurredAt: at(9), employee: { employeeNumber: '10042' }, rescinds: 't' });
    const termination = aTermination({ occurredAt: at(8), employee: EMAIL, effective: later });

    const unknown = { ...named, employee: { employeeNumber: '99' } };

    it.each([
      { what: 'another key', rescission: named },
      { what: 'a key that nobody in Workfront has', rescission: unknown },
      { what: 'the same key', rescission: { ...named, employee: EMAIL } },
    ])('cancels it under $what, and counts it once', async ({ rescission }) => {
      const desk = newDesk();
      await untilSettled(desk, arrival('t', termination));

      await untilSettled(desk, arrival('r', rescission));

      expect(await statusesOf(desk, 't', 'r')).toEqual(['cancelled', 'rescinded']);
      expect(entryOf(desk, 'r')?.history.at(-1)?.why).toBe('word left, 1 open terminations cancelled');
    });

    it('and so ends others of the same person asks a person, who is told which', async () => {
      const desk = newDesk();
      await untilSettled(desk, ...['t', 't2', 't3'].map((eventId) => arrival(eventId, termination)));

      await untilSettled(desk, arrival('r', aRescission({ occurredAt: at(9), rescinds: 't' })));

      const saw = 'HR withdrew t; t2, t3 of the same person, recorded before that, was cancelled with it';
      expect(await statusesOf(desk, 't', 't2', 't3', 'r')).toEqual(['cancelled', 'cancelled', 'cancelled', 'held']);
      expect(entryOf(desk, 'r')?.hold).toEqual({
        guard: 'cancelled-more-than-named',
        saw,
        releasing: 'records that a person has asked HR whether the leaver stays; if not, HR must send the termination again',
      });
      expect(entryOf(desk, 'r')?.history.at(-1)).toMatchObject({ to: 'held', why: `cancelled-more-than-named: ${saw}` });
    });

    it.each([
      { what: 'another key', rescission: named },
      { what: 'a key that nobody in Workfront has', rescission: unknown },
    ])('wins over it although it comes first, under $what, and although HR dates it later', async ({ rescission }) => {
      const desk = newDesk();
      await untilSettled(desk, arrival('r', rescission));

      await untilSettled(desk, arrival('t', { ...termination, occurredAt: at(11), effective: { immediate: true } }));

      expect(entryOf(desk, 't')).toMatchObject({ status: 'cancelled', reason: 'rescinded' });
      expect(desk.directory.writes).toEqual([]);
    });

    it('asks a person about the others also if its worker died before it could, but not about those withdrawn before', async () => {
      const desk = newDesk();
      await untilSettled(
        desk,
        arrival('t0', aTermination({ occurredAt: at(6), effective: later })),
        arrival('r0', aRescission({ occurredAt: at(7) })),
        ...['t', 't2'].map((eventId) => arrival(eventId, termination)),
      );
      await desk.ledger.writeRecord('person/acme-hr:number:99', {
        value: { ...NEW_PERSON, events: [{ source: 'acme-hr', eventId: 't0' }] },
        version: 0,
      });
      const rescission = arrival('r', aRescission({ ...named, employee: { ...EMAIL, employeeNumber: '99' } }));
      const writeEntry = desk.ledger.writeEntry.bind(desk.ledger);
      desk.ledger.writeEntry = async (entry) => {
        if (entry.status === 'held') throw new Error('the process ended');
        return writeEntry(entry);
      };
      await expect(work(rescission, desk)).rejects.toThrow('the process ended');
      desk.ledger.writeEntry = writeEntry;

      await untilSettled(desk, rescission);

      expect(await statusesOf(desk, 't0', 't', 't2', 'r')).toEqual(['cancelled', 'cancelled', 'cancelled', 'held']);
      expect(entryOf(desk, 'r')?.hold?.saw).toBe('HR withdrew t; t2 of the same person, recorded before that, was cancelled with it');
    });

    it('cancels it although HR dates it later', async () => {
      const desk = newDesk();
      await untilSettled(desk, arrival('t', { ...termination, occurredAt: at(11) }));

      await untilSettled(desk, arrival('r', named));

      expect(await statusesOf(desk, 't')).toEqual(['cancelled']);
    });

    it.each([
      ['of another person', named],
      ['that HR dates later', aRescission({ occurredAt: at(7), rescinds: 't' })],
    ])('does not touch an event of that id in another source, %s', async (_, rescission) => {
      const desk = newDesk();
      await untilSettled(desk, arrival('t', termination));

      await untilSettled(desk, arrival('r', rescission, 'payroll'));

      expect(await statusesOf(desk, 't')).toEqual(['scheduled']);
    });
  });

  it('delivered twice, or twice under two ids, comes to the same', async () => {
    const desk = newDesk();
    await untilSettled(desk, arrival('t', aTermination({ occurredAt: at(8), effective: later })));
    const rescission = arrival('r', aRescission({ occurredAt: at(9) }));

    await untilSettled(desk, rescission, arrival('r2', aRescission({ occurredAt: at(9) })));
    const again = await work(rescission, desk);

    expect(again).toMatchObject({ kind: 'nothing-to-do', why: 'finished before: rescinded' });
    expect(await statusesOf(desk, 't', 'r', 'r2')).toEqual(['cancelled', 'rescinded', 'rescinded']);
  });

  it.each([
    { what: 'held', rules: { holdAdministrators: true }, status: 'held' },
    { what: 'failed', rules: { matchKeys: [{ field: 'extRefID' as const, from: 'employeeNumber' as const }] }, status: 'failed' },
  ])('cancels one that is $what', async ({ rules, status }) => {
    const desk = aDesk({ users: aDirectory({ id: guid(1), isAdmin: true }), rules });
    await untilSettled(desk, arrival('t', aTermination({ occurredAt: at(8) })));
    expect(await statusesOf(desk, 't')).toEqual([status]);

    await untilSettled(desk, arrival('r', aRescission({ occurredAt: at(9) })));

    expect(await statusesOf(desk, 't', 'r')).toEqual(['cancelled', 'rescinded']);
  });

  it('after the deactivation is held for a person and reactivates nobody', async () => {
    const desk = newDesk();
    await untilSettled(desk, arrival('t', aTermination({ occurredAt: at(8) })));

    await untilSettled(desk, arrival('r', aRescission({ occurredAt: at(9) })));

    expect(await statusesOf(desk, 't', 'r')).toEqual(['deactivated', 'held']);
    expect(entryOf(desk, 'r')?.hold).toEqual({
      guard: 'rescinded-after-deactivation',
      saw: `user ${guid(1)} was deactivated before HR withdrew the termination`,
      releasing: expect.stringContaining('reactivates nothing'),
    });
    expect(desk.directory.users.get(guid(1))?.isActive).toBe(false);
  });

  it('after the deactivation is for a person also if somebody has reactivated the user, and asks Workfront once', async () => {
    const desk = newDesk();
    await untilSettled(desk, arrival('t', aTermination({ occurredAt: at(8) })));
    Object.assign(desk.directory.users.get(guid(1)) ?? {}, { isActive: true });
    const { calls } = desk.directory;

    await untilSettled(desk, arrival('r', aRescission({ occurredAt: at(9) })));

    expect(entryOf(desk, 'r')).toMatchObject({ status: 'held', reason: 'rescinded-after-deactivation' });
    expect(desk.directory.calls).toBe(calls + 1);
  });

  it.each([
    { what: 'rejected', reached: 'certainly', source: 'acme-hr' },
    { what: 'rejected', reached: 'perhaps', source: 'payroll' },
    { what: 'cancelled', reached: 'certainly', source: 'acme-hr' },
    { what: 'cancelled', reached: 'perhaps', source: 'payroll' },
  ] as const)('of one that a person $what, whose cut-short write took effect, is for a person if it $reached means it', async (one) => {
    const desk = newDesk();
    await untilSettled(desk, arrival('t', aTermination({ occurredAt: at(8), effective: later })));
    const t = entryOf(desk, 't');
    const intent = { userId: guid(1), at: '2026-11-24T11:00:00.000Z' };
    if (t !== undefined) desk.ledger.entries.set('acme-hr/t', { ...t, status: one.what, intent });
    Object.assign(desk.directory.users.get(guid(1)) ?? {}, { isActive: false });

    await untilSettled(desk, arrival('r', aRescission({ occurredAt: at(9) }), one.source));

    expect(desk.ledger.entries.get(`${one.source}/r`)).toMatchObject({ status: 'held', reason: 'rescinded-after-deactivation' });
    expect(await statusesOf(desk, 't')).toEqual([one.what]);
  });

  it('of a user who has returned is for a person also if its worker dies once the return is accepted', async () => {
    const desk = newDesk();
    await untilSettled(desk, arrival('t', aTermination({ occurredAt: at(8) })));
    const t = entryOf(desk, 't');
    if (t !== undefined) desk.ledger.entries.set('acme-hr/t', { ...t, status: 'returned' });
    const rescission = arrival('r', aRescission({ occurredAt: at(9) }));
    const writeEntry = desk.ledger.writeEntry.bind(desk.ledger);
    desk.ledger.writeEntry = async (entry) => {
      if (entry.status === 'held') throw new Error('the process ended');
      return writeEntry(entry);
    };
    await expect(work(rescission, desk)).rejects.toThrow('the process ended');
    desk.ledger.writeEntry = writeEntry;

    await untilSettled(desk, rescission);

    expect(await statusesOf(desk, 't', 'r')).toEqual(['accepted', 'held']);
    expect(entryOf(desk, 'r')?.hold?.saw).toBe(`user ${guid(1)} was deactivated before HR withdrew the termination`);
  });

  it('after the deactivation of two accounts names both', async () => {
    const desk = newDesk();
    const employee = { email: 'ana@acme.test', givenName: 'Ana', familyName: 'Silva' };
    desk.directory.users.set(guid(1), aUser({ firstName: 'Ana', lastName: 'Silva' }));
    await untilSettled(desk, arrival('t1', aTermination({ employee, occurredAt: at(8) })));
    desk.directory.users.set(guid(2), aUser({ id: guid(2), firstName: 'Ana', lastName: 'Silva' }));
    await untilSettled(desk, arrival('t2', aTermination({ employee, occurredAt: at(9) })));

    await untilSettled(desk, arrival('r', aRescission({ occurredAt: at(10) })));

    expect(entryOf(desk, 'r')?.hold?.saw).toBe(`user ${guid(1)}, ${guid(2)} was deactivated before HR withdrew the termination`);
  });

  it('after the deactivation is done with when a person has decided', async () => {
    const desk = newDesk();
    await untilSettled(desk, arrival('t', aTermination({ occurredAt: at(8) })), arrival('r', aRescission({ occurredAt: at(9) })));

    await untilSettled(desk, {
      kind: 'release',
      ...(await seenBy(desk, { source: 'acme-hr', eventId: 'r' })),
      guard: 'rescinded-after-deactivation',
    });

    expect(await statusesOf(desk, 't', 'r')).toEqual(['deactivated', 'rescinded']);
    expect(entryOf(desk, 'r')?.history.at(-1)).toMatchObject({ by: 'ops-person' });
  });

  it('during the search comes before the write, and does not wait for it', async () => {
    const desk = newDesk();
    const { now } = desk;
    const rescission = arrival('r', aRescission({ occurredAt: at(9) }));
    const { find } = desk.directory;
    desk.directory.find = async (key) => {
      desk.directory.find = find;
      await untilSettled(desk, rescission);
      return find.call(desk.directory, key);
    };

    await untilSettled(desk, arrival('t', aTermination({ occurredAt: at(8) })));

    expect(await statusesOf(desk, 't', 'r')).toEqual(['cancelled', 'rescinded']);
    expect(desk.directory.writes).toEqual([]);
    expect(desk.now).toBe(now);
  });

  it('at the last moment before the write still wins', async () => {
    const desk = newDesk();
    const rescission = arrival('r', aRescission({ occurredAt: at(9) }));
    const writeEntry = desk.ledger.writeEntry.bind(desk.ledger);
    desk.ledger.writeEntry = async (entry) => {
      const written = await writeEntry(entry);
      if (written.intent === undefined) return written;
      desk.ledger.writeEntry = writeEntry;
      await work(rescission, desk, 'worker-2');
      return written;
    };

    await untilSettled(desk, arrival('t', aTermination({ occurredAt: at(8) })), rescission);

    expect(await statusesOf(desk, 't', 'r')).toEqual(['cancelled', 'rescinded']);
    expect(entryOf(desk, 't')?.reason).toBe('rescinded');
    expect(entryOf(desk, 't')?.history.at(-1)?.why).toBe('HR withdrew the termination: rescission r of acme-hr');
    expect(desk.directory.writes).toEqual([]);
  });

  it('during the write waits for it, and is then held', async () => {
    const desk = newDesk();
    const rescission = arrival('r', aRescission({ occurredAt: at(9) }));
    const meanwhile: unknown[] = [];
    const { deactivate } = desk.directory;
    desk.directory.deactivate = async (userId) => {
      meanwhile.push(await work(rescission, desk, 'worker-2'));
      return deactivate.call(desk.directory, userId);
    };
    await untilSettled(desk, arrival('t', aTermination({ occurredAt: at(8) })));

    await untilSettled(desk, rescission);

    expect(meanwhile).toMatchObject([
      { kind: 'wait', code: 'write-under-way', seconds: 5, entry: { waiting: { saw: 'event t is being written' } } },
    ]);
    expect(await statusesOf(desk, 't', 'r')).toEqual(['deactivated', 'held']);
  });

  it('that meets trouble waits it out, and comes to the same', async () => {
    const desk = newDesk();
    const { deactivate, read } = desk.directory;
    desk.directory.deactivate = async () => {
      throw new TransientFailure('timeout', 'no answer');
    };
    await work(arrival('t', aTermination({ occurredAt: at(8) })), desk);
    desk.directory.deactivate = deactivate;
    desk.directory.read = async () => {
      throw new TransientFailure('timeout', 'expected an answer, got none');
    };

    const during = await work(arrival('r', aRescission({ occurredAt: at(9) })), desk);
    const raised = personOf(desk);
    await work(arrival('r', aRescission({ occurredAt: at(9) })), desk);
    expect(personOf(desk)).toEqual(raised);
    desk.directory.read = read;
    await untilSettled(desk, arrival('r', aRescission({ occurredAt: at(9) })));

    expect(during).toMatchObject({ kind: 'wait', code: 'timeout' });
    expect(await statusesOf(desk, 't', 'r')).toEqual(['cancelled', 'rescinded']);
  });

  it('of a write that took effect, and whose answer is missing, is held', async () => {
    const desk = newDesk();
    const { deactivate } = desk.directory;
    desk.directory.deactivate = async (userId) => {
      await deactivate.call(desk.directory, userId);
      throw new TransientFailure('timeout', 'no answer');
    };
    await work(arrival('t', aTermination({ occurredAt: at(8) })), desk);

    await untilSettled(desk, arrival('r', aRescission({ occurredAt: at(9) })));

    expect(await statusesOf(desk, 't', 'r')).toEqual(['deactivated', 'held']);
    expect(entryOf(desk, 'r')?.hold?.saw).toBe(`user ${guid(1)} was deactivated before HR withdrew the termination`);
  });

  it('of a failed write to a user who is no more cancels', async () => {
    const desk = newDesk();
    desk.directory.deactivate = () => Promise.reject(new PermanentFailure('forbidden', 'no'));
    await untilSettled(desk, arrival('t', aTermination({ occurredAt: at(8) })));
    desk.directory.users.delete(guid(1));

    await untilSettled(desk, arrival('r', aRescission({ occurredAt: at(9) })));

    expect(await statusesOf(desk, 't', 'r')).toEqual(['cancelled', 'rescinded']);
  });

  it('writes once under a key that led to nothing', async () => {
    const desk = newDesk();
    await untilSettled(desk, arrival('t', aTermination({ occurredAt: at(8), effective: later })));

    await untilSettled(desk, arrival('r', aRescission({ occurredAt: at(9), employee: { ...EMAIL, employeeNumber: '99' } })));

    expect(await statusesOf(desk, 't')).toEqual(['cancelled']);
    expect(desk.ledger.records.get('person/acme-hr:number:99')?.version).toBe(1);
  });

  it('of somebody never terminated, who has no account, is recorded, with one write for the person', async () => {
    const desk = aDesk({ users: aDirectory() });

    await untilSettled(desk, arrival('r', aRescission()));

    expect(entryOf(desk, 'r')).toMatchObject({ status: 'rescinded', reason: 'found-nothing' });
    expect([...desk.ledger.records.keys()]).toEqual([PERSON, 'stage/tenant']);
    expect(personOf(desk)?.version).toBe(1);
  });
});

describe('a rescission says that it found nothing', () => {
  it.each<{ what: string; users?: Parameters<typeof aDirectory>; termination?: ReturnType<typeof aTermination>; reason?: string }>([
    { what: 'if there is neither a termination nor an account', reason: 'found-nothing' },
    { what: 'but not if there is an account', users: [{ id: guid(1) }] },
    { what: 'but not if there is a termination', termination: aTermination({ occurredAt: at(8), effective: later }) },
  ])('$what', async ({ users = [], termination, reason }) => {
    const desk = aDesk({ users: aDirectory(...users) });
    if (termination !== undefined) await untilSettled(desk, arrival('t', termination));

    await untilSettled(desk, arrival('r', aRescission({ occurredAt: at(9) })));

    expect(entryOf(desk, 'r')?.status).toBe('rescinded');
    expect(entryOf(desk, 'r')?.reason).toBe(reason);
  });
});

describe('a rescission while Workfront cannot be asked', () => {
  const open = { since: '2026-11-24T11:00:00.000Z', probeAt: '2027-11-24T11:00:00.000Z', cause: 'trouble', saw: 'server-error' };
  const due = { kind: 'due' as const, source: 'acme-hr', eventId: 'r' };
  const byNumber = { employee: { employeeNumber: '10042' }, occurredAt: at(9) };

  /** The termination names an address, the rescission a number: only the account leads from one to the other. */
  async function unasked(rescission: Partial<ReturnType<typeof aRescission>> = {}): Promise<TestDesk> {
    const desk = newDesk();
    await untilSettled(desk, arrival('t', aTermination({ occurredAt: at(8), effective: later })));
    await desk.ledger.writeRecord('stage/circuit', { value: { failures: 5, open }, version: 0 });
    await untilSettled(desk, arrival('r', aRescission({ ...byNumber, ...rescission })));
    return desk;
  }
  const repair = (desk: TestDesk) => desk.ledger.records.delete('stage/circuit');

  it.each<{ what: string; change: (desk: TestDesk) => unknown }>([
    {
      what: 'is known to be in trouble',
      change: ({ ledger }) => ledger.writeRecord('stage/circuit', { value: { failures: 5, open }, version: 0 }),
    },
    { what: 'is another customer’s', change: ({ policy }) => Object.assign(policy, { customerId: 'd'.repeat(32) }) },
    {
      what: 'does not answer',
      change: ({ directory }) => Object.assign(directory, { find: () => Promise.reject(new TransientFailure('timeout', 'no answer')) }),
    },
  ])('as it $what: leaves its word under HR’s keys, says so, and asks again in an hour', async ({ change }) => {
    const desk = newDesk();
    await untilSettled(desk, arrival('t', aTermination({ occurredAt: at(8), effective: later })));
    await change(desk);
    const people = new Set(desk.ledger.records.keys());

    await untilSettled(desk, arrival('r', aRescission(byNumber)));

    expect([...desk.ledger.records.keys()].filter((key) => !people.has(key))).toEqual(['person/acme-hr:number:10042']);
    expect(entryOf(desk, 'r')).toMatchObject({ status: 'rescinded', lookUpTries: 1 });
    expect(entryOf(desk, 'r')?.history.at(-1)?.why).toBe('word left, 0 open terminations cancelled; Workfront could not be asked');
    expect(desk.schedules.due.get('acme-hr/r')?.at).toBe('2026-11-24T13:00:00.000Z');
    expect(await statusesOf(desk, 't')).toEqual(['scheduled']);
  });

  it('asks again and again, for a week at most', async () => {
    const desk = await unasked();
    desk.schedules.due.clear();
    expect(await work(due, desk)).toMatchObject({ kind: 'settled', entry: { status: 'rescinded', lookUpTries: 2 } });
    expect(desk.schedules.due.get('acme-hr/r')?.at).toBe('2026-11-24T13:00:00.000Z');

    const entry = entryOf(desk, 'r');
    for (const [tries, isLast] of [
      [166, false],
      [167, true],
    ] as const) {
      if (entry !== undefined) desk.ledger.entries.set('acme-hr/r', { ...entry, lookUpTries: tries });
      desk.schedules.due.clear();
      await work(due, desk);
      expect(entryOf(desk, 'r')?.lookUpTries).toBe(tries + 1);
      expect(desk.schedules.due.size).toBe(isLast ? 0 : 1);
    }
  });

  it.each([
    { what: 'through the account as soon as it can', named: {} },
    { what: 'at once where it names it, asks nobody later', named: { rescinds: 't' } },
  ])('reaches the termination $what, and is done', async ({ named }) => {
    const desk = await unasked(named);
    repair(desk);

    expect(await work(due, desk)).toMatchObject({ kind: 'settled', entry: { status: 'rescinded' } });
    expect(await statusesOf(desk, 't')).toEqual(['cancelled']);
    expect(entryOf(desk, 'r')).not.toHaveProperty('lookUpTries');
    expect(await work(due, desk)).toMatchObject({ kind: 'nothing-to-do' });
  });

  it.each([
    { what: 'is held', hold: undefined, before: '' },
    {
      what: 'is held for both',
      hold: { guard: 'cancelled-more-than-named', saw: 'more was cancelled', releasing: 'x' },
      before: 'more was cancelled; ',
    },
  ])('$what if it finds that the user was deactivated before', async ({ hold, before }) => {
    const desk = await unasked();
    const [t, r] = [entryOf(desk, 't'), entryOf(desk, 'r')];
    if (t !== undefined) desk.ledger.entries.set('acme-hr/t', { ...t, status: 'deactivated', workfrontUserId: guid(1) });
    if (r !== undefined && hold !== undefined) desk.ledger.entries.set('acme-hr/r', { ...r, status: 'held', hold });
    repair(desk);

    expect((await work(due, desk)).kind).toBe('settled');

    const saw = `${before}user ${guid(1)} was deactivated before HR withdrew the termination`;
    expect(entryOf(desk, 'r')).toMatchObject({ status: 'held', reason: 'rescinded-after-deactivation', hold: { saw } });
    if (hold === undefined) expect(entryOf(desk, 'r')?.history.at(-1)?.why).toBe(`rescinded-after-deactivation: ${saw}`);
    expect(entryOf(desk, 'r')).not.toHaveProperty('lookUpTries');
  });

  it('hides no mistake of ours', async () => {
    const desk = await unasked();
    repair(desk);
    desk.directory.find = () => Promise.reject(new TypeError('a mistake'));

    await expect(work(due, desk)).rejects.toThrow('a mistake');
  });
});

describe('a person rehired', () => {
  it('and terminated again is deactivated for the new termination', async () => {
    const desk = newDesk();
    await untilSettled(
      desk,
      arrival('t1', aTermination({ occurredAt: at(8), effective: later })),
      arrival('r', aRescission({ occurredAt: at(9) })),
      arrival('t2', aTermination({ occurredAt: at(10) })),
    );

    expect(await statusesOf(desk, 't1', 'r', 't2')).toEqual(['cancelled', 'rescinded', 'deactivated']);
    expect(desk.directory.writes).toEqual([{ userId: guid(1), changed: true }]);
  });

  it('is safe from an old failed termination that is replayed', async () => {
    const desk = aDesk({ users: aDirectory({ id: guid(1) }), rules: { matchKeys: [{ field: 'extRefID', from: 'employeeNumber' }] } });
    await untilSettled(desk, arrival('t', aTermination({ occurredAt: at(8) })));
    const order = { kind: 'replay' as const, ...(await seenBy(desk, { source: 'acme-hr', eventId: 't' })) };
    await untilSettled(desk, arrival('r', aRescission({ occurredAt: at(9) })));

    await untilSettled(desk, order);

    expect(await statusesOf(desk, 't')).toEqual(['cancelled']);
    expect(desk.directory.writes).toEqual([]);
  });
});
