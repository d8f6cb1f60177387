import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { CredentialFailure, PermanentFailure, StageFailure, TransientFailure } from '../../../lambda/domain/failures.ts';
import { DAY, HOUR, MINUTE, SECOND } from '../../../lambda/domain/time/time.ts';
import { aRecord, aWorker } from '../../support/a-worker.ts';
import { aDirectory, anArrival, aRescission, aTermination, guid } from '../../support/builders.ts';
import { sentIn } from '../../support/emitted.ts';
import { aDesk, type TestDesk } from '../../support/in-memory-desk.ts';
import { synthesise } from '../synthesise.ts';
import { rings, type Sent, simpleAlarms } from './an-alarm.ts';

type Worker = ReturnType<typeof aWorker>;

const alarms = simpleAlarms(
  synthesise('production', {
    sources: { hr: { scheme: { kind: 'standard-webhooks' }, silentAfterDays: 3 } },
    outcomeBus: 'default',
    adminConsole: { profiles: ['Workfront'] },
  }),
);
const alarmOf = (name: string) => {
  const alarm = alarms.get(name);
  if (alarm === undefined) throw new Error(`no alarm ${name}`);
  return alarm;
};
const now = (...values: number[]): Sent[] => values.map((value) => ({ value, ago: 0 }));
/** One value in each period of so many seconds, from now back. */
const every = (seconds: number, { from = 0, until, value }: { from?: number; until: number; value: number }): Sent[] =>
  Array.from({ length: Math.ceil((until - from) / seconds) }, (_, index) => ({ value, ago: from + index * seconds }));

afterEach(() => {
  jest.restoreAllMocks();
});

/** Alarms on what must never happen even once. */
const ONCE = [
  'failed',
  'held',
  'brake-latched',
  'rescinded-too-late',
  'returned',
  'findings',
  'unexpected',
  'unannounced',
  'ledger-restored',
  'schedule-lost',
  'limited-sight',
  'credential-trouble',
  'stage-trouble',
  'pending-approval',
  'console-access',
  'console-trouble',
  'forged',
  'unreadable',
  'dead-letters',
  'worker-errors',
  'receiver-errors',
  'receiver-throttled',
  'answers-5xx',
];

describe('one single time is enough for the alarm', () => {
  it.each(ONCE)('%s, and none is not', (name) => {
    expect([rings(alarmOf(name), now(1)), rings(alarmOf(name), now(0)), rings(alarmOf(name), [])]).toEqual([true, false, false]);
  });
});

const hour = HOUR / SECOND;
const silent = (seconds: number, value: number) => every(300, { from: seconds, until: (7 * DAY) / SECOND, value });
const LIMITS: { name: string; what: string; sent: Sent[]; does: boolean }[] = [
  { name: 'overdue', what: 'a leaver is late by an hour', sent: now(3600), does: false },
  { name: 'overdue', what: 'a leaver is late by a second more, seen for the first time', sent: now(3601), does: true },
  { name: 'overdue', what: 'one of many looks saw it', sent: now(0, 3601, 0), does: true },
  { name: 'overdue', what: 'it is over for a quarter of an hour', sent: [{ value: 3601, ago: 900 }], does: false },
  { name: 'queue-stuck', what: 'a message is half an hour old', sent: now(1800), does: false },
  { name: 'queue-stuck', what: 'a message is older than half an hour', sent: now(1801), does: true },
  { name: 'worker-throttled', what: 'AWS throttles ten times, as for a moment', sent: now(10), does: false },
  { name: 'worker-throttled', what: 'AWS throttles more often', sent: now(11), does: true },
  { name: 'late-look-missing', what: 'somebody looked 29 minutes ago', sent: silent(29 * 60, 0), does: false },
  { name: 'late-look-missing', what: 'nobody looked for half an hour', sent: silent(30 * 60, 0), does: true },
  { name: 'sweep-missing', what: 'the last sweep was 25 hours ago', sent: [{ value: 1, ago: 26 * hour - 1 }], does: false },
  { name: 'sweep-missing', what: 'the last sweep was 26 hours ago', sent: [{ value: 1, ago: 26 * hour }], does: true },
  { name: 'canary-missing', what: 'the last check was 25 hours ago', sent: [{ value: 1, ago: 26 * hour - 1 }], does: false },
  { name: 'canary-missing', what: 'the last check was 26 hours ago', sent: [{ value: 1, ago: 26 * hour }], does: true },
  { name: 'key-expires-in-7', what: 'seven days are left', sent: now(7), does: false },
  { name: 'key-expires-in-7', what: 'less than seven days are left', sent: now(6.9), does: true },
  { name: 'key-expires-in-3', what: 'less than three days are left', sent: now(2.9), does: true },
  { name: 'key-expires-in-1', what: 'less than a day is left', sent: now(0.9), does: true },
  { name: 'key-expires-in-1', what: 'a day is left', sent: now(1), does: false },
  { name: 'silence-hr', what: 'a delivery came within three days', sent: [{ value: 1, ago: 72 * hour - 1 }], does: false },
  { name: 'silence-hr', what: 'no delivery came for three days', sent: [{ value: 1, ago: 72 * hour }], does: true },
];

