import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { LeaverMessage } from '../../lambda/domain/event/leaver-message.ts';
import { openDeployment } from '../../ops/deployment/deployment.ts';
import { runOps } from '../ops/run-ops.ts';
import { aBody, allUsers, listEvents, ops, post, type StartedSystem, startSystem, untilSettled } from '../support/started-system.ts';

/** One local system with a directory sync: each test goes on where the last ended. */
describe('a leaver brought back by a directory sync', () => {
  let system: StartedSystem;
  let userId = '';
  const behave = (behaviour: object) => fetch(`${system.workfront}/_fake/behaviour`, { method: 'PUT', body: JSON.stringify(behaviour) });
  const isActive = async () => (await allUsers(system)).find(({ ID }) => ID === userId)?.isActive;
  /** As the schedule does, whose hour a test does not wait for. */
  const look = async () => {
    const { queue } = await openDeployment({ local: true, data: system.dataDir, stage: undefined, region: undefined });
    const [event] = await listEvents(system);
    const message: LeaverMessage = { kind: 'watch', source: event?.source ?? '', eventId: event?.eventId ?? '' };
    await queue.send(message);
  };
  const until = async (is: () => Promise<boolean>) => {
    for (let tries = 0; tries < 60 && !(await is()); tries++) await new Promise((resolve) => setTimeout(resolve, 200));
  };
  const statusIs = (status: string) => async () => (await listEvents(system))[0]?.status === status;

  beforeAll(async () => {
    system = await startSystem({ users: 50 });
    await behave({ syncReactivatesAfterMs: 1500 });
    const leaver = (await allUsers(system)).find((user) => user.isActive && !user.isAdmin);
    userId = leaver?.ID ?? '';
    await post(system, aBody(leaver?.emailAddr ?? ''), { id: 'msg_back' });
    await untilSettled(system, 1);
  }, 60_000);
  afterAll(async () => {
    await system.stop();
  });

  it('has returned at the next look, and is in todo, doctor and report', async () => {
    expect(await listEvents(system)).toMatchObject([{ status: 'deactivated' }]);
    await until(async () => (await isActive()) === true);
    await look();
    await until(statusIs('returned'));

    expect(await listEvents(system, '--status', 'returned')).toMatchObject([{ eventId: 'msg_back', workfrontUserId: userId }]);
    expect(await ops(system, 'todo')).toMatchObject([{ kind: 'returned', id: 'msg_back', next: 'show msg_back --person' }]);
    expect(await ops(system, 'status')).toMatchObject({ returned: 1 });
    expect(await ops(system, 'doctor')).toContainEqual(expect.objectContaining({ check: 'returned', health: 'red' }));
    expect(await ops(system, 'report')).toMatchObject({ leavers: [{ outcome: 'returned', userId, deactivatedAt: expect.any(String) }] });
  }, 60_000);

  it('is not replayed or cancelled, and the next commands are named', async () => {
    const replayed = await runOps(system.dataDir, 'replay', 'msg_back', '--reason', 'no');
    const shown = await runOps(system.dataDir, 'show', 'msg_back');

    expect(replayed.stdout).toContain('use deactivate-again or accept');
    expect(shown.stdout).toContain('deactivate-again msg_back --reason "why"');
    expect(shown.stdout).toContain('accept msg_back --reason "why"');
  }, 60_000);

  it('is deactivated again by a person who says yes', async () => {
    await behave({ syncReactivatesAfterMs: null });
    const unasked = await runOps(system.dataDir, 'deactivate-again', 'msg_back', '--reason', 'the sync is fixed');
    expect(unasked).toMatchObject({ code: 2, stderr: expect.stringContaining('--yes') });

    await runOps(system.dataDir, 'deactivate-again', 'msg_back', '--reason', 'the sync is fixed', '--yes');
    expect(await listEvents(system)).toMatchObject([{ status: 'deactivated' }]);
    expect(await isActive()).toBe(false);
  }, 60_000);

  it('is left alone if a person accepts', async () => {
    await fetch(`${system.workfront}/_fake/users/${userId}`, { method: 'PUT', body: JSON.stringify({ isActive: true }) });
    await look();
    await until(statusIs('returned'));
    const accepted = await runOps(system.dataDir, 'accept', '--all-returned', '--reason', 'a contractor now', '--yes');

    expect(accepted.code).toBe(0);
    expect(await listEvents(system)).toMatchObject([
      { status: 'accepted', history: expect.arrayContaining([expect.objectContaining({ why: 'accepted: a contractor now' })]) },
    ]);
    expect(await isActive()).toBe(true);
  }, 60_000);
});
