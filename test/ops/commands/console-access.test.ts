import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { CONSOLE_CLIENT } from '../../../local/admin-console/fake-admin-console.ts';
import { aBody, allUsers, type FakeRow, post, type StartedSystem, startSystem, untilSettled } from '../../support/started-system.ts';
import { runOps } from '../run-ops.ts';
import { runWithInput } from '../run-with-input.ts';

/** One local system with an Admin Console, and one leaver. Each test continues where the last one ended. */
describe('console access', () => {
  let system: StartedSystem;
  let leaver: FakeRow | undefined;
  const ops = (...args: string[]) => runOps(system.dataDir, ...args);
  const setSwitches = (changes: object) => fetch(`${system.adminConsole}/_fake/switches`, { method: 'PUT', body: JSON.stringify(changes) });
  /** Waits until the removal has a status. */
  async function untilInConsole(status: string): Promise<Record<string, unknown>> {
    for (let looks = 0; looks < 60; looks++) {
      const shown = JSON.parse((await ops('show', 'left-1', '--json')).stdout);
      if (shown.inConsole?.status === status && shown.inConsole.waiting === undefined) return shown;
      await sleep(500);
    }
    throw new Error(`the removal did not become ${status}`);
  }

  beforeAll(async () => {
    system = await startSystem({ users: 60, flags: ['--admin-console'] });
    leaver = (await allUsers(system)).find(({ isActive, isAdmin }) => isActive && !isAdmin);
    await post(system, aBody(leaver?.emailAddr ?? ''), { id: 'left-1' });
    await untilSettled(system, 1);
  }, 60_000);
  afterAll(async () => {
    await system.stop();
  });

  it('is removed by itself, and the story of the event says so', async () => {
    const shown = await untilInConsole('removed');

    expect(shown.status).toBe('deactivated');
    const { stdout } = await ops('show', 'left-1');
    expect(stdout).toMatch(/In the Admin Console\n {2}removed\n[\s\S]*gone when read again \(worker\)/);
    expect(stdout).not.toContain(leaver?.emailAddr);
  }, 60_000);

  it('is asked about by doctor, in test mode', async () => {
    expect((await ops('doctor')).stdout).toMatch(/green +admin console +accepts the credential and knows every name/);
    await setSwitches({ rejects: 403 });
    const { stdout, code } = await ops('doctor');
    await setSwitches({ rejects: null });

    expect(code).toBe(3);
    expect(stdout).toMatch(/red +admin console +the Admin Console refuses the credential with status 403/);
  }, 60_000);

  it('is tried again if a person wants it, and held if somebody has switched the user on again', async () => {
    await fetch(`${system.workfront}/_fake/users/${leaver?.ID}`, { method: 'PUT', body: JSON.stringify({ isActive: true }) });
    expect((await ops('console-access', 'retry', 'left-1', '--reason', 'look again')).code).toBe(0);

    const shown = await untilInConsole('held');

    expect(shown.inConsole).toMatchObject({ code: 'active-again' });
    expect(await ops('console-access', 'list')).toMatchObject({ code: 3, stdout: expect.stringMatching(/^held \(active-again\)/) });
    expect((await ops('todo')).stdout).toMatch(/console access: held, active-again, standard-webhooks, left-1/);
    expect(await ops('status')).toMatchObject({
      code: 3,
      stdout: expect.stringContaining('in the Admin Console: 1 held, 0 failed, 0 waiting'),
    });
    expect((await ops('report')).stdout).toContain('in the Admin Console: 1 held, 0 failed, 0 waiting');
  }, 60_000);

  it('is closed by the word of a person, who is recorded', async () => {
    expect((await ops('console-access', 'close', 'left-1', '--reason', 'stays as a contractor')).code).toBe(0);

    expect(await ops('console-access', 'list')).toMatchObject({ code: 0, stdout: 'Nothing is open in the Admin Console.\n' });
    expect((await ops('show', 'left-1')).stdout).toMatch(/closed {2}closed: stays as a contractor \(local:/);
    expect(await ops('console-access', 'close', 'left-1', '--reason', 'again')).toMatchObject({ code: 1 });
  }, 60_000);

  it('needs a secret of the right form, which is never shown', async () => {
    const refused = await runWithInput(system.dataDir, '{"clientId":"x","clientSecret":"p8e-secret"}', 'secret', 'set', 'admin-console');
    const stored = await runWithInput(system.dataDir, JSON.stringify(CONSOLE_CLIENT), 'secret', 'set', 'admin-console');

    expect(refused.code).toBe(1);
    expect(refused.stderr).toMatch(/organizationId: expected/);
    expect(`${refused.stderr}${refused.stdout}`).not.toContain('p8e-secret');
    expect(stored).toMatchObject({ code: 0, stdout: expect.stringContaining('Stored.') });
  }, 60_000);
});
