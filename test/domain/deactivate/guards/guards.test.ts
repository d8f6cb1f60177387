import { describe, expect, it } from '@jest/globals';
import {
  elsewhere,
  GUARD_NAMES,
  GUARDS,
  heldBy,
  hrHold,
  isReleasable,
  isReleasedFromHr,
  lostChoice,
} from '../../../../lambda/domain/deactivate/guards/order.ts';
import type { GuardView } from '../../../../lambda/domain/deactivate/guards/view.ts';
import type { Employee } from '../../../../lambda/domain/event/hr-event.ts';
import { parse } from '../../../../lambda/domain/parse.ts';
import { type Match, matchKeys } from '../../../../lambda/domain/person/leaver-match.ts';
import type { Word } from '../../../../lambda/domain/person/person-record.ts';
import { policy } from '../../../../lambda/domain/policy.ts';
import type { User } from '../../../../lambda/domain/ports.ts';
import { DAY, toInstant, toMillis } from '../../../../lambda/domain/time/time.ts';
import { aTermination, aUser, CUSTOMER, guid } from '../../../support/builders.ts';

const NOW = toMillis('2026-11-24T12:00:00Z');
const OWNER = { userId: guid(0xadd), customerId: CUSTOMER, activeUsers: 200, seesEverybody: true };
const daysAgo = (days: number) => toInstant(NOW - days * DAY);

interface Seen {
  user?: Partial<User>;
  employee?: Employee;
  rules?: object;
  view?: Partial<GuardView>;
}

function aView({ user: changes = {}, employee = { email: 'ana@acme.test' }, rules = {}, view = {} }: Seen): GuardView {
  const stage = parse(policy, rules, 'policy');
  const user = aUser(changes);
  const keys = matchKeys(employee, stage.matchKeys);
  return {
    source: 'acme-hr',
    event: aTermination({ employee }),
    effectiveAt: daysAgo(0),
    recordedAt: daysAgo(0),
    receivedAt: daysAgo(0),
    keys,
    match: { users: [user], matchedBy: 'emailAddr', byUsernameAlone: false },
    user,
    chosen: false,
    owner: OWNER,
    pinnedCustomerId: CUSTOMER,
    sighted: undefined,
    strayed: [],
    handedOver: false,
    madeThatDay: undefined,
    hrDoubt: undefined,
    perhapsRescindedBy: [],
    signsOfLife: [],
    laterElsewhere: [],
    lastDayElsewhere: undefined,
    contradictedBy: [],
    closed: [],
    administratorsLeft: user.isAdmin ? 1 : undefined,
    policy: stage,
    repeats: undefined,
    released: [],
    heldWith: undefined,
    now: NOW,
    ...view,
  };
}

/** What holds an event, and beside it all that would hold it as well. */
const holdOf = (seen: Seen) => heldBy(aView(seen), 'write');
const released = (...guards: [guard: string, of?: string | undefined][]) =>
  guards.map(([guard, of]) => ({ guard, ...(of !== undefined && { of, at: daysAgo(0) }) }));

const twins = (...numbers: number[]): GuardView['match'] => ({
  users: numbers.map((id) => aUser({ id: guid(id) })),
  matchedBy: 'emailAddr',
  byUsernameAlone: false,
});

const sighted = (at: string, ...ids: number[]): GuardView['sighted'] => ({ at, users: ids.map((id) => ({ userId: guid(id) })) });
const aWord = (changes: Partial<Word> = {}): Word => ({
  source: 'okta',
  eventId: 'r1',
  kind: 'rescinded',
  receivedAt: daysAgo(0),
  employee: { email: 'ana@acme.test' },
  ...changes,
});
const TWO_SOURCES = { sources: { 'acme-hr': {}, payroll: {} } };
const BY_NUMBER = { user: { extRefID: '10042', emailAddr: 'x@acme.test' }, employee: { employeeNumber: '10042' } };

