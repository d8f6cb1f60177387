import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Webhook } from 'standardwebhooks';
import * as z from 'zod';
import {
  aBody,
  aDataDir,
  allUsers,
  changesIn,
  listEvents,
  ops,
  post,
  type StartedSystem,
  startSystem,
  untilSettled,
} from '../support/started-system.ts';

const KILLS = 10;
const calls = z.object({ entries: z.array(z.object({ changed: z.boolean(), userId: z.string().optional() })) });
const GENEROUS = { brake: { perHour: 500, shareOfActivePerDay: 1, floorPerDay: 500 } };

describe('a signed termination', () => {
  let system: StartedSystem;
  beforeAll(async () => {
    system = await startSystem({ policy: GENEROUS });
  }, 60_000);
  afterAll(async () => {
    expect(await system.stop()).toBe(0);
  });

  it('deactivates the user that it names, and nobody else', async () => {
    const before = await allUsers(system);
    const leaver = before.findLast(({ isActive, isAdmin }) => isActive && !isAdmin);

    const answer = await post(system, aBody(leaver?.emailAddr ?? ''), { id: 'msg_one' });

    expect(answer.status).toBe(202);
    expect(await answer.json()).toEqual({ eventIds: ['msg_one'] });
    const [event] = await untilSettled(system, 1);
    expect(event).toMatchObject({ eventId: 'msg_one', source: 'standard-webhooks', status: 'deactivated', workfrontUserId: leaver?.ID });
    const changed = (await allUsers(system)).filter((user, index) => user.isActive !== before[index]?.isActive);
    expect(changed.map(({ ID }) => ID)).toEqual([leaver?.ID]);
    expect(await ops(system, 'show', 'msg_one')).toMatchObject({ eventId: 'msg_one', status: 'deactivated' });
  }, 60_000);

  it.each([
    ['one byte changed', (body: string) => ({ sent: body.replace('terminated', 'Terminated'), options: {} })],
    [
      'a wrong secret',
      (body: string) => ({ sent: body, options: { secret: `whsec_${Buffer.from('another secret').toString('base64')}` } }),
    ],
    ['an old timestamp', (body: string) => ({ sent: body, options: { at: new Date(Date.now() - 301_000) } })],
    ['a missing header', (body: string) => ({ sent: body, options: { headers: { 'webhook-id': '' } } })],
  ])(
    'leaves no trace with %s',
    async (_, change) => {
      const before = await listEvents(system);
      const body = aBody('forged@acme.test');
      const { sent, options } = change(body);
      const signedAs = sent === body ? undefined : body;

      const answer = signedAs === undefined ? await post(system, sent, options) : await postForged(system, { signed: signedAs, sent });

      expect(answer.status).toBe(401);
      expect(answer.headers.get('content-type')).toBe('application/problem+json');
      expect(await listEvents(system)).toEqual(before);
    },
    30_000,
  );

  it('has one outcome if it is delivered 50 times at once', async () => {
    const leaver = (await allUsers(system)).find(({ isActive, isAdmin }) => isActive && !isAdmin);
    const body = aBody(leaver?.emailAddr ?? '');

    const answers = await Promise.all(Array.from({ length: 50 }, () => post(system, body, { id: 'msg_fifty' })));

    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([202]));
    const events = await untilSettled(system, 2);
    expect(events.filter(({ eventId }) => eventId === 'msg_fifty')).toMatchObject([{ status: 'deactivated' }]);
    expect(await changingWrites(system, leaver?.ID)).toBe(1);
  }, 60_000);
});

describe('a system that is killed', () => {
  it(`at ${KILLS} random moments finishes everything that it had accepted, with one changing write each`, async () => {
    const dataDir = aDataDir();
    let system = await startSystem({ dataDir, policy: GENEROUS });
    const leavers = (await allUsers(system)).filter(({ isActive, isAdmin }) => isActive && !isAdmin).slice(0, 2 * KILLS);

    for (const [number, { emailAddr }] of leavers.entries()) {
      expect((await post(system, aBody(emailAddr), { id: `msg_${number}` })).status).toBe(202);
      if (number % 2 === 0) continue;
      await sleep(Math.random() * 150);
      await system.kill();
      system = await startSystem({ dataDir, policy: GENEROUS });
    }

    const events = await untilSettled(system, leavers.length);
    await system.stop();
    expect(events.map(({ status }) => status)).toEqual(leavers.map(() => 'deactivated'));
    expect(changesIn(dataDir, 1000).toSorted()).toEqual(leavers.map(({ ID }) => `${ID} false`).toSorted());
  }, 180_000);
});

async function changingWrites({ workfront }: StartedSystem, userId: string | undefined): Promise<number> {
  const { entries } = calls.parse(await (await fetch(`${workfront}/_fake/calls`)).json());
  return entries.filter((call) => call.changed && call.userId === userId).length;
}

/** Posts a body with the signature of another. */
async function postForged(system: StartedSystem, { signed, sent }: { signed: string; sent: string }): Promise<Response> {
  const at = new Date();
  return fetch(`${system.webhooks}/standard-webhooks`, {
    method: 'POST',
    body: sent,
    headers: {
      'content-type': 'application/json',
      'webhook-id': 'msg_forged',
      'webhook-timestamp': String(Math.floor(at.getTime() / 1000)),
      'webhook-signature': new Webhook(system.sources['standard-webhooks']?.secret ?? '').sign('msg_forged', at, signed),
    },
  });
}
