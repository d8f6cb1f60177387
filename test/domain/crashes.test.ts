import { describe, expect, it } from '@jest/globals';
import type { LeaverMessage } from '../../lambda/domain/event/leaver-message.ts';
import { PermanentFailure, TransientFailure } from '../../lambda/domain/failures.ts';
import type { Desk, HrRecord } from '../../lambda/domain/ports.ts';
import { HOUR, MINUTE } from '../../lambda/domain/time/time.ts';
import { aDirectory, anArrival, aRescission, aTermination, aUser, guid } from '../support/builders.ts';
import { Crash, type CrashPoint, crashingDesk } from '../support/crashing.ts';
import { aDesk, type TestDesk } from '../support/in-memory-desk.ts';
import { seenBy, untilSettled, work } from '../support/working.ts';
import { wronglyKept } from './people/wrongly-kept.ts';

const ANA = { source: 'acme-hr', eventId: 'evt-1' };
const at = (hour: number) => `2026-11-24T${String(hour).padStart(2, '0')}:00:00Z`;
const arrival = anArrival(aTermination({ occurredAt: at(8) }));
const future = anArrival(aTermination({ occurredAt: at(8), effective: { at: '2026-11-24T18:00:00Z' } }));
const rescission = anArrival(aRescission({ occurredAt: at(9), employee: { email: 'ana@acme.test', sourceId: '7' } }), { eventId: 'evt-r' });
const byNumber = anArrival(
  aTermination({ occurredAt: at(8), effective: { at: '2026-11-24T18:00:00Z' }, employee: { employeeNumber: '10042' } }),
);
const rescissionByNumber = anArrival(aRescission({ occurredAt: at(9), employee: { employeeNumber: '10042' } }), { eventId: 'evt-r' });
const down = () => Promise.reject(new TransientFailure('timeout', 'no answer'));
async function whileDown(desk: TestDesk, act: () => Promise<unknown>) {
  const { find } = desk.directory;
  desk.directory.find = down;
  await act();
  desk.directory.find = find;
}
const laterDate = anArrival(aTermination({ occurredAt: at(10), effective: { at: '2026-11-25T18:00:00Z' } }), { eventId: 'evt-2' });
const oneUser = (changes = {}) => aDirectory({ id: guid(1), ...changes });

/** A desk whose source can be asked, and what HR says of the one leaver. */
function askingDesk(says: Partial<HrRecord>): TestDesk {
  const desk = aDesk({ users: oneUser(), lookUps: ['acme-hr'], rules: { defaultTimeZone: 'UTC' } });
  const employee = { sourceId: '7', email: 'ana@acme.test' };
  desk.hr.says.set('7', { employee, standing: 'employed', lastDay: undefined, startedOn: undefined, ...says });
  return desk;
}
const unconfirmed = anArrival(aTermination({ occurredAt: at(8), employee: { sourceId: '7' }, unconfirmed: true }));

/** What there was before, the message whose worker crashes, and in what all must end. */
interface Scenario {
  what: string;
  desk: () => TestDesk;
  before?: (desk: TestDesk) => Promise<unknown>;
  message: (desk: TestDesk) => Promise<LeaverMessage>;
  ends: Record<string, string>;
  writes: number;
  /** There are several terminations, or another rescission: one more would mean something else for each. */
  several?: true;
}

