import { describe, expect, it } from '@jest/globals';
import { ledgerEntry } from '../../lambda/domain/event/ledger-entry.ts';
import { parse } from '../../lambda/domain/parse.ts';
import { personRecord } from '../../lambda/domain/person/person-record.ts';
import { brakeRecord } from '../../lambda/domain/stage/brake.ts';
import { aDirectory, anArrival, aRescission, guid } from '../support/builders.ts';
import { aDesk, type TestDesk } from '../support/in-memory-desk.ts';
import { seenBy, statusOf, untilSettled } from '../support/working.ts';

/** Entries as version 0.1 stored them. */
const HELD = `{
  "source": "acme-hr", "eventId": "held", "version": 4, "status": "held", "reason": "administrator",
  "event": { "type": "employee.terminated", "employee": { "email": "ana@acme.test" }, "effective": { "immediate": true } },
  "digest": "0000000000000000000000000000000000000000000000000000000000000000",
  "receivedAt": "2026-11-24T12:00:00.000Z", "updatedAt": "2026-11-24T12:00:01.000Z", "effectiveAt": "2026-11-24T12:00:00.000Z",
  "workfrontUserId": "${guid(1)}", "matchedBy": "emailAddr", "released": ["protected"],
  "hold": { "guard": "administrator", "saw": "user is a system administrator", "releasing": "deactivates a Workfront system administrator" },
  "history": [
    { "at": "2026-11-24T12:00:00.000Z", "to": "received", "by": "acme-hr", "why": "a verified delivery" },
    { "at": "2026-11-24T12:00:00.000Z", "from": "received", "to": "processing", "by": "worker", "why": "due" },
    { "at": "2026-11-24T12:00:01.000Z", "from": "processing", "to": "held", "by": "worker", "why": "administrator: user" }
  ]
}`;
const SCHEDULED = `{
  "source": "acme-hr", "eventId": "scheduled", "version": 2, "status": "scheduled",
  "event": {
    "type": "employee.terminated", "occurredAt": "2026-11-23T09:00:30Z", "employee": { "email": "ana@acme.test" },
    "effective": { "at": "2026-11-24T18:00:00Z" }
  },
  "digest": "1111111111111111111111111111111111111111111111111111111111111111",
  "receivedAt": "2026-11-23T12:00:00.000Z", "updatedAt": "2026-11-23T12:00:00.000Z", "effectiveAt": "2026-11-24T18:00:00.000Z",
  "released": [],
  "history": [{ "at": "2026-11-23T12:00:00.000Z", "to": "received", "by": "acme-hr", "why": "a verified delivery" }]
}`;
const CUT_SHORT = `{
  "source": "acme-hr", "eventId": "cut-short", "version": 3, "status": "processing",
  "event": { "type": "employee.terminated", "employee": { "email": "ana@acme.test" }, "effective": { "immediate": true } },
  "digest": "2222222222222222222222222222222222222222222222222222222222222222",
  "receivedAt": "2026-11-24T12:00:00.000Z", "updatedAt": "2026-11-24T12:00:01.000Z", "effectiveAt": "2026-11-24T12:00:00.000Z",
  "released": [], "intent": { "userId": "${guid(1)}", "at": "2026-11-24T12:00:01.000Z" },
  "lease": { "owner": "dead", "until": "2026-11-24T12:00:02.000Z" },
  "history": [{ "at": "2026-11-24T12:00:00.000Z", "to": "received", "by": "acme-hr", "why": "a verified delivery" }]
}`;
/** What version 0.1 knew of a person: one time until which all is void. */
const PERSON = `{
  "generation": 1, "voidUntil": "2026-11-23T10:00:00.000Z", "raisedBy": ["acme-hr/r"],
  "events": [{ "source": "acme-hr", "eventId": "scheduled" }]
}`;

function aDeskOf01(
  entries: string[],
  { users = aDirectory({ id: guid(1) }), rules = {}, records = {} as Record<string, string> } = {},
): TestDesk {
  const desk = aDesk({ users, rules, now: Date.parse('2026-11-24T12:10:00Z') });
  for (const text of entries) {
    const stored = parse(ledgerEntry, JSON.parse(text), 'an entry of version 0.1');
    desk.ledger.entries.set(`${stored.source}/${stored.eventId}`, JSON.parse(text));
  }
  for (const [key, text] of Object.entries(records)) desk.ledger.records.set(key, { value: JSON.parse(text), version: 1 });
  const { readEntry } = desk.ledger;
  // The ledger reads through the schema, which makes an entry of today of it.
  desk.ledger.readEntry = async (ref) => {
    const entry = await readEntry.call(desk.ledger, ref);
    return entry && parse(ledgerEntry, entry, 'entry');
  };
  return desk;
}

