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

/** Workfront refuses every write, and later none: nobody fails, and everybody is deactivated by itself, nobody twice. */
export async function refusedThenRepaired(trouble: MassTrouble): Promise<void> {
  const { system, leavers } = trouble;
  const status = async () => JSON.parse((await runOps(system.dataDir, 'status', '--json')).stdout);
  await behave(system, { readOnlyCredential: true });
  await terminateAll(trouble);
  await until(async () => (await status()).waiting.total === leavers.length);
  expect(await status()).toMatchObject({ failed: 0, circuit: { open: { cause: 'stage', saw: 'forbidden', endedBy: 'write' } } });
  const { stdout, code } = await runOps(system.dataDir, 'status');
  expect(code).toBe(3);
  expect(stdout).toMatch(/STOPPED since .* Workfront refuses every write \(forbidden\)/);
  expect(stdout.replace(/\s+/g, ' ')).toContain("give the credential's user the right to see and edit users");
  expect((await callsOf(system)).changingWrites).toBe(0);

  await behave(system, { readOnlyCredential: false });

  const events = await untilSettled(system, leavers.length, 300);
  expect(events.map((event) => event.status)).toEqual(leavers.map(() => 'deactivated'));
  expect(events.flatMap(({ history }) => history).filter(({ to }) => to === 'failed')).toEqual([]);
  const { byKind } = await callsOf(system);
  await expectEachOnce(trouble, { writes: byKind.write });
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
