import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import * as z from 'zod';
import type { LeaverMessage } from '../../../lambda/domain/event/leaver-message.ts';
import { openDeployment } from '../../../ops/deployment/deployment.ts';
import { SIGN } from '../../support/signing.ts';
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
import { anOperator } from './operator.ts';

async function until(is: () => Promise<boolean>): Promise<void> {
  for (const deadline = Date.now() + 30_000; !(await is()); await sleep(300))
    if (Date.now() > deadline) throw new Error(`it did not become so within 30 s: ${is}`);
}

/** What happens to leavers who were out already. Each test begins at `status`, follows printed commands, and leaves nothing behind. */
describe('after the end of an event, from status on by printed commands alone', () => {
  let system: StartedSystem;
  let leavers: FakeRow[];
  let sent = 0;
  const isActive = async (row: FakeRow | undefined) => (await allUsers(system)).find(({ ID }) => ID === row?.ID)?.isActive;
  const activate = (row: FakeRow | undefined) =>
    fetch(`${system.workfront}/_fake/users/${row?.ID}`, { method: 'PUT', body: JSON.stringify({ isActive: true }) });
  const statusOf = async (id: string) => (await listEvents(system)).find(({ eventId }) => eventId === id)?.status;
  /** As a schedule does, whose hour a test does not wait for. */
  const look = async (message: LeaverMessage) => {
    const { queue } = await openDeployment({ local: true, data: system.dataDir, stage: undefined, region: undefined });
    await queue.send(message);
  };
  const terminate = async (id: string) => {
    const leaver = leavers[sent];
    sent += 1;
    await post(system, aBody(leaver?.emailAddr ?? ''), { id });
    await untilSettled(system, sent);
    return leaver;
  };

  beforeAll(async () => {
    system = await startSystem({ users: 60, policy: { brake: { floorPerDay: 50 } } });
    leavers = (await allUsers(system)).filter(({ isActive, isAdmin }) => isActive && !isAdmin);
  }, 60_000);
  afterAll(async () => {
    await system.stop();
  });

  it.each([
    { order: 'deactivate-again', question: '1 person loses access: deactivate again?', isOut: true, ends: 'deactivated' },
    { order: 'accept', question: '1 person keeps access. Accept?', isOut: false, ends: 'accepted' },
    { order: 'undo', question: '1 person gets access again. Undo?', isOut: false, ends: 'undone' },
  ])(
    'returned: who it is about is shown, and $order ends it',
    async ({ order, question, isOut, ends }) => {
      const id = `night-back-${order}`;
      const leaver = await terminate(id);
      await activate(leaver);
      await look({ kind: 'watch', source: 'standard-webhooks', eventId: id });
      await until(async () => (await statusOf(id)) === 'returned');
      const operator = anOperator(system.dataDir);
      expect((await operator.status()).text).toContain('1 active again');
      await operator.follow('todo');
      const shown = await operator.follow(`show ${id} --person`);

      const done = await operator.follow(`${order} ${id}`);

      expect(shown.text).toContain(`/user/view?ID=${leaver?.ID}`);
      expect(shown.text).toMatch(/active +- +yes/);
      expect(operator.questions).toEqual([question]);
      expect(done.code).toBe(0);
      expect([await isActive(leaver), await statusOf(id)]).toEqual([!isOut, ends]);
      expect((await operator.status()).text).not.toContain('active again');
    },
    60_000,
  );

  it('what the sweep found: HR employs who was deactivated; both sides are shown, and an undo ends it', async () => {
    const leaver = leavers[sent];
    sent += 1;
    const id = await leftAccordingToHr(leaver);
    await inHr(leaver, { standing: 'employed', lastDay: null });
    await look({ kind: 'compare', source: 'hibob', eventId: id });
    const operator = anOperator(system.dataDir);
    await until(async () => (await operator.status()).text.includes('1 found by the sweep'));
    const listed = await operator.follow('todo');
    const shown = await operator.follow(`show ${id} --person`);

    const undone = await operator.follow(`undo ${id}`);

    expect(listed.text).toMatch(/finding: employed: user [0-9a-f]{32}\s+was\s+deactivated/);
    expect(shown).toMatchObject({ code: 3, text: expect.stringContaining('HR, asked now: still employed') });
    expect(shown.text).toMatch(/What the nightly sweep found\n {2}employed: user [\s\S]+ask HR; if they are employed/);
    expect(undone.code).toBe(0);
    expect(await isActive(leaver)).toBe(true);
    expect((await operator.status()).text).not.toContain('found by the sweep');
  }, 60_000);

  const numberOf = async (row: FakeRow | undefined) => {
    const answer = await fetch(`${system.workfront}/_fake/users/${row?.ID}`);
    return z.object({ extRefID: z.string() }).parse(await answer.json()).extRefID;
  };
  const inHr = async (row: FakeRow | undefined, says: object) =>
    fetch(`${system.hr}/_fake/employees/${await numberOf(row)}`, { method: 'PUT', body: JSON.stringify(says) });

  /** A termination that HR confirms when it is asked. @returns its event id */
  async function leftAccordingToHr(row: FakeRow | undefined): Promise<string> {
    await inHr(row, { standing: 'left', lastDay: '2026-01-01' });
    const body = JSON.stringify({
      type: 'employee.left',
      triggeredAt: new Date().toISOString(),
      data: { employeeId: await numberOf(row) },
    });
    const { url = '', secret = '' } = system.sources.hibob ?? {};
    const answer = await fetch(url, { method: 'POST', body, headers: SIGN.hibob(body, { secret, at: Date.now(), id: 'night-hibob' }) });
    const { eventIds } = z.object({ eventIds: z.array(z.string()) }).parse(await answer.json());
    await untilSettled(system, sent);
    return eventIds[0] ?? '';
  }
});

