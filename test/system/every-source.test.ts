import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import * as z from 'zod';
import { SIGN } from '../support/signing.ts';
import { aBody, allUsers, type FakeRow, post, type StartedSystem, startSystem, untilSettled } from '../support/started-system.ts';

const NOW = new Date().toISOString();
const THREE_DAYS_AGO = new Date(Date.now() - 3 * 24 * 3600 * 1000).toISOString().slice(0, 10);

interface Leaver {
  email: string;
  number: string;
}

/** The termination of a Workfront user, as each HR system would send it. */
const DELIVERIES: Record<string, { sign: keyof typeof SIGN; body: (leaver: Leaver) => string }> = {
  bamboohr: {
    sign: 'bamboohr',
    body: ({ email, number }) =>
      JSON.stringify({
        employees: [
          { id: number, changedFields: ['status'], fields: { status: { value: 'Inactive' }, workEmail: email, employeeNumber: number } },
        ],
      }),
  },
  deel: {
    sign: 'deel',
    body: ({ number }) =>
      JSON.stringify({
        data: { meta: { event_type: 'contract.terminated' }, resource: [{ id: number, completion_date: THREE_DAYS_AGO }] },
        timestamp: NOW,
      }),
  },
  finch: {
    sign: 'finch',
    body: ({ number }) => JSON.stringify({ event_type: 'employment.updated', data: { individual_id: number } }),
  },
  gusto: {
    sign: 'gusto',
    body: ({ number }) =>
      JSON.stringify({ event_type: 'employee.terminated_effective', entity_id: number, timestamp: Math.floor(Date.parse(NOW) / 1000) }),
  },
  hibob: { sign: 'hibob', body: ({ number }) => JSON.stringify({ type: 'employee.left', triggeredAt: NOW, data: { employeeId: number } }) },
  merge: {
    sign: 'merge',
    body: ({ email, number }) =>
      JSON.stringify({
        hook: { event: 'Employee.changed' },
        data: { id: number, work_email: email, employee_number: number, employment_status: 'INACTIVE', termination_date: THREE_DAYS_AGO },
      }),
  },
  okta: {
    sign: 'okta',
    body: ({ email, number }) =>
      JSON.stringify({
        data: {
          events: [
            {
              uuid: 'u1',
              published: NOW,
              eventType: 'user.lifecycle.deactivate',
              target: [{ id: number, type: 'User', alternateId: email }],
            },
          ],
        },
      }),
  },
  personio: {
    sign: 'personio',
    body: ({ number }) =>
      JSON.stringify({ event_name: 'employment.terminated', occurred_at: `${THREE_DAYS_AGO}T06:00:00Z`, payload: { person_id: number } }),
  },
  rippling: { sign: 'rippling', body: ({ number }) => `event_name=employee.terminated&id=${number}` },
  successfactors: {
    sign: 'successfactors',
    body: ({ number }) =>
      `<s:Envelope xmlns:s="x"><s:Body><n:ExternalEvent xmlns:n="y"><n:externalEventMeta><n:externalEventId>x1</n:externalEventId><n:type>com.successfactors.Employment.AssignmentInformation.Termination</n:type></n:externalEventMeta><n:events><n:event><n:eventId>1</n:eventId><n:effectiveStartDate>${THREE_DAYS_AGO}</n:effectiveStartDate><n:entityKeys><entityKey><name>userId</name><value>${number}</value></entityKey></n:entityKeys></n:event></n:events></n:ExternalEvent></s:Body></s:Envelope>`,
  },
  'ukg-pro': {
    sign: 'ukg',
    body: ({ number }) => JSON.stringify({ EventId: 7, EventTime: NOW, EventType: 'EmployeeTerminationEvent', Payload: { EeId: number } }),
  },
  workday: {
    sign: 'workday',
    body: ({ email, number }) =>
      JSON.stringify({ event: 'Termination', transactionId: 'w1', lastDayOfWork: THREE_DAYS_AGO, worker: { employeeId: number, email } }),
  },
};

