import { expect, it } from '@jest/globals';
import type { Ledger } from '../../lambda/domain/ledger-port.ts';
import { toInstant } from '../../lambda/domain/time/time.ts';
import { aDirectory, anArrival, aRescission, aTermination, CUSTOMER, guid } from '../support/builders.ts';
import { aDesk, type TestDesk } from '../support/in-memory-desk.ts';
import { untilSettled } from '../support/working.ts';

/** Every call of the ledger from now on, by name. */
function asked(desk: TestDesk): string[] {
  const names: string[] = [];
  const ledger: Ledger = new Proxy(desk.ledger, {
    get(target, name) {
      const member = Reflect.get(target, name);
      if (typeof member !== 'function') return member;
      return (...args: unknown[]) => {
        names.push(String(name));
        return member.apply(target, args);
      };
    },
  });
  Object.assign(desk, { ledger });
  return names;
}

const pinTenant = ({ ledger }: TestDesk) =>
  ledger.writeRecord('stage/tenant', { value: { customerId: CUSTOMER, pinnedAt: '2026-11-24T12:00:00.000Z' }, version: 0 });

it('an ordinary leaver who leaves at once costs eight calls of the ledger', async () => {
  const desk = aDesk({ users: aDirectory({ id: guid(1) }) });
  await pinTenant(desk);
  const calls = asked(desk);

  await untilSettled(desk, anArrival(aTermination()));

  expect(desk.directory.writes).toHaveLength(1);
  expect(calls).toEqual([
    // the entry, what is left of an expired one, the person and the stage
    'readTogether',
    // the person, under the one key of the event
    'writeRecord',
    // the entry, opened with its lease
    'writeEntry',
    // the person, under the account
    'writeRecord',
    // the intent
    'writeEntry',
    // the last look: the person, the pause and the brake
    'readTogether',
    // a place at the brake
    'writeRecord',
    // the outcome
    'writeEntry',
  ]);
});

it.each([
  {
    what: 'a termination to come',
    message: anArrival(aTermination({ effective: { date: '2026-12-15' } })),
    expected: [
      // the entry, what is left of an expired one, the person and the stage; then the entry, before its person names it
      ...['readTogether', 'writeEntry'],
      // the person, under the address and under the account
      ...['writeRecord', 'writeRecord'],
      // the same two, kept from expiring
      ...['readRecord', 'writeRecord', 'readRecord', 'writeRecord'],
      // the day
      'writeEntry',
    ],
  },
  {
    what: 'a rescission that finds nothing',
    message: anArrival(aRescission({ employee: { email: 'bo@acme.test' } })),
    expected: [
      // the entry, then whether there is a legal hold
      ...['readTogether', 'writeEntry', 'readRecords'],
      // its word, under the address
      ...['readRecord', 'writeRecord'],
      // the circuit and the tenant
      ...['readRecord', 'readRecord'],
      // the outcome; then the person, who is let go
      ...['writeEntry', 'readRecords'],
    ],
  },
  {
    what: 'a leaver that HR is asked about',
    message: anArrival(aTermination({ employee: { email: 'ana@acme.test', sourceId: '7' } })),
    expected: [
      'readTogether',
      // the person, under the address and under HR's id
      ...['writeRecord', 'writeRecord'],
      // the circuit of HR, before the lease and after it: while it is well there is nothing to tell it
      ...['readRecord', 'writeEntry', 'readRecord'],
      // from here on as any leaver
      ...['writeRecord', 'writeEntry', 'readTogether', 'writeRecord', 'writeEntry'],
    ],
  },
])('$what costs the ledger no call that is not needed', async ({ message, expected }) => {
  const desk = aDesk({ users: aDirectory({ id: guid(1) }), lookUps: ['acme-hr'] });
  desk.hr.says.set('7', { employee: { sourceId: '7' }, standing: 'left', lastDay: undefined, startedOn: undefined });
  await pinTenant(desk);
  const calls = asked(desk);

  await untilSettled(desk, message);

  expect(calls).toEqual(expected);
});

