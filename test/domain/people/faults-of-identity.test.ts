import { describe, expect, it } from '@jest/globals';
import { PermanentFailure } from '../../../lambda/domain/failures.ts';
import { guid } from '../../support/builders.ts';
import {
  changes,
  down,
  fails,
  forbidden,
  hrSays,
  is,
  isDeleted,
  isMade,
  itHappens,
  leaves,
  NO_ID,
  rejected,
  released,
  replayed,
  stays,
  told,
  works,
} from './life.ts';

const BOTH = { email: 'ana@acme.test', employeeNumber: '10042' };
const TWO_ACCOUNTS = [
  { emailAddr: 'ana@acme.test', extRefID: undefined },
  { emailAddr: undefined, extRefID: '10042' },
];
const unexpected = () => new PermanentFailure('unexpected-answer', 'Workfront answered without a user; look at the user in Workfront');
const NUMBER = { employeeNumber: '10042' };
const NAMED = { email: 'ana@acme.test', givenName: 'Ana', familyName: 'Silva' };
const ANA = { emailAddr: 'ana@acme.test', firstName: 'Ana', lastName: 'Silva' };
const IMPORTED = [2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13];
const on = (date: string) => ({ effective: { date, timeZone: 'UTC' } });

describe('4: a release counts for what the hold showed', () => {
  itHappens([
    {
      what: 'not for another user who has the address by now',
      users: [{ firstName: 'Beatrix', lastName: 'Kern' }],
      steps: [
        ['2026-11-24T12:00:00Z', leaves('t', { employee: NAMED }), is('t', 'held identity-mismatch')],
        ['2026-11-24T18:00:00Z', changes(1, { emailAddr: 'bk@acme.test' })],
        ['2026-11-24T18:01:00Z', isMade(2, { madeAt: '2021-01-01T00:00:00.000Z', firstName: 'Anatol', lastName: 'Weiss' }), released('t')],
      ],
      ends: { t: 'held identity-changed' },
      gone: [],
    },
    {
      what: 'from the brake, which speaks of numbers, not for another user either',
      users: [{}, { emailAddr: 'bo@acme.test' }],
      rules: { brake: { perHour: 0 } },
      steps: [
        ['2026-11-24T12:00:00Z', leaves('t'), is('t', 'held brake')],
        ['2026-11-24T18:00:00Z', changes(1, { emailAddr: 'old@acme.test' }), changes(2, { emailAddr: 'ana@acme.test' }), released('t')],
      ],
      ends: { t: 'held identity-changed' },
      gone: [],
    },
    {
      what: 'from the brake, days later, for the user who was found at once',
      rules: { brake: { perHour: 0 } },
      steps: [
        ['2026-11-24T12:00:00Z', leaves('t'), is('t', 'held brake')],
        ['2026-11-27T12:00:00Z', released('t')],
      ],
      ends: { t: 'deactivated' },
      gone: [1],
    },
    {
      what: 'not for another administrator',
      users: [{ isAdmin: true }],
      steps: [
        ['2026-11-24T12:00:00Z', leaves('t'), is('t', 'held administrator')],
        ['2026-11-24T18:00:00Z', changes(1, { emailAddr: 'old@acme.test' })],
        ['2026-11-24T18:01:00Z', isMade(2, { madeAt: '2021-01-01T00:00:00.000Z', isAdmin: true }), released('t')],
      ],
      ends: { t: 'held identity-changed' },
      gone: [],
    },
    {
      what: 'for the same user it does',
      users: [{ firstName: 'Beatrix', lastName: 'Kern', isAdmin: true }],
      steps: [['2026-11-24T12:00:00Z', leaves('t', { employee: NAMED }), is('t', 'held identity-mismatch'), released('t')]],
      ends: { t: 'deactivated' },
      gone: [1],
    },
    {
      what: 'not against what HR says after a postponement',
      lookUps: ['acme-hr'],
      steps: [
        [
          '2026-11-24T12:00:00Z',
          hrSays('7', { standing: 'employed' }),
          leaves('t', { employee: { email: 'ana@acme.test', sourceId: '7' } }),
        ],
        ['2026-11-24T13:00:00Z', is('t', 'held hr-contradicts'), hrSays('7', { standing: 'employed', lastDay: { date: '2027-01-31' } })],
        ['2026-11-24T13:01:00Z', released('t'), is('t', 'scheduled'), hrSays('7', { standing: 'employed' })],
        ['2027-02-10T12:00:00Z'],
      ],
      ends: { t: 'held hr-contradicts' },
      gone: [],
    },
    {
      what: 'not against what HR says after a postponement of hours',
      lookUps: ['acme-hr'],
      steps: [
        [
          '2026-11-24T12:00:00Z',
          hrSays('7', { standing: 'employed' }),
          leaves('t', { employee: { email: 'ana@acme.test', sourceId: '7' } }),
        ],
        [
          '2026-11-24T13:00:00Z',
          is('t', 'held hr-contradicts'),
          hrSays('7', { standing: 'employed', lastDay: { at: '2026-11-24T20:00:00Z' } }),
        ],
        ['2026-11-24T13:01:00Z', released('t'), is('t', 'scheduled'), hrSays('7', { standing: 'employed' })],
        ['2026-11-24T21:00:00Z'],
      ],
      ends: { t: 'held hr-contradicts' },
      gone: [],
    },
    {
      what: 'from a guard on the user also after a postponement by HR',
      users: [{ isAdmin: true }],
      lookUps: ['acme-hr'],
      steps: [
        [
          '2026-11-24T12:00:00Z',
          hrSays('7', { standing: 'left' }),
          leaves('t', { employee: { email: 'ana@acme.test', sourceId: '7' } }),
          is('t', 'held administrator'),
        ],
        ['2026-11-24T13:00:00Z', hrSays('7', { standing: 'employed', lastDay: { date: '2027-01-31' } }), released('t')],
        ['2026-11-24T13:01:00Z', is('t', 'scheduled'), hrSays('7', { standing: 'left' })],
        ['2027-02-10T12:00:00Z'],
      ],
      ends: { t: 'deactivated' },
      gone: [1],
    },
    {
      what: 'not against another answer of HR than the one that was shown',
      lookUps: ['acme-hr'],
      steps: [
        [
          '2026-11-24T12:00:00Z',
          hrSays('7', { standing: 'employed' }),
          leaves('t', { employee: { email: 'ana@acme.test', sourceId: '7' } }),
        ],
        ['2026-11-24T13:00:00Z', hrSays('7', { employee: { email: 'bo@acme.test' } }), released('t')],
      ],
      ends: { t: 'held hr-contradicts' },
      gone: [],
    },
    {
      what: 'not from the brake after a failure and a replay',
      rules: { brake: { perHour: 0 } },
      steps: [
        [
          '2026-11-24T12:00:00Z',
          leaves('t'),
          is('t', 'held brake'),
          fails('deactivate', forbidden),
          released('t'),
          is('t', 'failed forbidden'),
        ],
        ['2026-12-24T12:00:00Z', fails('deactivate', undefined), replayed('t')],
      ],
      ends: { t: 'held brake' },
      gone: [],
    },
    {
      what: 'not against a rescission that came after the hold',
      steps: [
        ['2026-11-24T12:00:00Z', leaves('t', on('2026-11-30'))],
        ['2026-11-25T12:00:00Z', stays('r1', {}, { source: 'okta' })],
        ['2026-12-01T12:00:00Z', is('t', 'held perhaps-rescinded'), stays('r2', {}, { source: 'okta' }), released('t')],
      ],
      ends: { t: 'held perhaps-rescinded' },
      gone: [],
    },
    {
      what: 'for the rescission that was shown, also across the time to the effective date',
      steps: [
        ['2026-11-24T12:00:00Z', leaves('t', on('2026-11-30')), stays('r', {}, { source: 'okta' })],
        ['2026-12-01T12:00:00Z', is('t', 'held perhaps-rescinded'), released('t')],
      ],
      ends: { t: 'deactivated' },
      gone: [1],
    },
  ]);
});

