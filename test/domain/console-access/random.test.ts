import { expect, it } from '@jest/globals';
import { accessToContinue, openAccess } from '../../../lambda/domain/console-access/open-access.ts';
import { DAY, MINUTE, SECOND } from '../../../lambda/domain/time/time.ts';
import { ANA, aConsole, EVENT } from '../../admin-console/a-console.ts';
import { guid } from '../../support/builders.ts';
import { dice } from '../../support/dice.ts';

const SEEDS = Array.from({ length: 60 }, (_, seed) => seed + 1);
const MEMBERSHIPS = ['Workfront', 'WF-Users', 'Everybody', 'Shared', 'Acrobat'];
const TROUBLES = [{ status: 429 }, { status: 503 }, { status: 401 }, { status: 403 }, 'hang-up'] as const;

/** Trouble, killed workers, a sync and a change of mind, in any order: what must hold all the same. */
it.each(SEEDS)('random story %s of a removal touches nothing but the named names, and ends', async (seed) => {
  const { pick, chance } = dice(seed, 1, 1);
  const direct = MEMBERSHIPS.filter(() => chance(0.6));
  const named = { profiles: ['Workfront'], groups: chance(0.5) ? ['WF-Users', 'Shared'] : ['WF-Users'] };
  const switches = { syncReadds: chance(0.3) ? pick([0, 1500, 2 * 3_600_000]) : null, removeFailsThroughGroup: chance(0.5) };
  const { desk, fake, directory, turn, record } = await aConsole({ people: [{ ...ANA, direct }], named, switches });
  const before = await desk.ledger.readEntry(EVENT);
  const write = desk.ledger.writeRecord.bind(desk.ledger);
  desk.ledger.writeRecord = (...args) => (chance(0.1) ? Promise.reject(new Error('the worker was killed')) : write(...args));
  const kept = direct.filter((name) => ![...named.profiles, ...named.groups].includes(name));
  const user = desk.directory.users.get(guid(1));

  let removedWhileActive = false;
  for (let turns = 0; turns < 80; turns++) {
    if (chance(0.2)) fake.troubles.push(pick(TROUBLES));
    if (chance(0.01) && user !== undefined) user.isActive = true;
    const isActive = user?.isActive;
    const actions = fake.calls.filter(({ method, url }) => method === 'POST' && url.includes('/action/')).length;
    const end = await turn().catch(() => ({ kind: 'wait' as const, seconds: 1 }));
    if (isActive && fake.calls.filter(({ method, url }) => method === 'POST' && url.includes('/action/')).length > actions)
      removedWhileActive = true;
    expect(directory.find(ANA.email)?.direct.filter((name) => kept.includes(name))).toEqual(kept);
    if (end.kind !== 'wait') break;
    desk.now += end.seconds * SECOND;
  }
  desk.ledger.writeRecord = write;
  fake.troubles.length = 0;

  // What a killed worker left is found, and a day later it is looked at once more.
  for (let looks = 0; looks < 12; looks++) {
    desk.now += looks < 6 ? 40 * MINUTE : DAY;
    for (const ref of await accessToContinue(desk.ledger, desk.now)) {
      for (let turns = 0; turns < 40; turns++) {
        const end = await turn(ref);
        if (end.kind !== 'wait') break;
        desk.now += end.seconds * SECOND;
      }
    }
  }

  const last = await record();
  expect(['removed', 'nothing-to-remove', 'held']).toContain(last?.status);
  expect((await openAccess(desk.ledger)).map(({ status }) => status)).toEqual(last?.status === 'held' ? ['held'] : []);
  if (last?.status !== 'held' && !user?.isActive) {
    expect(directory.find(ANA.email)?.direct.filter((name) => [...named.profiles, ...named.groups].includes(name))).toEqual([]);
  }
  expect(removedWhileActive).toBe(false);
  expect(await desk.ledger.readEntry(EVENT)).toEqual(before);
});