const HOLDS: { guard: string; what: string; seen: Seen; saw: string }[] = [
  {
    guard: 'wrong-tenant',
    what: 'the credential is of another customer',
    seen: { view: { owner: { ...OWNER, customerId: 'd'.repeat(32) } } },
    saw: `Workfront customer ${'d'.repeat(32)}, this stage is pinned to ${CUSTOMER}`,
  },
  {
    guard: 'wrong-tenant',
    what: 'the user is of another customer',
    seen: { user: { customerId: 'd'.repeat(32) } },
    saw: `Workfront customer ${'d'.repeat(32)}, this stage is pinned to ${CUSTOMER}`,
  },
  {
    guard: 'ambiguous',
    what: 'two users match',
    seen: { view: { match: twins(1, 2) } },
    saw: `2 users match by emailAddr: ${guid(1)}, ${guid(2)}`,
  },
  {
    guard: 'ambiguous',
    what: 'two users matched before, and nobody does now',
    seen: { view: { match: twins(), strayed: twins(1, 2).users } },
    saw: `2 users matched before: ${guid(1)}, ${guid(2)}`,
  },
  {
    guard: 'identity-changed',
    what: 'an address alone leads to the user, and another was deactivated as this person',
    seen: { view: { closed: [guid(2)] } },
    saw: `user ${guid(1)} matches by an address alone, and user ${guid(2)} was this person`,
  },
  {
    guard: 'identity-changed',
    what: 'an address alone leads to the user, and two others were deactivated as this person',
    seen: { view: { closed: [guid(2), guid(3)] } },
    saw: `user ${guid(1)} matches by an address alone, and user ${guid(2)}, ${guid(3)} was this person`,
  },
  {
    guard: 'identity-mismatch',
    what: 'the user has another employee number',
    seen: { user: { extRefID: '999' }, employee: { email: 'ana@acme.test', employeeNumber: '10042' } },
    saw: `user ${guid(1)} has another extRefID than HR says`,
  },
  {
    guard: 'identity-mismatch',
    what: 'the user has another number and SSO name',
    seen: {
      user: { extRefID: '999', ssoUsername: 'bo' },
      employee: { email: 'ana@acme.test', employeeNumber: '10042', ssoUsername: 'ana' },
    },
    saw: `user ${guid(1)} has another extRefID and ssoUsername than HR says`,
  },
  {
    guard: 'identity-mismatch',
    what: 'the user has another address',
    seen: { user: { emailAddr: 'bo@acme.test', extRefID: '10042' }, employee: { email: 'ana@acme.test', employeeNumber: '10042' } },
    saw: `user ${guid(1)} has another emailAddr than HR says`,
  },
  {
    guard: 'identity-mismatch',
    what: 'the user has another value in a custom field',
    seen: {
      user: { customFields: { 'DE:HR ID': '8' } },
      employee: { email: 'ana@acme.test', customFields: { 'DE:HR ID': '7' } },
      rules: {
        matchKeys: [
          { field: 'emailAddr', from: 'email' },
          { field: 'DE:HR ID', from: 'customField' },
        ],
      },
    },
    saw: `user ${guid(1)} has another DE:HR ID than HR says`,
  },
  {
    guard: 'identity-mismatch',
    what: 'the user has another username',
    seen: {
      user: { username: 'bo' },
      employee: { email: 'ana@acme.test', ssoUsername: 'ana' },
      rules: {
        matchKeys: [
          { field: 'emailAddr', from: 'email' },
          { field: 'username', from: 'ssoUsername' },
        ],
      },
    },
    saw: `user ${guid(1)} has another username than HR says`,
  },
  {
    guard: 'identity-mismatch',
    what: 'no name agrees',
    seen: { user: { firstName: 'Bo', lastName: 'Berg' }, employee: { email: 'ana@acme.test', givenName: 'Ana', familyName: 'Silva' } },
    saw: `user ${guid(1)} has another name than HR says`,
  },
  {
    guard: 'identity-mismatch',
    what: 'an address alone is not enough',
    seen: { rules: { emailAloneIsEnough: false } },
    saw: `user ${guid(1)} is known by an e-mail address alone, and nothing else agrees`,
  },
  {
    guard: 'identity-mismatch',
    what: 'an address as username alone is not enough',
    seen: {
      user: { emailAddr: undefined, username: 'ana@acme.test' },
      rules: { emailAloneIsEnough: false, matchKeys: [{ field: 'username', from: 'email' }] },
    },
    saw: `user ${guid(1)} is known by an e-mail address alone, and nothing else agrees`,
  },
  {
    guard: 'identity-mismatch',
    what: 'only the log-in name agrees',
    seen: { view: { match: { ...twins(1), byUsernameAlone: true } } },
    saw: `user ${guid(1)} is known by the log-in name alone`,
  },
  {
    guard: 'identity-changed',
    what: 'another matches than was sighted',
    seen: { view: { sighted: sighted(daysAgo(0), 2) } },
    saw: `user ${guid(1)} matches, and not user ${guid(2)} as before`,
  },
  {
    guard: 'identity-changed',
    what: 'who was sighted is active and matches no more',
    seen: { view: { sighted: sighted(daysAgo(0), 2), strayed: [aUser({ id: guid(2) })] } },
    saw: `user ${guid(2)} matched an earlier word of HR, is active, and matches no more`,
  },
  {
    guard: 'identity-changed',
    what: 'two who were sighted are active and match no more',
    seen: { view: { sighted: sighted(daysAgo(0), 2, 3), strayed: twins(2, 3).users } },
    saw: `user ${guid(2)}, ${guid(3)} matched an earlier word of HR, is active, and matches no more`,
  },
  {
    guard: 'identity-changed',
    what: 'another matches than the two who were sighted',
    seen: { view: { sighted: sighted(daysAgo(0), 2, 3) } },
    saw: `user ${guid(1)} matches, and not user ${guid(2)}, ${guid(3)} as before`,
  },
  {
    guard: 'identity-changed',
    what: 'nobody was sighted, and an address matches now',
    seen: { view: { sighted: sighted(daysAgo(0)) } },
    saw: `user ${guid(1)} matches by an address, and nobody did when the termination was recorded`,
  },
  {
    guard: 'identity-changed',
    what: 'the account was handed over',
    seen: { view: { sighted: sighted(daysAgo(0), 1), handedOver: true } },
    saw: `user ${guid(1)} has neither a name nor the address of when the termination was recorded`,
  },
  {
    guard: 'number-alone',
    what: 'another source sends numbers too',
    seen: { ...BY_NUMBER, rules: TWO_SOURCES },
    saw: `user ${guid(1)} is known by the employee number alone, and payroll sends numbers too`,
  },
  {
    guard: 'number-alone',
    what: 'two other sources send numbers too',
    seen: { ...BY_NUMBER, rules: { sources: { 'acme-hr': {}, payroll: {}, benefits: {} } } },
    saw: `user ${guid(1)} is known by the employee number alone, and payroll, benefits sends numbers too`,
  },
  {
    guard: 'number-alone',
    what: 'another source matches numbers in the same field, among others',
    seen: {
      ...BY_NUMBER,
      rules: {
        sources: {
          payroll: {
            matchKeys: [
              { field: 'extRefID', from: 'employeeNumber' },
              { field: 'DE:Payroll', from: 'employeeNumber' },
            ],
          },
        },
      },
    },
    saw: `user ${guid(1)} is known by the employee number alone, and payroll sends numbers too`,
  },
  {
    guard: 'late-sighting',
    what: 'an address alone was first looked up more than a day after the event',
    seen: { view: { receivedAt: toInstant(NOW - DAY - 1) } },
    saw: `user ${guid(1)} was first looked up more than a day after HR's event, and nothing but an address agrees`,
  },
  {
    guard: 'late-sighting',
    what: 'it was sighted more than a day after the event, however long ago',
    seen: { view: { receivedAt: daysAgo(30), recordedAt: daysAgo(30), sighted: sighted(daysAgo(28), 1) } },
    saw: `user ${guid(1)} was first looked up more than a day after HR's event, and nothing but an address agrees`,
  },
  {
    guard: 'newcomer',
    what: 'the user was made after HR recorded the termination',
    seen: { user: { madeAt: toInstant(NOW + 1) } },
    saw: `user ${guid(1)} was made at ${toInstant(NOW + 1)}, after the termination`,
  },
  {
    guard: 'newcomer',
    what: 'the user was made after the effective time',
    seen: { user: { madeAt: daysAgo(1) }, view: { effectiveAt: daysAgo(2) } },
    saw: `user ${guid(1)} was made at ${daysAgo(1)}, after the termination`,
  },
  {
    guard: 'newcomer',
    what: 'an import made the user, and an address alone agrees',
    seen: { user: { madeAt: toInstant(NOW + 1) }, view: { madeThatDay: 100 } },
    saw: `user ${guid(1)} was made at ${toInstant(NOW + 1)}, after the termination`,
  },
  {
    guard: 'newcomer',
    what: 'nobody says when the user was made, and HR recorded the termination days ago',
    seen: { user: { madeAt: undefined }, view: { recordedAt: toInstant(NOW - DAY - 1) } },
    saw: `Workfront does not say when user ${guid(1)} was made, and HR recorded the termination more than a day ago`,
  },
  { guard: 'hr-contradicts', what: 'HR says otherwise', seen: { view: { hrDoubt: 'HR knows nobody' } }, saw: 'HR knows nobody' },
  {
    guard: 'unasked',
    what: 'the event ends one employment, and HR was not asked',
    seen: { view: { event: aTermination({ doubt: 'one-employment' }) } },
    saw: 'the event ends one employment, and HR cannot be asked whether the person has another one, or whether it was withdrawn since',
  },
  {
    guard: 'unasked',
    what: 'the event was said more than two days before its date, and HR may have withdrawn it',
    seen: {
      ...BY_NUMBER,
      view: { event: aTermination({ ...BY_NUMBER, doubt: 'withdrawable' }), receivedAt: toInstant(NOW - 2 * DAY - 1) },
    },
    saw: `HR said so at ${toInstant(NOW - 2 * DAY - 1)}, may have withdrawn it since without telling us, and cannot be asked`,
  },
  {
    guard: 'contradicting-delivery',
    what: 'HR says something else, and nothing tells which came last',
    seen: { view: { contradictedBy: [{ source: 'acme-hr', eventId: 'evt-2' }] } },
    saw: 'HR says something else of this person, and nothing tells what it recorded last: acme-hr/evt-2',
  },
  {
    guard: 'perhaps-rescinded',
    what: 'another source may have withdrawn it',
    seen: { view: { perhapsRescindedBy: [aWord(), aWord({ eventId: 'r0' })] } },
    saw: 'rescission okta/r0, okta/r1 may be of this person, and later than the termination',
  },
  {
    guard: 'perhaps-stays',
    what: 'HR says that the person is at work',
    seen: { view: { signsOfLife: [aWord({ kind: 'hired', eventId: 'h' })] } },
    saw: 'HR says of somebody who may be this person: hired (okta/h)',
  },
  {
    guard: 'perhaps-stays',
    what: 'HR says so twice, in whatever order',
    seen: { view: { signsOfLife: [aWord({ kind: 'hired', eventId: 'h2' }), aWord({ kind: 'hired', eventId: 'h1' })] } },
    saw: 'HR says of somebody who may be this person: hired (okta/h1), hired (okta/h2)',
  },
  {
    guard: 'earlier-than-hr',
    what: 'another source has a later day',
    seen: { view: { laterElsewhere: [{ ref: { source: 'hr', eventId: 't' }, effectiveAt: '2027-01-31T00:00:00.000Z' }] } },
    saw: 'hr has the last day 2027-01-31T00:00:00.000Z (hr/t)',
  },
  {
    guard: 'earlier-than-hr',
    what: 'two other sources have a later day',
    seen: {
      view: {
        laterElsewhere: [
          { ref: { source: 'hr', eventId: 't' }, effectiveAt: '2027-01-31T00:00:00.000Z' },
          { ref: { source: 'payroll', eventId: 'u' }, effectiveAt: '2027-02-28T00:00:00.000Z' },
        ],
      },
    },
    saw: 'hr has the last day 2027-01-31T00:00:00.000Z (hr/t), payroll has the last day 2027-02-28T00:00:00.000Z (payroll/u)',
  },
  {
    guard: 'approval',
    what: 'a person must approve each leaver of the stage',
    seen: { rules: { approval: true } },
    saw: `a person must approve each leaver; user ${guid(1)} loses access at ${daysAgo(0)}`,
  },
  {
    guard: 'approval',
    what: 'a person must approve each leaver of the source',
    seen: { rules: { sources: { 'acme-hr': { approval: true } } } },
    saw: `a person must approve each leaver; user ${guid(1)} loses access at ${daysAgo(0)}`,
  },
  {
    guard: 'own-goal',
    what: 'the user owns the credential',
    seen: { view: { owner: { ...OWNER, userId: guid(1) } } },
    saw: `user ${guid(1)} owns the Workfront credential`,
  },
  {
    guard: 'own-goal',
    what: 'the user is the last administrator',
    seen: { user: { isAdmin: true }, rules: { holdAdministrators: false }, view: { administratorsLeft: 0 } },
    saw: `user ${guid(1)} is the last active administrator`,
  },
  ...[
    { what: 'ID', listed: guid(1) },
    { what: 'address', listed: 'ANA@acme.test' },
    { what: 'username', listed: 'ana.s' },
    { what: 'SSO name', listed: 'anasso' },
    { what: 'employee number', listed: '10042' },
  ].map(({ what, listed }) => ({
    guard: 'protected',
    what: `the user's ${what} is listed`,
    seen: { user: { username: 'ana.s', ssoUsername: 'AnaSSO', extRefID: '10042' }, rules: { protected: ['someone', listed] } },
    saw: `user ${guid(1)} is on the protected list`,
  })),
  ...[
    { what: 'address', listed: 'Ana@acme.test' },
    { what: 'employee number', listed: '10042' },
    { what: 'SSO name', listed: 'ANA' },
  ].map(({ what, listed }) => ({
    guard: 'protected',
    what: `the leaver's ${what} is listed`,
    seen: {
      user: { emailAddr: undefined },
      employee: { email: 'ana@acme.test', employeeNumber: '10042', ssoUsername: 'ana' },
      rules: { protected: [listed] },
    },
    saw: `user ${guid(1)} is on the protected list`,
  })),
  {
    guard: 'administrator',
    what: 'the user is an administrator',
    seen: { user: { isAdmin: true } },
    saw: `user ${guid(1)} is a system administrator`,
  },
  {
    guard: 'administrator',
    what: 'nobody can read whether the user is an administrator, even where administrators are not held',
    seen: { user: { isAdmin: undefined }, rules: { holdAdministrators: false } },
    saw: `Workfront does not say readably whether user ${guid(1)} is a system administrator`,
  },
  {
    guard: 'stale',
    what: 'the user has logged in since a time long past',
    seen: { user: { lastLoginAt: daysAgo(1) }, view: { recordedAt: toInstant(NOW - 7 * DAY - 1) } },
    saw: `effective ${toInstant(NOW - 7 * DAY - 1)}, more than 7 days ago, and user ${guid(1)} has logged in since`,
  },
  ...[
    { what: 'an earlier last day counts', lastDayElsewhere: daysAgo(9), from: daysAgo(9) },
    { what: 'a later last day does not count', lastDayElsewhere: daysAgo(2), from: daysAgo(8) },
  ].map(({ what, lastDayElsewhere, from }) => ({
    guard: 'stale',
    what: `the user has logged in since a time long past; ${what}`,
    seen: { user: { lastLoginAt: daysAgo(1) }, view: { recordedAt: daysAgo(8), lastDayElsewhere } },
    saw: `effective ${from}, more than 7 days ago, and user ${guid(1)} has logged in since`,
  })),
  {
    guard: 'repeated',
    what: 'an equal event finished before',
    seen: { view: { repeats: '2026-11-01T00:00:00.000Z' } },
    saw: 'an equal event, without an id or a time of its own, came before: 2026-11-01T00:00:00.000Z',
  },
];

