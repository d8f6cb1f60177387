import { describe, expect, it } from '@jest/globals';
import type { User } from '../../../lambda/domain/ports.ts';
import { MINUTE } from '../../../lambda/domain/time/time.ts';
import { CUSTOMER, guid } from '../../support/builders.ts';
import {
  changes,
  deployed,
  down,
  fails,
  forbidden,
  hrSays,
  is,
  isMade,
  itHappens,
  leaves,
  NO_ID,
  paused,
  rejected,
  released,
  replayed,
  resumed,
  type Step,
  stays,
  told,
} from './life.ts';

const on = (date: string) => ({ effective: { date, timeZone: 'UTC' } });
const THIN = { employee: { sourceId: '7' }, unconfirmed: true as const };
const NAMED = { email: 'ana@acme.test', givenName: 'Ana', familyName: 'Silva' };
const MATCHED = { emailAddr: 'ana@acme.test', firstName: 'Ana', lastName: 'Silva' };

/** The write has its effect, and its answer is lost. */
const answerIsLost: Step = ({ desk }) => {
  desk.directory.deactivate = async (userId) => {
    Reflect.deleteProperty(desk.directory, 'deactivate');
    await desk.directory.deactivate(userId);
    throw down();
  };
};

/** The write does not come through, nobody knows, and the stage is paused before it is tried again. */
const writeIsLost: Step = (life) => {
  const { directory } = life.desk;
  directory.deactivate = async () => {
    Reflect.deleteProperty(directory, 'deactivate');
    paused(life);
    throw down();
  };
};

/** A write without an answer that takes effect so many minutes later; Workfront refuses every other one. */
const landsLate =
  (minutes: number): Step =>
  ({ desk }) => {
    const { directory } = desk;
    const { read, find } = directory;
    const sentAt = desk.now;
    const isDone = () => desk.now >= sentAt + minutes * MINUTE;
    const shown = (user: User | undefined) => user && { ...user, isActive: user.isActive && !isDone() };
    directory.read = async (userId) => shown(await read.call(directory, userId));
    directory.find = async (keys) => (await find.call(directory, keys)).flatMap((user) => shown(user) ?? []);
    let isFirst = true;
    directory.deactivate = async () => {
      const failure = isFirst ? down() : forbidden();
      isFirst = false;
      throw failure;
    };
  };

/** The write does not come through for now, nobody knows, and the stage is paused just before the next one. */
const writeIsLate: Step = (life) => {
  const { directory, ledger } = life.desk;
  directory.deactivate = async () => {
    Reflect.deleteProperty(directory, 'deactivate');
    const readTogether = ledger.readTogether.bind(ledger);
    ledger.readTogether = async (what) => {
      if (what.records?.includes('stage/brake')) {
        ledger.readTogether = readTogether;
        paused(life);
      }
      return readTogether(what);
    };
    throw down();
  };
};

/** The stage is paused between the note of the write and the write. */
const pausedAtTheLastMoment: Step = (life) => {
  const { ledger } = life.desk;
  const writeEntry = ledger.writeEntry.bind(ledger);
  ledger.writeEntry = async (entry) => {
    const written = await writeEntry(entry);
    if (written.intent !== undefined) {
      ledger.writeEntry = writeEntry;
      paused(life);
    }
    return written;
  };
};

