import { describe, expect, it } from '@jest/globals';
import { parse } from '../../lambda/domain/parse.ts';
import { allMatchKeys, matchKeyRules, mayWithdraw, policy, rulesOf } from '../../lambda/domain/policy.ts';
import { refusalOf } from '../support/refusal.ts';

const read = (rules: unknown) => parse(policy, rules, 'policy');

describe('the rules of a stage', () => {
  it('are the safe ones where nothing is said', () => {
    expect(read({})).toEqual({
      dryRun: false,
      matchKeys: [
        { field: 'emailAddr', from: 'email' },
        { field: 'extRefID', from: 'employeeNumber' },
        { field: 'ssoUsername', from: 'ssoUsername' },
      ],
      emailAloneIsEnough: true,
      dateMeans: { moment: 'end-of-day', offset: 'PT0S' },
      brake: { perHour: 20, shareOfActivePerDay: 0.05, floorPerDay: 5 },
      protected: [],
      holdAdministrators: true,
      impactAtDeactivation: false,
      staleAfterDays: 7,
      waitLimitHours: 240,
      rememberDays: 400,
      pendingApprovalField: 'userApproval:ID',
      secondPersonAbove: 20,
      approval: false,
      sharedNumbers: false,
      sources: {},
      watch: { after: ['1h', '1d', '7d'], sweepDays: 30 },
    });
  });

  it('have the match keys of the stage, and those of each source that has its own', () => {
    const [own, stages] = [{ field: 'DE:Personnel No', from: 'employeeNumber' }, [{ field: 'emailAddr', from: 'email' }]];

    expect(allMatchKeys(read({ matchKeys: stages, sources: { hr: {}, payroll: { matchKeys: [own] } } }))).toEqual([...stages, own]);
  });

  it('of a source that is not listed are the defaults', () => {
    const stage = read({ sources: { payroll: { sendsAgainForDays: 3, speaksFor: ['hr'] } } });

    expect(rulesOf('hr', stage)).toEqual({
      sendsAgainForDays: 7,
      speaksFor: [],
      mayEndEarlier: false,
      sendsNumbers: true,
      approval: false,
    });
    expect(rulesOf('payroll', stage)).toEqual({ ...rulesOf('hr', stage), sendsAgainForDays: 3, speaksFor: ['hr'] });
    expect([
      mayWithdraw({ by: 'hr', of: 'hr' }, stage),
      mayWithdraw({ by: 'payroll', of: 'hr' }, stage),
      mayWithdraw({ by: 'hr', of: 'payroll' }, stage),
    ]).toEqual([true, true, false]);
  });

  it('of a source may have match keys of their own', () => {
    const own = [{ field: 'DE:Payroll', from: 'employeeNumber' as const }];
    const stage = read({ sources: { payroll: { matchKeys: own } } });

    expect(matchKeyRules('payroll', stage)).toEqual(own);
    expect(matchKeyRules('hr', stage)).toEqual(stage.matchKeys);
  });

  it('keep their other defaults where one is changed', () => {
    const { brake, dateMeans } = read({ brake: { perHour: 0 }, dateMeans: { offset: '-PT6H' } });

    expect(brake).toEqual({ perHour: 0, shareOfActivePerDay: 0.05, floorPerDay: 5 });
    expect(dateMeans).toEqual({ moment: 'end-of-day', offset: '-PT6H' });
  });

  it.each(['PT0S', 'PT2H', 'PT1H30M', 'P1D', 'P1DT12H', '-PT6H', '-P1DT1S'])('take %s as offset', (offset) => {
    expect(read({ dateMeans: { offset } }).dateMeans.offset).toBe(offset);
  });

  it.each(['emailAddr', 'extRefID', 'ssoUsername', 'username', 'DE:HR ID'])('take %s as match key', (field) => {
    expect(read({ matchKeys: [{ field, from: 'employeeNumber' }] }).matchKeys).toEqual([{ field, from: 'employeeNumber' }]);
  });

  it.each([
    { what: 'an unknown key', rules: { dryrun: true }, says: 'the whole: expected no key "dryrun", got an object' },
    { what: 'an unknown key further in', rules: { brake: { perhour: 1 } }, says: 'brake: expected no key "perhour", got an object' },
    { what: 'text for a switch', rules: { dryRun: 'false' }, says: 'dryRun: expected a boolean, got a string of 5 characters' },
    { what: 'no match key at all', rules: { matchKeys: [] }, says: 'matchKeys: expected at least 1, got a list of 0' },
    {
      what: 'a field that Workfront has not',
      rules: { matchKeys: [{ field: 'email', from: 'email' }] },
      says: 'matchKeys.0.field: expected emailAddr, extRefID, ssoUsername, username or "DE:<custom field>", got a string of 5 characters',
    },
    {
      what: 'a value that the event has not',
      rules: { matchKeys: [{ field: 'emailAddr', from: 'mail' }] },
      says: 'matchKeys.0.from: expected "email" or "employeeNumber" or "ssoUsername" or "customField", got a string of 4 characters',
    },
    {
      what: 'an unknown moment',
      rules: { dateMeans: { moment: 'noon' } },
      says: 'dateMeans.moment: expected "end-of-day" or "start-of-day", got a string of 4 characters',
    },
    {
      what: 'an offset in words',
      rules: { dateMeans: { offset: '2 hours' } },
      says: 'dateMeans.offset: expected an ISO 8601 duration such as PT2H, got a string of 7 characters',
    },
    {
      what: 'an offset of months',
      rules: { dateMeans: { offset: 'P1M' } },
      says: 'dateMeans.offset: expected an ISO 8601 duration such as PT2H, got a string of 3 characters',
    },
    {
      what: 'an empty offset',
      rules: { dateMeans: { offset: 'PT' } },
      says: 'dateMeans.offset: expected an ISO 8601 duration such as PT2H, got a string of 2 characters',
    },
    {
      what: 'an unknown zone',
      rules: { defaultTimeZone: 'CEST' },
      says: 'defaultTimeZone: expected an IANA time zone such as Europe/Amsterdam, got a string of 4 characters',
    },
    { what: 'more than 500 an hour', rules: { brake: { perHour: 501 } }, says: 'brake.perHour: expected at most 500, got a number' },
    { what: 'a negative limit', rules: { brake: { perHour: -1 } }, says: 'brake.perHour: expected a number of 0 or more, got a number' },
    { what: 'half a user', rules: { brake: { floorPerDay: 2.5 } }, says: 'brake.floorPerDay: expected a whole number, got a number' },
    {
      what: 'per cent for a share',
      rules: { brake: { shareOfActivePerDay: 5 } },
      says: 'brake.shareOfActivePerDay: expected a share from 0 to 1, got a number',
    },
    {
      what: 'an empty name on the protected list',
      rules: { protected: [''] },
      says: 'protected.0: expected at least 1 characters, got an empty string',
    },
    { what: 'no wait at all', rules: { waitLimitHours: 0 }, says: 'waitLimitHours: expected at least 1 hour, got a number' },
    {
      what: 'forgetting before HR stops resending',
      rules: { rememberDays: 34 },
      says: 'rememberDays: expected at least 35 days: an event can be on its way for 7 days, then 14 in the dead-letter queue and 14 in the quarantine, got a number',
    },
    {
      what: 'a customer that is no GUID',
      rules: { customerId: 'acme' },
      says: 'customerId: expected a 32-hex customer ID, got a string of 4 characters',
    },
  ])('refuse $what', ({ rules, says }) => {
    expect(refusalOf(() => read(rules))).toBe(`policy: ${says}`);
  });
});