describe('an event is held', () => {
  it.each(HOLDS)('by $guard: $what', ({ guard, seen, saw }) => {
    expect(holdOf(seen)).toMatchObject({ guard, saw, releasing: expect.any(String), of: expect.any(String) });
  });

  it.each(HOLDS)('by $guard no more, once a person has released it from all that it showed: $what', ({ seen }) => {
    const hold = holdOf(seen);
    const shown = [{ guard: hold?.guard ?? '', of: hold?.of ?? '' }, ...(hold?.also ?? [])].map(({ guard, of }) => ({
      guard,
      of,
      at: daysAgo(0),
    }));
    const again = holdOf({ ...seen, view: { ...seen.view, released: shown } });

    expect(again?.guard).toBe(isReleasable(hold?.guard ?? '') ? undefined : hold?.guard);
  });
});

describe('an event passes', () => {
  it.each<{ what: string; seen: Seen }>([
    { what: 'an ordinary user', seen: {} },
    { what: 'a stage that is not pinned yet', seen: { view: { pinnedCustomerId: undefined } } },
    { what: 'a user whose customer is not known', seen: { user: { customerId: undefined } } },
    { what: 'the one of two that a person chose', seen: { view: { match: twins(1, 2), chosen: true } } },
    { what: 'a user without the number that HR knows', seen: { employee: { email: 'ana@acme.test', employeeNumber: '10042' } } },
    {
      what: 'a user with an empty number',
      seen: { user: { extRefID: ' ' }, employee: { email: 'ana@acme.test', employeeNumber: '10042' } },
    },
    { what: 'an address in other case', seen: { user: { emailAddr: 'ANA@ACME.TEST' } } },
    { what: 'another of two who were sighted', seen: { view: { sighted: sighted(daysAgo(0), 2, 1) } } },
    {
      what: 'a number that agrees, though nobody was sighted',
      seen: { ...BY_NUMBER, view: { sighted: sighted(daysAgo(0)) } },
    },
    {
      what: 'a number that agrees beside an address, though nobody was sighted',
      seen: {
        user: { extRefID: '10042' },
        employee: { email: 'ana@acme.test', employeeNumber: '10042' },
        view: { sighted: sighted(daysAgo(0)) },
      },
    },
    { what: 'a number that agrees, though another was deactivated as this person', seen: { ...BY_NUMBER, view: { closed: [guid(2)] } } },
    {
      what: 'an address of somebody inactive, though another was deactivated as this person',
      seen: { user: { isActive: false }, view: { closed: [guid(2)] } },
    },
    {
      what: 'the one that a person chose, whoever was sighted',
      seen: { view: { sighted: sighted(daysAgo(0), 2), strayed: [aUser({ id: guid(2) })], handedOver: true, chosen: true } },
    },
    { what: 'a number alone, if no other source is listed', seen: { ...BY_NUMBER, rules: { sources: { 'acme-hr': {} } } } },
    { what: 'a number alone, of one register', seen: { ...BY_NUMBER, rules: { ...TWO_SOURCES, sharedNumbers: true } } },
    {
      what: 'a number alone, if the other source sends none',
      seen: { ...BY_NUMBER, rules: { sources: { payroll: { sendsNumbers: false } } } },
    },
    {
      what: 'a number alone, if the other source matches numbers in another field',
      seen: { ...BY_NUMBER, rules: { sources: { payroll: { matchKeys: [{ field: 'DE:Payroll', from: 'employeeNumber' }] } } } },
    },
    {
      what: 'a number alone, if the other source shares the field of the address alone',
      seen: {
        ...BY_NUMBER,
        rules: {
          sources: {
            payroll: {
              matchKeys: [
                { field: 'DE:Payroll', from: 'employeeNumber' },
                { field: 'emailAddr', from: 'email' },
              ],
            },
          },
        },
      },
    },
    {
      what: 'a number and a name, of two sources',
      seen: {
        user: { extRefID: '10042', lastName: 'Silva' },
        employee: { employeeNumber: '10042', familyName: 'silva' },
        rules: TWO_SOURCES,
      },
    },
    {
      what: 'a number and an address, of two sources',
      seen: { user: { extRefID: '10042' }, employee: { email: 'ana@acme.test', employeeNumber: '10042' }, rules: TWO_SOURCES },
    },
    { what: 'an address alone, a day after the event', seen: { view: { receivedAt: daysAgo(1) } } },
    { what: 'an address alone, sighted within a day', seen: { view: { receivedAt: daysAgo(30), sighted: sighted(daysAgo(29), 1) } } },
    { what: 'a number, first looked up days later', seen: { ...BY_NUMBER, view: { receivedAt: daysAgo(3) } } },
    {
      what: 'an address and a name, first looked up days later',
      seen: { user: { lastName: 'Silva' }, employee: { email: 'ana@acme.test', familyName: 'Silva' }, view: { receivedAt: daysAgo(3) } },
    },
    { what: 'the one that a person chose, days later', seen: { view: { receivedAt: daysAgo(3), chosen: true } } },
    { what: 'a user made at the very instant of the termination', seen: { user: { madeAt: daysAgo(0) } } },
    {
      what: 'a user with no time at which they were made, at once',
      seen: { user: { madeAt: undefined }, view: { recordedAt: daysAgo(1) } },
    },
    {
      what: 'a user that an import made, and whose number agrees',
      seen: { ...BY_NUMBER, user: { ...BY_NUMBER.user, madeAt: toInstant(NOW + 1) }, view: { madeThatDay: 11 } },
    },
    {
      what: 'a user that an import made, and whose number agrees beside the address',
      seen: {
        user: { extRefID: '10042', madeAt: toInstant(NOW + 1) },
        employee: { email: 'ana@acme.test', employeeNumber: '10042' },
        view: { madeThatDay: 11 },
      },
    },
    {
      what: 'a user that an import made, and whose name agrees',
      seen: {
        user: { lastName: 'Silva', madeAt: toInstant(NOW + 1) },
        employee: { email: 'ana@acme.test', familyName: 'Silva' },
        view: { madeThatDay: 11 },
      },
    },
    {
      what: 'a source that may end access before HR’s last day',
      seen: {
        rules: { sources: { 'acme-hr': { mayEndEarlier: true } } },
        view: { laterElsewhere: [{ ref: { source: 'hr', eventId: 't' }, effectiveAt: '2027-01-31T00:00:00.000Z' }] },
      },
    },
    {
      what: 'a leaver of another source than the one whose leavers a person approves',
      seen: { rules: { sources: { payroll: { approval: true } } } },
    },
    {
      what: 'a family name after marriage',
      seen: { user: { firstName: 'Ana', lastName: 'Berg' }, employee: { email: 'ana@acme.test', givenName: 'Ana', familyName: 'Silva' } },
    },
    {
      what: 'a nickname',
      seen: {
        user: { firstName: 'Annie', lastName: 'Silva' },
        employee: { email: 'ana@acme.test', givenName: 'Ana', familyName: 'Silva' },
      },
    },
    {
      what: 'a name without its accents',
      seen: { user: { firstName: 'Jose' }, employee: { email: 'ana@acme.test', givenName: 'Jos\u00e9' } },
    },
    {
      what: 'one of two given names',
      seen: { user: { firstName: 'Anna-Maria' }, employee: { email: 'ana@acme.test', givenName: 'anna' } },
    },
    ...[
      { what: 'one of two given names of HR', hr: 'Anna Maria', workfront: 'Anna' },
      { what: 'two given names on both sides', hr: 'Anna Maria', workfront: 'anna maria' },
      { what: 'two given names, however they are joined', hr: 'Anna - Maria', workfront: 'Anna Maria' },
      { what: 'an initial with its dot', hr: 'J.', workfront: 'J. Maria' },
    ].map(({ what, hr, workfront }) => ({
      what,
      seen: { user: { firstName: workfront }, employee: { email: 'ana@acme.test', givenName: hr } },
    })),
    { what: 'a user without a name', seen: { employee: { email: 'ana@acme.test', givenName: 'Ana', familyName: 'Silva' } } },
    {
      what: 'an address and a name, where an address alone is not enough',
      seen: {
        user: { lastName: 'Silva' },
        employee: { email: 'ana@acme.test', familyName: 'SILVA' },
        rules: { emailAloneIsEnough: false },
      },
    },
    {
      what: 'an address and a number, where an address alone is not enough',
      seen: {
        user: { extRefID: '10042' },
        employee: { email: 'ana@acme.test', employeeNumber: '10042' },
        rules: { emailAloneIsEnough: false },
      },
    },
    {
      what: 'one of two administrators, on a stage that lets them go',
      seen: { user: { isAdmin: true }, rules: { holdAdministrators: false }, view: { administratorsLeft: 1 } },
    },
    { what: 'another name on the protected list', seen: { rules: { protected: ['ana', 'ana@acme', guid(2)] } } },
    { what: 'a log-in since, exactly at the limit', seen: { user: { lastLoginAt: daysAgo(1) }, view: { recordedAt: daysAgo(7) } } },
    {
      what: 'an event that HR could have withdrawn, and said two days ago',
      seen: { ...BY_NUMBER, view: { event: aTermination({ ...BY_NUMBER, doubt: 'withdrawable' }), receivedAt: daysAgo(2) } },
    },
    { what: 'a time long past and no log-in since', seen: { user: { lastLoginAt: daysAgo(30) }, view: { recordedAt: daysAgo(30) } } },
    { what: 'a time long past and no log-in ever', seen: { view: { recordedAt: daysAgo(30) } } },
    { what: 'a log-in before a time to come soon', seen: { user: { lastLoginAt: daysAgo(0) } } },
  ])('$what', ({ seen }) => {
    expect(holdOf(seen)).toBeUndefined();
  });
});