describe('8: deactivated is said of the user that this event deactivated', () => {
  itHappens([
    {
      what: 'a refused write, a duplicate closed by hand, and a replay',
      users: [MATCHED, { ...MATCHED, emailAddr: 'ana.silva@acme.test' }],
      steps: [
        ['2026-11-24T12:00:00Z', fails('deactivate', forbidden), leaves('t', { employee: NAMED }), is('t', 'failed forbidden')],
        [
          '2026-11-24T13:00:00Z',
          changes(1, { isActive: false, emailAddr: 'closed@acme.test' }),
          changes(2, { emailAddr: 'ana@acme.test' }),
        ],
        ['2026-11-24T14:00:00Z', fails('deactivate', undefined), replayed('t')],
        ['2026-11-24T15:00:00Z', is('t', 'held identity-changed'), released('t')],
      ],
      ends: { t: 'deactivated' },
      gone: [2],
    },
    {
      what: 'a refused write of an account that somebody closes by hand afterwards',
      users: [MATCHED],
      steps: [
        ['2026-11-24T12:00:00Z', fails('deactivate', forbidden), leaves('t', { employee: NAMED })],
        ['2026-11-24T13:00:00Z', changes(1, { isActive: false }), fails('deactivate', undefined), replayed('t')],
      ],
      ends: { t: 'already-inactive' },
      gone: [],
    },
    {
      what: 'a refused write after one without an answer that takes effect before the event fails',
      users: [MATCHED],
      steps: [['2026-11-24T12:00:00Z', landsLate(4), leaves('t', { employee: NAMED })], ['2026-11-24T13:00:00Z']],
      ends: { t: 'deactivated' },
      gone: [],
    },
    {
      what: 'a refused write after one without an answer that never takes effect, and an account closed by hand once it has failed',
      users: [MATCHED],
      steps: [
        ['2026-11-24T12:00:00Z', landsLate(10_000), leaves('t', { employee: NAMED })],
        ['2026-11-24T13:00:00Z', is('t', 'failed forbidden'), changes(1, { isActive: false }), replayed('t')],
      ],
      ends: { t: 'already-inactive' },
      gone: [],
    },
    {
      what: 'a pause between the note and the write, and an account closed by hand meanwhile',
      users: [MATCHED],
      steps: [
        ['2026-11-24T12:00:00Z', pausedAtTheLastMoment, leaves('t', { employee: NAMED })],
        ['2026-11-24T13:00:00Z', changes(1, { isActive: false }), resumed],
        ['2026-11-24T14:00:00Z'],
      ],
      ends: { t: 'already-inactive' },
      gone: [],
    },
    {
      what: 'the user that a person chose wins over a write without an answer',
      users: [MATCHED],
      steps: [
        ['2026-11-24T12:00:00Z', writeIsLost, leaves('t', { employee: NAMED })],
        ['2026-11-24T12:30:00Z', isMade(2, { ...MATCHED, madeAt: '2020-01-01T00:00:00.000Z' }), changes(1, { isActive: false }), resumed],
        ['2026-11-24T13:00:00Z', is('t', 'held ambiguous'), released('t', 2)],
      ],
      ends: { t: 'deactivated' },
      gone: [2],
    },
    {
      what: 'a write without an answer that takes effect after a pause has stopped the next one',
      users: [MATCHED],
      steps: [
        ['2026-11-24T12:00:00Z', writeIsLate, leaves('t', { employee: NAMED })],
        ['2026-11-24T12:03:00Z', is('t', 'processing'), changes(1, { isActive: false }), resumed],
        ['2026-11-24T14:00:00Z'],
      ],
      ends: { t: 'deactivated' },
      gone: [],
    },
    {
      what: 'a write whose answer was lost is this event’s own',
      users: [MATCHED],
      steps: [['2026-11-24T12:00:00Z', answerIsLost, leaves('t', { employee: NAMED })], ['2026-11-24T13:00:00Z']],
      ends: { t: 'deactivated' },
      gone: [1],
    },
    {
      what: 'a write whose answer was lost, of a user whose address was taken away since',
      users: [MATCHED],
      steps: [
        ['2026-11-24T12:00:00Z', answerIsLost, leaves('t', { employee: NAMED }), changes(1, { emailAddr: 'ana@company.inactive' })],
        ['2026-11-24T13:00:00Z'],
      ],
      ends: { t: 'deactivated' },
      gone: [1],
    },
  ]);
});