describe('5: a delivery that comes again a year later', () => {
  itHappens([
    {
      what: 'of a system that sends times, to somebody who was rehired and logged in yesterday',
      steps: [
        ['2028-01-14T12:00:00Z', changes(1, { lastLoginAt: '2028-01-14T08:00:00Z' })],
        ['2028-01-15T12:00:00Z', leaves('t', { occurredAt: '2026-11-24T11:00:30Z' })],
      ],
      ends: { t: 'held stale' },
      gone: [],
    },
    {
      what: 'of a system without times, whose first is remembered by the audit alone',
      steps: [
        ['2026-11-24T12:00:00Z', leaves('t1', {}, NO_ID)],
        ['2028-01-14T12:00:00Z', is('t1', 'forgotten'), changes(1, { isActive: true, lastLoginAt: '2028-01-14T08:00:00Z' })],
        ['2028-01-15T12:00:00Z', leaves('t2', {}, NO_ID)],
      ],
      ends: { t2: 'held repeated' },
      gone: [1],
    },
    {
      what: 'of a system without times, remembered',
      steps: [
        ['2026-11-24T12:00:00Z', leaves('t1', {}, NO_ID)],
        ['2027-09-14T12:00:00Z', changes(1, { isActive: true, lastLoginAt: '2027-09-14T08:00:00Z' })],
        ['2027-09-15T12:00:00Z', leaves('t2', {}, NO_ID)],
      ],
      ends: { t1: 'deactivated', t2: 'held repeated' },
      gone: [1],
    },
    {
      what: 'of a dated one, to somebody who logged in after the date',
      steps: [
        ['2028-01-14T12:00:00Z', changes(1, { lastLoginAt: '2028-01-14T08:00:00Z' })],
        ['2028-01-15T12:00:00Z', leaves('t', on('2026-11-30'))],
      ],
      ends: { t: 'held stale' },
      gone: [],
    },
    {
      what: 'notice of three months is not old: who works until the last day is deactivated',
      steps: [
        ['2026-11-24T12:00:00Z', leaves('t', { ...on('2027-02-22'), occurredAt: '2026-11-24T11:00:30Z' })],
        ['2027-02-22T23:00:00Z', changes(1, { lastLoginAt: '2027-02-22T17:00:00Z' })],
        ['2027-02-23T12:00:00Z'],
      ],
      ends: { t: 'deactivated' },
      gone: [1],
    },
  ]);
});