const SCENARIOS: Scenario[] = [
  {
    what: 'a termination',
    desk: () => aDesk({ users: oneUser() }),
    message: async () => arrival,
    ends: { 'evt-1': 'deactivated' },
    writes: 1,
  },
  {
    what: 'a termination to come',
    desk: () => aDesk({ users: oneUser() }),
    message: async () => future,
    ends: { 'evt-1': 'scheduled' },
    writes: 0,
  },
  {
    what: 'a termination that has become due',
    desk: () => aDesk({ users: oneUser() }),
    before: async (desk) => {
      await untilSettled(desk, future);
      desk.now += 6 * HOUR;
    },
    message: async () => ({ kind: 'due', ...ANA }),
    ends: { 'evt-1': 'deactivated' },
    writes: 1,
  },
  {
    what: 'a termination that HR confirms',
    desk: () => askingDesk({ standing: 'left' }),
    message: async () => unconfirmed,
    ends: { 'evt-1': 'deactivated' },
    writes: 1,
  },
  {
    what: 'a termination that HR puts off',
    desk: () => askingDesk({ lastDay: { date: '2026-11-30' } }),
    message: async () => unconfirmed,
    ends: { 'evt-1': 'scheduled' },
    writes: 0,
  },
  {
    what: 'a termination without a time of HR',
    several: true,
    desk: () => aDesk({ users: oneUser() }),
    message: async () => anArrival(aTermination()),
    ends: { 'evt-1': 'deactivated' },
    writes: 1,
  },
  { what: 'nobody', desk: () => aDesk({ users: aDirectory() }), message: async () => arrival, ends: { 'evt-1': 'no-account' }, writes: 0 },
  {
    what: 'somebody inactive',
    desk: () => aDesk({ users: oneUser({ isActive: false }) }),
    message: async () => arrival,
    ends: { 'evt-1': 'already-inactive' },
    writes: 0,
  },
  {
    what: 'a dry run',
    desk: () => aDesk({ users: oneUser(), rules: { dryRun: true } }),
    message: async () => arrival,
    ends: { 'evt-1': 'would-deactivate' },
    writes: 0,
  },
  {
    what: 'a full brake',
    desk: () => aDesk({ users: oneUser(), rules: { brake: { perHour: 0 } } }),
    message: async () => arrival,
    ends: { 'evt-1': 'held' },
    writes: 0,
  },
  {
    what: 'the last one that the brake lets through',
    desk: () => aDesk({ users: oneUser(), rules: { brake: { perHour: 1 } } }),
    message: async () => arrival,
    ends: { 'evt-1': 'deactivated' },
    writes: 1,
  },
  {
    what: 'a release',
    desk: () => aDesk({ users: oneUser({ isAdmin: true }) }),
    before: (desk) => untilSettled(desk, arrival),
    message: async (desk) => ({ kind: 'release', ...(await seenBy(desk, ANA)), guard: 'administrator' }),
    ends: { 'evt-1': 'deactivated' },
    writes: 1,
  },
  {
    what: 'a rescission',
    desk: () => aDesk({ users: oneUser() }),
    before: (desk) => untilSettled(desk, future),
    message: async () => rescission,
    ends: { 'evt-1': 'cancelled', 'evt-r': 'rescinded' },
    writes: 0,
  },
  {
    what: 'a rescission that comes too late',
    desk: () => aDesk({ users: oneUser() }),
    before: (desk) => untilSettled(desk, arrival),
    message: async () => rescission,
    ends: { 'evt-1': 'deactivated', 'evt-r': 'held' },
    writes: 1,
  },
  {
    what: 'a rescission that names one, and so ends another',
    several: true,
    desk: () => aDesk({ users: oneUser() }),
    before: (desk) => untilSettled(desk, future, laterDate),
    message: async () => anArrival(aRescission({ occurredAt: at(11), rescinds: 'evt-1' }), { eventId: 'evt-r' }),
    ends: { 'evt-1': 'cancelled', 'evt-2': 'cancelled', 'evt-r': 'held' },
    writes: 0,
  },
  {
    what: 'a rescission that reaches its termination through the account alone, looked up again after trouble',
    several: true,
    desk: () => aDesk({ users: oneUser({ extRefID: '10042' }) }),
    before: async (desk) => {
      await untilSettled(desk, byNumber);
      await whileDown(desk, () => work(rescission, desk));
      desk.now += HOUR;
      // As EventBridge does: what ran is deleted.
      await desk.schedules.remove({ source: 'acme-hr', eventId: 'evt-r' });
    },
    message: async () => ({ kind: 'due', source: 'acme-hr', eventId: 'evt-r' }),
    ends: { 'evt-1': 'cancelled', 'evt-r': 'rescinded' },
    writes: 0,
  },
  {
    what: 'a rescission that reaches its termination through the account alone, and comes in trouble',
    several: true,
    desk: () => {
      const desk = aDesk({ users: oneUser({ extRefID: '10042' }) });
      const [{ find }, from] = [desk.directory, desk.now];
      desk.directory.find = (keys) => (desk.now === from + HOUR ? down() : find.call(desk.directory, keys));
      return desk;
    },
    before: async (desk) => {
      await untilSettled(desk, byNumber);
      desk.now += HOUR;
    },
    message: async () => rescission,
    ends: { 'evt-1': 'cancelled', 'evt-r': 'rescinded' },
    writes: 0,
  },
  {
    what: 'a rescission too late that reaches its termination through the account alone, looked up again after trouble',
    several: true,
    desk: () => aDesk({ users: oneUser({ extRefID: '10042' }) }),
    before: async (desk) => {
      await untilSettled(desk, arrival);
      await whileDown(desk, () => work(rescissionByNumber, desk));
      desk.now += HOUR;
      await desk.schedules.remove({ source: 'acme-hr', eventId: 'evt-r' });
    },
    message: async () => ({ kind: 'due', source: 'acme-hr', eventId: 'evt-r' }),
    ends: { 'evt-1': 'deactivated', 'evt-r': 'held' },
    writes: 1,
  },
  {
    what: 'a rescission of another source',
    desk: () => aDesk({ users: oneUser() }),
    before: (desk) => untilSettled(desk, future),
    message: async () => ({ ...rescission, source: 'okta' }),
    ends: { 'evt-1': 'scheduled', 'evt-r': 'rescinded' },
    writes: 0,
  },
  {
    what: 'a sign of life',
    desk: () => aDesk({ users: oneUser() }),
    before: (desk) => untilSettled(desk, future),
    message: async () =>
      anArrival({ type: 'employee.sign_of_life', sign: 'activated', employee: { email: 'ana@acme.test' } }, { eventId: 'evt-s' }),
    ends: { 'evt-1': 'scheduled', 'evt-s': 'noted' },
    writes: 0,
  },
  {
    what: 'a termination that a later one has replaced',
    several: true,
    desk: () => aDesk({ users: oneUser() }),
    before: async (desk) => {
      await untilSettled(desk, future, laterDate);
      desk.now += 7 * HOUR;
    },
    message: async () => ({ kind: 'due', ...ANA }),
    ends: { 'evt-1': 'cancelled', 'evt-2': 'scheduled' },
    writes: 0,
  },
  {
    what: 'a termination that was brought forward',
    several: true,
    desk: () => aDesk({ users: oneUser() }),
    before: (desk) => untilSettled(desk, future),
    message: async () => anArrival(aTermination({ occurredAt: at(10), effective: { at: '2026-11-24T11:00:00Z' } }), { eventId: 'evt-2' }),
    ends: { 'evt-1': 'cancelled', 'evt-2': 'deactivated' },
    writes: 1,
  },
  {
    what: 'an administrator, whose account is young, and who is one of many made that day',
    desk: () =>
      aDesk({
        users: [
          ...oneUser({ isAdmin: true, extRefID: '10042', madeAt: '2026-11-24T11:00:00.000Z' }),
          ...Array.from({ length: 30 }, (_, index) =>
            aUser({ id: guid(0x100 + index), madeAt: '2026-11-24T11:00:00.000Z', emailAddr: `i${index}@acme.test` }),
          ),
        ],
        rules: { holdAdministrators: false },
      }),
    message: async () => anArrival(aTermination({ occurredAt: at(8), employee: { email: 'ana@acme.test', employeeNumber: '10042' } })),
    ends: { 'evt-1': 'deactivated' },
    writes: 1,
  },
  {
    what: 'a log-in name alone',
    desk: () =>
      aDesk({
        users: oneUser({ emailAddr: undefined, username: 'ana@acme.test' }),
        rules: {
          matchKeys: [
            { field: 'emailAddr', from: 'email' },
            { field: 'username', from: 'email' },
          ],
        },
      }),
    message: async () => arrival,
    ends: { 'evt-1': 'held' },
    writes: 0,
  },
  {
    what: 'a user who was sighted, and has another address by now',
    desk: () => aDesk({ users: oneUser() }),
    before: async (desk) => {
      await untilSettled(desk, future);
      Object.assign(desk.directory.users.get(guid(1)) ?? {}, { emailAddr: 'ana@new.test' });
      desk.now += 7 * HOUR;
    },
    message: async () => ({ kind: 'due', ...ANA }),
    ends: { 'evt-1': 'held' },
    writes: 0,
  },
  {
    what: 'a choice among two',
    desk: () => aDesk({ users: aDirectory({ id: guid(1) }, { id: guid(2) }) }),
    before: (desk) => untilSettled(desk, arrival),
    message: async (desk) => ({ kind: 'release', ...(await seenBy(desk, ANA)), guard: 'ambiguous', userId: guid(1) }),
    ends: { 'evt-1': 'deactivated' },
    writes: 1,
  },
  {
    what: 'a termination that a person must approve',
    desk: () => aDesk({ users: oneUser(), rules: { approval: true } }),
    message: async () => future,
    ends: { 'evt-1': 'held' },
    writes: 0,
  },
  {
    what: 'an approval',
    desk: () => aDesk({ users: oneUser(), rules: { approval: true } }),
    before: (desk) => untilSettled(desk, future),
    message: async (desk) => ({ kind: 'release', ...(await seenBy(desk, ANA)), guard: 'approval' }),
    ends: { 'evt-1': 'scheduled' },
    writes: 0,
  },
  {
    what: 'a write that Workfront refuses',
    desk: () => {
      const desk = aDesk({ users: oneUser() });
      desk.directory.deactivate = () => Promise.reject(new PermanentFailure('forbidden', 'the credential may not edit users'));
      return desk;
    },
    message: async () => arrival,
    ends: { 'evt-1': 'failed' },
    writes: 0,
  },
  {
    what: 'a replay after the keys were corrected',
    desk: () => aDesk({ users: oneUser({ emailAddr: 'x@acme.test' }) }),
    before: async (desk) => {
      await untilSettled(desk, arrival);
      Object.assign(desk.directory.users.get(guid(1)) ?? {}, { emailAddr: 'ana@acme.test' });
    },
    message: async (desk) => ({ kind: 'replay', ...(await seenBy(desk, ANA)) }),
    ends: { 'evt-1': 'deactivated' },
    writes: 1,
  },
  {
    what: 'a termination that was withdrawn before',
    desk: () => aDesk({ users: oneUser() }),
    before: (desk) => untilSettled(desk, rescission),
    message: async () => arrival,
    ends: { 'evt-1': 'cancelled', 'evt-r': 'rescinded' },
    writes: 0,
  },
];