describe('what is left in the Admin Console, from status on by printed commands alone', () => {
  let system: StartedSystem;
  let leaver: FakeRow | undefined;
  const setActive = (isActive: boolean) =>
    fetch(`${system.workfront}/_fake/users/${leaver?.ID}`, { method: 'PUT', body: JSON.stringify({ isActive }) });
  /** Where the removal rests. */
  const rests = async () => {
    const { inConsole } = JSON.parse((await runOps(system.dataDir, 'show', 'night-console', '--json')).stdout);
    return inConsole?.waiting === undefined ? inConsole?.status : 'waiting';
  };
  const lookWhileActive = async () => {
    await setActive(true);
    await runOps(system.dataDir, 'console-access', 'retry', 'night-console', '--reason', 'looks whether it stayed so');
    await until(async () => (await rests()) === 'held');
  };
  beforeAll(async () => {
    system = await startSystem({ users: 60, flags: ['--admin-console'] });
    leaver = (await allUsers(system)).find(({ isActive, isAdmin }) => isActive && !isAdmin);
    await post(system, aBody(leaver?.emailAddr ?? ''), { id: 'night-console' });
    await until(async () => (await listEvents(system)).length === 1 && (await rests()) === 'removed');
    await lookWhileActive();
  }, 90_000);
  afterAll(async () => {
    await system.stop();
  });

  it('todo leads to why it is held, and after the fix it is tried again', async () => {
    const operator = anOperator(system.dataDir);
    expect((await operator.status()).text).toContain('in the Admin Console: 1 held');
    await operator.follow('todo');
    const shown = await operator.follow('show night-console');
    await setActive(false);

    await operator.follow('console-access retry night-console', { reason: 'the user is inactive again' });
    await until(async () => !['held', 'waiting'].includes(await rests()));

    expect(shown.text).toMatch(/In the Admin Console\n {2}held \(active-again\)/);
    expect((await operator.status()).text).not.toContain('1 held');
  }, 90_000);

  it('its list leads there too, and the word of a person closes it', async () => {
    await lookWhileActive();
    const operator = anOperator(system.dataDir);
    await operator.status();
    const listed = await operator.follow('console-access list');
    await operator.follow('show night-console');

    await operator.follow('console-access close night-console', { reason: 'stays as a contractor' });

    expect(listed.text).toContain('held (active-again)');
    expect((await operator.status()).text).not.toContain('in the Admin Console');
  }, 90_000);
});