describe('6: an address or an account that has passed to somebody else', () => {
  itHappens([
    {
      what: 'an account that a person passed over, in the same leaving from a source with a new name',
      users: [
        { emailAddr: 'ana@acme.test', extRefID: undefined },
        { emailAddr: undefined, extRefID: '10042' },
      ],
      steps: [
        ['2026-11-24T12:00:00Z', leaves('t1', { employee: BOTH, occurredAt: '2026-11-24T11:00:30Z' }), is('t1', 'held ambiguous')],
        ['2026-11-24T18:00:00Z', released('t1', 2), is('t1', 'deactivated')],
        ['2026-11-28T12:00:00Z', leaves('t2', { employee: BOTH, occurredAt: '2026-11-24T11:00:30Z' }, { source: 'renamed-hr' })],
      ],
      ends: { t1: 'deactivated', t2: 'held identity-changed' },
      gone: [2],
    },
    {
      what: 'an account that a person passed over, while nobody knows whether the write to the other took effect',
      users: TWO_ACCOUNTS,
      steps: [
        ['2026-11-24T12:00:00Z', leaves('t1', { employee: BOTH, occurredAt: '2026-11-24T11:00:30Z' }), is('t1', 'held ambiguous')],
        ['2026-11-24T18:00:00Z', fails('deactivate', unexpected), released('t1', 2), changes(2, { isActive: false })],
        ['2026-11-28T12:00:00Z', fails('deactivate', undefined)],
        ['2026-11-28T13:00:00Z', leaves('t2', { employee: BOTH, occurredAt: '2026-11-24T11:00:30Z' }, { source: 'renamed-hr' })],
      ],
      ends: { t1: 'failed unexpected-answer', t2: 'held identity-changed' },
      gone: [],
    },
    {
      what: 'an account that a person passed over, after the other was closed by hand',
      users: TWO_ACCOUNTS,
      steps: [
        ['2026-11-24T12:00:00Z', leaves('t1', { employee: BOTH, occurredAt: '2026-11-24T11:00:30Z' }), is('t1', 'held ambiguous')],
        ['2026-11-24T18:00:00Z', changes(2, { isActive: false }), released('t1', 2), is('t1', 'already-inactive')],
        ['2026-11-28T12:00:00Z', leaves('t2', { employee: BOTH, occurredAt: '2026-11-24T11:00:30Z' }, { source: 'renamed-hr' })],
      ],
      ends: { t1: 'already-inactive', t2: 'held identity-changed' },
      gone: [],
    },
    {
      what: 'an account that a person passed over, when an older word of HR falls due and the newer one has expired',
      users: TWO_ACCOUNTS,
      rules: { rememberDays: 60 },
      steps: [
        ['2026-11-20T12:00:00Z', leaves('t0', { effective: { date: '2027-06-30', timeZone: 'UTC' }, employee: BOTH })],
        ['2026-11-24T12:00:00Z', leaves('t1', { employee: BOTH }, { source: 'renamed-hr' }), released('t1', 2), released('t1')],
        ['2026-11-24T18:00:00Z', is('t1', 'deactivated')],
        ['2027-07-02T12:00:00Z', is('t1', 'forgotten')],
      ],
      ends: { t0: 'held identity-changed' },
      gone: [2],
    },
    {
      what: 'a colleague with the address of somebody whose own account was closed by hand before HR spoke',
      users: [
        { emailAddr: 'ana@acme.test', extRefID: undefined, firstName: 'Bo', lastName: 'Ek' },
        { emailAddr: 'ana.old@acme.test', extRefID: '10042', isActive: false },
      ],
      steps: [['2026-11-24T12:00:00Z', leaves('t', { employee: BOTH })]],
      ends: { t: 'held identity-changed' },
      gone: [],
    },
    {
      what: 'a colleague with the address of somebody whose own account, found by a custom field, is inactive on the day',
      users: [{ emailAddr: 'ana@acme.test' }, { emailAddr: undefined, customFields: { 'DE:HR ID': 'h-7' }, isActive: false }],
      rules: {
        matchKeys: [
          { field: 'emailAddr', from: 'email' },
          { field: 'DE:HR ID', from: 'customField' },
        ],
      },
      steps: [['2026-11-24T12:00:00Z', leaves('t', { employee: { email: 'ana@acme.test', customFields: { 'DE:HR ID': 'h-7' } } })]],
      ends: { t: 'held identity-changed' },
      gone: [],
    },
    {
      what: 'nobody: the address and a name agree, whoever else has the number',
      users: [
        { emailAddr: 'ana@acme.test', extRefID: undefined, firstName: 'Ana', lastName: 'Silva' },
        { emailAddr: undefined, extRefID: '10042', isActive: false },
      ],
      steps: [['2026-11-24T12:00:00Z', leaves('t', { employee: { ...BOTH, givenName: 'Ana', familyName: 'Silva' } })]],
      ends: { t: 'deactivated' },
      gone: [1],
    },
    {
      what: 'nobody: a closed account has the log-in name, which proves nothing',
      users: [{ emailAddr: 'ana@acme.test' }, { emailAddr: undefined, username: 'asilva', isActive: false }],
      rules: {
        matchKeys: [
          { field: 'emailAddr', from: 'email' },
          { field: 'username', from: 'ssoUsername' },
        ],
      },
      steps: [['2026-11-24T12:00:00Z', leaves('t', { employee: { email: 'ana@acme.test', ssoUsername: 'asilva' } })]],
      ends: { t: 'deactivated' },
      gone: [1],
    },
    {
      what: 'nobody: no account has the number, and the address is all there is',
      users: [{ emailAddr: 'ana@acme.test', extRefID: undefined }],
      steps: [['2026-11-24T12:00:00Z', leaves('t', { employee: BOTH })]],
      ends: { t: 'deactivated' },
      gone: [1],
    },
    {
      what: 'a new hire with the address of somebody whose termination is done late',
      steps: [
        ['2026-06-01T12:00:00Z', fails('deactivate', forbidden), leaves('t'), is('t', 'failed forbidden')],
        ['2026-10-01T12:00:00Z', isDeleted(1), isMade(2)],
        ['2026-11-01T12:00:00Z', fails('deactivate', undefined), replayed('t')],
      ],
      ends: { t: 'held identity-changed' },
      gone: [],
    },
    {
      what: 'a new hire with the address of somebody who had no account',
      users: [],
      steps: [
        ['2026-11-24T12:00:00Z', fails('find', forbidden), leaves('t'), is('t', 'failed forbidden')],
        ['2026-11-24T18:00:00Z', isMade(1), fails('find', undefined), replayed('t')],
      ],
      ends: { t: 'held newcomer' },
      gone: [],
    },
    {
      what: 'nobody of an import of a whole company, also if the account was closed by hand since',
      users: [],
      steps: [
        ['2026-11-24T12:00:00Z', leaves('t', { ...on('2027-02-22'), employee: BOTH })],
        [
          '2026-12-25T12:00:00Z',
          isMade(1, { extRefID: '10042' }),
          ...IMPORTED.map((one) => isMade(one, { emailAddr: `u${one}@acme.test` })),
        ],
        ['2027-02-20T12:00:00Z', changes(1, { isActive: false })],
        ['2027-03-01T12:00:00Z'],
      ],
      ends: { t: 'already-inactive' },
      gone: [],
    },
    {
      what: 'an account handed over during the notice, found by a number alone',
      users: [{ ...ANA, extRefID: '10042' }],
      steps: [
        ['2026-11-24T12:00:00Z', leaves('t', { ...on('2027-02-22'), employee: NUMBER })],
        ['2027-01-10T12:00:00Z', changes(1, { firstName: 'Tom', lastName: 'Berg', emailAddr: 'tom@acme.test' })],
        ['2027-03-01T12:00:00Z'],
      ],
      ends: { t: 'held identity-changed' },
      gone: [],
    },
    {
      what: 'a marriage during the notice is no other person',
      users: [{ ...ANA, extRefID: '10042' }],
      steps: [
        ['2026-11-24T12:00:00Z', leaves('t', { ...on('2027-02-22'), employee: NUMBER })],
        ['2027-01-10T12:00:00Z', changes(1, { lastName: 'Costa', emailAddr: 'ana.costa@acme.test' })],
        ['2027-03-01T12:00:00Z'],
      ],
      ends: { t: 'deactivated' },
      gone: [1],
    },
    {
      what: 'an address that passed to an older account within a week, while Workfront was down',
      users: [ANA, { emailAddr: 'anna@acme.test' }],
      steps: [
        ['2026-11-24T12:00:00Z', fails('find', down), leaves('t', { employee: { email: 'ana@acme.test' } })],
        ['2026-11-26T12:00:00Z', changes(1, { emailAddr: 'gone@company.inactive' }), changes(2, { emailAddr: 'ana@acme.test' })],
        ['2026-11-27T12:00:00Z', fails('find', undefined)],
        ['2026-11-28T12:00:00Z'],
      ],
      ends: { t: 'held late-sighting' },
      gone: [],
    },
    {
      what: 'a new hire who got the address between notice and last day',
      users: [ANA],
      steps: [
        ['2026-11-24T12:00:00Z', leaves('t', on('2027-02-22'))],
        ['2027-01-10T12:00:00Z', changes(1, { isActive: false, emailAddr: 'old@acme.test' }), isMade(2)],
        ['2027-03-01T12:00:00Z'],
      ],
      ends: { t: 'held identity-changed' },
      gone: [],
    },
    {
      what: 'nobody had the address when HR recorded the termination, and a new account has it on the day',
      users: [],
      steps: [['2026-11-24T12:00:00Z', leaves('t', on('2027-02-22'))], ['2027-01-10T12:00:00Z', isMade(2)], ['2027-03-01T12:00:00Z']],
      ends: { t: 'held identity-changed' },
      gone: [],
    },
    {
      what: 'all accounts were made on one day by an import, and the number agrees',
      users: [],
      rules: { staleAfterDays: 7 },
      steps: [
        ['2026-11-24T12:00:00Z', leaves('t', { ...on('2027-02-22'), employee: NUMBER })],
        [
          '2027-01-10T12:00:00Z',
          isMade(1, { extRefID: '10042' }),
          ...Array.from({ length: 20 }, (_, index) =>
            isMade(index + 10, {
              emailAddr: `import${index}@acme.test`,
              madeAt: `2027-01-10T${index}:30:00.000Z`.replace(/T(\d):/, 'T0$1:'),
            }),
          ),
        ],
        ['2027-03-01T12:00:00Z'],
      ],
      ends: { t: 'deactivated' },
      gone: [1],
    },
  ]);
});

