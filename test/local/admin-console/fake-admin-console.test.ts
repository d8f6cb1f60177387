import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { umapiConsole } from '../../../lambda/admin-console/console.ts';
import { consoleGroups } from '../../../lambda/admin-console/groups.ts';
import { consoleDirectory } from '../../../local/admin-console/console-directory.ts';
import { CONSOLE_CLIENT, type FakeAdminConsole, startFakeAdminConsole } from '../../../local/admin-console/fake-admin-console.ts';
import { groupsNamed, linkToWorkfront, peopleOf } from '../../../local/admin-console/link.ts';
import { createDirectory } from '../../../local/workfront/users/directory.ts';
import { aUser, guidOf } from '../../../local/workfront/users/user.ts';

const EMAIL = 'ana@acme.test';
const ID = guidOf('ana');
const GROUPS = groupsNamed({ profiles: ['Workfront'], groups: ['WF-Users'] });

let fake: FakeAdminConsole;
let now: number;
let workfront: ReturnType<typeof createDirectory>;

beforeEach(async () => {
  now = Date.parse('2026-11-24T12:00:00Z');
  workfront = createDirectory([aUser({ ID: guidOf('owner') }), aUser({ ID, emailAddr: EMAIL })]);
  const directory = consoleDirectory({ groups: GROUPS, people: peopleOf(workfront, GROUPS) });
  directory.put({ email: EMAIL, type: 'federatedID', status: 'active', direct: ['Workfront'] });
  fake = await startFakeAdminConsole({ directory, now: () => now, switches: { deactivatesAfter: 0, activatesAfter: 0 } });
  linkToWorkfront(fake, workfront);
});
afterEach(() => fake.close());

const token = async (scope = 'openid,AdobeID,user_management_sdk', path = fake.tokenUrl) => {
  const form = new URLSearchParams({
    grant_type: 'client_credentials',
    client_id: CONSOLE_CLIENT.clientId,
    client_secret: CONSOLE_CLIENT.clientSecret,
    scope,
  });
  const answer = await fetch(path, { method: 'POST', body: form });
  const { access_token: value } = Object(await answer.json());
  return String(value);
};
const call = async (path: string, { headers = {}, body }: { headers?: Record<string, string>; body?: object } = {}) =>
  fetch(`${fake.baseUrl}${path}`, {
    headers: { authorization: `Bearer ${await token()}`, 'x-api-key': CONSOLE_CLIENT.clientId, ...headers },
    ...(body !== undefined && { method: 'POST', body: JSON.stringify(body) }),
  });
const USER = `/organizations/${CONSOLE_CLIENT.organizationId}/users/${EMAIL}`;
const ACTION = `/action/${CONSOLE_CLIENT.organizationId}`;
const removal = (group = ['Workfront'], user = EMAIL) => [{ user, do: [{ remove: { group } }] }];
/** Waits for timers that are due at once. */
const settled = () => new Promise((resolve) => setTimeout(resolve, 20));