/** Works on a message until the worker crashes, or has done with it. */
async function workUntilCrash(message: LeaverMessage, desk: Desk): Promise<void> {
  try {
    await work(message, desk, 'crashing-worker');
  } catch (failure) {
    if (!(failure instanceof Crash)) throw failure;
  }
}

async function prepared({ desk: newDesk, before, message }: Scenario) {
  const desk = newDesk();
  await before?.(desk);
  return { desk, message: await message(desk) };
}

/** Every point at which the worker can crash in this scenario. */
async function crashPoints(scenario: Scenario): Promise<CrashPoint[]> {
  const { desk, message } = await prepared(scenario);
  const counting = crashingDesk(desk, { call: Number.POSITIVE_INFINITY, when: 'before' });
  await work(message, counting.desk);
  const calls = Array.from({ length: counting.calls() }, (_, index) => index + 1);
  return calls.flatMap((call): CrashPoint[] => [
    { call, when: 'before' },
    { call, when: 'after' },
  ]);
}

const dueMessages = (desk: TestDesk): LeaverMessage[] => [...desk.schedules.due.values()].map(({ ref }) => ({ kind: 'due', ...ref }));

function endOf(desk: TestDesk) {
  const entries = [...desk.ledger.entries.values()];
  return {
    ends: Object.fromEntries(entries.map(({ eventId, status }) => [eventId, status])),
    writes: desk.directory.writes.filter(({ changed }) => changed).length,
  };
}

