import { expect, it } from '@jest/globals';
import * as z from 'zod';
import { aBody, allUsers, changesIn, type FakeRow, listEvents, post, startSystem, untilSettled } from '../support/started-system.ts';

const USERS = 100_000;
const LEAVERS = 200;
const calls = z.object({
  byKind: z.object({ search: z.number(), count: z.number(), read: z.number(), write: z.number() }),
  changingWrites: z.number(),
});

it(`changes exactly the leaver, with two calls, for each of ${LEAVERS} among 100,000 users`, async () => {
  const system = await startSystem({ users: USERS, policy: { brake: { perHour: 500, shareOfActivePerDay: 1 } } });
  try {
    const before = await allUsers(system);
    const leavers = pick(before.filter(({ isActive, isAdmin }) => isActive && !isAdmin));
    expect(leavers.some(({ emailAddr }) => /['+&%]/.test(emailAddr))).toBe(true);
    // The first event also proves the credential, with calls of its own: send it before counting.
    await post(system, aBody('nobody@acme.test'));
    await untilSettled(system, 1);
    await fetch(`${system.workfront}/_fake/calls`, { method: 'DELETE' });

    const answer = await post(system, JSON.stringify(leavers.map(({ emailAddr }) => JSON.parse(aBody(otherCase(emailAddr))))));

    expect(answer.status).toBe(202);
    await untilSettled(system, LEAVERS + 1, 120);
    const others = (await listEvents(system)).filter(({ status }) => status !== 'deactivated');
    expect(others.map(({ status, history }) => [status, history.at(-1)?.why])).toEqual([['no-account', expect.anything()]]);
    expect(changesIn(system.dataDir, USERS).toSorted()).toEqual(leavers.map(({ ID }) => `${ID} false`).toSorted());
    const { byKind, changingWrites } = calls.parse(await (await fetch(`${system.workfront}/_fake/calls`)).json());
    expect({ searches: byKind.search, reads: byKind.read, counts: byKind.count, writes: byKind.write, changingWrites }).toEqual({
      searches: LEAVERS,
      reads: 0,
      counts: 0,
      writes: LEAVERS,
      changingWrites: LEAVERS,
    });
  } finally {
    await system.stop();
  }
}, 180_000);

/** Writes an address in capitals, as HR may; except `ß`, whose capital is two letters. */
const otherCase = (address: string) => address.replace(/[a-z]/g, (letter) => letter.toUpperCase());

/** Picks random people, and users whose address is hard to search for. */
function pick(users: FakeRow[]): FakeRow[] {
  const addresses = users.map(({ emailAddr }) => emailAddr.toLowerCase());
  const difficult = users.filter(({ emailAddr }) => /[^\w@.-]/.test(emailAddr)).slice(0, 60);
  const random = users.toSorted(() => Math.random() - 0.5).filter((user) => !difficult.includes(user));
  expect(new Set(addresses).size).toBe(addresses.length);
  return [...difficult, ...random].slice(0, LEAVERS);
}
