import { describe, expect, it } from '@jest/globals';
import type { Employee } from '../../lambda/domain/event/hr-event.ts';
import {
  isVoidFor,
  NEW_PERSON,
  type PersonRecord,
  personKeys,
  raised,
  recordedAt,
  withTermination,
} from '../../lambda/domain/person/generation.ts';
import { aRescission, aTermination } from '../support/builders.ts';
import { anEntry } from '../support/entries.ts';

const RECEIVED = '2026-11-24T12:00:00.000Z';

describe('a person', () => {
  it.each<{ what: string; employee: Employee; keys: string[] }>([
    { what: 'an address, in every source', employee: { email: 'Ana@Acme.test' }, keys: ['person/email:ana@acme.test'] },
    { what: 'an address of decomposed letters', employee: { email: 'jose\u0301@acme.test' }, keys: ['person/email:jos\u00e9@acme.test'] },
    { what: 'a number, in this source', employee: { employeeNumber: 'X1' }, keys: ['person/hr:number:X1'] },
    { what: 'an SSO name, in this source', employee: { ssoUsername: 'ANA' }, keys: ['person/hr:sso:ana'] },
    { what: 'the id that the source itself has, in this source', employee: { sourceId: '77' }, keys: ['person/hr:id:77'] },
    { what: 'custom fields', employee: { customFields: { 'DE:A': '1', 'DE:B': '2' } }, keys: ['person/hr:DE:A:1', 'person/hr:DE:B:2'] },
    {
      what: 'all of them',
      employee: { email: 'a@b', employeeNumber: '1', ssoUsername: 'a' },
      keys: ['person/email:a@b', 'person/hr:number:1', 'person/hr:sso:a'],
    },
  ])('is known by $what', ({ employee, keys }) => {
    expect(personKeys('hr', employee)).toEqual(keys);
  });

  it('of the same number in another source is another', () => {
    expect(personKeys('hr', { employeeNumber: '1' })).not.toEqual(personKeys('payroll', { employeeNumber: '1' }));
  });
});

describe('an event was recorded', () => {
  it.each([
    { what: 'when it was received, where HR does not say', occurredAt: undefined, at: RECEIVED },
    { what: 'when HR says', occurredAt: '2026-11-24T09:00:00Z', at: '2026-11-24T09:00:00.000Z' },
    { what: 'when HR says, in its zone', occurredAt: '2026-11-24T12:30:00+01:00', at: '2026-11-24T11:30:00.000Z' },
    { what: 'when it was received, where the clock of HR is ahead', occurredAt: '2027-01-01T00:00:00Z', at: RECEIVED },
  ])('$what', ({ occurredAt, at }) => {
    expect(recordedAt({ event: aTermination(occurredAt === undefined ? {} : { occurredAt }), receivedAt: RECEIVED })).toBe(at);
  });
});

describe('a termination', () => {
  const person: PersonRecord = { ...NEW_PERSON, generation: 1, voidUntil: '2026-11-24T10:00:00.000Z' };

  it.each([
    { when: 'before the rescission', occurredAt: '2026-11-24T09:59:59.999Z', isVoid: true },
    { when: 'at the same instant', occurredAt: '2026-11-24T11:00:00+01:00', isVoid: true },
    { when: 'after it', occurredAt: '2026-11-24T10:00:00.001Z', isVoid: false },
  ])('recorded $when: void is $isVoid', ({ occurredAt, isVoid }) => {
    expect(isVoidFor({ event: aTermination({ occurredAt }), receivedAt: RECEIVED }, person)).toBe(isVoid);
  });

  it('of a person never rescinded counts', () => {
    expect(isVoidFor({ event: aTermination({ occurredAt: '1999-01-01T00:00:00Z' }), receivedAt: RECEIVED }, NEW_PERSON)).toBe(false);
  });

  it('is registered once', () => {
    const ref = { source: 'hr', eventId: 'evt-1' };
    const once = withTermination(NEW_PERSON, ref);

    expect(once.events).toEqual([ref]);
    expect(withTermination(once, ref)).toBe(once);
    expect(withTermination(once, { ...ref, source: 'payroll' }).events).toHaveLength(2);
  });
});

describe('a rescission', () => {
  const rescission = (eventId: string, occurredAt: string) => anEntry(aRescission({ occurredAt }), { eventId });

  it('raises the generation once, however often it comes', () => {
    const once = raised(NEW_PERSON, rescission('r-1', '2026-11-24T10:00:00Z'));

    expect(once).toMatchObject({ generation: 1, voidUntil: '2026-11-24T10:00:00.000Z', raisedBy: ['acme-hr/r-1'] });
    expect(raised(once, rescission('r-1', '2026-11-24T10:00:00Z'))).toBe(once);
  });

  it('that is older than the last raises it without going back in time', () => {
    const later = raised(NEW_PERSON, rescission('r-2', '2026-11-24T10:00:00Z'));

    expect(raised(later, rescission('r-1', '2026-11-01T10:00:00Z'))).toMatchObject({
      generation: 2,
      voidUntil: '2026-11-24T10:00:00.000Z',
    });
  });

  it('keeps the terminations known of the person', () => {
    const person = withTermination(NEW_PERSON, { source: 'hr', eventId: 'evt-1' });

    expect(raised(person, rescission('r-1', '2026-11-24T10:00:00Z')).events).toEqual(person.events);
  });
});
