import { describe, expect, it } from '@jest/globals';
import { guid } from '../../support/builders.ts';
import {
  changes,
  deployed,
  down,
  fails,
  forbidden,
  is,
  isDeleted,
  itHappens,
  leaves,
  NO_ID,
  paused,
  rejected,
  released,
  resumed,
  type Step,
  type Story,
  stays,
  told,
} from './life.ts';

const on = (date: string) => ({ effective: { date, timeZone: 'UTC' } });
const NAMED = { email: 'ana@acme.test', givenName: 'Ana', familyName: 'Silva' };
const ANA = { emailAddr: 'ana@acme.test', firstName: 'Ana', lastName: 'Silva' };

/** The write has its effect, its answer is lost, and nothing else answers either. */
const answerIsLost: Step = (life) => {
  const { directory } = life.desk;
  directory.deactivate = async (userId) => {
    Reflect.deleteProperty(directory, 'deactivate');
    await directory.deactivate(userId);
    for (const port of ['find', 'read', 'owner'] as const) fails(port, down)(life);
    throw down();
  };
};

const isWell: Step = (life) => {
  for (const port of ['find', 'read', 'owner'] as const) fails(port, undefined)(life);
};

describe('numbers that differ in leading zeros alone', () => {
  const users = [
    { emailAddr: 'ana@acme.test', extRefID: '0042' },
    { emailAddr: 'bo@acme.test', extRefID: '42' },
  ];
  itHappens([
    {
      what: 'are of two people: a later termination of one does not replace that of the other in silence',
      users,
      steps: [
        ['2026-11-24T12:00:00Z', leaves('a', { ...on('2026-11-30'), employee: { employeeNumber: '0042' } })],
        ['2026-11-25T12:00:00Z', leaves('b', { ...on('2027-01-31'), employee: { employeeNumber: '42' } })],
        ['2026-12-02T12:00:00Z'],
      ],
      ends: { a: 'held earlier-than-hr', b: 'scheduled' },
      gone: [],
    },
    {
      what: 'are of two people: what is done of one ends nothing of the other',
      users,
      steps: [
        ['2026-11-24T12:00:00Z', leaves('a', { ...on('2027-01-31'), employee: { employeeNumber: '0042' } })],
        ['2026-11-25T12:00:00Z', leaves('b', { ...on('2026-11-30'), employee: { employeeNumber: '42' } })],
        ['2026-12-02T12:00:00Z', is('b', 'deactivated')],
        ['2027-02-10T12:00:00Z'],
      ],
      ends: { a: 'deactivated', b: 'deactivated' },
      gone: [1, 2],
    },
    {
      what: 'are of two people: a rescission of one cancels nothing of the other, who is known by the address',
      users,
      steps: [
        ['2026-11-24T12:00:00Z', leaves('a', { ...on('2026-11-30'), employee: { email: 'ana@acme.test' } })],
        ['2026-11-25T12:00:00Z', stays('r', { employee: { employeeNumber: '42' } })],
        ['2026-12-02T12:00:00Z'],
      ],
      ends: { a: 'held perhaps-rescinded', r: 'rescinded' },
      gone: [],
    },
  ]);
});

describe('a rescission', () => {
  itHappens([
    {
      what: 'that another source may have meant leaves the termination to that of HR, which a person hears of too',
      steps: [
        ['2026-11-24T12:00:00Z', leaves('t')],
        ['2026-11-25T12:00:00Z', stays('r1', {}, { source: 'okta' }), is('r1', 'held rescinded-after-deactivation')],
        ['2026-11-26T12:00:00Z', stays('r2')],
      ],
      ends: { t: 'deactivated', r2: 'held rescinded-after-deactivation' },
      gone: [1],
    },
    {
      what: 'that is looked up only while a write is under way is looked up again',
      users: [ANA],
      steps: [
        [
          '2026-11-24T12:00:00Z',
          fails('find', down),
          stays('r', { employee: { employeeNumber: '10042' }, occurredAt: '2026-11-24T11:59:30Z' }),
        ],
        ['2026-11-24T12:59:50Z', fails('find', undefined), ...leavesAsTheLookUpRuns()],
        ['2026-11-24T16:00:00Z'],
      ],
      ends: { t: 'deactivated', r: 'held rescinded-after-deactivation' },
      gone: [1],
    },
    {
      what: 'that was read long ago, and is sent again when its first is forgotten, cancels nothing',
      steps: [
        ['2026-11-24T12:00:00Z', stays('r1', {}, NO_ID)],
        ['2028-02-01T12:00:00Z', is('r1', 'forgotten'), leaves('t', on('2028-03-01'))],
        ['2028-02-02T12:00:00Z', stays('r2', {}, NO_ID)],
        ['2028-03-05T12:00:00Z'],
      ],
      ends: { t: 'held perhaps-rescinded', r2: 'rescinded' },
      gone: [],
    },
    {
      what: 'of a write that took effect, whose event has given up: the event says so, and a person hears of it',
      users: [ANA],
      rules: { waitLimitHours: 2 },
      steps: [
        ['2026-11-24T12:00:00Z', answerIsLost, leaves('t', { employee: NAMED })],
        ['2026-11-24T18:00:00Z', isWell, is('t', 'failed gave-up-timeout')],
        ['2026-11-25T12:00:00Z', stays('r', { employee: NAMED })],
      ],
      ends: { t: 'deactivated', r: 'held rescinded-after-deactivation' },
      gone: [1],
    },
  ]);
});