describe('9: word that something changed says nothing of today', () => {
  itHappens([
    {
      what: 'a telephone number, then the termination, in equal words',
      lookUps: ['acme-hr'],
      steps: [
        ['2026-11-24T12:00:00Z', hrSays('7', { standing: 'employed' }), leaves('t1', THIN, NO_ID)],
        ['2026-11-26T12:00:00Z', hrSays('7', { standing: 'left', lastDay: { date: '2026-11-25' } }), leaves('t2', THIN, NO_ID)],
      ],
      ends: { t1: 'cancelled not-a-termination', t2: 'deactivated' },
      gone: [1],
    },
    {
      what: 'ten changes, and HR is asked for each',
      lookUps: ['acme-hr'],
      steps: [
        ['2026-11-24T12:00:00Z', hrSays('7', { standing: 'employed' })],
        ...Array.from({ length: 9 }, (_, minute): [string, Step] => [`2026-11-24T12:1${minute}:00Z`, leaves(`c${minute}`, THIN, NO_ID)]),
        ['2026-11-24T13:00:00Z', hrSays('7', { standing: 'left' }), leaves('t', THIN, NO_ID)],
      ],
      ends: { c0: 'cancelled not-a-termination', c8: 'cancelled not-a-termination', t: 'deactivated' },
      gone: [1],
    },
    {
      what: 'a change while the termination before it is still to come',
      lookUps: ['acme-hr'],
      steps: [
        ['2026-11-24T12:00:00Z', hrSays('7', { standing: 'employed', lastDay: { date: '2026-11-30' } }), leaves('t1', THIN, NO_ID)],
        ['2026-11-25T12:00:00Z', is('t1', 'scheduled'), leaves('t2', THIN, NO_ID)],
        ['2026-12-02T12:00:00Z'],
      ],
      ends: { t1: 'deactivated' },
      gone: [1],
    },
    {
      what: 'a change after a leaver was rehired and leaves again',
      lookUps: ['acme-hr'],
      steps: [
        ['2026-11-24T12:00:00Z', hrSays('7', {}), leaves('t1', THIN, NO_ID)],
        ['2027-03-24T12:00:00Z', changes(1, { isActive: true }), leaves('t2', THIN, NO_ID)],
      ],
      ends: { t1: 'deactivated', t2: 'deactivated' },
      gone: [1, 1],
    },
  ]);
});

describe('14: what was only tried can be done again', () => {
  const WRONG = { matchKeys: [{ field: 'extRefID' as const, from: 'employeeNumber' as const }] };
  const RIGHT = { matchKeys: [{ field: 'emailAddr', from: 'email' as const }] };
  const both = { employee: { ...NAMED, employeeNumber: '99' } };
  itHappens([
    {
      what: 'no account, because the match keys were wrong for a week',
      users: [MATCHED],
      rules: WRONG,
      steps: [
        ['2026-11-24T12:00:00Z', leaves('t', both), is('t', 'no-account')],
        ['2026-12-01T12:00:00Z', deployed(RIGHT), replayed('t')],
      ],
      ends: { t: 'deactivated' },
      gone: [1],
    },
    {
      what: 'no account, of a notice that was looked up under the wrong keys',
      users: [MATCHED],
      rules: WRONG,
      steps: [
        ['2026-11-24T12:00:00Z', leaves('t', { ...both, ...on('2026-11-30') })],
        ['2026-12-02T12:00:00Z', is('t', 'no-account'), deployed(RIGHT), replayed('t')],
        ['2026-12-02T13:00:00Z', is('t', 'held identity-changed'), released('t')],
      ],
      ends: { t: 'deactivated' },
      gone: [1],
    },
    {
      what: 'a dry run that ended',
      rules: { dryRun: true },
      steps: [
        ['2026-11-24T12:00:00Z', leaves('t'), is('t', 'would-deactivate')],
        ['2026-12-01T12:00:00Z', deployed({ dryRun: false }), replayed('t')],
      ],
      ends: { t: 'deactivated' },
      gone: [1],
    },
    {
      what: 'a dry run that ended, of somebody whose termination HR has withdrawn',
      rules: { dryRun: true },
      steps: [
        ['2026-11-24T12:00:00Z', leaves('t'), is('t', 'would-deactivate')],
        ['2026-11-26T12:00:00Z', stays('r')],
        ['2026-12-01T12:00:00Z', deployed({ dryRun: false }), replayed('t')],
      ],
      ends: { t: 'cancelled rescinded', r: 'rescinded' },
      gone: [],
    },
    {
      what: 'a rejected one that was rejected by mistake',
      users: [{ isAdmin: true }],
      steps: [
        ['2026-11-24T12:00:00Z', leaves('t'), is('t', 'held administrator')],
        ['2026-11-24T13:00:00Z', rejected('t'), replayed('t'), is('t', 'held administrator'), released('t')],
      ],
      ends: { t: 'deactivated' },
      gone: [1],
    },
  ]);
});

