import { appendFileSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import * as z from 'zod';
import { createDirectory } from '../../local/workfront/directory.ts';
import { keepJournal } from '../../local/workfront/journal.ts';
import { NASTY } from '../../local/workfront/people.ts';
import { generateDirectory, pickLeavers } from '../../local/workfront/population.ts';
import { randomFrom } from '../../local/workfront/random.ts';
import { fakeUser } from '../../local/workfront/user.ts';
import { temporaryDirectory } from './support/temporary-directory.ts';

describe('a generated population', () => {
  const thousand = generateDirectory({ users: 1000 });

  it('is the same for the same seed, other for another, and grows without a change to those there', () => {
    expect(generateDirectory({ users: 100 }).all()).toEqual(thousand.all().slice(0, 100));
    expect(generateDirectory({ users: 100, seed: 2 }).all()).not.toEqual(thousand.all().slice(0, 100));
  });

  it('consists of whole users with a GUID each', () => {
    expect(z.array(fakeUser).safeParse(thousand.all()).success).toBe(true);
    expect(new Set(thousand.all().map(({ ID }) => ID)).size).toBe(1000);
  });

  it('is led by the owner of the credential and three more administrators', () => {
    expect(thousand.owner).toMatchObject({ emailAddr: 'workfront-api@acme.test', isAdmin: true, isActive: true });
    expect(thousand.all().filter(({ isAdmin }) => isAdmin)).toEqual(thousand.all().slice(0, 4));
  });

  it('is inactive to a tenth, and has no two active users for one address', () => {
    const active = thousand.all().filter(({ isActive }) => isActive);

    expect(active).toHaveLength(900);
    expect(new Set(active.map(({ emailAddr }) => emailAddr?.toLowerCase())).size).toBe(900);
  });

  const at = (position: number) => fakeUser.parse(thousand.all()[position]);

  it('has twins: an inactive one in other case, and one rehired', () => {
    const [twin, before] = [at(NASTY.caseTwin), at(NASTY.caseTwin - 1)];
    expect([twin.isActive, before.isActive]).toEqual([false, true]);
    expect(twin.emailAddr).not.toBe(before.emailAddr);
    expect(thousand.lookup('emailAddr', before.emailAddr ?? '')).toEqual([before, twin]);

    const [rehired, now] = [at(NASTY.inactiveTwin), at(NASTY.inactiveTwin - 1)];
    expect([rehired.isActive, now.isActive, rehired.emailAddr, rehired.extRefID]).toEqual([false, true, now.emailAddr, now.extRefID]);
  });

  it.each<[keyof typeof NASTY, RegExp]>([
    ['plusAddress', /\+workfront@acme\.test$/],
    ['apostrophe', /'/],
    ['ampersand', /&/],
    ['percent', /%25/],
    ['umlaut', /ü.*ü/],
    ['quotes', /^"bobby,tables"/],
    ['rewritten', /@company\.inactive$/],
  ])('has nasty addresses: %s', (kind, pattern) => {
    expect(at(NASTY[kind]).emailAddr).toMatch(pattern);
  });

  it('has a username of its own, leading zeros, other scripts, and users with little', () => {
    expect(at(NASTY.otherUsername).username).not.toBe(at(NASTY.otherUsername).emailAddr);
    expect(at(NASTY.leadingZeros).extRefID).toMatch(/^00/);
    expect(at(NASTY.otherScript).name).toMatch(/\p{Script=Han}/u);
    expect(at(NASTY.bare)).toMatchObject({ extRefID: null, ssoUsername: null, lastLoginDate: null });
  });

  it('yields leavers: active, no administrators, no one twice', () => {
    fc.assert(
      fc.property(fc.integer(), fc.nat(896), (seed, count) => {
        const leavers = pickLeavers(thousand, count, randomFrom(seed));

        expect(new Set(leavers).size).toBe(count);
        expect(leavers.every(({ isActive, isAdmin }) => isActive && !isAdmin)).toBe(true);
      }),
      { numRuns: 30 },
    );
    expect(() => pickLeavers(thousand, 897)).toThrow('expected 897 leavers, got 896');
  });
});

it('finds anyone of 100,000 by every key', () => {
  const directory = generateDirectory({ users: 100_000 });
  const picked = pickLeavers(directory, 200);

  expect(directory.size).toBe(100_000);
  for (const user of picked) {
    expect(directory.byId(user.ID)).toBe(user);
    expect(directory.lookup('emailAddr', user.emailAddr?.toUpperCase() ?? '')).toContain(user);
    expect(directory.lookup('username', user.username ?? '')).toContain(user);
    if (user.extRefID !== null) expect(directory.lookup('extRefID', user.extRefID)).toContain(user);
    if (user.ssoUsername !== null) expect(directory.lookup('ssoUsername', user.ssoUsername)).toContain(user);
  }
});

describe('a directory', () => {
  it('takes anyone, twins too, but no GUID twice', () => {
    const directory = createDirectory();
    const first = directory.add({ emailAddr: 'ana@acme.test' });
    const second = directory.add({ emailAddr: 'ANA@acme.test' });

    expect(directory.lookup('emailAddr', 'Ana@acme.test')).toEqual([first, second]);
    expect(() => directory.add({ ID: first.ID })).toThrow('another user has');
    expect(() => directory.update('0'.repeat(32), {})).toThrow('nobody has');
  });

  it('replaces a user on update and leaves the one handed out before as it was', () => {
    const directory = createDirectory();
    const before = directory.add({ emailAddr: 'ana@acme.test' });

    const after = directory.update(before.ID, { isActive: false });

    expect([before.isActive, after.isActive, directory.byId(before.ID)]).toEqual([true, false, after]);
    expect([...directory]).toEqual([after]);
  });

  it('finds a user under new values after an update, and no longer under the old', () => {
    const directory = createDirectory();
    const { ID } = directory.add({ emailAddr: 'ana@acme.test', extRefID: '1' });

    const after = directory.update(ID, { emailAddr: 'ana.new@acme.test' });

    expect(['ana@acme.test', 'ANA.new@acme.test'].map((address) => directory.lookup('emailAddr', address))).toEqual([[], [after]]);
    expect(directory.lookup('extRefID', '1')).toEqual([after]);
  });
});

describe('a journal', () => {
  const users = 50;

  it('brings a new directory to the state of the last', async () => {
    const file = join(await temporaryDirectory(), 'new', 'users.jsonl');
    const before = generateDirectory({ users });
    keepJournal(before, file);
    before.update(before.all()[5]?.ID ?? '', { isActive: false });
    before.update(before.all()[5]?.ID ?? '', { title: 'Former' });
    before.add({ emailAddr: 'new@acme.test', customFields: { 'DE:Other': '1' } });

    const after = generateDirectory({ users });
    keepJournal(after, file);

    expect(after.all()).toEqual(before.all());
    expect(after.knowsCustomField('DE:Other')).toBe(true);
  });

  it('drops a line cut short by a crash, and goes on behind the whole ones', async () => {
    const file = join(await temporaryDirectory(), 'users.jsonl');
    const before = generateDirectory({ users });
    keepJournal(before, file);
    const [, , , , , fifth, sixth] = before.all();
    before.update(fifth?.ID ?? '', { isActive: false });
    appendFileSync(file, '{"ID":"0123');

    const between = generateDirectory({ users });
    keepJournal(between, file);
    between.update(sixth?.ID ?? '', { isActive: false });
    const after = generateDirectory({ users });
    keepJournal(after, file);

    expect(readFileSync(file, 'utf8').trim().split('\n')).toHaveLength(2);
    expect(after.all().slice(5, 7)).toMatchObject([{ isActive: false }, { isActive: false }]);
  });
});