/** Systems of which a termination may be the end of one employment alone, and which are not asked here. */
const HELD = ['deel', 'gusto', 'rippling', 'ukg-pro'];

/** In the stand-ins all HR systems know an employee by the same number, and Okta's log-in name is the address, not the SSO name. */
const STAND_INS = { sharedNumbers: true, sources: { okta: { matchKeys: [{ field: 'emailAddr', from: 'email' }] } } };

describe('the local system', () => {
  let system: StartedSystem;
  let before: FakeRow[];
  beforeAll(async () => {
    system = await startSystem({
      users: 200,
      policy: { ...STAND_INS, brake: { perHour: 500, shareOfActivePerDay: 1, floorPerDay: 500 } },
    });
    before = await allUsers(system);
  }, 60_000);
  afterAll(async () => {
    expect(await system.stop()).toBe(0);
  });

  it('deactivates a leaver of every HR system, and the right one each time; what proves too little is held', async () => {
    const leavers = await leaversOf(system, before, Object.keys(DELIVERIES).length);

    const answers = await Promise.all(
      Object.entries(DELIVERIES).map(async ([name, { sign, body }], at) => {
        const leaver = leavers[at];
        const source = system.sources[name];
        if (leaver === undefined || source === undefined) throw new Error(`no source or no leaver for ${name}; start with more users`);
        const changes = JSON.stringify({ standing: 'left', lastDay: THREE_DAYS_AGO });
        await fetch(`${system.hr}/_fake/employees/${leaver.number}`, { method: 'PUT', body: changes });
        const text = body({ email: leaver.emailAddr, number: leaver.number });
        const answer = await fetch(source.url, {
          method: 'POST',
          body: text,
          headers: SIGN[sign](text, { secret: source.secret.replace('whsec_', ''), at: Date.now() }),
        });
        return [name, answer.status];
      }),
    );

    expect(answers.filter(([, status]) => status !== 200)).toEqual([]);
    const events = await untilSettled(system, answers.length);
    expect(Object.fromEntries(events.map(({ source, status, workfrontUserId }) => [source, [status, workfrontUserId]]))).toEqual(
      Object.fromEntries(
        Object.keys(DELIVERIES).map((name, at) => [name, [HELD.includes(name) ? 'held' : 'deactivated', leavers[at]?.ID]]),
      ),
    );
    const gone = leavers.filter((_, at) => !HELD.includes(Object.keys(DELIVERIES)[at] ?? ''));
    const changed = (await allUsers(system)).filter((user, at) => user.isActive !== before[at]?.isActive);
    expect(changed.map(({ ID }) => ID).sort()).toEqual(gone.map(({ ID }) => ID).sort());
  }, 60_000);
});

describe('two sources that send numbers', () => {
  it('hold a leaver named by a number alone', async () => {
    const system = await startSystem({ users: 200 });
    try {
      const [leaver] = await leaversOf(system, await allUsers(system), 1);
      const employee = { employeeNumber: leaver?.number };
      const answer = await post(system, aBody('', { employee }), { id: 'msg_thin' });

      expect(answer.status).toBe(202);
      expect(await untilSettled(system, 1)).toMatchObject([{ eventId: 'msg_thin', status: 'held', reason: 'number-alone' }]);
    } finally {
      await system.stop();
    }
  }, 60_000);
});

const withNumber = z.object({ data: z.object({ extRefID: z.string() }) });

async function leaversOf(system: StartedSystem, users: FakeRow[], count: number) {
  const chosen = users.filter(({ isActive, isAdmin }) => isActive && !isAdmin).slice(-count);
  return Promise.all(
    chosen.map(async (user) => {
      const url = `${system.workfront}/attask/api/${system.apiVersion}/user/${user.ID}?fields=extRefID`;
      const { data } = withNumber.parse(await (await fetch(url, { headers: { apiKey: system.apiKey } })).json());
      return { ...user, number: data.extRefID };
    }),
  );
}