describe('15: what the answers do not say', () => {
  const unknown: Step = ({ desk }) => {
    for (const user of desk.directory.users.values()) user.customerId = undefined;
  };
  itHappens([
    {
      what: 'a pinned stage whose customer nobody says',
      rules: { customerId: CUSTOMER },
      steps: [['2026-11-24T12:00:00Z', unknown, leaves('t')]],
      ends: { t: 'processing' },
      gone: [],
    },
    {
      what: 'a stage pinned by its first use, then the customer is not said any more',
      users: [{}, { emailAddr: 'bo@acme.test' }],
      steps: [
        ['2026-11-24T12:00:00Z', leaves('t1')],
        ['2026-11-24T13:00:00Z', unknown, leaves('t2', { employee: { email: 'bo@acme.test' } })],
      ],
      ends: { t1: 'deactivated', t2: 'processing' },
      gone: [1],
    },
    {
      what: 'another customer',
      rules: { customerId: 'd'.repeat(32) },
      steps: [['2026-11-24T12:00:00Z', leaves('t')]],
      ends: { t: 'held wrong-tenant' },
      gone: [],
    },
    {
      what: 'nobody, in another customer',
      users: [],
      rules: { customerId: 'd'.repeat(32) },
      steps: [['2026-11-24T12:00:00Z', leaves('t')]],
      ends: { t: 'held wrong-tenant' },
      gone: [],
    },
    {
      what: 'nobody, by a credential that sees only a part of the users',
      users: [],
      steps: [
        ['2026-11-24T12:00:00Z', ({ desk }) => Object.assign(desk.directory.users.get(guid(0xadd)) ?? {}, { isAdmin: false }), leaves('t')],
      ],
      ends: { t: 'no-account limited-sight' },
      gone: [],
    },
  ]);
});

describe('16: the brake counts what happened', () => {
  const labels = Array.from({ length: 16 }, (_, index) => `t${index + 1}`);
  const users = labels.map((label) => ({ emailAddr: `${label}@acme.test` }));
  const all = (step: (label: string) => Step): Step[] => labels.map(step);
  const leaver = (label: string) => leaves(label, { employee: { email: `${label}@acme.test` } });
  const ends = (end: string) => Object.fromEntries(labels.map((label) => [label, end]));

  it('refused writes of a credential that may only read latch nothing, and all is done after the repair', async () => {
    const story = {
      what: '',
      users,
      rules: { brake: { perHour: 16, shareOfActivePerDay: 0.5, floorPerDay: 5 } },
      steps: [
        ['2026-11-24T12:00:00Z', fails('deactivate', forbidden), ...all(leaver)],
        ['2026-11-24T13:00:00Z', is('t1', 'processing'), is('t2', 'processing'), fails('deactivate', undefined)],
        ['2026-11-24T18:00:00Z'],
      ] as [string, ...Step[]][],
      ends: ends('deactivated'),
      gone: [],
    };

    const { ends: came, gone, life } = await told(story);

    expect(came).toEqual(story.ends);
    expect(gone).toHaveLength(16);
    const { entries, settled, latched } = (life.desk.ledger.records.get('stage/brake')?.value ?? {}) as {
      entries: object[];
      settled: number[];
      latched?: object;
    };
    expect([entries.length + settled.length, latched]).toEqual([16, undefined]);
  });

  it('writes that took effect latch it', async () => {
    const story = {
      what: '',
      users,
      rules: { brake: { perHour: 10 } },
      steps: [['2026-11-24T12:00:00Z', ...all(leaver)]] as [string, ...Step[]][],
      ends: { ...ends('held brake'), ...Object.fromEntries(labels.slice(0, 10).map((label) => [label, 'deactivated'])) },
      gone: labels.slice(0, 10).map((_, index) => index + 1),
    };

    const { ends: came, gone, life } = await told(story);

    expect(came).toEqual(story.ends);
    expect(gone).toHaveLength(10);
    expect(life.desk.ledger.records.get('stage/brake')?.value).toHaveProperty('latched');
  });

  it.each([
    ['a throttled credential', down],
    ['a write whose answer is missing', down],
  ])('%s takes one place for one event, however often it is tried', async (_, failure) => {
    const { life } = await told({
      what: '',
      users,
      steps: [['2026-11-24T12:00:00Z', fails('deactivate', failure), leaver('t1')], ['2026-11-24T12:30:00Z']],
      ends: {},
      gone: [],
    });

    expect(life.desk.ledger.records.get('stage/brake')?.value).toMatchObject({ entries: [{ event: 'acme-hr/t1' }] });
  });
});

