import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import * as z from 'zod';
import { SIGN } from '../support/signing.ts';
import { allUsers, type FakeRow, listEvents, ops, type StartedSystem, startSystem, untilSettled } from '../support/started-system.ts';

const accepted = z.object({ eventIds: z.array(z.string()) });
const withNumber = z.object({ data: z.object({ extRefID: z.string() }) });
const daysFromNow = (days: number) => new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10);

type Body = (id: string) => string;

/** Deliveries that name their employee by the HR system's id alone. */
const THIN: Record<string, { sign: keyof typeof SIGN; body: Body }> = {
  bamboohr: {
    sign: 'bamboohr',
    body: (id) => JSON.stringify({ type: 'employee.updated', timestamp: now(), data: { employeeId: id, changedFields: ['status'] } }),
  },
};

const now = () => new Date().toISOString();

describe('the local system, where HR is asked', () => {
  let system: StartedSystem;
  let leavers: (FakeRow & { number: string })[];
  beforeAll(async () => {
    system = await startSystem({ users: 200, policy: { brake: { perHour: 500, shareOfActivePerDay: 1, floorPerDay: 500 } } });
    leavers = await leaversOf(system, 20);
  }, 60_000);
  afterAll(async () => {
    expect(await system.stop()).toBe(0);
  });

  const aLeaver = () => {
    const leaver = leavers.shift();
    if (leaver === undefined) throw new Error('wanted another leaver');
    return leaver;
  };
  const inHr = async (id: string, changes: object) => {
    const answer = await fetch(`${system.hr}/_fake/employees/${id}`, { method: 'PUT', body: JSON.stringify(changes) });
    expect(answer.status).toBe(200);
  };
  const sendThin = async (source: string, id: string): Promise<string> => {
    const { sign, body } = THIN[source] ?? { sign: 'bamboohr', body: () => '' };
    const { url = '', secret = '' } = system.sources[source] ?? {};
    const text = body(id);
    const headers = SIGN[sign](text, { secret: secret.replace('whsec_', ''), at: Date.now() });
    const answer = await fetch(url, { method: 'POST', body: text, headers });
    return accepted.parse(await answer.json()).eventIds[0] ?? '';
  };
  const settled = async (eventId: string) => {
    await untilSettled(system, 1);
    return (await listEvents(system)).find((event) => event.eventId === eventId);
  };

  it.each(Object.keys(THIN))('deactivates the right user of a thin event: %s', async (source) => {
    const leaver = aLeaver();
    await inHr(leaver.number, { standing: 'left', lastDay: daysFromNow(-3) });

    const eventId = await sendThin(source, leaver.number);

    expect(await settled(eventId)).toMatchObject({ source, status: 'deactivated', workfrontUserId: leaver.ID });
  });

  it('does nothing about a change that is no termination', async () => {
    const eventId = await sendThin('bamboohr', aLeaver().number);

    expect(await settled(eventId)).toMatchObject({ status: 'cancelled', reason: 'not-a-termination' });
  });

  it('waits for the last day that HR has', async () => {
    const leaver = aLeaver();
    await inHr(leaver.number, { lastDay: daysFromNow(5) });

    const eventId = await sendThin('bamboohr', leaver.number);

    expect(await settled(eventId)).toMatchObject({ status: 'scheduled', effectiveAt: `${daysFromNow(6)}T12:00:00.000Z` });
  });

  it('holds what HR contradicts, and deactivates the user once a person releases it', async () => {
    const leaver = aLeaver();
    await inHr(leaver.number, { lastDay: daysFromNow(-30) });

    const eventId = await sendThin('bamboohr', leaver.number);

    expect(await settled(eventId)).toMatchObject({ status: 'held', reason: 'hr-contradicts' });
    await ops(system, 'release', eventId, '--reason', 'HR was phoned', '--yes');
    for (let tries = 0; tries < 50 && (await settled(eventId))?.status === 'held'; tries++) continue;
    expect(await settled(eventId)).toMatchObject({ status: 'deactivated', workfrontUserId: leaver.ID });
  });
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
