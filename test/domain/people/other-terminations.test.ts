import { describe } from '@jest/globals';
import { anArrival, aTermination } from '../../support/builders.ts';
import { changes, is, itHappens, leaves, paused, rejected, released, resumed, type Step, type Story } from './life.ts';

const on = (date: string) => ({ effective: { date, timeZone: 'UTC' } });
const NAMED = { email: 'ana@acme.test', givenName: 'Ana', familyName: 'Silva' };
const ANA = { emailAddr: 'ana@acme.test', firstName: 'Ana', lastName: 'Silva' };
/** A mailbox that one colleague had after the other. */
const DESK = { email: 'desk@acme.test' };
const BO = { ...DESK, givenName: 'Bo', familyName: 'Berg' };
const ANA_AT_DESK = { ...NAMED, ...DESK };
const cameBack: Step = changes(1, { lastLoginAt: '2027-04-01T08:00:00Z' });

describe('somebody who logs in long after a last day that another word of HR named', () => {
  const first = leaves('first', { ...on('2027-05-16'), employee: NAMED });
  const story = (what: string, steps: Story['steps'], end: string, changed: Partial<Story> = {}): Story => ({
    what,
    users: [ANA],
    steps: [...steps, ['2027-04-01T12:00:00Z', cameBack], ['2027-05-18T12:00:00Z']],
    ends: { first: end },
    gone: end === 'deactivated' ? [1] : [],
    ...changed,
  });
  const from = (source: string, date: string) => leaves(source, { ...on(date), employee: NAMED }, { source });
  /** Two sources name a last day, later than HR did; a person rejects both when they are due. */
  const both = (one: Step, other: Step): Story['steps'] => [
    ['2026-11-24T12:00:00Z', first],
    ['2026-12-01T12:00:00Z', one],
    ['2026-12-02T12:00:00Z', other],
    ['2027-05-12T12:00:00Z', is('payroll', 'held earlier-than-hr'), rejected('payroll'), rejected('okta')],
  ];

  itHappens([
    story('waits for a person by the earlier of two', both(from('payroll', '2027-02-22'), from('okta', '2027-05-10')), 'held stale'),
    story(
      'waits for a person by the earlier of two, said last',
      both(from('okta', '2027-05-10'), from('payroll', '2027-02-22')),
      'held stale',
    ),
    story(
      'leaves on the day of the later word, if the earlier one was rejected',
      [
        ['2026-11-24T12:00:00Z', from('payroll', '2027-02-22')],
        ['2026-12-01T12:00:00Z', first],
        ['2027-02-24T12:00:00Z', is('payroll', 'held earlier-than-hr'), rejected('payroll')],
      ],
      'deactivated',
    ),
    story(
      'leaves on the day of the later word, if the earlier one was rejected and has expired',
      [
        ['2026-11-24T12:00:00Z', from('payroll', '2027-02-22')],
        ['2026-12-01T12:00:00Z', first],
        ['2027-02-24T12:00:00Z', is('payroll', 'held earlier-than-hr'), rejected('payroll')],
        ['2027-05-10T12:00:00Z', is('payroll', 'forgotten')],
      ],
      'deactivated',
      { rules: { rememberDays: 60 } },
    ),
    story(
      'leaves on the day of HR, if a word of the same moment was rejected and has expired',
      [
        ['2026-11-24T12:00:00Z', from('payroll', '2027-02-22'), first],
        ['2027-02-24T12:00:00Z', is('payroll', 'held earlier-than-hr'), rejected('payroll')],
        ['2027-05-10T12:00:00Z', is('payroll', 'forgotten')],
      ],
      'deactivated',
      { rules: { rememberDays: 60 } },
    ),
    story(
      'leaves on their day, if the source has replaced that last day by theirs',
      [
        ['2026-11-24T12:00:00Z', first],
        ['2026-12-01T12:00:00Z', from('payroll', '2027-02-22')],
        ['2026-12-02T12:00:00Z', leaves('payroll2', { ...on('2027-05-16'), employee: NAMED }, { source: 'payroll' })],
        ['2027-02-24T12:00:00Z', is('payroll', 'cancelled superseded')],
      ],
      'deactivated',
    ),
    story(
      'leaves on their day, if it was that of a colleague with the same mailbox',
      [
        ['2026-11-24T12:00:00Z', leaves('first', { ...on('2027-05-16'), employee: ANA_AT_DESK })],
        ['2026-12-01T12:00:00Z', leaves('bo', { ...on('2027-02-22'), employee: BO })],
        ['2027-02-24T12:00:00Z', is('bo', 'held identity-mismatch'), rejected('bo')],
      ],
      'deactivated',
      { users: [{ ...ANA, emailAddr: 'desk@acme.test' }] },
    ),
  ]);
});