describe('17: two at once', () => {
  const noAdministrator: Step = ({ desk }) => {
    for (const id of [0xadd, 0xade]) Object.assign(desk.directory.users.get(guid(id)) ?? {}, { isAdmin: false });
  };

  it.each([2, 3])('of %s last administrators at once one stays', async (count) => {
    const users = Array.from({ length: count }, (_, index) => ({ emailAddr: `admin${index}@acme.test`, isAdmin: true }));
    const { life } = await told({
      what: '',
      users,
      rules: { holdAdministrators: false },
      steps: [['2026-11-24T12:00:00Z', noAdministrator]],
      ends: {},
      gone: [],
    });
    const say = (index: number) => leaves(`t${index}`, { employee: { email: `admin${index}@acme.test` } })(life);

    await Promise.all(users.map((_, index) => say(index)));
    await life.until('2026-11-25T12:00:00Z');

    expect(users.filter((_, index) => life.user(index + 1).isActive).length).toBeGreaterThanOrEqual(1);
    expect(users.map((_, index) => life.end(`t${index}`)).filter((end) => end === 'held own-goal').length).toBeGreaterThanOrEqual(1);
  });

  itHappens([
    {
      what: 'an administrator whose termination is only held counts as one who stays',
      users: [
        { emailAddr: 'a@acme.test', isAdmin: true },
        { emailAddr: 'b@acme.test', isAdmin: true },
      ],
      steps: [
        ['2026-11-24T12:00:00Z', noAdministrator, leaves('a', { employee: { email: 'a@acme.test' } })],
        ['2026-11-24T13:00:00Z', is('a', 'held administrator'), leaves('b', { employee: { email: 'b@acme.test' } }), released('b')],
        ['2026-11-24T14:00:00Z', released('a')],
      ],
      ends: { a: 'held own-goal', b: 'deactivated' },
      gone: [2],
    },
    {
      what: 'a rescission behind the note of a write that a pause stopped is not failed after ten days',
      users: [MATCHED],
      steps: [
        ['2026-11-24T12:00:00Z', pausedAtTheLastMoment, leaves('t', { employee: NAMED })],
        ['2026-11-24T13:00:00Z', stays('r', { employee: NAMED }), is('r', 'rescinded')],
        ['2026-12-10T12:00:00Z', resumed],
        ['2026-12-11T12:00:00Z'],
      ],
      ends: { t: 'cancelled rescinded', r: 'rescinded' },
      gone: [],
    },
    {
      what: 'a rescission behind a write without an answer, in a stage that is paused for weeks',
      users: [MATCHED],
      steps: [
        ['2026-11-24T12:00:00Z', writeIsLost, leaves('t', { employee: NAMED }), stays('r', { employee: NAMED })],
        ['2026-12-10T12:00:00Z', is('r', 'rescinded'), resumed],
        ['2026-12-11T12:00:00Z'],
      ],
      ends: { t: 'cancelled rescinded', r: 'rescinded' },
      gone: [],
    },
    {
      what: 'a rescission behind a write without an answer that took effect: a person hears of it',
      users: [MATCHED],
      steps: [
        ['2026-11-24T12:00:00Z', answerIsLost, leaves('t', { employee: NAMED }), stays('r', { employee: NAMED })],
        ['2026-11-24T13:00:00Z'],
      ],
      ends: { t: 'deactivated', r: 'held rescinded-after-deactivation' },
      gone: [1],
    },
  ]);
});
