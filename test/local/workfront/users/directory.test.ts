import { appendFileSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import * as z from 'zod';
import { createDirectory } from '../../../../local/workfront/users/directory.ts';
import { keepJournal } from '../../../../local/workfront/users/journal.ts';
import { DIFFICULT } from '../../../../local/workfront/users/people.ts';
import { generateDirectory, pickLeavers, pickOrdinaryLeaver } from '../../../../local/workfront/users/population.ts';
import { randomFrom } from '../../../../local/workfront/users/random.ts';
import { fakeUser } from '../../../../local/workfront/users/user.ts';
import { temporaryDirectory } from '../../support/temporary-directory.ts';

describe('a generated population', () => {
  const thousand = generateDirectory({ users: 1000 });

  it('is the same for the same seed, differs for another seed, and keeps its first users as it grows', () => {
    expect(generateDirectory({ users: 100 }).all()).toEqual(thousand.all().slice(0, 100));
    expect(generateDirectory({ users: 100, seed: 2 }).all()).not.toEqual(thousand.all().slice(0, 100));
  });

  it('consists of complete users, each with a GUID of its own', () => {
    expect(z.array(fakeUser).safeParse(thousand.all()).success).toBe(true);
    expect(new Set(thousand.all().map(({ ID }) => ID)).size).toBe(1000);
  });

  it('begins with the owner of the credential and three more administrators', () => {
    expect(thousand.owner).toMatchObject({ emailAddr: 'workfront-api@acme.test', isAdmin: true, isActive: true });
    expect(thousand.all().filter(({ isAdmin }) => isAdmin)).toEqual(thousand.all().slice(0, 4));
  });

  it('has one inactive user in ten, and no two active users with one address', () => {
    const active = thousand.all().filter(({ isActive }) => isActive);

    expect(active).toHaveLength(900);
    expect(new Set(active.map(({ emailAddr }) => emailAddr?.toLowerCase())).size).toBe(900);
  });

  const at = (position: number) => fakeUser.parse(thousand.all()[position]);

  it('has twins: an inactive user whose address differs in case, and a rehired one', () => {
    const [twin, before] = [at(DIFFICULT.caseTwin), at(DIFFICULT.caseTwin - 1)];
    expect([twin.isActive, before.isActive]).toEqual([false, true]);
    expect(twin.emailAddr).not.toBe(before.emailAddr);
    expect(thousand.lookup('emailAddr', before.emailAddr ?? '')).toEqual([before, twin]);

    const [rehired, now] = [at(DIFFICULT.inactiveTwin), at(DIFFICULT.inactiveTwin - 1)];
    expect([rehired.isActive, now.isActive, rehired.emailAddr, rehired.extRefID]).toEqual([false, true, now.emailAddr, now.extRefID]);
  });

  it.each<[keyof typeof DIFFICULT, RegExp]>([
    ['plusAddress', /\+workfront@acme\.test$/],
    ['apostrophe', /'/],
    ['ampersand', /&/],
    ['percent', /%25/],
    ['umlaut', /ü.*ü/],
    ['quotes', /^"bobby,tables"/],
    ['rewritten', /@company\.inactive$/],
  ])('has difficult addresses: %s', (kind, pattern) => {
    expect(at(DIFFICULT[kind]).emailAddr).toMatch(pattern);
  });

  it('has usernames that are not the address, leading zeros, other scripts, and users with few values', () => {
    expect(at(DIFFICULT.otherUsername).username).not.toBe(at(DIFFICULT.otherUsername).emailAddr);
    expect(at(DIFFICULT.leadingZeros).extRefID).toMatch(/^00/);
    expect(at(DIFFICULT.otherScript).name).toMatch(/\p{Script=Han}/u);
    expect(at(DIFFICULT.bare)).toMatchObject({ extRefID: null, ssoUsername: null, lastLoginDate: null });
  });

  it('offers leavers: active, not administrators, nobody twice', () => {
    fc.assert(
      fc.property(fc.integer(), fc.nat(896), (seed, count) => {
        const leavers = pickLeavers(thousand, count, randomFrom(seed));

        expect(new Set(leavers).size).toBe(count);
        expect(leavers.every(({ isActive, isAdmin }) => isActive && !isAdmin)).toBe(true);
      }),
      { numRuns: 30 },
    );
    expect(() => pickLeavers(thousand, 897)).toThrow('only 896 of 897 leavers exist');
  });

  it('offers an ordinary leaver for an example, as long as there is one', () => {
    const directory = generateDirectory({ users: 50 });
    const seen = new Set<string>();
    for (let left = pickOrdinaryLeaver(directory, Math.random); left !== undefined; left = pickOrdinaryLeaver(directory, Math.random)) {
      seen.add(`${left.name} <${left.emailAddr}>`);
      directory.update(left.ID, { isActive: false });
    }

    expect(seen.size).toBeGreaterThan(20);
    expect([...seen].filter((who) => !/^\p{L}+ \p{L}+ <[a-z]+\.[a-z]+\.\d+@acme\.test>$/u.test(who))).toEqual([]);
    expect(directory.all().filter(({ isActive, isAdmin }) => isActive && !isAdmin).length).toBeGreaterThan(0);
  });
});

it('finds each of 100,000 users by every key', () => {
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
  it('takes any user, even a twin, but no GUID twice', () => {
    const directory = createDirectory();
    const first = directory.add({ emailAddr: 'ana@acme.test' });
    const second = directory.add({ emailAddr: 'ANA@acme.test' });

    expect(directory.lookup('emailAddr', 'Ana@acme.test')).toEqual([first, second]);
    expect(() => directory.add({ ID: first.ID })).toThrow('another user has the GUID');
    expect(() => directory.update('0'.repeat(32), {})).toThrow('no user has the GUID');
  });

  it('replaces a user on update, and leaves the snapshot that a caller already has', () => {
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

  it('sets the entry date of a user when it adds them, and never again', () => {
    const before = new Date().toISOString();
    const directory = createDirectory();

    const made = directory.add({ firstName: 'Ana' });
    const handedOver = directory.update(made.ID, { firstName: 'Zoe', emailAddr: 'zoe@acme.test' });

    expect(made.entryDate !== null && made.entryDate >= before && made.entryDate <= new Date().toISOString()).toBe(true);
    expect(handedOver.entryDate).toBe(made.entryDate);
    expect(directory.add({ entryDate: '2020-01-01T00:00:00Z' }).entryDate).toBe('2020-01-01T00:00:00Z');
  });

  it.each([
    { changes: { firstName: 'Zoe' }, name: 'Zoe Silva' },
    { changes: { firstName: 'Zoe', lastName: 'Kaya' }, name: 'Zoe Kaya' },
    { changes: { firstName: null }, name: 'Silva' },
    { changes: { firstName: 'Zoe', name: 'Z. Silva' }, name: 'Z. Silva' },
    { changes: { name: 'A. Silva' }, name: 'A. Silva' },
    { changes: { title: 'Chief' }, name: 'Ana Silva' },
  ])('derives the display name from first and last name: $changes gives "$name"', ({ changes, name }) => {
    const directory = createDirectory();
    const { ID } = directory.add({ firstName: 'Ana', lastName: 'Silva' });

    expect(directory.update(ID, changes).name).toBe(name);
  });

  it('forgets a user who is deleted, and finds the others as before', () => {
    const directory = generateDirectory({ users: 100 });
    const [, , , , , deleted, ...others] = directory.all();

    directory.remove(deleted?.ID ?? '');

    expect(directory.size).toBe(99);
    expect(directory.byId(deleted?.ID ?? '')).toBeUndefined();
    expect(directory.lookup('emailAddr', deleted?.emailAddr ?? '')).toEqual([]);
    expect(directory.find(({ ID }) => ID === deleted?.ID)).toBeUndefined();
    expect(others.map(({ ID }) => directory.byId(ID))).toEqual(others);
    expect(others.every((user) => directory.lookup('emailAddr', user.emailAddr ?? '').includes(user))).toBe(true);
    expect(directory.add({}).ID).not.toBe(deleted?.ID);
  });

  it('keeps the owner of the credential, and deletes nobody twice', () => {
    const directory = generateDirectory({ users: 3 });
    const [owner, , third] = directory.all();

    expect(() => directory.remove(owner?.ID ?? '')).toThrow('owner of the credential cannot be deleted');
    directory.remove(third?.ID ?? '');
    expect(() => directory.remove(third?.ID ?? '')).toThrow('no user has the GUID');
    expect(directory.size).toBe(2);
  });
});

describe('a journal', () => {
  const users = 50;

  it('brings a new directory to the state of the last one', async () => {
    const file = join(await temporaryDirectory(), 'new', 'users.jsonl');
    const before = generateDirectory({ users });
    keepJournal(before, file);
    before.update(before.all()[5]?.ID ?? '', { isActive: false });
    before.update(before.all()[5]?.ID ?? '', { title: 'Former' });
    before.add({ emailAddr: 'new@acme.test', customFields: { 'DE:Other': '1' } });
    before.remove(before.all()[7]?.ID ?? '');
    before.remove(before.add({ emailAddr: 'short@acme.test' }).ID);

    const after = generateDirectory({ users });
    keepJournal(after, file);

    expect(after.all()).toEqual(before.all());
    expect(after.knowsCustomField('DE:Other')).toBe(true);
  });

  it('drops a line that a crash cut short, and goes on after the complete ones', async () => {
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
