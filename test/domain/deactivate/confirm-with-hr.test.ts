import { describe, expect, it } from '@jest/globals';
import { confirmWithHr } from '../../../lambda/domain/deactivate/confirm-with-hr.ts';
import type { TerminationEvent } from '../../../lambda/domain/event/hr-event.ts';
import { parse } from '../../../lambda/domain/parse.ts';
import { policy } from '../../../lambda/domain/policy.ts';
import type { HrRecord } from '../../../lambda/domain/ports.ts';
import { aTermination } from '../../support/builders.ts';

const NOW = Date.parse('2026-12-01T09:00:00Z');
const RULES = parse(policy, { defaultTimeZone: 'UTC' }, 'policy');
const ANA = { sourceId: '7', email: 'ana@acme.test', employeeNumber: '10042' };

const record = (changes: Partial<HrRecord>): HrRecord => ({
  employee: ANA,
  standing: 'employed',
  lastDay: undefined,
  startedOn: '2020-02-01',
  ...changes,
});
const last = (date: string) => ({ lastDay: { date } });

const told = (changes: Partial<TerminationEvent> = {}) => aTermination({ employee: { sourceId: '7' }, ...changes });
const SAID = told();
const UNCONFIRMED = told({ unconfirmed: true });
const AT_ONCE = told({ beforeLastDay: true });

const confirm = (event: TerminationEvent, found: HrRecord | undefined, rules = RULES) =>
  confirmWithHr({ event, receivedAt: '2026-11-24T12:00:00.000Z' }, found, { policy: rules, now: NOW });

