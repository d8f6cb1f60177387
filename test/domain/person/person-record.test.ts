import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Employee, SignOfLifeEvent } from '../../../lambda/domain/event/hr-event.ts';
import type { Rescission } from '../../../lambda/domain/event/termination.ts';
import {
  forgetting,
  isKept,
  keptFor,
  keysOfUser,
  letGoBy,
  NEW_PERSON,
  namedKey,
  type PersonRecord,
  personKeys,
  type Word,
  withTermination,
  withWord,
  wordOf,
} from '../../../lambda/domain/person/person-record.ts';
import { aRescission, aTermination, aUser, guid } from '../../support/builders.ts';
import { anEntry } from '../../support/entries.ts';

const keysOf = (employee: Employee, source = 'hr') => personKeys({ source, employee });
const ref = (eventId: string, source = 'hr') => ({ source, eventId });
const finished = (eventId: string, changes: Parameters<typeof anEntry>[1] = {}) =>
  anEntry(aTermination(), { ...ref(eventId), status: 'no-account', ...changes });
const aWord = (eventId: string, changes: Partial<Word> = {}): Word => ({
  ...ref(eventId),
  kind: 'rescinded',
  receivedAt: '2026-11-24T12:00:00.000Z',
  employee: { email: 'ana@acme.test' },
  ...changes,
});

describe('a person', () => {
  it.each<{ what: string; employee: Employee; keys: string[] }>([
    { what: 'an address, in every source', employee: { email: 'Ana@Acme.test' }, keys: ['person/email:ana@acme.test'] },
    { what: 'an address of decomposed letters', employee: { email: 'jose\u0301@acme.test' }, keys: ['person/email:jos\u00e9@acme.test'] },
    { what: 'a number, in this source', employee: { employeeNumber: 'X1' }, keys: ['person/hr:number:x1'] },
    { what: 'a number without its leading zeros', employee: { employeeNumber: '0042' }, keys: ['person/hr:number:42'] },
    { what: 'an SSO name, in this source', employee: { ssoUsername: 'ANA' }, keys: ['person/hr:sso:ana'] },
    { what: 'the id that the source itself has, in this source', employee: { sourceId: '077' }, keys: ['person/hr:id:077'] },
    { what: 'custom fields', employee: { customFields: { 'DE:A': '1', 'DE:B': '02' } }, keys: ['person/hr:DE:A:1', 'person/hr:DE:B:2'] },
    {
      what: 'all of them',
      employee: { email: 'a@b', employeeNumber: '1', ssoUsername: 'a' },
      keys: ['person/email:a@b', 'person/hr:number:1', 'person/hr:sso:a'],
    },
  ])('is known by $what', ({ employee, keys }) => {
    expect(keysOf(employee)).toEqual(keys);
  });

  it('of the same number in another source is another', () => {
    expect(keysOf({ employeeNumber: '1' })).not.toEqual(keysOf({ employeeNumber: '1' }, 'payroll'));
  });

  it.each([
    { what: 'all that it shows', user: { username: 'ana@old.test', extRefID: '0042', ssoUsername: 'Ana', customFields: { 'DE:A': '1' } } },
  ])('who is a Workfront user may be known by $what', ({ user }) => {
    expect(keysOfUser(aUser(user), 'hr')).toEqual([
      'person/email:ana@acme.test',
      'person/hr:number:42',
      'person/hr:sso:ana',
      'person/hr:DE:A:1',
      'person/email:ana@old.test',
      `person/user/${guid(1)}`,
    ]);
  });

  it('who is a Workfront user with a log-in name that is no address is not known by it', () => {
    expect(keysOfUser(aUser({ username: 'asilva', emailAddr: undefined }), 'hr')).toEqual([`person/user/${guid(1)}`]);
  });
});

