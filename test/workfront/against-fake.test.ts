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

/** A user of whom nothing else in the fake reminds. */
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

    await expect(aClient().search({ field, value })).resolves.toMatchObject([
      { id: leaver.ID, emailAddr: leaver.emailAddr, isActive: true },
    ]);
    expect(fake.calls.total).toBe(1);
  });

  it('finds by username although the plain parameter is eaten', async () => {
    const leaver = aLeaver({ username: 'zoe"s account' });

    await expect(aClient().search({ field: 'username', value: 'zoe"s account' })).resolves.toMatchObject([{ id: leaver.ID }]);
  });

  it('finds nobody of that name', async () => {
    await expect(aClient().search({ field: 'extRefID', value: 'no such number' })).resolves.toEqual([]);
  });

  it.each([
    ['one active and one inactive', [false, true]],
    ['two active', [true, true]],
    ['two inactive', [false, false]],
    ['an active among many inactive', [false, false, false, true, false]],
  ])('finds %s of the same address, inactive ones only where nobody is active', async (_, states) => {
    const users = states.map((isActive, index) => aLeaver({ isActive, emailAddr: index % 2 ? 'Twin@acme.test' : 'twin@acme.test' }));
    const active = users.filter(({ isActive }) => isActive);
    const meant = (active.length > 0 ? active : users).map(({ ID }) => ID);

    const found = await aClient().search({ field: 'emailAddr', value: 'twin@acme.test' });

    expect(found.map(({ id }) => id).sort()).toEqual(meant.slice(0, 2).sort());
  });

  it('refuses everybody where the filter is dropped', async () => {
    aLeaver();
    fake.behaviour.dropFilters = ['extRefID'];

    await expect(aClient().search({ field: 'extRefID', value: 'HR 10/042+ä' })).rejects.toMatchObject({ code: 'filter-dropped' });
  });

  it('deactivates that user and no other, in two calls', async () => {
    const leaver = aLeaver();
    const activeBefore = fake.directory.all().filter(({ isActive }) => isActive).length;
    const client = aClient();

    const [user] = await client.search({ field: 'emailAddr', value: leaver.emailAddr ?? '' });
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
    Object.assign(fake.behaviour, behaviour);

    await expect(aClient().deactivate(leaver.ID)).resolves.toEqual({ confirmedBy: 'read' });
    expect(fake.calls.changingWrites).toBe(1);
  });

  it.each([
    ['a reset before the write', { failNext: ['reset-before-write' as const] }, 'unreachable'],
    ['a write that does nothing', { ignoreWrites: true }, 'not-confirmed'],
    ['too few rights', { readOnlyCredential: true }, 'forbidden'],
    ['maintenance', { down: true }, 'server-error'],
    ['a refused credential', { rejectCredential: true }, 'rejected'],
  ])('says that the user is not inactive after %s', async (_, behaviour, code) => {
    const leaver = aLeaver();
    Object.assign(fake.behaviour, behaviour);

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

  it('reads nothing of an unknown user', async () => {
    await expect(aClient().read('0'.repeat(32))).resolves.toBeUndefined();
  });

  it('knows whose the credential is, and how many users and administrators it sees', async () => {
    const all = fake.directory.all();

    await expect(aClient().owner()).resolves.toEqual({
      userId: fake.directory.owner?.ID,
      customerId: fake.directory.customerId,
      activeUsers: all.filter(({ isActive }) => isActive).length,
    });
    await expect(aClient().countActiveAdministrators()).resolves.toBe(all.filter(({ isActive, isAdmin }) => isActive && isAdmin).length);
  });

  it('knows a blind credential from a user who does not exist', async () => {
    fake.behaviour.blindCredential = true;

    await expect(aClient().owner()).rejects.toMatchObject({ name: 'CredentialFailure', code: 'blind' });
  });

  it('stays within the calls that it may have in flight', async () => {
    const client = aClient();
    fake.behaviour.latencyMs = 5;

    await Promise.all(Array.from({ length: 40 }, (_, index) => client.search({ field: 'extRefID', value: `none ${index}` })));

    expect(fake.calls.maxInFlight).toBe(4);
    expect(fake.calls.answered429).toBe(0);
  });

  it.each([
    ['429', 'throttled'],
    ['503-html', 'server-error'],
    ['200-html', 'not-json'],
    ['200-error', 'refused'],
    ['truncated', 'unreachable'],
  ] as const)('knows %s as %s', async (trouble, code) => {
    fake.behaviour.failNext = [trouble];

    await expect(aClient().search({ field: 'extRefID', value: '1' })).rejects.toMatchObject({ code });
  });
});
