import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  aBody,
  allUsers,
  type FakeRow,
  listEvents,
  post,
  type StartedSystem,
  startSystem,
  untilSettled,
} from '../../support/started-system.ts';
import { runOps } from '../run-ops.ts';

/** One local system whose credential sees a part of the users at first: each test goes on where the last ended. */
describe('finished events', () => {
  let system: StartedSystem;
  let leavers: FakeRow[];
  const ops = (...args: string[]) => runOps(system.dataDir, ...args);
  const behave = (behaviour: object) => fetch(`${system.workfront}/_fake/behaviour`, { method: 'PUT', body: JSON.stringify(behaviour) });
  const directory = mkdtempSync(join(tmpdir(), 'plans-'));
  const plan = join(directory, 'plan.json');

  beforeAll(async () => {
    system = await startSystem({ users: 100 });
    const users = await allUsers(system);
    leavers = users.filter(({ isActive, isAdmin }) => isActive && !isAdmin).slice(-3);
    await behave({ visibleUsers: users.filter((user) => !leavers.includes(user)).map(({ ID }) => ID) });
    for (const [index, { emailAddr }] of leavers.entries()) await post(system, aBody(emailAddr), { id: `msg_${index}` });
    await untilSettled(system, leavers.length);
    await behave({ visibleUsers: null });
  }, 60_000);
  afterAll(async () => {
    await system.stop();
  });

  it('that found nobody are not replayed together without a plan', async () => {
    expect(await listEvents(system, '--status', 'no-account')).toHaveLength(3);

    const all = await ops('replay', '--status', 'no-account', '--yes');

    expect(all).toMatchObject({ code: 2, stderr: expect.stringContaining('plan replay') });
  }, 30_000);

  it('are replayed one by one', async () => {
    const one = await ops('replay', 'msg_0', '--reason', 'the credential sees everybody', '--json');

    expect(JSON.parse(one.stdout)).toMatchObject([{ eventId: 'msg_0', was: 'no-account', status: 'deactivated' }]);
  }, 30_000);

  it('are planned with the users found now, and the plan is applied', async () => {
    const planned = await ops(
      'plan',
      'replay',
      '--status',
      'no-account',
      '--note',
      'the credential sees everybody',
      '--out',
      plan,
      '--json',
    );

    expect(planned.stderr).toBe('');
    expect(JSON.parse(planned.stdout).events).toMatchObject([
      { eventId: 'msg_1', foundUserId: leavers[1]?.ID, does: expect.stringContaining('would be deactivated') },
      { eventId: 'msg_2', foundUserId: leavers[2]?.ID },
    ]);
    const applied = await ops('apply', plan, '--json');
    expect(JSON.parse(applied.stdout)).toMatchObject([{ status: 'deactivated' }, { status: 'deactivated' }]);
  }, 60_000);

  it('that a person rejected are reopened', async () => {
    const administrator = (await allUsers(system)).filter(({ isAdmin, isActive }) => isAdmin && isActive)[1];
    await post(system, aBody(administrator?.emailAddr ?? ''), { id: 'msg_admin' });
    await untilSettled(system, 4);
    await ops('reject', 'msg_admin', '--reason', 'the wrong person', '--yes');

    const reopened = await ops('reopen', 'msg_admin', '--reason', 'it was the right one', '--json');

    expect(JSON.parse(reopened.stdout)).toMatchObject([{ was: 'rejected', status: 'held', reason: 'administrator' }]);
    const released = await ops('release', 'msg_admin', '--because', 'other', '--reason', 'a test account', '--yes', '--json');
    expect(JSON.parse(released.stdout)).toMatchObject([{ status: 'deactivated' }]);
    expect((await ops('report')).stdout).toContain('guard administrator: held 2, released 1, wrong 1 (1 other)');
  }, 60_000);

  it('are kept by a legal hold until it is lifted', async () => {
    expect((await ops('hold-record', 'msg_0')).code).toBe(2);
    const held = await ops('hold-record', 'msg_0', '--reason', 'case 4711', '--json');
    expect(JSON.parse(held.stdout)).toMatchObject({ did: 'held', events: 1 });
    expect((await ops('show', 'msg_0')).stdout).toContain('a legal hold keeps it since');
    expect((await ops('hold-record', '--list')).stdout).toContain('msg_0 of standard-webhooks');

    await ops('hold-record', 'msg_0', '--lift', '--reason', 'closed');

    expect((await ops('hold-record', '--list')).stdout).toMatch(
      /^no legal hold\n[\s\S]*msg_0 held by .*case 4711\n.*msg_0 lifted by .*closed/,
    );
  }, 60_000);
});
