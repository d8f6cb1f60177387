import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { aBody, allUsers, type FakeRow, post, type StartedSystem, startSystem, untilSettled } from '../../support/started-system.ts';
import { behave } from '../mass-trouble.ts';
import { runOps } from '../run-ops.ts';
import { runWithInput } from '../run-with-input.ts';
import { anOperator } from './operator.ts';

/** What stops every leaver of a stage. Each test begins at `status`, follows printed commands, and leaves the stage well. */
describe('at three in the morning, from status on by printed commands alone', () => {
  let system: StartedSystem;
  let leavers: FakeRow[];
  let sent = 0;
  const terminate = async () => {
    const leaver = leavers[sent];
    sent += 1;
    await post(system, aBody(leaver?.emailAddr ?? ''), { id: `night-${sent}` });
    return leaver;
  };
  const isActive = async (row: FakeRow | undefined, apiKey = system.apiKey) =>
    (await allUsers({ ...system, apiKey })).find(({ ID }) => ID === row?.ID)?.isActive;

  beforeAll(async () => {
    system = await startSystem({ users: 60, policy: { brake: { floorPerDay: 50 } } });
    leavers = (await allUsers(system)).filter(({ isActive, isAdmin }) => isActive && !isAdmin);
  }, 60_000);
  afterAll(async () => {
    await system.stop();
  });

  /** Looks at status until it says something. */
  async function statusSays(operator: ReturnType<typeof anOperator>, expected: RegExp) {
    for (const deadline = Date.now() + 30_000; ; await sleep(200)) {
      const { text } = await operator.status();
      if (expected.test(text)) return text;
      if (Date.now() > deadline) throw new Error(`expected ${expected} in status, got:\n${text}`);
    }
  }

  it('a pause: says who paused it, asks, and what waited goes on at once', async () => {
    const operator = anOperator(system.dataDir);
    await operator.status();
    await runOps(system.dataDir, 'pause', '--reason', 'HR sent the wrong list');
    const leaver = await terminate();
    await statusSays(operator, /waiting for trouble to pass: 1/);

    const shown = await operator.follow('show night-');
    expect(shown.text).toMatch(/resume --reason "why"/);
    await operator.follow('resume', { reason: 'HR sent the right list' });
    await untilSettled(system, sent);

    expect(operator.questions).toEqual(['Leavers whose events waited lose access at once. Resume?']);
    expect(await isActive(leaver)).toBe(false);
  }, 60_000);

  it('a circuit that is open: after Workfront answers again, one command tries at once', async () => {
    const operator = anOperator(system.dataDir);
    await behave(system, { down: true });
    const all = [await terminate(), await terminate(), await terminate()];
    await statusSays(operator, /STOPPED/);
    const tooEarly = await operator.follow('retry');
    await behave(system, { down: false });

    await operator.follow('retry');
    await untilSettled(system, sent, 20);

    expect(tooEarly.code).toBe(1);
    for (const leaver of all) expect(await isActive(leaver)).toBe(false);
  }, 90_000);

  it('a refused key: show of a waiting event and status name the command, and the new key is tried at once', async () => {
    const operator = anOperator(system.dataDir);
    await behave(system, { rejectCredential: true });
    const leaver = await terminate();
    await statusSays(operator, /refuses\s+the\s+credential[\s\S]*secret set/);
    expect((await operator.follow('show night-')).text).toMatch(/secret set/);
    await behave(system, { rejectCredential: false, apiKeys: ['a-new-key-of-workfront'] });

    const stored = await operator.follow('secret set workfront', { input: 'a-new-key-of-workfront' });
    await untilSettled(system, sent, 20);

    expect(stored.code).toBe(0);
    expect(await isActive(leaver, 'a-new-key-of-workfront')).toBe(false);
  }, 90_000);

  it('a wrong key over a good one: it is refused, or what was there before is put back', async () => {
    const operator = anOperator(system.dataDir);
    const set = (...args: string[]) =>
      runWithInput(system.dataDir, 'a-key-that-workfront-does-not-know', 'secret', 'set', 'workfront', ...args);

    const refused = await set();
    const after = (await operator.status()).text;
    const forced = await set('--force');
    await runWithInput(system.dataDir, '', 'secret', 'restore', 'workfront');
    const leaver = await terminate();
    await untilSettled(system, sent, 20);

    expect(refused).toMatchObject({ code: 2, stderr: expect.stringContaining('nothing was stored: Workfront refuses it (rejected)') });
    expect(after).toMatch(/Workfront {2}answers/);
    expect(forced).toMatchObject({ code: 0, stdout: expect.stringContaining('secret restore workfront') });
    expect(await isActive(leaver, 'a-new-key-of-workfront')).toBe(false);
  }, 90_000);
});