describe('what HR says when it is asked', () => {
  it.each([
    ['has left', record({ standing: 'left' }), 'confirmed', 'confirmed'],
    ['has left, yesterday', record({ standing: 'left', ...last('2026-11-30') }), 'confirmed', 'confirmed'],
    ['has left, on the day that it is', record({ standing: 'left', ...last('2026-12-01') }), 'confirmed', 'confirmed'],
    ['has left, long ago', record({ standing: 'left', ...last('2020-01-01') }), 'confirmed', 'confirmed'],
    ['has left, and has the last day to come', record({ standing: 'left', ...last('2026-12-02') }), 'contradicts', 'contradicts'],
    ['has left, at this very moment', record({ standing: 'left', lastDay: { at: '2026-12-01T09:00:00Z' } }), 'confirmed', 'confirmed'],
    ['is employed', record({}), 'contradicts', 'no-termination'],
    ['is employed, with yesterday as last day', record(last('2026-11-30')), 'confirmed', 'confirmed'],
    ['is employed, two days after the end', record({ lastDay: { at: '2026-11-29T09:00:00Z' } }), 'confirmed', 'confirmed'],
    ['is employed, more than two days after', record({ lastDay: { at: '2026-11-29T08:59:59.999Z' } }), 'contradicts', 'contradicts'],
    ['is employed, with the last day long ago', record(last('2026-11-20')), 'contradicts', 'contradicts'],
    ['is employed until this very moment', record({ lastDay: { at: '2026-12-01T09:00:00Z' } }), 'confirmed', 'confirmed'],
    ['is employed until today', record(last('2026-12-01')), 'later', 'later'],
    ['is employed until next month', record(last('2027-01-31')), 'later', 'later'],
    ['is employed again', record({ ...last('2026-11-30'), startedOn: '2026-12-01' }), 'contradicts', 'no-termination'],
    ['is employed, and began on the last day', record({ ...last('2026-11-30'), startedOn: '2026-11-30' }), 'confirmed', 'confirmed'],
    ['is nobody', undefined, 'contradicts', 'contradicts'],
    ['has left, and has another record', record({ standing: 'left', otherRecord: 'goes-on' }), 'contradicts', 'contradicts'],
    [
      'has left, yesterday, and has another record',
      record({ standing: 'left', ...last('2026-11-30'), otherRecord: 'goes-on' }),
      'contradicts',
      'contradicts',
    ],
    [
      'is employed, with yesterday as last day, and has another record',
      record({ ...last('2026-11-30'), otherRecord: 'goes-on' }),
      'contradicts',
      'contradicts',
    ],
    ['is employed until today, and has another record', record({ ...last('2026-12-01'), otherRecord: 'goes-on' }), 'later', 'later'],
    ['has left, as far as can be seen', record({ standing: 'left', otherRecord: 'unseen' }), 'contradicts', 'contradicts'],
    ['is employed, and has another record', record({ otherRecord: 'goes-on' }), 'contradicts', 'no-termination'],
  ])('about one who %s', (_, found, said, unconfirmed) => {
    expect(confirm(SAID, found).kind).toBe(said);
    expect(confirm(UNCONFIRMED, found).kind).toBe(unconfirmed);
  });

  it.each([
    ['to come', record(last('2027-01-31')), 'confirmed'],
    ['to come, of one who is gone', record({ standing: 'left', ...last('2027-01-31') }), 'confirmed'],
    ['that there is not', record({}), 'contradicts'],
    ['to come, of one with another record', record({ ...last('2027-01-31'), otherRecord: 'goes-on' }), 'contradicts'],
    [
      'to come, of one who is gone and has another record',
      record({ standing: 'left', ...last('2027-01-31'), otherRecord: 'goes-on' }),
      'contradicts',
    ],
    ['before one was employed again', record({ ...last('2026-11-30'), startedOn: '2026-12-01' }), 'contradicts'],
  ])('about one whose access is to end at once, and a last day %s', (_, found, kind) => {
    expect(confirm(AT_ONCE, found).kind).toBe(kind);
  });

  it('puts off to the very day that HR has', () => {
    const lastDay = { date: '2027-01-31', timeZone: 'Europe/Berlin' };

    expect(confirm(SAID, record({ lastDay }))).toEqual({
      kind: 'later',
      effective: lastDay,
      saw: 'HR, asked again, has the last day 2027-01-31',
    });
  });

  it('is gone on a day that has begun somewhere, where no zone is known', () => {
    const anywhere = parse(policy, {}, 'policy');
    const found = record({ standing: 'left', ...last('2026-12-01') });

    expect(confirm(SAID, found, anywhere).kind).toBe('confirmed');
    expect(confirm(SAID, record(last('2026-11-30')), anywhere).kind).toBe('later');
  });

  it('adds the match keys that the event leaves out', () => {
    const event = told({ employee: { sourceId: '7', givenName: 'Anna', customFields: { 'DE:HR ID': '7' } } });

    expect(confirm(event, record({ standing: 'left', employee: { ...ANA, givenName: 'Ana' } }))).toEqual({
      kind: 'confirmed',
      employee: { ...ANA, givenName: 'Anna', customFields: { 'DE:HR ID': '7' } },
    });
  });

  it.each([
    [
      'left, with the last day to come',
      record({ standing: 'left', ...last('2026-12-02') }),
      'HR shows the employee as gone, with the last day to come: 2026-12-02',
    ],
    ['employed', record({}), 'HR shows the employee as employed, without a last day'],
    ['of nobody knows what', record({ standing: 'unclear' }), 'HR shows a closed account, and no day on which its person leaves'],
    [
      'left, with an instant to come',
      record({ standing: 'left', lastDay: { at: '2026-12-02T09:00:00Z' } }),
      'HR shows the employee as gone, with the last day to come: 2026-12-02T09:00:00Z',
    ],
    [
      'employed again',
      record({ ...last('2026-11-30'), startedOn: '2026-12-01' }),
      'HR shows the employee as employed again since 2026-12-01, after the last day 2026-11-30',
    ],
    ['employed long after', record(last('2026-11-20')), 'HR shows the employee as employed, long after the last day 2026-11-20'],
    ['nobody', undefined, 'HR knows no employee with this id'],
  ])('tells the person who decides what it saw: %s', (_, found, saw) => {
    expect(confirm(SAID, found)).toMatchObject({ kind: 'contradicts', saw, inconclusive: found === undefined });
  });

  it.each([
    ['HR alone could name them', {}, true],
    ['the event has an address', { email: 'ana@acme.test' }, false],
    ['the event has an SSO name', { ssoUsername: 'ana' }, false],
  ])('is inconclusive about nobody where %s: %j', (_, keys, inconclusive) => {
    expect(confirm(told({ employee: { sourceId: '7', ...keys } }), undefined)).toMatchObject({ kind: 'contradicts', inconclusive });
  });

  it('adds the custom fields that the event leaves out, and overrules none', () => {
    const event = told({ employee: { sourceId: '7', customFields: { 'DE:HR ID': '7' } } });
    const employee = { sourceId: '7', customFields: { 'DE:HR ID': '8', 'DE:Badge': '9' } };

    expect(confirm(event, record({ standing: 'left', employee }))).toEqual({
      kind: 'confirmed',
      employee: { sourceId: '7', customFields: { 'DE:HR ID': '7', 'DE:Badge': '9' } },
    });
  });

  it('does not mind a value that only one of the two has', () => {
    const event = told({ employee: { sourceId: '7', email: 'ana@acme.test', ssoUsername: 'ana' } });

    expect(confirm(event, record({ standing: 'left', employee: { sourceId: '7', employeeNumber: '10042' } }))).toEqual({
      kind: 'confirmed',
      employee: { sourceId: '7', email: 'ana@acme.test', ssoUsername: 'ana', employeeNumber: '10042' },
    });
  });

  it.each([
    ['e-mail address', { email: 'bob@acme.test' }],
    ['e-mail address and employee number', { email: 'bob@acme.test', employeeNumber: '10043' }],
    ['employee number', { employeeNumber: '10043' }],
    ['SSO name', { ssoUsername: 'bob' }],
  ])('contradicts an event that names another %s', (what, keys) => {
    const found = record({ standing: 'left', employee: { ...ANA, ssoUsername: 'ana' } });

    expect(confirm(told({ employee: { sourceId: '7', ...keys } }), found)).toMatchObject({
      kind: 'contradicts',
      inconclusive: true,
      saw: `HR knows the employee by another ${what} than the event says`,
    });
  });

  it('does not mind the case of an address', () => {
    const event = told({ employee: { sourceId: '7', email: 'ANA@acme.test' } });

    expect(confirm(event, record({ standing: 'left' })).kind).toBe('confirmed');
  });

  it('says nothing personal', () => {
    const all = [record({}), record(last('2026-11-20')), record({ standing: 'left', ...last('2026-12-02') }), undefined];

    for (const found of all) expect(JSON.stringify({ ...confirm(SAID, found), employee: 0 })).not.toMatch(/ana|10042/i);
  });
});