describe('the alarm', () => {
  it.each(LIMITS)('$name: rings if $what: $does', ({ name, sent, does }) => {
    expect(rings(alarmOf(name), sent)).toBe(does);
  });

  it('is asked here, whatever its metric: each one', () => {
    expect([...new Set([...ONCE, ...LIMITS.map(({ name }) => name)])].sort()).toEqual([...alarms.keys()].sort());
  });
});

describe('for what happens to one leaver', () => {
  const ana = anArrival(aTermination());
  const newDesk = (rules: Parameters<typeof aDesk>[0]['rules'] = {}, user = {}) =>
    aDesk({ users: aDirectory({ id: guid(1), ...user }), rules });
  const failing = (failure: Error, call: 'find' | 'deactivate' = 'find'): TestDesk => {
    const desk = newDesk();
    Object.assign(desk.directory, { [call]: () => Promise.reject(failure) });
    return desk;
  };
  const arrives = (worker: Worker) => worker.process([aRecord(ana)]);
  const looks = (worker: Worker) => worker.process([aRecord({ kind: 'late-look' })]);

  /** The alarms that ring by what the worker sent to CloudWatch; those that ring by silence are left out. */
  const ringing = (lines: readonly string[]) =>
    [...alarms]
      .filter(([, { TreatMissingData }]) => TreatMissingData !== 'breaching')
      .filter(([, one]) => rings(one, now(...sentIn(lines, { ...one, names: one.Dimensions.map(({ Name }) => Name) }))))
      .map(([name]) => name);

  it.each<{ what: string; desk: () => TestDesk; story?: (worker: Worker, desk: TestDesk) => Promise<unknown>; rung: string[] }>([
    { what: 'who is deactivated', desk: newDesk, rung: [] },
    {
      what: 'of a write that Workfront refuses',
      desk: () => failing(new PermanentFailure('forbidden', 'status 403'), 'deactivate'),
      story: async (worker, desk) => {
        await arrives(worker);
        desk.now += MINUTE;
        await arrives(worker);
      },
      rung: ['failed'],
    },
    {
      what: 'of a search that Workfront refuses',
      desk: () => failing(new StageFailure('forbidden', 'status 403')),
      rung: ['stage-trouble'],
    },
    { what: 'who is an administrator', desk: () => newDesk({}, { isAdmin: true }), rung: ['held'] },
    { what: 'who is one too many', desk: () => newDesk({ brake: { perHour: 0 } }), rung: ['brake-latched'] },
    {
      what: 'who was deactivated before HR withdrew it',
      desk: newDesk,
      story: async (worker) => {
        await arrives(worker);
        await worker.process([aRecord(anArrival(aRescission(), { eventId: 'evt-2' }))]);
      },
      rung: ['rescinded-too-late'],
    },
    {
      what: 'who came back by a directory sync',
      desk: newDesk,
      story: async (worker, { directory }) => {
        await arrives(worker);
        const user = directory.users.get(guid(1));
        if (user !== undefined) user.isActive = true;
        await worker.process([aRecord({ kind: 'watch', source: ana.source, eventId: ana.eventId })]);
      },
      rung: ['returned'],
    },
    { what: 'who waits for a moment', desk: () => failing(new TransientFailure('server-error', 'status 503')), rung: [] },
    {
      what: 'who waits for more than an hour while the message is hidden',
      desk: () => failing(new TransientFailure('server-error', 'status 503')),
      story: async (worker, desk) => {
        await arrives(worker);
        desk.now += HOUR + MINUTE;
        await looks(worker);
      },
      rung: ['overdue'],
    },
    {
      what: 'whose schedule was lost for half an hour',
      desk: newDesk,
      story: async (worker, desk) => {
        await worker.process([aRecord(anArrival(aTermination({ effective: { at: '2026-11-25T12:00:00Z' } })))]);
        desk.now += DAY + 31 * MINUTE;
        await looks(worker);
      },
      rung: ['schedule-lost'],
    },
    {
      what: 'whose credential is refused',
      desk: () => failing(new CredentialFailure('rejected', 'status 401')),
      rung: ['credential-trouble'],
    },
    { what: 'whose turn meets a mistake', desk: () => failing(new TypeError('a mistake')), rung: ['unexpected'] },
  ])('$what: $rung', async ({ desk, story = arrives, rung }) => {
    const made = desk();
    const worker = aWorker(made);

    await story(worker, made);

    expect(ringing(worker.lines)).toEqual(rung);
  });
});
