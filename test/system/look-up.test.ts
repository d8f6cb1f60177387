import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import * as z from 'zod';
import { SIGN } from '../support/signing.ts';
import { allUsers, type FakeRow, ops, type StartedSystem, type Summary, startSystem, untilSettled } from '../support/started-system.ts';

const accepted = z.object({ eventIds: z.array(z.string()) });
const withNumber = z.object({ data: z.object({ extRefID: z.string() }) });
const day = (fromNow: number) => new Date(Date.now() + fromNow * 86_400_000).toISOString().slice(0, 10);
const now = () => new Date().toISOString();

/** Deliveries that name their employee by the HR system's id only. */
const THIN: Record<string, { sign: keyof typeof SIGN; body: (id: string) => unknown }> = {
  bamboohr: {
    sign: 'bamboohr',
    body: (id) => ({ type: 'employee.updated', timestamp: now(), data: { employeeId: id, changedFields: ['status'] } }),
  },
  finch: { sign: 'finch', body: (id) => ({ event_type: 'employment.updated', data: { individual_id: id } }) },
  hibob: { sign: 'hibob', body: (id) => ({ type: 'employee.left', triggeredAt: now(), data: { employeeId: id } }) },
  merge: { sign: 'merge', body: (id) => ({ hook: { event: 'Employee.changed' }, data: { id } }) },
  personio: {
    sign: 'personio',
    body: (id) => ({ event_name: 'employment.terminated', occurred_at: `${day(-3)}T06:00:00Z`, payload: { person_id: id } }),
  },
};

/** The answer of HR to the question, and the resulting event. */
const CASES: [title: string, source: string, inHr: object, becomes: object][] = [
  ...Object.keys(THIN).map((source): (typeof CASES)[number] => [
    `has left according to ${source}`,
    source,
    { standing: 'left', lastDay: day(-3) },
    { status: 'deactivated' },
  ]),
  ['is employed, as before', 'bamboohr', {}, { status: 'cancelled', reason: 'not-a-termination' }],
  ['leaves later', 'finch', { lastDay: day(5) }, { status: 'scheduled', effectiveAt: `${day(6)}T12:00:00.000Z` }],
  ['stays, although the event says otherwise', 'hibob', {}, { status: 'held', reason: 'hr-contradicts' }],
  ['is rehired', 'personio', { lastDay: day(-2), startedOn: day(-1) }, { status: 'held', reason: 'hr-contradicts' }],
  ['is unknown to HR', 'merge', { deleted: true }, { status: 'held', reason: 'hr-contradicts' }],
];

describe('the local system that asks HR', () => {
  let system: StartedSystem;
  let leavers: (FakeRow & { number: string })[];
  let events: Summary[];
  let eventIds: string[];
  beforeAll(async () => {
    system = await startSystem({ users: 200, policy: { brake: { perHour: 500, shareOfActivePerDay: 1, floorPerDay: 500 } } });
    leavers = await leaversOf(system, CASES.length);
    eventIds = await Promise.all(CASES.map(([, source, inHr], at) => sendThin(source, leavers[at]?.number ?? '', inHr)));
    events = await untilSettled(system, CASES.length);
  }, 60_000);
  afterAll(async () => {
    expect(await system.stop()).toBe(0);
  });

  async function sendThin(source: string, id: string, inHr: object): Promise<string> {
    await fetch(`${system.hr}/_fake/employees/${id}`, { method: 'PUT', body: JSON.stringify(inHr) });
    const { sign = 'bamboohr', body } = THIN[source] ?? {};
    const { url = '', secret = '' } = system.sources[source] ?? {};
    const text = JSON.stringify(body?.(id));
    const headers = SIGN[sign](text, { secret: secret.replace('whsec_', ''), at: Date.now(), id: `msg_${id}` });
    return accepted.parse(await (await fetch(url, { method: 'POST', body: text, headers })).json()).eventIds[0] ?? '';
  }

  it.each(CASES.map(([title, source, , becomes], at) => ({ title, source, becomes, at })))(
    'asks about a person who $title',
    ({ source, becomes, at }) => {
      const user = 'status' in becomes && becomes.status === 'deactivated' ? { workfrontUserId: leavers[at]?.ID } : {};

      expect(events.find(({ eventId }) => eventId === eventIds[at])).toMatchObject({ source, ...becomes, ...user });
    },
  );

  it('deactivates a leaver although HR contradicted, when a person releases the event', async () => {
    const at = CASES.findIndex(([title]) => title.startsWith('stays'));

    await ops(system, 'release', eventIds[at] ?? '', '--reason', 'HR was phoned', '--yes');

    let released: Summary | undefined;
    for (let tries = 0; tries < 40 && released?.status !== 'deactivated'; tries++) {
      await sleep(tries * 100);
      released = (await untilSettled(system, CASES.length)).find(({ eventId }) => eventId === eventIds[at]);
    }
    expect(released).toMatchObject({ status: 'deactivated', workfrontUserId: leavers[at]?.ID });
  }, 60_000);
});

async function leaversOf(system: StartedSystem, count: number) {
  const chosen = (await allUsers(system)).filter(({ isActive, isAdmin }) => isActive && !isAdmin).slice(-count);
  return Promise.all(
    chosen.map(async (user) => {
      const url = `${system.workfront}/attask/api/${system.apiVersion}/user/${user.ID}?fields=extRefID`;
      const { data } = withNumber.parse(await (await fetch(url, { headers: { apiKey: system.apiKey } })).json());
      return { ...user, number: data.extRefID };
    }),
  );
}