it('6: names the account that was closed as the person’s, and the one that has the address', async () => {
  const closed = { emailAddr: 'ana.old@acme.test', extRefID: '10042', isActive: false };
  const { life } = await told({
    what: '',
    users: [{ emailAddr: 'ana@acme.test' }, closed],
    steps: [['2026-11-24T12:00:00Z', leaves('t', { employee: BOTH })]],
    ends: {},
    gone: [],
  });

  expect(life.entry('t').hold?.saw).toBe(`user ${guid(1)} matches by an address alone, and user ${guid(2)} was this person`);
});

describe('12: the address changes, or there is a second account', () => {
  itHappens([
    {
      what: 'the company changes its mail domain during a notice',
      users: [ANA],
      steps: [
        ['2026-11-24T12:00:00Z', leaves('t', on('2027-02-22'))],
        ['2027-01-10T12:00:00Z', changes(1, { emailAddr: 'ana@new.test' })],
        ['2027-03-01T12:00:00Z'],
      ],
      ends: { t: 'held identity-changed' },
      gone: [],
    },
    {
      what: 'the address changes, and the account is closed by hand before the last day',
      users: [ANA],
      steps: [
        ['2026-11-24T12:00:00Z', leaves('t', on('2027-02-22'))],
        ['2027-01-10T12:00:00Z', changes(1, { emailAddr: 'ana@new.test', isActive: false })],
        ['2027-03-01T12:00:00Z'],
      ],
      ends: { t: 'already-inactive' },
      gone: [],
    },
    {
      what: 'a second account has the number alone',
      users: [
        { ...ANA, extRefID: '10042' },
        { emailAddr: 'ana+test@acme.test', extRefID: '10042' },
      ],
      steps: [['2026-11-24T12:00:00Z', leaves('t', { employee: { email: 'ana@acme.test', ...NUMBER } })]],
      ends: { t: 'held ambiguous' },
      gone: [],
    },
    {
      what: 'the account seen is deleted, and made again with another number',
      users: [{ ...ANA, extRefID: '10042' }],
      steps: [
        ['2026-11-24T12:00:00Z', leaves('t', on('2027-02-22'))],
        ['2027-01-10T12:00:00Z', isDeleted(1), isMade(2, ANA)],
        ['2027-03-01T12:00:00Z', is('t', 'held identity-changed'), released('t', 2)],
      ],
      ends: { t: 'deactivated' },
      gone: [2],
    },
    {
      what: 'the release of a strayed account with --user deactivates that one',
      users: [ANA],
      steps: [
        ['2026-11-24T12:00:00Z', leaves('t', on('2027-02-22'))],
        ['2027-01-10T12:00:00Z', changes(1, { emailAddr: 'ana@new.test' })],
        ['2027-03-01T12:00:00Z', released('t', 1)],
      ],
      ends: { t: 'deactivated' },
      gone: [1],
    },
  ]);
});