/** The look-up finds a termination in the middle of its write, whose answer is lost. */
function leavesAsTheLookUpRuns(): Step[] {
  return [
    (life) => {
      const { directory } = life.desk;
      directory.deactivate = async (userId) => {
        Reflect.deleteProperty(directory, 'deactivate');
        // An administrator has just put HR's number right.
        life.user(1).extRefID = '10042';
        await life.until('2026-11-24T13:00:30Z');
        return directory.deactivate(userId);
      };
    },
    leaves('t', { employee: { email: 'ana@acme.test' }, occurredAt: '2026-11-24T10:00:30Z' }),
  ];
}

describe('a later termination', () => {
  itHappens([
    {
      what: 'goes on although an earlier one gave up behind a write that took effect',
      users: [ANA],
      rules: { waitLimitHours: 2 },
      steps: [
        ['2026-11-24T12:00:00Z', leaves('t1', { employee: NAMED, ...on('2026-11-24') })],
        ['2026-11-24T23:00:00Z', answerIsLost],
        ['2026-11-25T12:00:00Z', is('t1', 'failed gave-up-timeout'), isWell],
        ['2026-11-26T12:00:00Z', leaves('t2', { employee: NAMED, ...on('2026-11-26') })],
        ['2026-11-28T12:00:00Z'],
      ],
      ends: { t1: 'deactivated', t2: 'already-inactive' },
      gone: [1],
    },
    {
      what: 'that took over who matched the earlier one is found by a rescission, however late',
      users: [{ ...ANA, extRefID: '10042' }],
      rules: { rememberDays: 35 },
      steps: [
        ['2026-11-24T12:00:00Z', leaves('t1', { ...on('2026-11-30'), employee: { sourceId: '7', employeeNumber: '10042' } })],
        ['2026-11-25T12:00:00Z', leaves('t2', { ...on('2027-03-31'), employee: { sourceId: '7', employeeNumber: '010042' } })],
        ['2026-12-02T12:00:00Z', is('t1', 'cancelled superseded')],
        ['2026-12-05T12:00:00Z', stays('r', { employee: { email: 'ana@acme.test' } })],
        ['2027-04-10T12:00:00Z'],
      ],
      ends: { t2: 'forgotten' },
      gone: [],
    },
    {
      what: 'with the id and the words of a corrected one, and a later time of HR, is another',
      steps: [
        ['2026-11-24T12:00:00Z', leaves('a', { ...on('2027-03-31'), occurredAt: '2026-11-24T11:00:30Z' }, { id: 'term-1' })],
        ['2026-11-25T12:00:00Z', leaves('b', { ...on('2027-01-31'), occurredAt: '2026-11-25T11:00:30Z' }, { id: 'term-1' })],
        ['2026-11-26T12:00:00Z', leaves('c', { ...on('2027-03-31'), occurredAt: '2026-11-26T11:00:30Z' }, { id: 'term-1' })],
        ['2026-11-27T12:00:00Z', leaves('d', { ...on('2027-01-31'), occurredAt: '2026-11-27T11:00:30Z' }, { id: 'term-1' })],
        ['2027-02-10T12:00:00Z'],
      ],
      ends: { d: 'deactivated' },
      gone: [1],
    },
  ]);
});

