import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { openRehearsal } from '../../../ops/after/rehearse.ts';
import { aDirectory } from '../../support/builders.ts';
import { allUsers, listEvents, type StartedSystem, startSystem } from '../../support/started-system.ts';
import { aDeployment } from '../a-deployment.ts';
import { runOps } from '../run-ops.ts';

/** A user of every local system with 200 users. */
const TEST_USER = '005dd47451f2951a39a4d21bbbba2754';

describe('a rehearsal', () => {
  let system: StartedSystem;
  const setUser = (changes: object, id = TEST_USER) =>
    fetch(`${system.workfront}/_fake/users/${id}`, { method: 'PUT', body: JSON.stringify(changes) });
  const rehearse = () => runOps(system.dataDir, 'rehearse', '--yes');
  const testUser = async () => (await allUsers(system)).find(({ ID }) => ID === TEST_USER);

  beforeAll(async () => {
    system = await startSystem({ users: 200, policy: { rehearsal: { user: TEST_USER, source: 'standard-webhooks' } } });
  }, 60_000);
  afterAll(async () => {
    await system.stop();
  });

  it('needs a test user in the stage', async () => {
    await expect(openRehearsal(aDeployment({ users: aDirectory() }))).rejects.toMatchObject({ code: 'no-test-user' });
  });

  it('asks, and does nothing if nobody can be asked', async () => {
    const { code, stderr } = await runOps(system.dataDir, 'rehearse');

    expect(code).toBe(2);
    expect(stderr).toContain(`The test user ${TEST_USER} of local loses access for some seconds. Rehearse?`);
  });

  it('sends nothing: the address leads to another user too', async () => {
    const { emailAddr = '' } = (await testUser()) ?? {};
    const twin = await fetch(`${system.workfront}/_fake/users`, { method: 'POST', body: JSON.stringify({ emailAddr }) });
    const { ID } = (await twin.json()) as { ID: string };

    const { code, stderr } = await rehearse();
    await setUser({ emailAddr: 'somebody.else@acme.test' }, ID);

    expect(code).toBe(1);
    expect(stderr).toMatch(/the address of the test user leads to .*; give them an address of their own/);
    expect(await listEvents(system)).toEqual([]);
  });

  it('sends nothing: the test user is inactive already', async () => {
    await setUser({ isActive: false });

    const { stderr } = await rehearse();
    await setUser({ isActive: true });

    expect(stderr).toContain('the test user is inactive; activate them in Workfront');
    expect(await listEvents(system)).toEqual([]);
  });

  it('stops at a guard, and the test user keeps access', async () => {
    await setUser({ isAdmin: true });

    const { code, stderr } = await rehearse();
    await setUser({ isAdmin: false });

    expect(code).toBe(1);
    expect(stderr).toMatch(/step off: event ops-rehearsal-\S+ is held: user \w+ is a system administrator; look at it with show/);
    expect((await testUser())?.isActive).toBe(true);
  });

  it('names the event to undo if the last one was cut short', async () => {
    const { emailAddr = '' } = (await testUser()) ?? {};
    await runOps(system.dataDir, 'send', 'standard-webhooks', '--employee', emailAddr, '--really', '--yes');
    const [event] = await listEvents(system, '--status', 'deactivated');

    const { stderr } = await rehearse();
    expect(stderr).toContain(`a rehearsal was cut short: undo ${event?.eventId} --reason`);

    await runOps(system.dataDir, 'undo', event?.eventId ?? '', '--reason', 'the rehearsal was cut short', '--yes');
    expect((await rehearse()).code).toBe(0);
    expect((await testUser())?.isActive).toBe(true);
  }, 60_000);
});