describe('an entry that version 0.1 stored', () => {
  it('has releases that name a guard and nothing that they were good for', () => {
    expect(parse(ledgerEntry, JSON.parse(HELD), 'entry').released).toEqual([{ guard: 'protected' }]);
  });

  it('is released and finished, and its old release counts for the user that it was held with', async () => {
    const desk = aDeskOf01([HELD], { users: aDirectory({ id: guid(1), isAdmin: true }), rules: { protected: [guid(1)] } });

    await untilSettled(desk, { kind: 'release', ...(await seenBy(desk, { source: 'acme-hr', eventId: 'held' })), guard: 'administrator' });

    expect(await desk.ledger.readEntry({ source: 'acme-hr', eventId: 'held' })).toMatchObject({ status: 'deactivated' });
  });

  it('is not released for another user than it was held with', async () => {
    const users = aDirectory({ id: guid(1), emailAddr: 'x@acme.test' }, { id: guid(2), isAdmin: true });
    const desk = aDeskOf01([HELD], { users });

    await untilSettled(desk, { kind: 'release', ...(await seenBy(desk, { source: 'acme-hr', eventId: 'held' })), guard: 'administrator' });

    expect(await statusOf(desk, 'held')).toBe('held');
  });

  it('that is scheduled, by an address alone, was never looked up: a person decides on its day', async () => {
    const desk = aDeskOf01([SCHEDULED]);
    desk.now = Date.parse('2026-11-24T18:00:00Z');

    await untilSettled(desk, { kind: 'due', source: 'acme-hr', eventId: 'scheduled' });

    expect(await desk.ledger.readEntry({ source: 'acme-hr', eventId: 'scheduled' })).toMatchObject({ reason: 'late-sighting' });
  });

  it('that is scheduled, with a name that agrees, is done on its day', async () => {
    const desk = aDeskOf01([SCHEDULED.replace('"ana@acme.test"', '"ana@acme.test", "familyName": "Silva"')], {
      users: aDirectory({ id: guid(1), lastName: 'Silva' }),
    });
    desk.now = Date.parse('2026-11-24T18:00:00Z');

    await untilSettled(desk, { kind: 'due', source: 'acme-hr', eventId: 'scheduled' });

    expect(await statusOf(desk, 'scheduled')).toBe('deactivated');
  });

  it('that was cut short at its write is told as it is', async () => {
    const desk = aDeskOf01([CUT_SHORT], { users: aDirectory({ id: guid(1), isActive: false }) });

    await untilSettled(desk, { kind: 'due', source: 'acme-hr', eventId: 'cut-short' });

    expect(await desk.ledger.readEntry({ source: 'acme-hr', eventId: 'cut-short' })).toMatchObject({
      status: 'deactivated',
      workfrontUserId: guid(1),
    });
  });

  it('that is scheduled is withdrawn by a rescission of today', async () => {
    const records = { 'person/email:ana@acme.test': '{ "generation": 0, "events": [{ "source": "acme-hr", "eventId": "scheduled" }] }' };
    const desk = aDeskOf01([SCHEDULED], { records });

    await untilSettled(desk, anArrival(aRescission(), { eventId: 'r', receivedAt: '2026-11-24T12:10:00.000Z' }));

    expect(await statusOf(desk, 'scheduled')).toBe('cancelled');
  });
});

describe('a record that version 0.1 stored', () => {
  it('of a person has neither words nor open events', () => {
    expect(parse(personRecord, JSON.parse(PERSON), 'person')).toEqual({
      generation: 1,
      voidUntil: '2026-11-23T10:00:00.000Z',
      words: [],
      events: [{ source: 'acme-hr', eventId: 'scheduled' }],
      open: [],
    });
  });

  it('of an address holds what was recorded before: it may have been of another', async () => {
    const desk = aDeskOf01([SCHEDULED], { records: { 'person/email:ana@acme.test': PERSON } });
    desk.now = Date.parse('2026-11-24T18:00:00Z');

    await untilSettled(desk, { kind: 'due', source: 'acme-hr', eventId: 'scheduled' });

    expect(await desk.ledger.readEntry({ source: 'acme-hr', eventId: 'scheduled' })).toMatchObject({
      status: 'held',
      hold: { also: [{ guard: 'perhaps-rescinded' }] },
    });
  });

  it('of a number voids what was recorded before', async () => {
    const byNumber = SCHEDULED.replace('"email": "ana@acme.test"', '"employeeNumber": "10042"');
    const desk = aDeskOf01([byNumber], { records: { 'person/acme-hr:number:10042': PERSON } });
    desk.now = Date.parse('2026-11-24T18:00:00Z');

    await untilSettled(desk, { kind: 'due', source: 'acme-hr', eventId: 'scheduled' });

    expect(await statusOf(desk, 'scheduled')).toBe('cancelled');
  });

  it('of the brake has places that are taken', () => {
    const stored = { entries: [{ at: '2026-11-24T12:00:00.000Z', event: 'acme-hr/t' }] };

    expect(parse(brakeRecord, stored, 'brake')).toEqual(stored);
  });
});
