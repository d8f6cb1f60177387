import { describe, expect, it } from '@jest/globals';
import { confirmWithHr } from '../../lambda/domain/confirm-with-hr.ts';
import { parse } from '../../lambda/domain/parse.ts';
import { policy } from '../../lambda/domain/policy.ts';
import type { HrRecord } from '../../lambda/domain/ports.ts';
import type { TerminationEvent } from '../../lambda/domain/termination-event.ts';
import { aTermination } from '../support/builders.ts';

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
    ['is employed', record({}), 'contradicts', 'no-termination'],
    ['is employed, with yesterday as last day', record(last('2026-11-30')), 'confirmed', 'confirmed'],
    ['is employed, with the last day long ago', record(last('2026-11-20')), 'contradicts', 'contradicts'],
    ['is employed until today', record(last('2026-12-01')), 'later', 'later'],
    ['is employed until next month', record(last('2027-01-31')), 'later', 'later'],
    ['is employed again', record({ ...last('2026-11-30'), startedOn: '2026-12-01' }), 'contradicts', 'no-termination'],
    ['is employed, and began on the last day', record({ ...last('2026-11-30'), startedOn: '2026-11-30' }), 'confirmed', 'confirmed'],
    ['is nobody', undefined, 'contradicts', 'contradicts'],
  ])('about one who %s', (_, found, said, unconfirmed) => {
    expect(confirm(SAID, found).kind).toBe(said);
    expect(confirm(UNCONFIRMED, found).kind).toBe(unconfirmed);
  });

  it.each([
    ['to come', record(last('2027-01-31')), 'confirmed'],
    ['to come, of one who is gone', record({ standing: 'left', ...last('2027-01-31') }), 'confirmed'],
    ['that there is not', record({}), 'contradicts'],
    ['before one was employed again', record({ ...last('2026-11-30'), startedOn: '2026-12-01' }), 'contradicts'],
  ])('about one whose access is to end at once, and a last day %s', (_, found, kind) => {
    expect(confirm(AT_ONCE, found).kind).toBe(kind);
  });

  it('puts off to the very day that HR has', () => {
    const lastDay = { date: '2027-01-31', timeZone: 'Europe/Berlin' };

    expect(confirm(SAID, record({ lastDay }))).toMatchObject({ kind: 'later', effective: lastDay });
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
    ['e-mail address', { email: 'bob@acme.test' }],
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