describe('an import is', () => {
  it.each([
    { madeThatDay: 9, activeUsers: 100, held: true },
    { madeThatDay: 10, activeUsers: 100, held: false },
    { madeThatDay: 10, activeUsers: 200, held: true },
    { madeThatDay: 11, activeUsers: 200, held: false },
  ])('$madeThatDay of $activeUsers active users made on one day: held is $held', ({ madeThatDay, activeUsers, held }) => {
    const seen = { ...BY_NUMBER, user: { ...BY_NUMBER.user, madeAt: toInstant(NOW + 1) } };

    expect(holdOf({ ...seen, view: { madeThatDay, owner: { ...OWNER, activeUsers } } })?.guard).toBe(held ? 'newcomer' : undefined);
  });
});

describe('an event that says "at once" is stale', () => {
  it.each([
    { what: 'a year after HR recorded it', recordedAt: daysAgo(365), guard: 'stale' },
    { what: 'a week after HR recorded it', recordedAt: daysAgo(7), guard: undefined },
  ])('$what, if the user has logged in since: $guard', ({ recordedAt, guard }) => {
    expect(holdOf({ user: { lastLoginAt: daysAgo(1) }, view: { recordedAt } })?.guard).toBe(guard);
  });

  it('but not one with a date: that is measured from its date', () => {
    const event = aTermination({ effective: { date: '2026-11-23' } });

    expect(
      holdOf({ user: { lastLoginAt: daysAgo(1) }, view: { event, recordedAt: daysAgo(90), effectiveAt: daysAgo(2) } }),
    ).toBeUndefined();
    expect(holdOf({ user: { lastLoginAt: daysAgo(1) }, view: { event, recordedAt: daysAgo(0), effectiveAt: daysAgo(8) } })?.guard).toBe(
      'stale',
    );
  });
});