describe('the fake Admin Console', () => {
  it.each(['/ims/token/v2', '/ims/token/v3'])('gives tokens at %s', async (path) => {
    const value = await token(undefined, new URL(path, fake.tokenUrl).href);

    expect((await call(USER, { headers: { authorization: `Bearer ${value}` } })).status).toBe(200);
  });

  it.each([
    { without: 'a known token', headers: { authorization: 'Bearer nothing-known' }, status: 401 },
    { without: 'x-api-key', headers: { 'x-api-key': '' }, status: 403 },
  ])('refuses a call without $without, with no body', async ({ headers, status }) => {
    const answer = await call(USER, { headers });

    expect([answer.status, await answer.text()]).toEqual([status, '']);
  });

  it('refuses a token whose scope lacks user_management_sdk', async () => {
    expect((await call(USER, { headers: { authorization: `Bearer ${await token('openid')}` } })).status).toBe(403);
  });

  it('refuses an eleventh action in a minute, and says when to come again', async () => {
    const statuses: number[] = [];
    for (let count = 0; count < 11; count++) statuses.push((await call(ACTION, { body: removal() })).status);

    expect(statuses).toEqual([...Array(10).fill(200), 429]);
    expect((await call(ACTION, { body: removal() })).headers.get('retry-after')).toBe('60');
    now += 60_001;
    expect((await call(ACTION, { body: removal() })).status).toBe(200);
  });

  it('removes only from what a command names, and answers for each command', async () => {
    const answer = await call(ACTION, { body: [...removal(), ...removal(['Nothing'])] });

    expect(await answer.json()).toMatchObject({
      result: 'partial',
      completed: 1,
      notCompleted: 1,
      errors: [{ index: 1, errorCode: 'error.group.not_found' }],
    });
    expect(fake.directory.find(EMAIL)?.direct).toEqual([]);
  });

  it.each([
    ['remove all', { remove: 'all' }],
    ['removal from the organization', { removeFromOrg: { deleteAccount: false } }],
    ['deletion of the account', { removeFromOrg: { deleteAccount: true } }],
  ])('takes no command for %s', async (_, step) => {
    expect((await call(ACTION, { body: [{ user: EMAIL, do: [step] }] })).status).toBe(400);
  });

  it('changes nothing in test mode, where a user who does not exist is no error', async () => {
    const answer = await call(`${ACTION}?testOnly=true`, { body: [...removal(), ...removal(['Workfront'], 'nobody@acme.test')] });

    expect(await answer.json()).toMatchObject({ result: 'success', completed: 0, completedInTestMode: 2 });
    expect(fake.directory.find(EMAIL)?.direct).toEqual(['Workfront']);
  });

  it('shows what comes through a user group only if it is asked for, and leaves out empty groups', async () => {
    fake.directory.put({ email: EMAIL, type: 'federatedID', status: 'active', direct: ['WF-Users'] });
    const groups = async (query: string) => Object(await (await call(USER + query)).json()).user.groups;

    expect(await groups('')).toEqual(['WF-Users']);
    expect(await groups('?directOnly=false')).toEqual(['WF-Users', 'Workfront']);
    fake.directory.leave(EMAIL, 'WF-Users');
    expect(await groups('')).toBeUndefined();
  });

  it('lists profiles with their product, and user groups', async () => {
    const answer = await call(`/groups/${CONSOLE_CLIENT.organizationId}/0`);

    expect(await answer.json()).toMatchObject({
      lastPage: true,
      groups: [
        { type: 'PRODUCT_PROFILE', groupName: 'Workfront', productName: 'Adobe Workfront' },
        { type: 'USER_GROUP', groupName: 'WF-Users' },
      ],
    });
  });
});

describe('the link to the fake Workfront', () => {
  it.each([
    { name: 'deactivates whoever loses the last profile', after: 0, isActive: false },
    { name: 'leaves them active if that is switched off', after: null, isActive: true },
  ])('$name', async ({ after, isActive }) => {
    fake.switches.deactivatesAfter = after;

    fake.directory.leave(EMAIL, 'Workfront');
    await settled();

    expect(workfront.byId(ID)?.isActive).toBe(isActive);
  });

  it.each([
    { name: 'activates whoever gains a profile', after: 0, isActive: true },
    { name: 'leaves them inactive if that is switched off', after: null, isActive: false },
  ])('$name', async ({ after, isActive }) => {
    fake.switches.activatesAfter = after;
    fake.directory.leave(EMAIL, 'Workfront');
    await settled();

    fake.directory.join(EMAIL, 'WF-Users');
    await settled();

    expect(workfront.byId(ID)?.isActive).toBe(isActive);
  });
});

describe('the client', () => {
  const client = (fetcher: typeof fetch) =>
    umapiConsole({
      settings: fake,
      readSecret: async () => JSON.stringify(CONSOLE_CLIENT),
      fetch: fetcher,
      clock: () => now,
    });

  it('puts the address into no failure, also if the connection breaks on a URL that has it', async () => {
    const broken: typeof fetch = (url, init) =>
      String(url).includes('/ims/') ? fetch(url, init) : Promise.reject(new TypeError(`failed ${String(url)}`));

    const failure = await client(broken)
      .memberships(EMAIL)
      .catch((error: unknown) => error);

    expect(failure).toMatchObject({ code: 'console-unreachable' });
    expect(failure).not.toHaveProperty('cause');
    expect(String(Object(failure).message)).not.toContain('acme');
  });

  it('lists the groups of the organization, for doctor', async () => {
    const options = { settings: fake, readSecret: async () => JSON.stringify(CONSOLE_CLIENT), fetch, clock: () => now };

    expect(await consoleGroups(options)).toEqual([
      { type: 'PRODUCT_PROFILE', groupName: 'Workfront', productName: 'Adobe Workfront' },
      { type: 'USER_GROUP', groupName: 'WF-Users' },
    ]);
  });

  it('sends a name with signs of a URL as one part of the path', async () => {
    await client(fetch).memberships('a+b/../x?y#z%2e@acme.test');

    expect(fake.calls.at(-1)?.url).toContain(`/users/${encodeURIComponent('a+b/../x?y#z%2e@acme.test')}?directOnly=true`);
  });
});