describe('the brake', () => {
  const users = ['a', 'b', 'c', 'd', 'e'].map((name) => ({ emailAddr: `${name}@acme.test` }));
  const leaver = (name: string) => leaves(name, { employee: { email: `${name}@acme.test`, givenName: name } });
  const timesOut: Step = fails('deactivate', down);

  itHappens([
    {
      what: 'does not latch on writes that never came through, however long Workfront was down',
      users,
      rules: { brake: { perHour: 2, floorPerDay: 2, shareOfActivePerDay: 0.001 } },
      steps: [
        ['2026-11-24T12:00:00Z', timesOut, leaver('a'), leaver('b')],
        ['2026-11-24T15:00:00Z', paused],
        ['2026-11-24T15:01:00Z', leaver('c'), fails('deactivate', forbidden), resumed],
        ['2026-11-24T16:00:00Z'],
      ],
      ends: { a: 'processing', b: 'processing', c: 'processing' },
      gone: [],
    },
  ]);

  it('lets no more through in an hour than it may, after Workfront was down for longer', async () => {
    const writes: number[] = [];
    const { life } = await told({
      what: '',
      users,
      rules: { brake: { perHour: 2, floorPerDay: 100 } },
      steps: [
        ['2026-11-24T12:00:00Z', timesOut, leaver('a'), leaver('b')],
        ['2026-11-24T13:30:00Z', leaver('c'), leaver('d')],
        [
          '2026-11-24T15:00:00Z',
          ({ desk }) => {
            Reflect.deleteProperty(desk.directory, 'deactivate');
            const { deactivate } = desk.directory;
            desk.directory.deactivate = async (userId) => {
              writes.push(desk.now);
              return deactivate.call(desk.directory, userId);
            };
          },
        ],
        ['2026-11-24T15:59:00Z'],
      ],
      ends: {},
      gone: [],
    });

    expect(life.desk.directory.writes.length).toBeGreaterThan(0);
    expect(writes.filter((at) => at < Date.parse('2026-11-24T15:59:00Z')).length).toBeLessThanOrEqual(2);
  });
});

describe('an older word of HR, when a person rejected the newer one and the employee came back', () => {
  const first = leaves('first', {
    ...on('2027-05-16'),
    occurredAt: '2026-12-26T18:20:30Z',
    employee: { email: 'ana@acme.test', employeeNumber: '1042' },
  });
  const forward = (source: string) =>
    leaves(
      'forward',
      { ...on('2027-02-22'), occurredAt: '2027-01-01T18:25:30Z', employee: { email: 'ana@acme.test', employeeNumber: '1042' } },
      { source },
    );
  const back: Story['steps'][number] = ['2027-04-01T02:00:00Z', changes(1, { lastLoginAt: '2027-04-01T02:00:00Z' })];
  const story = (what: string, source: string, { heldBy, ...rules }: Story['rules'] & { heldBy: string }): Story => ({
    what,
    users: [{ ...ANA, extRefID: '1042' }],
    rules,
    steps: [
      ['2026-12-26T21:00:00Z', first],
      ['2027-01-01T18:26:00Z', forward(source)],
      ['2027-02-22T12:00:00Z', deployed({ approval: true })],
      ['2027-02-26T14:00:00Z', is('forward', `held ${heldBy}`), rejected('forward'), deployed({ approval: false })],
      back,
      ['2027-05-18T14:00:00Z', is('first', 'held stale')],
    ],
    ends: { first: 'held stale' },
    gone: [],
  });

  itHappens([
    story('waits for a person', 'acme-hr', { heldBy: 'approval' }),
    story('waits for a person, also of another source', 'payroll', { heldBy: 'earlier-than-hr' }),
    story('waits for a person, also if the newer one has expired', 'acme-hr', { heldBy: 'approval', rememberDays: 60 }),
    story('waits for a person, also if the newer one is of another source and has expired', 'payroll', {
      heldBy: 'earlier-than-hr',
      rememberDays: 60,
    }),
  ]);
});