const NOT_WRITTEN = { ends: { 'evt-1': expect.not.stringMatching(/^(deactivated|scheduled|held)$/), 'evt-r': 'rescinded' } };
const WRITTEN = { writes: 1, ends: { 'evt-1': 'deactivated', 'evt-r': 'held' } };

describe.each(SCENARIOS)('$what', (scenario) => {
  it('ends the same wherever the worker crashes, with at most one write', async () => {
    const points = await crashPoints(scenario);

    for (const point of points) {
      const { desk, message } = await prepared(scenario);
      await workUntilCrash(message, crashingDesk(desk, point).desk);
      desk.now += MINUTE;
      await untilSettled(desk, message);
      // A schedule that the crash left behind may still fire.
      await untilSettled(desk, ...dueMessages(desk));

      expect({ point, ...endOf(desk), wronglyKept: wronglyKept(desk) }).toEqual({
        point,
        ends: scenario.ends,
        writes: scenario.writes,
        wronglyKept: [],
      });
      if (scenario.ends['evt-1'] === 'scheduled') expect(desk.schedules.due.size).toBe(1);
      if (scenario.ends['evt-1'] === 'deactivated') expect([...desk.schedules.watch.keys()]).toContain('acme-hr/evt-1');
    }
    expect(points.length).toBeGreaterThan(8);
  });

  it('ends the same where two workers crash one after the other', async () => {
    const points = (await crashPoints(scenario)).filter(({ when }) => when === 'after');

    for (const [index, first] of points.entries()) {
      // Each pair of neighbours in a pattern that comes to every call, first and second.
      for (const second of points.filter((_, other) => (index + other) % 5 === 0)) {
        const { desk, message } = await prepared(scenario);
        await workUntilCrash(message, crashingDesk(desk, first).desk);
        desk.now += MINUTE;
        await workUntilCrash(message, crashingDesk(desk, second).desk);
        desk.now += MINUTE;
        await untilSettled(desk, message);

        expect({ first, second, ...endOf(desk) }).toEqual({ first, second, ends: scenario.ends, writes: scenario.writes });
      }
    }
  });

  it('ends the same wherever a call meets trouble of AWS: the message comes again only if its worker could not end it', async () => {
    for (const point of await crashPoints(scenario)) {
      const { desk, message } = await prepared(scenario);
      const end = await work(message, crashingDesk(desk, { ...point, alone: true }).desk).catch((failure: Crash) => failure);
      desk.now += MINUTE;
      if (end instanceof Crash || end.kind === 'wait') await untilSettled(desk, message);
      await untilSettled(desk, ...dueMessages(desk));

      expect({ point, ...endOf(desk), wronglyKept: wronglyKept(desk) }).toEqual({
        point,
        ends: scenario.ends,
        writes: scenario.writes,
        wronglyKept: [],
      });
    }
  });

  if (scenario.several) return;

  it('says in the end what is true of the user, if a rescission comes right after the crash', async () => {
    for (const point of await crashPoints(scenario)) {
      const { desk, message } = await prepared(scenario);
      await workUntilCrash(message, crashingDesk(desk, point).desk);
      await untilSettled(desk, rescission, message);
      desk.now += 24 * HOUR;
      await untilSettled(desk, ...dueMessages(desk));

      const end = endOf(desk);
      expect({ point, ...end }).toMatchObject({ point, ...(end.writes === 0 ? NOT_WRITTEN : WRITTEN) });
    }
  });
});