it('a message that comes again, after all was done, costs two calls of the ledger', async () => {
  const desk = aDesk({ users: aDirectory({ id: guid(1) }) });
  const leaver = anArrival(aTermination());
  await untilSettled(desk, leaver);
  const calls = asked(desk);

  await untilSettled(desk, leaver);

  expect(calls).toEqual([
    // the entry
    'readTogether',
    // the person, who may still be kept for it
    'readRecords',
  ]);
});

it('a message that comes again while its event waits for a person costs one call of the ledger', async () => {
  const desk = aDesk({ users: aDirectory({ id: guid(1), isAdmin: true }) });
  const leaver = anArrival(aTermination(), { eventId: `evt_${'a'.repeat(40)}` });
  await untilSettled(desk, leaver);
  const calls = asked(desk);

  await untilSettled(desk, leaver);

  expect(calls).toEqual(['readTogether']);
});

it('a leaver whose last day has come costs 14 calls of the ledger', async () => {
  const desk = aDesk({ users: aDirectory({ id: guid(1) }) });
  const leaver = anArrival(aTermination({ effective: { at: '2026-11-24T13:00:00Z' } }));
  await untilSettled(desk, leaver);
  desk.now = Date.parse('2026-11-24T13:00:00Z');
  const calls = asked(desk);

  await untilSettled(desk, { kind: 'due', source: leaver.source, eventId: leaver.eventId });

  expect(desk.directory.writes).toHaveLength(1);
  expect(calls).toEqual([
    // the entry
    'readTogether',
    // the person and the stage
    'readTogether',
    // the lease
    'writeEntry',
    // the person, under the account: it is there since the early look-up
    'writeRecord',
    'readRecord',
    // the intent
    'writeEntry',
    // the last look: the person, the pause and the brake
    'readTogether',
    // a place at the brake
    'writeRecord',
    // the outcome
    'writeEntry',
    // the person, who need not be kept any more: under the address and the account
    'readRecords',
    'readRecord',
    'writeRecord',
    'readRecord',
    'writeRecord',
  ]);
});

it('an undo costs eight calls of the ledger while Workfront is well', async () => {
  const desk = aDesk({ users: aDirectory({ id: guid(1) }) });
  const leaver = anArrival(aTermination());
  await untilSettled(desk, leaver);
  const ref = { source: leaver.source, eventId: leaver.eventId };
  const steps = (await desk.ledger.readEntry(ref))?.history.length ?? 0;
  const calls = asked(desk);

  await untilSettled(desk, { kind: 'undo', ...ref, steps, by: 'ops-person', reason: 'the wrong Ana', at: toInstant(desk.now) });

  expect(desk.directory.users.get(guid(1))?.isActive).toBe(true);
  expect(calls).toEqual([
    // the entry
    'readTogether',
    // the order, with its lease
    'writeEntry',
    // the circuit, once: while it is well there is nothing to tell it
    'readRecord',
    // the tenant
    'readRecord',
    // that the write goes out now
    'writeEntry',
    // the last look: the person
    'readRecords',
    // the outcome
    'writeEntry',
    // the person, who is let go
    'readRecords',
  ]);
});

it('the record of the brake stays small, however many leave', async () => {
  const leavers = Array.from({ length: 60 }, (_, number) => ({ id: guid(number + 1), emailAddr: `leaver${number}@acme.test` }));
  const desk = aDesk({ users: aDirectory(...leavers), rules: { brake: { perHour: 500, shareOfActivePerDay: 1 } } });

  for (const [number, { emailAddr }] of leavers.entries()) {
    await untilSettled(desk, anArrival(aTermination({ employee: { email: emailAddr } }), { eventId: `evt-${number}` }));
  }

  expect(desk.directory.writes).toHaveLength(60);
  const record = desk.ledger.records.get('stage/brake')?.value;
  expect(JSON.stringify(record).length).toBeLessThan(2048);
});