describe('guards', () => {
  const everything: Seen = {
    user: { isAdmin: true, extRefID: '999', lastLoginAt: daysAgo(1), emailAddr: 'ana@acme.test', firstName: 'Bo', madeAt: daysAgo(2) },
    employee: { email: 'ana@acme.test', employeeNumber: '10042', givenName: 'Ana' },
    rules: { protected: ['ana@acme.test'], approval: true },
    view: {
      owner: { ...OWNER, userId: guid(1) },
      effectiveAt: daysAgo(30),
      recordedAt: daysAgo(30),
      receivedAt: daysAgo(30),
      sighted: sighted(daysAgo(0), 2),
      administratorsLeft: 0,
      repeats: '2026-11-01T00:00:00.000Z',
      hrDoubt: 'HR knows nobody',
      event: aTermination({ employee: { email: 'ana@acme.test', employeeNumber: '10042', givenName: 'Ana' }, doubt: 'one-employment' }),
      contradictedBy: [{ source: 'acme-hr', eventId: 'evt-2' }],
      perhapsRescindedBy: [aWord()],
      signsOfLife: [aWord({ kind: 'hired', eventId: 'h' })],
      laterElsewhere: [{ ref: { source: 'hr', eventId: 't' }, effectiveAt: '2027-01-31T00:00:00.000Z' }],
    },
  };
  const ALL = [
    'identity-changed',
    'identity-mismatch',
    'late-sighting',
    'newcomer',
    'hr-contradicts',
    'unasked',
    'contradicting-delivery',
    'perhaps-rescinded',
    'perhaps-stays',
    'earlier-than-hr',
    'own-goal',
    'protected',
    'administrator',
    'stale',
    'repeated',
    'approval',
  ];
  const shownBy = (seen: Seen) => {
    const hold = holdOf(seen);
    return hold === undefined ? [] : [hold.guard, ...(hold.also ?? []).map(({ guard }) => guard)];
  };

  it('that hold alone show nothing beside', () => {
    expect(holdOf({ view: { hrDoubt: 'HR knows nobody' } })).toEqual(hrHold('HR knows nobody'));
  });

  it('that hold are all shown, in their order', () => {
    expect(shownBy(everything)).toEqual(ALL);
    expect(GUARD_NAMES.filter((name) => ALL.includes(name))).toEqual(ALL);
  });

  it('on the match alone are asked of a user who is inactive', () => {
    expect(heldBy(aView(everything), 'match')).toMatchObject({ guard: 'identity-changed', also: [{ guard: 'identity-mismatch' }, {}, {}] });
  });

  it('that speak of the user are not asked while nobody can tell which user is meant', () => {
    const unclear = { ...everything, view: { ...everything.view, match: twins(1, 2) } };

    expect(shownBy(unclear)).toEqual(['ambiguous', ...ALL.slice(4, 10), 'repeated']);
  });

  it('of another customer come first', () => {
    const view = { ...everything.view, owner: { ...OWNER, customerId: 'd'.repeat(32) } };

    expect(holdOf({ ...everything, view })?.guard).toBe('wrong-tenant');
  });

  it.each(GUARDS.map(({ name }) => name))('let a release skip its own guard and no other: %s', (name) => {
    const own = GUARDS.find((guard) => guard.name === name)?.of(aView(everything));
    const view = { ...everything.view, released: released([name, own]) };

    expect(shownBy({ ...everything, view })).toEqual(ALL.filter((one) => one !== name || !isReleasable(name)));
  });

  it.each([
    ['another user', [['protected', `user ${guid(2)}`]]],
    ['nothing that was recorded, in version 0.1, and another user', [['protected']]],
  ] as [string, [string, string?][]][])('are asked again if the release was for %s', (_, guards) => {
    const seen = { rules: { protected: [guid(1)] }, view: { released: released(...guards), heldWith: guid(2) } };

    expect(holdOf(seen)?.guard).toBe('protected');
  });

  it('are skipped for the user of version 0.1, whose release named none', () => {
    const seen = { rules: { protected: [guid(1)] }, view: { released: released(['protected']), heldWith: guid(1) } };

    expect(holdOf(seen)).toBeUndefined();
  });

  it.each<{ guard: string; first: Partial<GuardView>; next: Partial<GuardView> }>([
    { guard: 'hr-contradicts', first: { hrDoubt: 'HR knows nobody' }, next: { hrDoubt: 'HR shows the employee as employed' } },
    {
      guard: 'perhaps-rescinded',
      first: { perhapsRescindedBy: [aWord()] },
      next: { perhapsRescindedBy: [aWord(), aWord({ eventId: 'r2' })] },
    },
    {
      guard: 'perhaps-stays',
      first: { signsOfLife: [aWord({ kind: 'hired' })] },
      next: { signsOfLife: [aWord({ kind: 'hired', eventId: 'h2' })] },
    },
    { guard: 'repeated', first: { repeats: daysAgo(9) }, next: { repeats: daysAgo(8) } },
    {
      guard: 'contradicting-delivery',
      first: { contradictedBy: [{ source: 'acme-hr', eventId: 'a' }] },
      next: { contradictedBy: [{ source: 'acme-hr', eventId: 'b' }] },
    },
    {
      guard: 'earlier-than-hr',
      first: { laterElsewhere: [{ ref: { source: 'hr', eventId: 'a' }, effectiveAt: daysAgo(-9) }] },
      next: { laterElsewhere: [{ ref: { source: 'hr', eventId: 'b' }, effectiveAt: daysAgo(-9) }] },
    },
  ])('hold again for a fresh fact, whatever was released: $guard', ({ guard, first, next }) => {
    const of = holdOf({ view: first })?.of;
    const orders = { released: released([guard, of]) };

    expect(holdOf({ view: { ...first, ...orders } })).toBeUndefined();
    expect(holdOf({ view: { ...next, ...orders } })?.guard).toBe(guard);
  });

  it.each([
    { at: daysAgo(1), guard: undefined },
    { at: toInstant(NOW - DAY - 1), guard: 'hr-contradicts' },
    { at: undefined, guard: 'hr-contradicts' },
  ])('on what HR says count a release of $at for a day: $guard', ({ at, guard }) => {
    const order = { guard: 'hr-contradicts', of: 'HR knows nobody', ...(at !== undefined && { at }) };

    expect(holdOf({ view: { hrDoubt: 'HR knows nobody', released: [order] } })?.guard).toBe(guard);
  });

  it('on what HR says do not count a release from another guard', () => {
    const release = { guard: 'unasked', of: 'HR knows nobody', at: daysAgo(0) };

    expect(isReleasedFromHr([release], { saw: 'HR knows nobody', now: NOW })).toBe(false);
    expect(isReleasedFromHr([{ ...release, guard: 'hr-contradicts' }], { saw: 'HR knows nobody', now: NOW })).toBe(true);
  });

  it('can be released, if a person can vouch for what they saw', () => {
    const others = ['rescinded-after-deactivation', 'cancelled-more-than-named'];

    expect([...GUARD_NAMES, ...others].filter((name) => !isReleasable(name))).toEqual(['wrong-tenant', 'ambiguous', 'own-goal']);
  });

  it('say nothing personal', () => {
    const said = JSON.stringify(HOLDS.map(({ seen }) => holdOf(seen)));

    expect(said).not.toMatch(/@|ana|silva|berg|10042/i);
  });
});

describe('nobody, or another', () => {
  const ofUsers = (...users: Partial<User>[]): Match => ({
    users: users.map((user) => aUser(user)),
    matchedBy: 'emailAddr',
    byUsernameAlone: false,
  });

  it.each([
    { what: 'at our customer means what it says', owner: OWNER, saw: undefined },
    {
      what: 'at another customer means nothing',
      owner: { ...OWNER, customerId: 'd'.repeat(32) },
      saw: `Workfront customer ${'d'.repeat(32)}, this stage is pinned to ${CUSTOMER}`,
    },
  ])('$what', ({ owner, saw }) => {
    expect(elsewhere(owner, CUSTOMER)?.saw).toBe(saw);
  });

  it.each([
    { match: ofUsers({ id: guid(1) }, { id: guid(3) }), others: `${guid(1)}, ${guid(3)}` },
    { match: ofUsers(), others: 'nobody' },
  ])('does not take the place of the user that a person chose: $others', ({ match, others }) => {
    expect(lostChoice(match, guid(2))).toMatchObject({
      guard: 'ambiguous',
      saw: `user ${guid(2)}, chosen by a person, does not match any more; ${others} does`,
    });
  });
});