describe('an event that was opened again', () => {
  it.each(['t', 't~0123456789abcdef', 't~0123456789abcdef~20261124120000000'])(
    'is found by a rescission that names HR’s id: %s',
    (eventId) => {
      expect(namedKey({ source: 'hr', eventId })).toBe('rescinded/hr/t');
    },
  );
});

describe('a termination', () => {
  it('is registered once', () => {
    const once = withTermination(NEW_PERSON, ref('evt-1'));

    expect(once.events).toEqual([ref('evt-1')]);
    expect(withTermination(once, ref('evt-1'))).toBe(once);
    expect(withTermination(once, ref('evt-1', 'payroll')).events).toHaveLength(2);
  });

  it('that is dealt with is forgotten, and another is not', () => {
    const person = withTermination(withTermination(NEW_PERSON, ref('a')), ref('b'));

    expect(forgetting(person, [ref('a')]).events).toEqual([ref('b')]);
    expect(forgetting(person, [ref('b'), ref('a')]).events).toEqual([]);
    expect(forgetting(person, [ref('c')])).toBe(person);
  });

  it('keeps the record until it is let go', () => {
    const kept = keptFor(NEW_PERSON, ref('a'));

    expect([isKept(kept), kept.events, kept.open]).toEqual([true, [ref('a')], [ref('a')]]);
    expect(keptFor(kept, ref('a'))).toBe(kept);
    expect(isKept(letGoBy(kept, finished('b')))).toBe(true);
    expect(isKept(letGoBy(kept, finished('a')))).toBe(false);
    expect(letGoBy(NEW_PERSON, finished('a'))).toBe(NEW_PERSON);
  });

  const both = keptFor(withTermination(NEW_PERSON, ref('a')), ref('b'));

  it.each([
    { what: 'rejected', changes: { status: 'rejected' as const }, facts: {} },
    { what: 'deactivated', changes: { status: 'deactivated' as const, workfrontUserId: guid(1) }, facts: { closed: guid(1) } },
    { what: 'already inactive', changes: { status: 'already-inactive' as const, workfrontUserId: guid(2) }, facts: { closed: guid(2) } },
    { what: 'rejected after a user was found', changes: { status: 'rejected' as const, workfrontUserId: guid(1) }, facts: {} },
  ])('that was $what is known by what it came to, for the one that keeps the record', ({ changes, facts }) => {
    const after = letGoBy(both, finished('a', { effectiveAt: '2026-11-30T00:00:00.000Z', ...changes }));

    const known = { ...ref('a'), recordedAt: '2026-11-24T12:00:00.000Z', lastDay: '2026-11-30T00:00:00.000Z', ...facts };
    expect(after).toEqual({ ...both, events: [known, ref('b')] });
    expect(letGoBy(after, finished('a', { status: 'rejected' }))).toBe(after);
  });

  it('that was cancelled says nothing to another, nor does one that is not known, nor one with nobody to tell', () => {
    expect(letGoBy(both, finished('a', { status: 'cancelled' }))).toBe(both);
    expect(letGoBy(both, finished('c'))).toBe(both);
    expect(letGoBy(withTermination(NEW_PERSON, ref('a')), finished('a')).events).toEqual([ref('a')]);
  });

  it('is kept exactly as long as it is open, in whatever order others come and go', () => {
    const deeds = fc.array(fc.tuple(fc.constantFrom('keep', 'go', 'register', 'word', 'forget'), fc.constantFrom('a', 'b', 'c')));

    fc.assert(
      fc.property(deeds, (list) => {
        const open = new Set<string>();
        let person: PersonRecord = NEW_PERSON;
        for (const [deed, eventId] of list) {
          if (deed === 'keep') [person] = [keptFor(person, ref(eventId)), open.add(eventId)];
          if (deed === 'go') [person] = [letGoBy(person, finished(eventId)), open.delete(eventId)];
          if (deed === 'register') person = withTermination(person, ref(eventId));
          if (deed === 'word') person = withWord(person, aWord(eventId));
          if (deed === 'forget') person = forgetting(person, [ref(eventId)]);
          expect(isKept(person)).toBe(open.size > 0);
        }
      }),
    );
  });

  it('is kept as well by a legal hold, whatever is finished', () => {
    const held = { ...NEW_PERSON, legalHold: { by: 'ops-person', at: '2026-11-24T12:00:00.000Z', reason: 'a lawsuit' } };

    expect(isKept(held)).toBe(true);
    expect(isKept(letGoBy(keptFor(held, ref('a')), finished('a')))).toBe(true);
  });
});