describe('two words of HR with the same time, as exactly as it writes times', () => {
  const one = { email: 'ana@acme.test', employeeNumber: '1042' };
  const AT = '2026-12-16T23:34:00Z';
  const from = (occurredAt: string, date: string) => leaves('t', { ...on(date), occurredAt, employee: one });
  const other = (occurredAt: string, date: string) => leaves('u', { ...on(date), occurredAt, employee: one });

  itHappens([
    {
      what: 'a rescission does not cancel: it may have come before the termination, and only have been received after it',
      users: [{ ...ANA, extRefID: '1042' }],
      steps: [
        ['2026-12-16T23:34:32Z', from(AT, '2027-01-02')],
        ['2026-12-16T23:35:12Z', stays('r', { occurredAt: AT, employee: one })],
        ['2027-01-04T12:00:00Z'],
      ],
      ends: { t: 'held perhaps-rescinded', r: 'rescinded' },
      gone: [],
    },
    {
      what: 'a rescission of the next day cancels, though both are whole days',
      users: [{ ...ANA, extRefID: '1042' }],
      steps: [
        ['2026-12-16T12:34:32Z', from('2026-12-16T00:00:00Z', '2027-01-02')],
        ['2026-12-17T12:35:12Z', stays('r', { occurredAt: '2026-12-17T00:00:00Z', employee: one })],
        ['2027-01-04T12:00:00Z'],
      ],
      ends: { t: 'cancelled rescinded', r: 'rescinded' },
      gone: [],
    },
    {
      what: 'neither of two last days replaces the other',
      users: [{ ...ANA, extRefID: '1042' }],
      steps: [
        ['2026-12-16T12:34:32Z', from('2026-12-16T00:00:00Z', '2027-01-02')],
        ['2026-12-16T12:35:12Z', other('2026-12-16T00:00:00Z', '2027-01-31')],
        ['2027-01-04T12:00:00Z', is('t', 'held contradicting-delivery'), rejected('t')],
        ['2027-02-02T12:00:00Z'],
      ],
      ends: { t: 'rejected', u: 'deactivated' },
      gone: [1],
    },
    {
      what: 'the last day of the next day replaces the first, though both are whole days',
      users: [{ ...ANA, extRefID: '1042' }],
      steps: [
        ['2026-12-16T12:34:32Z', from('2026-12-16T00:00:00Z', '2027-01-31')],
        ['2026-12-17T12:35:12Z', other('2026-12-17T00:00:00Z', '2027-01-02')],
        ['2027-01-04T12:00:00Z'],
      ],
      ends: { t: 'cancelled superseded', u: 'deactivated' },
      gone: [1],
    },
  ]);
});

describe('two accounts that the keys led to before', () => {
  itHappens([
    {
      what: 'are for a person to choose between, if none of them matches any more',
      users: [ANA, { ...ANA, emailAddr: 'ana+test@acme.test', ssoUsername: 'ana' }],
      steps: [
        ['2026-11-24T12:00:00Z', leaves('t', { ...on('2026-12-24'), employee: { email: 'ana@acme.test', ssoUsername: 'ana' } })],
        ['2026-12-01T12:00:00Z', changes(1, { emailAddr: 'ana@new.test' }), changes(2, { ssoUsername: 'asilva' })],
        ['2026-12-26T12:00:00Z', is('t', 'held ambiguous'), released('t')],
        ['2026-12-26T13:00:00Z', is('t', 'held ambiguous'), released('t', 2), is('t', 'held identity-mismatch'), released('t')],
      ],
      ends: { t: 'deactivated' },
      gone: [2],
    },
  ]);
});

describe('the one of two accounts that a person chose', () => {
  const users = [ANA, { ...ANA, extRefID: '7' }];
  const both: Story['steps'] = [['2026-11-24T12:00:00Z', leaves('t', { employee: NAMED }), is('t', 'held ambiguous')]];
  /** The search shows users as they are now, whatever becomes of them. */
  const searchStandsStill: Step = (life) => {
    const hits = structuredClone([life.user(1), life.user(2)]);
    life.desk.directory.find = async () => structuredClone(hits);
  };

  itHappens([
    {
      what: 'is not replaced by nobody, if both are deleted: a person hears of it',
      users,
      steps: [...both, ['2026-11-24T13:00:00Z', isDeleted(1), isDeleted(2), released('t', 2)]],
      ends: { t: 'held ambiguous' },
      gone: [],
    },
    {
      what: 'may be deleted, if the other is inactive by now',
      users,
      steps: [...both, ['2026-11-24T13:00:00Z', changes(1, { isActive: false }), isDeleted(2), released('t', 2)]],
      ends: { t: 'already-inactive' },
      gone: [],
    },
    {
      what: 'is taken as it is, and not as an older answer of the search shows it',
      users,
      steps: [...both, ['2026-11-24T13:00:00Z', searchStandsStill, changes(2, { isActive: false }), released('t', 2)]],
      ends: { t: 'already-inactive' },
      gone: [],
    },
  ]);
});

it.each([
  { what: 'was deactivated', isActive: true, why: `deactivated as user ${guid(0xadd)}; Workfront answered isActive false for this user` },
  { what: 'was inactive', isActive: false, why: 'is inactive already' },
])('says that a person found the user who matches no more and $what', async ({ isActive, why }) => {
  const { life } = await told({
    what: '',
    users: [ANA],
    steps: [
      ['2026-11-24T12:00:00Z', leaves('t', { ...on('2026-12-24'), employee: NAMED }), changes(1, { emailAddr: 'ana@new.test' })],
      ['2026-12-26T12:00:00Z', is('t', 'held identity-changed'), changes(1, { isActive }), released('t', 1)],
    ],
    ends: {},
    gone: [],
  });

  expect(life.entry('t').history.at(-1)?.why).toBe(`user ${guid(1)}, found by a person, ${why}`);
});