it('crashes at every call of a port that a message can lead to', async () => {
  const called = new Set<string>();
  for (const scenario of SCENARIOS) {
    const { desk, message } = await prepared(scenario);
    await work(message, recording(desk, called));
  }

  expect([...called].sort()).toEqual([
    'directory.activeAdministrators',
    'directory.countActiveUsersMadeOn',
    'directory.deactivate',
    'directory.find',
    'directory.findByUsername',
    'directory.isPendingApproval',
    'directory.owner',
    'directory.read',
    'hr.ask',
    'ledger.readEntry',
    'ledger.readRecord',
    'ledger.readRecords',
    'ledger.readTogether',
    'ledger.writeEntry',
    'ledger.writeRecord',
    'schedules.remove',
    'schedules.set',
    'schedules.setWatch',
  ]);
});

/** A desk that notes which methods of its ports are called. */
function recording(desk: Desk, called: Set<string>): Desk {
  const port = <Port extends object>(name: string, target: Port): Port =>
    new Proxy(target, {
      get(_, method) {
        const member = Reflect.get(target, method);
        if (typeof member !== 'function' || method === 'canBeAsked') return typeof member === 'function' ? member.bind(target) : member;
        called.add(`${name}.${String(method)}`);
        return member.bind(target);
      },
    });
  const { ledger, directory, hr, schedules } = desk;
  return {
    ...desk,
    ledger: port('ledger', ledger),
    directory: port('directory', directory),
    hr: port('hr', hr),
    schedules: port('schedules', schedules),
  };
}
