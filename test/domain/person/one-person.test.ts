import { describe, expect, it } from '@jest/globals';
import type { Employee } from '../../../lambda/domain/event/hr-event.ts';
import { parse } from '../../../lambda/domain/parse.ts';
import { type Relation, relationOf } from '../../../lambda/domain/person/one-person.ts';
import { policy } from '../../../lambda/domain/policy.ts';

const POLICY = parse(policy, { sources: { hr: {}, payroll: { speaksFor: ['hr'] } } }, 'policy');
const EMAIL = { email: 'ana@acme.test' };
const ANA = { givenName: 'Ana', familyName: 'Silva' };
const BO = { givenName: 'Bo', familyName: 'Berg' };

const related = (by: Employee, of: Employee, { reached = 'key' as 'key' | 'user', source = 'hr' } = {}) =>
  relationOf({ source, employee: by }, { of: { source: 'hr', employee: of }, reached, policy: POLICY });

describe('two events of one source', () => {
  it.each<{ what: string; by: Employee; of: Employee; key: Relation; user: Relation }>([
    { what: 'have one number', by: { employeeNumber: '1' }, of: { employeeNumber: '1', ...EMAIL }, key: 'same', user: 'same' },
    { what: 'have one id of HR', by: { sourceId: '7' }, of: { sourceId: '7', ...EMAIL }, key: 'same', user: 'same' },
    { what: 'have one SSO name, in other case', by: { ssoUsername: 'ANA' }, of: { ssoUsername: 'ana' }, key: 'same', user: 'same' },
    {
      what: 'have one custom field',
      by: { customFields: { 'DE:A': '1' } },
      of: { customFields: { 'DE:A': '1' } },
      key: 'same',
      user: 'same',
    },
    {
      what: 'have one number, and another name after a marriage',
      by: { employeeNumber: '1', familyName: 'Costa' },
      of: { employeeNumber: '1', familyName: 'Silva' },
      key: 'same',
      user: 'same',
    },
    {
      what: 'have one number, with blanks at its ends',
      by: { employeeNumber: ' 1' },
      of: { employeeNumber: '1 ' },
      key: 'same',
      user: 'same',
    },
    {
      what: 'have a custom field that the other does not have',
      by: { ...EMAIL, customFields: { 'DE:A': '1' } },
      of: EMAIL,
      key: 'same',
      user: 'same',
    },
    {
      what: 'have one custom field, and an id and names that differ',
      by: { customFields: { 'DE:A': '1' }, sourceId: '7', ...ANA },
      of: { customFields: { 'DE:A': '1' }, sourceId: '8', ...BO },
      key: 'perhaps',
      user: 'perhaps',
    },
    { what: 'have the address alone', by: EMAIL, of: EMAIL, key: 'same', user: 'same' },
    { what: 'have the address, in other case', by: { email: 'ANA@acme.test' }, of: EMAIL, key: 'same', user: 'same' },
    {
      what: 'have the address and a name in common',
      by: { ...EMAIL, ...ANA },
      of: { ...EMAIL, familyName: 'Silva' },
      key: 'same',
      user: 'same',
    },
    {
      what: 'have the address, and numbers that differ',
      by: { ...EMAIL, employeeNumber: '1' },
      of: { ...EMAIL, employeeNumber: '2' },
      key: 'perhaps',
      user: 'perhaps',
    },
    {
      what: 'have the address, and ids that differ',
      by: { ...EMAIL, sourceId: '1' },
      of: { ...EMAIL, sourceId: '2' },
      key: 'perhaps',
      user: 'perhaps',
    },
    { what: 'have the address, and no name in common', by: { ...EMAIL, ...ANA }, of: { ...EMAIL, ...BO }, key: 'other', user: 'other' },
    {
      what: 'have the address, and numbers that differ in zeros',
      by: { ...EMAIL, employeeNumber: '042' },
      of: { ...EMAIL, employeeNumber: '42' },
      key: 'same',
      user: 'same',
    },
    {
      what: 'have numbers that differ in zeros alone',
      by: { employeeNumber: '042' },
      of: { employeeNumber: '42' },
      key: 'perhaps',
      user: 'perhaps',
    },
    {
      what: 'have numbers that differ in zeros, and no name in common',
      by: { employeeNumber: '042', ...ANA },
      of: { employeeNumber: '42', ...BO },
      key: 'other',
      user: 'perhaps',
    },
    { what: 'have nothing in common', by: EMAIL, of: { employeeNumber: '1' }, key: 'perhaps', user: 'same' },
    { what: 'have addresses that differ', by: EMAIL, of: { email: 'ana.silva@acme.test' }, key: 'perhaps', user: 'same' },
    {
      what: 'have nothing in common but a number that differs',
      by: { employeeNumber: '1' },
      of: { employeeNumber: '2' },
      key: 'perhaps',
      user: 'perhaps',
    },
    {
      what: 'have nothing in common, and names that differ',
      by: { ...EMAIL, ...ANA },
      of: { employeeNumber: '1', ...BO },
      key: 'other',
      user: 'perhaps',
    },
    {
      what: 'have one number, and an id that differs',
      by: { employeeNumber: '1', sourceId: '7' },
      of: { employeeNumber: '1', sourceId: '8' },
      key: 'perhaps',
      user: 'perhaps',
    },
  ])('that $what: by a key $key, through the user $user', ({ by, of, key, user }) => {
    expect([related(by, of), related(by, of, { reached: 'user' })]).toEqual([key, user]);
    expect([related(of, by), related(of, by, { reached: 'user' })]).toEqual([key, user]);
  });
});

describe('two events of two sources', () => {
  it.each<{ what: string; by: Employee; of: Employee; key: Relation; user: Relation }>([
    { what: 'have the address', by: EMAIL, of: EMAIL, key: 'perhaps', user: 'perhaps' },
    { what: 'have the address and the name', by: { ...EMAIL, ...ANA }, of: { ...EMAIL, ...ANA }, key: 'perhaps', user: 'perhaps' },
    { what: 'have the address, and no name in common', by: { ...EMAIL, ...ANA }, of: { ...EMAIL, ...BO }, key: 'other', user: 'perhaps' },
    { what: 'have one number', by: { employeeNumber: '1' }, of: { employeeNumber: '1' }, key: 'perhaps', user: 'perhaps' },
    {
      what: 'have no address and no name in common',
      by: { employeeNumber: '1', ...ANA },
      of: { employeeNumber: '1', ...BO },
      key: 'perhaps',
      user: 'perhaps',
    },
    { what: 'have nothing in common', by: EMAIL, of: { employeeNumber: '1' }, key: 'perhaps', user: 'perhaps' },
  ])('that $what: by a key $key, through the user $user', ({ by, of, key, user }) => {
    expect([related(by, of, { source: 'okta' }), related(by, of, { source: 'okta', reached: 'user' })]).toEqual([key, user]);
  });

  it('of which one speaks for the other are as of one', () => {
    expect(related({ employeeNumber: '1' }, { employeeNumber: '1' }, { source: 'payroll' })).toBe('same');
  });

  it('of which the other speaks for the one are not', () => {
    const of = { source: 'payroll', employee: EMAIL };

    expect(relationOf({ source: 'hr', employee: EMAIL }, { of, reached: 'key', policy: POLICY })).toBe('perhaps');
  });
});
