import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { credentialFromSecret } from '../../lambda/workfront/credentials.ts';
import { workfrontDirectory } from '../../lambda/workfront/directory.ts';
import { type FakeWorkfront, startFakeWorkfront } from '../../local/workfront/fake-workfront.ts';
import { noToken } from './a-directory.ts';

let fake: FakeWorkfront;
beforeEach(async () => {
  fake = await startFakeWorkfront({ users: 300 });
});
afterEach(() => fake.close());

const aClient = (changes: Partial<Parameters<typeof workfrontDirectory>[0]> = {}) =>
  workfrontDirectory({
    baseUrl: fake.url,
    apiVersion: 'v21.0',
    credential: credentialFromSecret({ readSecret: async () => fake.apiKey, giveToken: noToken, clock: Date.now }),
    callsInFlight: 4,
    customFields: [],
    extraFields: ['ssoUsername'],
    ...changes,
  });

/** A user who shares no value with the other users of the fake. */
const aLeaver = (changes: Parameters<FakeWorkfront['directory']['add']>[0] = {}) =>
  fake.directory.add({ emailAddr: 'zoë.o’hara+wf&co@acme.test', extRefID: 'HR 10/042+ä', ssoUsername: 'ACME\\zoe', ...changes });

describe('the client against the fake Workfront', () => {
  it.each([
    ['emailAddr', 'ZOË.O’HARA+WF&CO@ACME.TEST'],
    ['extRefID', 'HR 10/042+ä'],
    ['ssoUsername', 'ACME\\zoe'],
    ['DE:HR ID', '4 + 2'],
  ])('finds the one user by %s among all', async (field, value) => {
    const leaver = aLeaver({ customFields: { 'DE:HR ID': '4 + 2' } });

    await expect(aClient().find([{ field, value }])).resolves.toMatchObject([
      { id: leaver.ID, emailAddr: leaver.emailAddr, isActive: true },
    ]);
    expect(fake.calls.total).toBe(1);
  });

  it('finds by username, although Workfront does not filter by the plain parameter', async () => {
    const leaver = aLeaver({ username: 'zoe"s account' });

    await expect(aClient().findByUsername('zoe"s account')).resolves.toMatchObject([{ id: leaver.ID }]);
  });

  it('finds nobody of that name', async () => {
    await expect(aClient().find([{ field: 'extRefID', value: 'no such number' }])).resolves.toEqual([]);
  });

  it.each([
    ['one active and one inactive', [false, true]],
    ['two active', [true, true]],
    ['two inactive', [false, false]],
    ['an active among many inactive', [false, false, false, true, false]],
  ])('finds %s of the same address, inactive ones only if nobody is active', async (_, states) => {
    const users = states.map((isActive, index) => aLeaver({ isActive, emailAddr: index % 2 ? 'Twin@acme.test' : 'twin@acme.test' }));
    const active = users.filter(({ isActive }) => isActive);
    const meant = (active.length > 0 ? active : users).map(({ ID }) => ID);

    const found = await aClient().find([{ field: 'emailAddr', value: 'twin@acme.test' }]);

    expect(found.map(({ id }) => id).sort()).toEqual(meant.slice(0, 5).sort());
  });

  it('finds every active user who has one of several keys', async () => {
    const leaver = aLeaver({ ssoUsername: null });
    const second = fake.directory.add({ emailAddr: 'zoe.private@acme.test', extRefID: 'HR 10/042+ä' });
    const third = fake.directory.add({ emailAddr: 'zoe.admin@acme.test', customFields: { 'DE:HR ID': '4 + 2' } });
    fake.directory.add({ emailAddr: leaver.emailAddr, extRefID: 'HR 10/042+ä', isActive: false });

    const found = await aClient().find([
      { field: 'emailAddr', value: 'ZOË.O’HARA+WF&CO@ACME.TEST' },
      { field: 'extRefID', value: 'HR 10/042+ä' },
      { field: 'DE:HR ID', value: '4 + 2' },
    ]);

    expect(found.map(({ id }) => id).sort()).toEqual([leaver.ID, second.ID, third.ID].sort());
  });

  it('finds inactive users if nobody with one of several keys is active', async () => {
    const leaver = aLeaver({ isActive: false });

    const found = await aClient().find([
      { field: 'emailAddr', value: leaver.emailAddr ?? '' },
      { field: 'extRefID', value: 'no such number' },
    ]);

    expect(found).toMatchObject([{ id: leaver.ID, isActive: false }]);
  });

  it('finds active users by their log-in name alone', async () => {
    const leaver = aLeaver({ username: 'zoe"s account' });
    aLeaver({ username: 'zoe"s old account', isActive: false });

    await expect(aClient().findByUsername('zoe"s account')).resolves.toMatchObject([{ id: leaver.ID }]);
    await expect(aClient().findByUsername('zoe"s old account')).resolves.toEqual([]);
  });

  it.each(['right', 'too-many', 'too-few'] as const)('overlooks no account of a leaver if OR groups are answered %s', async (orGroups) => {
    const leaver = aLeaver();
    const second = fake.directory.add({ emailAddr: 'zoe.private@acme.test', extRefID: 'HR 10/042+ä' });
    fake.behaviour.orGroups = orGroups;

    const found = await aClient().find([
      { field: 'emailAddr', value: leaver.emailAddr ?? '' },
      { field: 'extRefID', value: 'HR 10/042+ä' },
    ]);

    expect(found.map(({ id }) => id).sort()).toEqual([leaver.ID, second.ID].sort());
  });

  it('counts the active users who were made on a day', async () => {
    const before = await aClient().countActiveUsersMadeOn('2026-11-30');
    for (const entryDate of [
      '2026-11-30T00:00:00.000Z',
      '2026-11-30T23:59:59.999Z',
      '2026-11-29T23:59:59.999Z',
      '2026-12-01T00:00:00.000Z',
    ])
      fake.directory.add({ entryDate });
    fake.directory.add({ entryDate: '2026-11-30T12:00:00.000Z', isActive: false });

    await expect(aClient().countActiveUsersMadeOn('2026-11-30')).resolves.toBe(before + 2);
  });

  it('refuses the answer if Workfront ignores the filter', async () => {
    aLeaver();
    fake.behaviour.dropFilters = ['extRefID'];

    await expect(aClient().find([{ field: 'extRefID', value: 'HR 10/042+ä' }])).rejects.toMatchObject({ code: 'filter-dropped' });
  });

  it('deactivates that user and no other, in two calls', async () => {
    const leaver = aLeaver();
    const activeBefore = fake.directory.all().filter(({ isActive }) => isActive).length;
    const client = aClient();

    const [user] = await client.find([{ field: 'emailAddr', value: leaver.emailAddr ?? '' }]);
    await expect(client.deactivate(user?.id ?? '')).resolves.toEqual({ confirmedBy: 'answer' });

    expect(fake.directory.byId(leaver.ID)?.isActive).toBe(false);
    expect(fake.directory.all().filter(({ isActive }) => isActive)).toHaveLength(activeBefore - 1);
    expect(fake.calls.total).toBe(2);
  });

  it.each([
    ['reset-after-write', { failNext: ['reset-after-write' as const] }],
    ['sparse answers', { sparseWriteAnswer: true }],
  ])('proves a write by a read after %s', async (_, behaviour) => {
    const leaver = aLeaver();
    Object.assign(fake.behaviour, structuredClone(behaviour));

    await expect(aClient().deactivate(leaver.ID)).resolves.toEqual({ confirmedBy: 'read' });
    expect(fake.calls.changingWrites).toBe(1);
  });

  it.each([
    ['a reset before the write', { failNext: ['reset-before-write' as const] }, 'unreachable'],
    ['a write that does nothing', { ignoreWrites: true }, 'not-confirmed'],
    ['too few rights', { readOnlyCredential: true }, 'forbidden'],
    ['maintenance', { down: true }, 'server-error'],
    ['a refused credential', { rejectCredential: true }, 'rejected'],
  ])('fails, and the user stays active, after %s', async (_, behaviour, code) => {
    const leaver = aLeaver();
    Object.assign(fake.behaviour, structuredClone(behaviour));

    await expect(aClient().deactivate(leaver.ID)).rejects.toMatchObject({ code });
    expect(fake.directory.byId(leaver.ID)?.isActive).toBe(true);
  });

  it.each(['object', 'array', 'bare'] as const)('reads one user answered as %s', async (singleShape) => {
    const leaver = aLeaver({ lastLoginDate: '2026-10-18T23:00:00Z' });
    fake.behaviour.singleShape = singleShape;

    const user = await aClient().read(leaver.ID);

    expect(user).toMatchObject({ id: leaver.ID, ssoUsername: 'ACME\\zoe' });
    expect(Date.parse(user?.lastLoginAt ?? '')).toBe(Date.parse('2026-10-18T23:00:00Z'));
  });

  it('gives nothing for an unknown user', async () => {
    await expect(aClient().read('0'.repeat(32))).resolves.toBeUndefined();
  });

  it('gives the owner of the credential, and how many users and administrators it sees', async () => {
    const all = fake.directory.all();

    await expect(aClient().owner()).resolves.toEqual({
      userId: fake.directory.owner?.ID,
      customerId: fake.directory.customerId,
      activeUsers: all.filter(({ isActive }) => isActive).length,
      seesEverybody: true,
    });
    const administrators = all.filter(({ isActive, isAdmin }) => isActive && isAdmin).map(({ ID }) => ID);
    expect((await aClient().activeAdministrators()).sort()).toEqual(administrators.sort());
  });

  it('says who of many users is active, a hundred with each call', async () => {
    const users = fake.directory.all();
    const active = users.filter(({ isActive }) => isActive).map(({ ID }) => ID);
    const asked = [...users.map(({ ID }) => ID), '0'.repeat(32)];

    expect((await aClient().whoIsActive(asked)).sort()).toEqual(active.sort());
    await expect(aClient().whoIsActive([])).resolves.toEqual([]);
    expect(fake.calls.total).toBe(4);
  });

  it('does not believe an answer about other users', async () => {
    fake.behaviour.dropFilters = ['ID'];

    await expect(aClient().whoIsActive([fake.directory.all()[0]?.ID ?? ''])).rejects.toMatchObject({ code: 'filter-dropped' });
  });

  it('distinguishes a blind credential from a user who does not exist', async () => {
    fake.behaviour.blindCredential = true;

    await expect(aClient().owner()).rejects.toMatchObject({ name: 'CredentialFailure', code: 'blind' });
  });

  it('has at most as many calls in flight as allowed', async () => {
    const client = aClient();
    fake.behaviour.latencyMs = 5;

    await Promise.all(Array.from({ length: 40 }, (_, index) => client.find([{ field: 'extRefID', value: `none ${index}` }])));

    expect(fake.calls.maxInFlight).toBe(4);
    expect(fake.calls.answered429).toBe(0);
  });

  it.each([
    ['429', 'throttled'],
    ['503-html', 'server-error'],
    ['200-html', 'not-json'],
    ['200-error', 'refused'],
    ['truncated', 'unreachable'],
  ] as const)('reports %s as %s', async (trouble, code) => {
    fake.behaviour.failNext = [trouble];

    await expect(aClient().find([{ field: 'extRefID', value: '1' }])).rejects.toMatchObject({ code });
  });
});