describe('10: an address alone cancels nothing in silence', () => {
  const A = { email: 'contractors@acme.test', employeeNumber: '1' };
  const B = { email: 'contractors@acme.test', employeeNumber: '2' };
  const SHARED = { emailAddr: 'contractors@acme.test', extRefID: '1' };
  itHappens([
    {
      what: 'a colleague with the shared mailbox, whose number differs',
      users: [SHARED],
      steps: [
        ['2026-11-24T12:00:00Z', leaves('a', { ...on('2026-11-30'), employee: A })],
        ['2026-11-25T12:00:00Z', leaves('b', { ...on('2027-03-31'), employee: B })],
        ['2026-12-02T12:00:00Z', is('b', 'scheduled')],
      ],
      ends: { a: 'held earlier-than-hr' },
      gone: [],
    },
    {
      what: 'a colleague with the shared mailbox, whose name differs',
      users: [{ emailAddr: 'contractors@acme.test', firstName: 'Ana', lastName: 'Silva' }],
      steps: [
        ['2026-11-24T12:00:00Z', leaves('a', { ...on('2026-11-30'), employee: { ...NAMED, email: 'contractors@acme.test' } })],
        [
          '2026-11-25T12:00:00Z',
          leaves('b', { ...on('2027-03-31'), employee: { email: 'contractors@acme.test', givenName: 'Bo', familyName: 'Berg' } }),
        ],
        ['2026-12-02T12:00:00Z'],
      ],
      ends: { a: 'deactivated', b: 'scheduled' },
      gone: [1],
    },
    {
      what: "another source's activation after the last day",
      users: [ANA],
      steps: [
        ['2026-11-24T12:00:00Z', fails('find', down), leaves('t')],
        ['2026-11-24T13:00:00Z', works('u', { sign: 'activated' }, { source: 'okta' }), fails('find', undefined)],
        ['2026-11-24T18:00:00Z'],
      ],
      ends: { t: 'held perhaps-stays', u: 'noted' },
      gone: [],
    },
    {
      what: "another source's activation before the last day says nothing about it",
      users: [ANA],
      steps: [
        ['2026-11-24T12:00:00Z', leaves('t', on('2027-02-22'))],
        ['2026-12-24T12:00:00Z', works('u', { sign: 'activated' }, { source: 'okta' })],
        ['2027-03-01T12:00:00Z'],
      ],
      ends: { t: 'deactivated', u: 'noted' },
      gone: [1],
    },
    {
      what: "a new hire's rescission with the address of a former owner whose termination is held",
      users: [{ ...ANA, extRefID: '12', isAdmin: true }],
      steps: [
        [
          '2026-11-24T12:00:00Z',
          leaves('t', { employee: { email: 'ana@acme.test', employeeNumber: '12' } }),
          is('t', 'held administrator'),
        ],
        ['2026-12-24T12:00:00Z', stays('r', { employee: { email: 'ana@acme.test', employeeNumber: '77' } }), released('t')],
      ],
      ends: { t: 'held perhaps-rescinded', r: 'rescinded' },
      gone: [],
    },
    {
      what: "a new hire's first day, of the same number in the same source, after the termination",
      users: [{ ...ANA, extRefID: '12' }],
      steps: [
        ['2026-11-24T12:00:00Z', leaves('t', { ...on('2026-11-30'), employee: { employeeNumber: '12' } })],
        ['2026-11-25T12:00:00Z', works('h', { sign: 'hired', employee: { employeeNumber: '12' }, startsOn: '2026-12-01' })],
        ['2026-12-02T12:00:00Z'],
      ],
      ends: { t: 'held perhaps-stays', h: 'noted' },
      gone: [],
    },
  ]);
});

