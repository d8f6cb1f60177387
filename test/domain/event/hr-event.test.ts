import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { hrEvent } from '../../../lambda/domain/event/hr-event.ts';
import { parse } from '../../../lambda/domain/parse.ts';
import { aRescission, aTermination } from '../../support/builders.ts';
import { refusalOf } from '../../support/refusal.ts';

const read = (event: unknown) => parse(hrEvent, event, 'event');
const termination = (changes: Record<string, unknown>): unknown => ({ ...aTermination(), ...changes });
const effective = (said: unknown) => termination({ effective: said });
const employee = (who: unknown) => termination({ employee: who });

describe('an event', () => {
  it.each([
    { what: 'an immediate termination', event: aTermination() },
    { what: 'a date in the zone of the stage', event: aTermination({ effective: { date: '2026-11-30' } }) },
    { what: 'a date with its zone', event: aTermination({ effective: { date: '2026-11-30', timeZone: 'Europe/Amsterdam' } }) },
    { what: '29 February of a leap year', event: aTermination({ effective: { date: '2028-02-29' } }) },
    { what: '29 February of the leap year 2000', event: aTermination({ effective: { date: '2000-02-29' } }) },
    { what: 'a zone with a sign in its name', event: aTermination({ effective: { date: '2026-11-30', timeZone: 'Etc/GMT+5' } }) },
    { what: 'an old name of a zone', event: aTermination({ effective: { date: '2026-11-30', timeZone: 'Asia/Calcutta' } }) },
    { what: 'an instant', event: aTermination({ effective: { at: '2026-11-30T17:00:00Z' } }) },
    { what: 'an instant with an offset', event: aTermination({ effective: { at: '2026-11-30T17:00:00.5-03:30' } }) },
    { what: 'when HR recorded it', event: aTermination({ occurredAt: '2026-11-24T09:00:00+01:00' }) },
    { what: 'an employee number alone', event: aTermination({ employee: { employeeNumber: '10042' } }) },
    { what: 'an SSO name alone', event: aTermination({ employee: { ssoUsername: 'ana' } }) },
    { what: 'a custom field alone', event: aTermination({ employee: { customFields: { 'DE:HR ID': '10042' } } }) },
    { what: 'the id of the HR system alone', event: aTermination({ employee: { sourceId: '67890' }, unconfirmed: true }) },
    { what: 'a plus-address', event: aTermination({ employee: { email: 'ana+x@acme.test' } }) },
    { what: 'a name in any script', event: aTermination({ employee: { email: 'a@b.test', givenName: '安娜', familyName: 'Dvořáková' } }) },
    { what: 'a rescission', event: aRescission() },
    { what: 'a rescission of a named termination', event: aRescission({ rescinds: 'evt-1' }) },
  ])('may be $what', ({ event }) => {
    expect(read(event)).toEqual(event);
  });

  it('loses what is not ours, and spaces around what is', () => {
    const event = {
      ...aTermination(),
      salary: 1,
      employee: { email: ' ana@acme.test\t', salary: 1 },
      effective: { immediate: true, by: 1 },
    };

    expect(read(event)).toEqual(aTermination());
  });

  it.each([
    ['null', null, 'the whole: expected an object, got null'],
    ['a list', [aTermination()], 'the whole: expected an object, got a list of 1'],
    ['text', 'ana@acme.test', 'the whole: expected an object, got a string of 13 characters'],
    ['another type', termination({ type: 'employee.hired' }), 'type: expected another value, got a string of 14 characters'],
    ['no type', termination({ type: undefined }), 'type: expected another value, got nothing'],
    ['no employee', employee(undefined), 'employee: expected an object, got nothing'],
    [
      'no match key',
      employee({ givenName: 'Ana' }),
      'employee: expected one of email, employeeNumber, ssoUsername, customFields or sourceId, got an object',
    ],
    [
      'custom fields that are empty',
      employee({ customFields: {} }),
      'employee: expected one of email, employeeNumber, ssoUsername, customFields or sourceId, got an object',
    ],
    [
      'an address without @',
      employee({ email: 'ana.acme.test' }),
      'employee.email: expected an e-mail address, got a string of 13 characters',
    ],
    [
      'two addresses',
      employee({ email: 'a@acme.test b@acme.test' }),
      'employee.email: expected an e-mail address, got a string of 23 characters',
    ],
    ['an empty address', employee({ email: ' ' }), 'employee.email: expected at least 1 characters, got a string of 1 characters'],
    [
      'an address of 255 characters',
      employee({ email: `${'a'.repeat(245)}@acme.test` }),
      'employee.email: expected at most 254 characters, got a string of 255 characters',
    ],
    ['a number that is no text', employee({ employeeNumber: 10042 }), 'employee.employeeNumber: expected a string, got a number'],
    [
      'a line break in a name',
      employee({ email: 'a@b', givenName: 'Ana\nSilva' }),
      'employee.givenName: expected text without control characters, got a string of 9 characters',
    ],
    [
      'a custom field without DE:',
      employee({ customFields: { 'HR ID': '10042' } }),
      'employee.customFields: expected each key to be a Workfront custom field name such as "DE:HR ID", got one that is not',
    ],
    [
      'an inherited name as custom field',
      employee({ customFields: { constructor: '10042' } }),
      'employee.customFields: expected each key to be a Workfront custom field name such as "DE:HR ID", got one that is not',
    ],
    ['a null match key', employee({ email: 'a@b', ssoUsername: null }), 'employee.ssoUsername: expected a string, got null'],
    ['no effective time', effective(undefined), 'effective: expected an object, got nothing'],
    ['a bare date', effective('2026-11-30'), 'effective: expected an object, got a string of 10 characters'],
    ['none of three', effective({}), 'effective: expected exactly one of date, at or immediate, got an object'],
    [
      'a date and an instant',
      effective({ date: '2026-11-30', at: '2026-11-30T17:00:00Z' }),
      'effective: expected exactly one of date, at or immediate, got an object',
    ],
    [
      'a date and at once',
      effective({ date: '2026-11-30', immediate: true }),
      'effective: expected exactly one of date, at or immediate, got an object',
    ],
    [
      'an instant and at once',
      effective({ at: '2026-11-30T17:00:00Z', immediate: true }),
      'effective: expected exactly one of date, at or immediate, got an object',
    ],
    [
      'a zone beside an instant',
      effective({ at: '2026-11-30T17:00:00Z', timeZone: 'Europe/Amsterdam' }),
      'effective: expected timeZone only beside date, got an object',
    ],
    ['not at once', effective({ immediate: false }), 'effective.immediate: expected true, got a boolean'],
    ['a null date', effective({ date: null }), 'effective.date: expected a date such as 2026-11-30, got null'],
    [
      '29 February 2026',
      effective({ date: '2026-02-29' }),
      'effective.date: expected a date such as 2026-11-30, got a string of 10 characters',
    ],
    [
      '29 February 2100',
      effective({ date: '2100-02-29' }),
      'effective.date: expected a date such as 2026-11-30, got a string of 10 characters',
    ],
    ['31 November', effective({ date: '2026-11-31' }), 'effective.date: expected a date such as 2026-11-30, got a string of 10 characters'],
    [
      'a European date',
      effective({ date: '30.11.2026' }),
      'effective.date: expected a date such as 2026-11-30, got a string of 10 characters',
    ],
    [
      'a date with a time',
      effective({ date: '2026-11-30T00:00:00' }),
      'effective.date: expected a date such as 2026-11-30, got a string of 19 characters',
    ],
    [
      'an unknown zone',
      effective({ date: '2026-11-30', timeZone: 'Europe/Amterdam' }),
      'effective.timeZone: expected an IANA time zone such as Europe/Amsterdam, got a string of 15 characters',
    ],
    [
      'an offset as zone',
      effective({ date: '2026-11-30', timeZone: '+02:00' }),
      'effective.timeZone: expected an IANA time zone such as Europe/Amsterdam, got a string of 6 characters',
    ],
    [
      'an empty zone',
      effective({ date: '2026-11-30', timeZone: '' }),
      'effective.timeZone: expected an IANA time zone such as Europe/Amsterdam, got an empty string',
    ],
    [
      'a local time',
      effective({ at: '2026-11-30T17:00:00' }),
      'effective.at: expected an instant as in RFC 3339, such as 2026-11-30T17:00:00Z, got a string of 19 characters',
    ],
    [
      'an instant without seconds',
      effective({ at: '2026-11-30T17:00Z' }),
      'effective.at: expected an instant as in RFC 3339, such as 2026-11-30T17:00:00Z, got a string of 17 characters',
    ],
    [
      'an instant on 29 February 2026',
      effective({ at: '2026-02-29T17:00:00Z' }),
      'effective.at: expected an instant as in RFC 3339, such as 2026-11-30T17:00:00Z, got a string of 20 characters',
    ],
    [
      'an hour that does not exist',
      effective({ at: '2026-11-30T24:00:00Z' }),
      'effective.at: expected an instant as in RFC 3339, such as 2026-11-30T17:00:00Z, got a string of 20 characters',
    ],
    [
      'a Unix time',
      effective({ at: 1796058000 }),
      'effective.at: expected an instant as in RFC 3339, such as 2026-11-30T17:00:00Z, got a number',
    ],
    [
      'a recording time that is no time',
      termination({ occurredAt: 'yesterday' }),
      'occurredAt: expected an instant as in RFC 3339, such as 2026-11-30T17:00:00Z, got a string of 9 characters',
    ],
    [
      'a rescinded id with a space',
      { ...aRescission(), rescinds: 'evt 1' },
      'rescinds: expected an id of 1 to 200 visible ASCII characters, got a string of 5 characters',
    ],
  ])('is refused for %s', (_, event, error) => {
    expect(refusalOf(() => read(event))).toBe(`event: ${error}`);
  });

  it.each([
    ['at the top', '{"type":"employee.terminated","__proto__":{"effective":{"immediate":true}},"employee":{"email":"a@b"}}'],
    ['in the employee', '{"type":"employee.terminated","effective":{"immediate":true},"employee":{"__proto__":{"email":"ana@acme.test"}}}'],
    [
      'in the effective time',
      '{"type":"employee.terminated","effective":{"__proto__":{"immediate":true}},"employee":{"email":"ana@acme.test"}}',
    ],
    [
      'in the custom fields',
      '{"type":"employee.terminated","effective":{"immediate":true},"employee":{"customFields":{"__proto__":{"DE:HR ID":"1"}}}}',
    ],
  ])('takes nothing from a prototype %s', (_, text) => {
    expect(refusalOf(() => read(JSON.parse(text)))).toMatch(/expected an object, got nothing|expected one of|expected exactly one of/);
  });

  it('is refused in one line that holds nothing of what came', () => {
    const secret = 'Zyxwvut';
    const leaf = fc.oneof(
      fc.constantFrom(secret, `${secret}@acme.test`, `${secret}\n`, '', 7, null, true, [secret], { [secret]: secret }),
      fc.string().map((text) => `${secret}${text}`),
    );
    const record = (...names: string[]) =>
      fc.oneof(
        { weight: 4, arbitrary: fc.record(Object.fromEntries(names.map((name) => [name, leaf])), { requiredKeys: [] }) },
        { weight: 1, arbitrary: leaf },
      );
    const anything = fc.record(
      {
        type: fc.oneof(
          { weight: 3, arbitrary: fc.constantFrom('employee.terminated', 'employee.termination_rescinded') },
          { weight: 1, arbitrary: leaf },
        ),
        occurredAt: leaf,
        rescinds: leaf,
        employee: record('email', 'employeeNumber', 'ssoUsername', 'givenName', 'familyName', 'customFields', secret),
        effective: record('date', 'timeZone', 'at', 'immediate', secret),
      },
      { requiredKeys: ['type'] },
    );

    fc.assert(
      fc.property(anything, (event) => {
        const refusal = refusalOf(() => read(event));
        expect(refusal).not.toMatch(new RegExp(`${secret}|[\\r\\n]`));
      }),
      { numRuns: 500 },
    );
  });
});
