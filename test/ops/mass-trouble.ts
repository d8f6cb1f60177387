import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from '@jest/globals';
import * as z from 'zod';
import {
  aBody,
  allUsers,
  changesIn,
  type FakeRow,
  post,
  type StartedSystem,
  startSystem,
  untilSettled,
} from '../support/started-system.ts';
import { runOps } from './run-ops.ts';

const calls = z.object({ byKind: z.object({ search: z.number(), write: z.number() }), changingWrites: z.number() });

/** Terminations of many at once, while Workfront is in trouble. */
export interface MassTrouble {
  system: StartedSystem;
  leavers: FakeRow[];
}

/** Starts a local system with a brake that lets this many through, and chooses who leaves. */
export async function startMassTrouble(count: number): Promise<MassTrouble> {
  const system = await startSystem({ users: count * 2, policy: { brake: { perHour: 500, shareOfActivePerDay: 1 } } });
  const people = (await allUsers(system)).filter(({ isActive, isAdmin }) => isActive && !isAdmin);
  return { system, leavers: people.slice(0, count) };
}

export const behave = ({ workfront }: StartedSystem, behaviour: object) =>
  fetch(`${workfront}/_fake/behaviour`, { method: 'PUT', body: JSON.stringify(behaviour) });

const terminateAll = ({ system, leavers }: MassTrouble) =>
  post(system, JSON.stringify(leavers.map(({ emailAddr }) => JSON.parse(aBody(emailAddr)))));

const callsOf = async ({ workfront }: StartedSystem) => calls.parse(await (await fetch(`${workfront}/_fake/calls`)).json());

/** Workfront refuses every write, and later none: one replay by filter deactivates everybody, nobody twice, and its table says so. */
export async function refusedThenReplayed(trouble: MassTrouble): Promise<void> {
  const { system, leavers } = trouble;
  const ops = (...args: string[]) => runOps(system.dataDir, ...args);
  await behave(system, { readOnlyCredential: true });
  await terminateAll(trouble);
  await until(async () => (await callsOf(system)).byKind.write === leavers.length);
  const refused = await untilSettled(system, leavers.length);
  expect(refused.map(({ status, reason }) => `${status} ${reason}`)).toEqual(leavers.map(() => 'failed forbidden'));
  expect((await callsOf(system)).changingWrites).toBe(0);
  await behave(system, { readOnlyCredential: false });

  const filter = ['--status', 'failed', '--reason', 'forbidden', '--since', '1h'];
  const all = [...filter, '--limit', String(leavers.length)];
  const some = await ops('replay', ...filter, '--dry-run', '--json');
  const unconfirmed = await ops('replay', ...all);
  const replayed = await ops('replay', ...all, '--note', 'the right was given', '--yes', '--wait', '300');
  const again = await ops('replay', ...all, '--yes');

  expect(JSON.parse(some.stdout)).toHaveLength(10);
  expect(some.stderr).toContain(`10 of ${leavers.length} failed events selected`);
  expect(unconfirmed).toMatchObject({ code: 2, stderr: expect.stringContaining('events selected to replay; more than 10 need --yes') });
  expect(replayed).toMatchObject({ code: 0, stderr: '' });
  const [titles, ...rows] = replayed.stdout
    .trim()
    .split('\n')
    .map((line) => line.split(/ {2,}/));
  expect(titles).toEqual(['event', 'was', 'is', 'what was done', 'why']);
  expect(rows.map(([, ...cells]) => cells)).toEqual(
    leavers.map(() => ['failed', 'deactivated', 'sent', expect.stringMatching(/^user [0-9a-f]{32}, found by emailAddr, deactivated/)]),
  );
  expect(rows.map(([event]) => event).toSorted()).toEqual(refused.map(({ eventId }) => eventId).toSorted());
  expect(again).toMatchObject({
    code: 0,
    stdout: `No event matches --status failed --reason forbidden --since 1h. Nothing was done.\n`,
  });
  // For each leaver, one write was refused and one took effect.
  await expectEachOnce(trouble, { writes: 2 * leavers.length });
}

/** Workfront is down, and later up: every waiting event ends in a deactivation by itself, and nobody is deactivated twice. */
export async function downThenUp(trouble: MassTrouble): Promise<void> {
  const { system, leavers } = trouble;
  await behave(system, { down: true });
  await terminateAll(trouble);
  await until(async () => JSON.parse((await runOps(system.dataDir, 'status', '--json')).stdout).waiting.total === leavers.length);
  expect((await callsOf(system)).byKind.write).toBe(0);

  await behave(system, { down: false });

  const events = await untilSettled(system, leavers.length, 500);
  expect(events.map(({ status }) => status)).toEqual(leavers.map(() => 'deactivated'));
  await expectEachOnce(trouble, { writes: leavers.length });
}

/** Compares the calls to the fake Workfront, and the changes of its users that it recorded. */
async function expectEachOnce({ system, leavers }: MassTrouble, { writes }: { writes: number }): Promise<void> {
  const { byKind, changingWrites } = await callsOf(system);
  expect({ writes: byKind.write, changingWrites }).toEqual({ writes, changingWrites: leavers.length });
  expect(changesIn(system.dataDir, leavers.length * 2).toSorted()).toEqual(leavers.map(({ ID }) => `${ID} false`).toSorted());
}

async function until(isSo: () => Promise<boolean>): Promise<void> {
  for (const deadline = Date.now() + 200_000; !(await isSo()); await sleep(200))
    if (Date.now() > deadline) throw new Error('expected it in time');
}