describe('11: an older termination does not fire after a newer one was done', () => {
  itHappens([
    {
      what: 'the last day is brought forward and done, and the person comes back',
      steps: [
        ['2026-11-24T12:00:00Z', leaves('t1', on('2027-03-31'))],
        ['2026-12-10T12:00:00Z', leaves('t2', on('2027-01-31'))],
        ['2027-03-01T12:00:00Z', is('t2', 'deactivated'), changes(1, { isActive: true })],
        ['2027-04-10T12:00:00Z'],
      ],
      ends: { t1: 'cancelled superseded', t2: 'deactivated' },
      gone: [1],
    },
    {
      what: 'the older one is held until after the newer one was done',
      users: [{ isAdmin: true }],
      steps: [
        ['2026-11-24T12:00:00Z', leaves('t1', on('2026-11-30'))],
        ['2026-12-10T12:00:00Z', is('t1', 'held administrator'), changes(1, { isAdmin: false }), leaves('t2', on('2026-12-01'))],
        ['2027-03-01T12:00:00Z', changes(1, { isActive: true })],
      ],
      ends: { t1: 'cancelled superseded', t2: 'deactivated' },
      gone: [1],
    },
    {
      what: 'the newer one was forgotten by the time that the older one is due',
      rules: { rememberDays: 35 },
      steps: [
        ['2026-11-24T12:00:00Z', leaves('t1', on('2027-06-30'))],
        ['2026-12-10T12:00:00Z', leaves('t2', on('2026-12-31'))],
        ['2027-05-01T12:00:00Z', is('t2', 'forgotten'), changes(1, { isActive: true })],
        ['2027-07-10T12:00:00Z'],
      ],
      ends: { t1: 'forgotten' },
      gone: [1],
    },
    {
      what: 'a rejected one replaces nothing',
      users: [{ isAdmin: true }],
      steps: [
        ['2026-11-24T12:00:00Z', leaves('t1', on('2026-12-31'))],
        ['2026-12-01T12:00:00Z', leaves('t2', on('2026-12-02'))],
        ['2026-12-10T12:00:00Z', is('t2', 'held administrator'), rejected('t2'), changes(1, { isAdmin: false })],
        ['2027-01-10T12:00:00Z'],
      ],
      ends: { t1: 'deactivated', t2: 'rejected' },
      gone: [1],
    },
    {
      what: 'brought forward and back again: the word that HR recorded last counts',
      steps: [
        ['2026-11-24T12:00:00Z', leaves('t1', on('2027-03-31'))],
        ['2026-12-01T12:00:00Z', leaves('t2', on('2027-01-31'))],
        ['2026-12-02T12:00:00Z', leaves('t3', { effective: { date: '2027-03-31', timeZone: 'Etc/UTC' } })],
        ['2027-02-10T12:00:00Z', is('t2', 'cancelled superseded')],
        ['2027-04-10T12:00:00Z'],
      ],
      ends: { t1: 'cancelled superseded', t2: 'cancelled superseded', t3: 'deactivated' },
      gone: [1],
    },
  ]);
});