describe('a leaver of whose last day two words of HR speak', () => {
  itHappens([
    {
      what: 'leaves on it, if two sources name the same one',
      users: [ANA],
      steps: [
        ['2026-11-24T12:00:00Z', leaves('hr', { ...on('2026-11-30'), employee: NAMED })],
        ['2026-11-25T12:00:00Z', leaves('okta', { ...on('2026-11-30'), employee: NAMED }, { source: 'okta' })],
        ['2026-12-02T12:00:00Z'],
      ],
      ends: { hr: 'deactivated', okta: 'already-inactive' },
      gone: [1],
    },
    {
      what: 'leaves on the day of HR, if a person rejected the later day of another source before it came',
      users: [ANA],
      rules: { sources: { okta: { approval: true } } },
      steps: [
        ['2026-11-24T12:00:00Z', leaves('okta', { ...on('2027-03-31'), employee: NAMED }, { source: 'okta' })],
        ['2026-11-24T13:00:00Z', is('okta', 'held approval'), rejected('okta')],
        ['2026-11-25T12:00:00Z', leaves('hr', { ...on('2026-11-30'), employee: NAMED })],
        ['2026-12-02T12:00:00Z'],
      ],
      ends: { okta: 'rejected', hr: 'deactivated' },
      gone: [1],
    },
    {
      what: 'leaves at once, as ordered, if HR names a later day before the order could be carried out',
      users: [ANA],
      steps: [
        ['2026-11-24T12:00:00Z', paused, leaves('now', { employee: NAMED })],
        ['2026-11-24T13:00:00Z', leaves('later', { ...on('2027-03-31'), employee: NAMED }), resumed],
        ['2026-11-24T14:00:00Z'],
      ],
      ends: { now: 'deactivated', later: 'scheduled' },
      gone: [1],
    },
    {
      what: 'leaves on their day, if the other day of the same delivery is that of a colleague with the same mailbox',
      users: [{ ...ANA, emailAddr: 'desk@acme.test' }],
      steps: [
        [
          '2026-11-24T12:00:00Z',
          leaves('ana', { ...on('2026-11-30'), employee: ANA_AT_DESK }),
          leaves('bo', { ...on('2027-03-31'), employee: BO }),
        ],
        ['2026-12-02T12:00:00Z'],
      ],
      ends: { ana: 'deactivated', bo: 'scheduled' },
      gone: [1],
    },
  ]);
});

describe('what was only looked at', () => {
  itHappens([
    {
      what: 'in a dry run of a later word replaces no earlier last day',
      users: [ANA],
      rules: { dryRun: true },
      steps: [
        ['2026-11-24T12:00:00Z', leaves('first', { ...on('2027-03-31'), employee: NAMED })],
        ['2026-12-10T12:00:00Z', leaves('now', { employee: NAMED })],
        ['2026-12-11T12:00:00Z'],
      ],
      ends: { first: 'scheduled', now: 'would-deactivate' },
      gone: [],
    },
    {
      what: 'for another source’s leaver with the address and another name is not the account of a leaver who has none',
      users: [{ emailAddr: 'desk@acme.test' }],
      steps: [
        ['2026-11-24T12:00:00Z', leaves('bo', { ...on('2026-12-31'), employee: BO }, { source: 'okta' })],
        ['2026-11-25T12:00:00Z', changes(1, { emailAddr: 'bo@acme.test' }), leaves('ana', { employee: ANA_AT_DESK })],
      ],
      ends: { bo: 'scheduled', ana: 'no-account' },
      gone: [],
    },
  ]);
});

describe('an account that was closed as the person’s, and has no number any more', () => {
  const BOTH = { email: 'ana@acme.test', employeeNumber: '10042' };
  const users = [
    { emailAddr: 'ana@acme.test', extRefID: undefined },
    { emailAddr: undefined, extRefID: '10042' },
  ];
  const loses: Step = changes(2, { extRefID: undefined });

  itHappens([
    {
      what: 'still says that a colleague with the address is perhaps not meant by another source',
      users,
      steps: [
        ['2026-11-24T12:00:00Z', leaves('t1', { employee: BOTH }), released('t1', 2), is('t1', 'deactivated'), loses],
        ['2026-11-28T12:00:00Z', leaves('t2', { employee: BOTH }, { source: 'payroll' })],
      ],
      ends: { t1: 'deactivated', t2: 'held identity-changed' },
      gone: [2],
    },
    {
      what: 'still says so to an older word of HR, when the one that closed it has expired',
      users,
      rules: { rememberDays: 60 },
      steps: [
        ['2026-11-20T12:00:00Z', leaves('t0', { ...on('2027-06-30'), employee: BOTH })],
        ['2026-11-24T12:00:00Z', leaves('t1', { employee: BOTH }, { source: 'payroll' }), released('t1', 2), released('t1')],
        ['2026-11-24T18:00:00Z', is('t1', 'deactivated'), loses],
        ['2027-07-02T12:00:00Z', is('t1', 'forgotten')],
      ],
      ends: { t0: 'held identity-changed' },
      gone: [2],
    },
    {
      what: 'says nothing of a colleague who had the same mailbox after that person, by another name',
      users: [{ emailAddr: 'desk@acme.test' }, { emailAddr: 'desk2@acme.test' }],
      steps: [
        ['2026-11-24T12:00:00Z', leaves('bo', { employee: BO }), is('bo', 'deactivated')],
        ['2026-11-25T12:00:00Z', changes(1, { emailAddr: 'closed@acme.test' }), changes(2, { emailAddr: 'desk@acme.test' })],
        ['2026-12-02T12:00:00Z', leaves('ana', { employee: ANA_AT_DESK })],
      ],
      ends: { bo: 'deactivated', ana: 'deactivated' },
      gone: [1, 2],
    },
  ]);
});

describe('somebody who came back after another source had closed their account', () => {
  const receivedAt = '2026-12-01T12:00:00.000Z';
  const closedByOkta = anArrival(aTermination({ employee: NAMED }), { source: 'okta', receivedAt });
  itHappens([
    {
      what: 'waits for a person when an older last day of HR comes, although what closed it has expired',
      users: [{ ...ANA, isActive: false }],
      rules: { rememberDays: 60 },
      steps: [
        ['2026-11-24T12:00:00Z', leaves('first', { ...on('2027-05-16'), employee: NAMED })],
        ['2026-12-01T12:00:00Z', (life) => life.send(closedByOkta)],
        ['2027-04-01T12:00:00Z', changes(1, { isActive: true }), cameBack],
        ['2027-05-18T12:00:00Z'],
      ],
      ends: { first: 'held stale' },
      gone: [],
    },
  ]);
});