describe('a word of HR', () => {
  it('is left once, however often it comes', () => {
    const once = withWord(NEW_PERSON, aWord('r-1'));

    expect(once).toMatchObject({ generation: 1, words: [{ eventId: 'r-1' }] });
    expect(withWord(once, aWord('r-1'))).toBe(once);
  });

  it('counts from its first receipt, if a later delivery of it was worked on before', () => {
    const [first, later] = [aWord('r-1', { receivedAt: '2026-11-24T11:59:00.000Z' }), aWord('r-1')];
    const other = aWord('r-2');
    const corrected = { generation: 2, words: [first, other] };

    expect(withWord(withWord(withWord(NEW_PERSON, later), other), first)).toMatchObject(corrected);
    expect(withWord(withWord(withWord(NEW_PERSON, first), other), later)).toMatchObject(corrected);
  });

  it('that is a sign of life raises no generation', () => {
    expect(withWord(NEW_PERSON, aWord('h', { kind: 'hired' }))).toMatchObject({ generation: 0, words: [{ eventId: 'h' }] });
  });

  it('keeps the terminations known of the person', () => {
    const person = keptFor(NEW_PERSON, ref('evt-1'));

    expect(withWord(person, aWord('r-1'))).toMatchObject({ events: person.events, open: person.open });
  });

  it('makes room for new ones: the last fifty stay', () => {
    const many = Array.from({ length: 60 }, (_, index) => aWord(`r-${index}`)).reduce(withWord, NEW_PERSON);

    expect([many.words.length, many.words[0]?.eventId, many.generation]).toEqual([50, 'r-10', 60]);
  });

  it('says all that a termination must know of', () => {
    const event = aRescission({ occurredAt: '2026-11-24T11:00:00Z', rescinds: 't' });
    const entry: Rescission = { ...anEntry(event, { eventId: 'r', repeats: '2026-11-01T00:00:00.000Z' }), event };

    expect(wordOf(entry)).toEqual({
      source: 'acme-hr',
      eventId: 'r',
      kind: 'rescinded',
      occurredAt: '2026-11-24T11:00:00Z',
      receivedAt: '2026-11-24T12:00:00.000Z',
      repeats: '2026-11-01T00:00:00.000Z',
      rescinds: 't',
      employee: { email: 'ana@acme.test' },
    });
  });

  it.each(['2026-12-01', undefined])('says when a sign of life begins, and nothing that HR did not say: %s', (startsOn) => {
    const event: SignOfLifeEvent = {
      type: 'employee.sign_of_life',
      sign: 'hired',
      employee: { email: 'ana@acme.test' },
      ...(startsOn !== undefined && { startsOn }),
    };

    expect(wordOf({ ...anEntry(event, { eventId: 'h' }), event })).toStrictEqual({
      source: 'acme-hr',
      eventId: 'h',
      kind: 'hired',
      receivedAt: '2026-11-24T12:00:00.000Z',
      ...(startsOn !== undefined && { startsOn }),
      employee: { email: 'ana@acme.test' },
    });
    const rescission = aRescission();
    expect(wordOf({ ...anEntry(rescission), event: rescission })).toStrictEqual({
      source: 'acme-hr',
      eventId: 'evt-1',
      kind: 'rescinded',
      receivedAt: '2026-11-24T12:00:00.000Z',
      employee: { email: 'ana@acme.test' },
    });
  });
});
