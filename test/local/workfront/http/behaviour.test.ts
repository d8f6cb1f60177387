import { createSign, generateKeyPairSync } from 'node:crypto';
import { request } from 'node:http';
import { beforeEach, describe, expect, it } from '@jest/globals';
import * as z from 'zod';
import { startFakeWorkfront } from '../../../../local/workfront/fake-workfront.ts';
import { type Behaviour, TROUBLES } from '../../../../local/workfront/http/behaviour.ts';
import { FAKE_CLIENT } from '../../../../local/workfront/http/tokens.ts';
import { aFake, aSmallDirectory, callsTo, form, putJson } from '../../support/call-fake.ts';
import { temporaryDirectory } from '../../support/temporary-directory.ts';

const { fake, api, json, search, names, user } = await aFake();
const ana = user('Ana').ID;
const switchTo = (changes: Partial<Behaviour>) => Object.assign(fake.behaviour, changes);
const deactivate = () => json(`/user/${ana}?fields=isActive`, putJson({ isActive: false }));
const isActive = () => user('Ana').isActive;

function giveUp() {
  const controller = new AbortController();
  return { signal: controller.signal, abort: () => controller.abort() };
}

async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await new Promise((resolve) => setImmediate(resolve));
}

beforeEach(() => {
  fake.directory.update(ana, { isActive: true });
});

describe('a trouble of a call', () => {
  it('is 503 with HTML while it is down', async () => {
    switchTo({ down: true });

    const response = await api('/user/search');

    expect([response.status, response.headers.get('content-type')]).toEqual([503, 'text/html;charset=UTF-8']);
    expect(await response.text()).toContain('maintenance');
  });

  it.each([
    ['401', 401, 'application/json'],
    ['429', 429, 'application/json'],
    ['500', 500, 'application/json'],
    ['503-html', 503, 'text/html'],
    ['200-error', 200, 'application/json'],
    ['200-html', 200, 'text/html'],
  ] as const)('is %s once, and nothing is written', async (trouble, status, type) => {
    switchTo({ failNext: [trouble] });

    const failed = await api(`/user/${ana}`, putJson({ isActive: false }));
    const text = await failed.text();

    expect([failed.status, failed.headers.get('content-type')]).toEqual([status, expect.stringContaining(type)]);
    expect(type === 'text/html' ? text : JSON.parse(text)).toEqual(
      type === 'text/html' ? expect.stringContaining('<html>') : { error: { class: expect.any(String), message: expect.any(String) } },
    );
    expect([isActive(), fake.behaviour.failNext]).toEqual([true, []]);
    expect((await deactivate()).status).toBe(200);
  });

  it.each([
    ['reset', true],
    ['reset-before-write', true],
    ['reset-after-write', false],
  ] as const)('is a %s, after which being active is %p', async (trouble, expected) => {
    switchTo({ failNext: [trouble] });

    await expect(api(`/user/${ana}`, putJson({ isActive: false }))).rejects.toThrow();

    expect(isActive()).toBe(expected);
    expect((await deactivate()).body.data).toMatchObject({ isActive: false });
  });

  it.each(['reset-before-write', 'reset-after-write'] as const)('keeps a %s for the next write', async (trouble) => {
    switchTo({ failNext: [trouble] });

    expect((await json('/user/search')).status).toBe(200);
    await expect(deactivate()).rejects.toThrow();
  });

  it('is a gzip answer that nobody asked for', async () => {
    switchTo({ failNext: ['gzip'] });
    const encodingOf = async () =>
      (await api('/user/search', { headers: { 'accept-encoding': 'identity' } })).headers.get('content-encoding');

    expect([await encodingOf(), await encodingOf()]).toEqual(['gzip', null]);
    switchTo({ failNext: ['gzip'] });
    expect((await deactivate()).body.data).toMatchObject({ isActive: false });
  });

  it('is an answer that is cut short after the write took effect', async () => {
    switchTo({ failNext: ['truncated'] });

    await expect(deactivate()).rejects.toThrow();

    expect(isActive()).toBe(false);
  });

  it('is an answer so slow that the caller gives up after the write took effect', async () => {
    switchTo({ failNext: ['slow'] });
    const { signal, abort } = giveUp();

    const waiting = expect(api(`/user/${ana}`, { ...putJson({ isActive: false }), signal })).rejects.toThrow();
    await until(() => !isActive());
    abort();

    await waiting;
    expect(isActive()).toBe(false);
  });

  it('repeats the call in the text of a refusal, if the switch says so', async () => {
    switchTo({ refusalsEcho: true, failNext: ['500'] });

    const text = await (await api('/user/search?emailAddr=ana@acme.test')).text();

    expect(JSON.parse(text).error.message).toContain('"emailAddr","ana@acme.test"');
    expect(await (await api('/user/search?emailAddr=ana@acme.test')).text()).not.toContain('"emailAddr","');
  });

  it('comes in the order of the list, as often as it says, to the kind of call it names', async () => {
    switchTo({ failNext: [{ trouble: '500', only: 'write' }, { trouble: '429', times: 2, only: 'read' }, '503-html'] });
    const read = async () => (await api('/user/search')).status;
    const write = async () => (await api(`/user/${ana}`, putJson({}))).status;

    expect([await read(), await write(), await read(), await read(), await read()]).toEqual([429, 500, 429, 503, 200]);
  });

  it.each<[Behaviour['failAlways'][number]['trouble'], number, RegExp]>([
    ['302', 302, /^$/],
    ['307', 307, /^$/],
    ['403', 403, /AccessException/],
    ['403-session', 403, /Invalid session ID\./],
    ['404', 404, /Not Found/],
    ['408', 408, /error/],
    ['409', 409, /error/],
    ['410', 410, /no longer available/],
    ['422', 422, /invalid data/],
    ['422-field', 422, /does not support field DE:HR ID/],
    ['200-429', 200, /429 Too many concurrent API requests/],
    ['200-other', 200, /^\{"data":\{"success":true\}\}$/],
    ['200-number', 200, /^42$/],
    ['200-half', 200, /^\{"data":\[\{"ID":$/],
    ['200-large', 200, /^.{1100000,}$/],
  ])('is %s to every such call, until it is taken away', async (trouble, status, says) => {
    switchTo({ failAlways: [{ trouble, calls: ['write'] }] });
    for (const _ of [1, 2]) {
      const answer = await api(`/user/${ana}`, { ...putJson({ isActive: false }), redirect: 'manual' });
      expect([answer.status, await answer.text()]).toEqual([status, expect.stringMatching(says)]);
    }
    expect(isActive()).toBe(true);
    expect((await api('/user/search')).status).toBe(200);

    switchTo({ failAlways: [] });
    expect((await api(`/user/${ana}`, putJson({}))).status).toBe(200);
  });

  it('is of the calls and users that it names alone', async () => {
    const statuses = async () => [
      (await api('/user/search')).status,
      (await api('/user/count')).status,
      (await api(`/user/${ana}`)).status,
      (await api(`/user/${ana}`, putJson({}))).status,
    ];

    switchTo({ failAlways: [{ trouble: '500', calls: ['question'] }] });
    expect(await statuses()).toEqual([500, 500, 200, 200]);
    switchTo({ failAlways: [{ trouble: '500', users: [ana] }] });
    expect(await statuses()).toEqual([200, 200, 500, 500]);
    switchTo({
      failAlways: [
        { trouble: '500', users: ['another'] },
        { trouble: '409', calls: ['read', 'write'] },
      ],
    });
    expect(await statuses()).toEqual([200, 200, 409, 409]);
    switchTo({ failAlways: [{ trouble: '500' }] });
    expect(await statuses()).toEqual([500, 500, 500, 500]);
  });

  it('deletes the user just before the call', async () => {
    switchTo({ failNext: [{ trouble: 'deleted', only: 'write' }] });
    const { ID } = fake.directory.add({ firstName: 'Gone' });

    expect((await api(`/user/${ID}`)).status).toBe(200);
    expect((await api(`/user/${ID}`, putJson({ isActive: false }))).status).toBe(404);
    expect(fake.directory.byId(ID)).toBeUndefined();
  });

  it('shows the state before a write for a while', async () => {
    switchTo({ staleForMs: 50 });

    expect((await deactivate()).body.data).toMatchObject({ isActive: true });
    expect(isActive()).toBe(true);
    await until(() => !isActive());

    expect((await json(`/user/${ana}?fields=isActive`)).body.data).toMatchObject({ isActive: false });
  });

  it('is a field of administrators that is null or left out, and who is pending approval', async () => {
    const shown = async () => (await json(`/user/${ana}?fields=isAdmin,userApproval:ID`)).body.data;
    switchTo({ isAdminField: 'null', pendingApprovalIds: [ana] });
    expect(await shown()).toMatchObject({ isAdmin: null, userApproval: { ID: expect.stringMatching(/^[0-9a-f]{32}$/) } });

    switchTo({ isAdminField: 'absent', pendingApprovalIds: [] });
    expect(await shown()).toMatchObject({ userApproval: null });
    expect(await shown()).not.toHaveProperty('isAdmin');
  });

  it('has a test for each trouble above', () => {
    expect([...TROUBLES].sort()).toEqual([
      '200-429',
      '200-error',
      '200-half',
      '200-html',
      '200-large',
      '200-number',
      '200-other',
      '302',
      '307',
      '401',
      '403',
      '403-session',
      '404',
      '408',
      '409',
      '410',
      '422',
      '422-field',
      '429',
      '500',
      '503-html',
      'deleted',
      'gzip',
      'reset',
      'reset-after-write',
      'reset-before-write',
      'slow',
      'truncated',
    ]);
  });
});

describe('the cap on calls in flight', () => {
  it('is 10, and 429 as JSON without Retry-After above it', async () => {
    switchTo({ failNext: [{ trouble: 'slow', times: 10 }] });
    const { signal, abort } = giveUp();
    const waiting = Array.from({ length: 10 }, () => api('/user/search', { signal }).catch(() => undefined));
    await until(() => fake.calls.total === 10);

    const refused = await Promise.all(Array.from({ length: 4 }, () => json('/user/search')));

    abort();
    await Promise.all(waiting);
    expect(refused.map(({ status }) => status)).toEqual([429, 429, 429, 429]);
    expect(refused.map(({ headers }) => headers.get('retry-after'))).toEqual([null, null, null, null]);
    expect(refused[0]?.body.error?.message).toBe('Too many concurrent API requests');
    expect(fake.calls).toMatchObject({ total: 14, answered429: 4 });
    expect(fake.calls.maxInFlight).toBeGreaterThan(10);
  });

  it('can be another number, and say when to call again', async () => {
    switchTo({ concurrencyCap: 0, retryAfterSeconds: 7 });

    const { status, headers } = await json('/user/search');

    expect([status, headers.get('retry-after')]).toEqual([429, '7']);
  });

  it('is not reached by ten who call again and again', async () => {
    await Promise.all(
      Array.from({ length: 10 }, async () => {
        for (let time = 0; time < 20; time++) await (await api('/user/search')).text();
      }),
    );

    expect(fake.calls).toMatchObject({ total: 200, answered429: 0 });
  });
});

describe('a credential', () => {
  it('can be refused', async () => {
    switchTo({ rejectCredential: true });

    expect((await json('/user/search')).status).toBe(401);
  });

  it('can be blind: it sees nobody, gets no error, and writes nothing', async () => {
    switchTo({ blindCredential: true });

    expect(await names({})).toEqual([]);
    expect((await json('/user/count')).body.data).toEqual({ count: 0 });
    expect((await json(`/user?id=${ana}`)).body.data).toEqual([]);
    expect((await json(`/user/${ana}`)).status).toBe(404);
    expect([(await deactivate()).status, isActive()]).toEqual([403, true]);
  });

  it('can see only some users: the others are not found, counted, read or written', async () => {
    switchTo({ visibleUsers: [user('Api').ID, user('Ben').ID] });

    expect(await names({})).toEqual(['Api', 'Ben']);
    expect(await names({ emailAddr: 'ana@acme.test' })).toEqual([]);
    expect(await names({ 'OR:1:emailAddr': 'ana@acme.test', 'OR:2:emailAddr': 'ben@acme.test' })).toEqual(['Ben']);
    expect((await json('/user/count')).body.data).toEqual({ count: 2 });
    expect((await json(`/user?id=${ana},${user('Ben').ID}`)).body.data).toHaveLength(1);
    expect([(await json(`/user/${ana}`)).status, (await json(`/user/${user('Ben').ID}`)).status]).toEqual([404, 200]);
    expect([(await deactivate()).status, isActive()]).toEqual([403, true]);
    expect((await json(`/user/${user('Ben').ID}`, putJson({ title: 'Former' }))).status).toBe(200);
  });

  it('can be limited to reading', async () => {
    switchTo({ readOnlyCredential: true });

    expect(await names({ firstName: 'Ana' })).toEqual(['Ana']);
    expect([(await deactivate()).status, isActive()]).toEqual([403, true]);
  });

  it('can be any key of the list, so that a key can be rotated', async () => {
    switchTo({ apiKeys: ['new', 'old'] });
    const statusWith = async (apiKey: string) => (await api('/user/search', { headers: { apiKey } })).status;

    expect([await statusWith('new'), await statusWith('old'), await statusWith('fake-api-key')]).toEqual([200, 200, 401]);
  });

  it('can be required in the query for a write', async () => {
    switchTo({ apiKeyHeaderOnWrites: false });

    expect((await deactivate()).status).toBe(401);
    const response = await fetch(`${fake.url}/attask/api/user/${ana}?apiKey=fake-api-key&isActive=false`, { method: 'PUT' });
    expect(response.status).toBe(200);
  });
});

describe('tokens', () => {
  const tokenAnswer = z.object({ access_token: z.string().optional() });
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const client = { client_id: FAKE_CLIENT.id, client_secret: FAKE_CLIENT.secret };
  const claims = () => ({ iss: fake.directory.customerId, sub: user('Api').ID, exp: Math.floor(Date.now() / 1000) + 180 });
  const jwt = (given: object, alg = 'RS256') => {
    const signed = `${part({ alg, typ: 'JWT' })}.${part(given)}`;
    return `${signed}.${createSign('RSA-SHA256').update(signed).sign(privateKey).toString('base64url')}`;
  };
  const exchange = async (parameters: Record<string, string>, path = '/integrations/oauth2/api/v1/jwt/exchange') => {
    const response = await fetch(`${fake.url}${path}`, form('POST', { ...client, ...parameters }));
    return { status: response.status, token: tokenAnswer.parse(await response.json()).access_token ?? '' };
  };
  const withHeaders = async (headers: Record<string, string>) => (await fetch(`${fake.url}/attask/api/user/search`, { headers })).status;

  beforeEach(() => {
    switchTo({ oauthPublicKey: publicKey.export({ type: 'spki', format: 'pem' }).toString() });
  });

  it('come from the JWT exchange, as a session', async () => {
    const { status, token } = await exchange({ jwt_token: jwt(claims()) });

    expect([status, await withHeaders({ sessionID: token }), await withHeaders({ authorization: `Bearer ${token}` })]).toEqual([
      200, 200, 401,
    ]);
  });

  it.each([
    ['another client', { client_secret: 'other' }, () => jwt(claims())],
    ['another signature', {}, () => jwt(claims()).replace(/\.[^.]{8}/, '.AAAAAAAA')],
    ['another algorithm', {}, () => jwt(claims(), 'none')],
    ['another customer', {}, () => jwt({ ...claims(), iss: 'other' })],
    ['another user', {}, () => jwt({ ...claims(), sub: 'other' })],
    ['a JWT that expired', {}, () => jwt({ ...claims(), exp: 1 })],
    ['a JWT that lives for hours', {}, () => jwt({ ...claims(), exp: Math.floor(Date.now() / 1000) + 7200 })],
    ['a missing JWT', {}, () => ''],
  ])('are refused for %s', async (_, parameters, token) => {
    expect((await exchange({ jwt_token: token(), ...parameters })).status).toBe(401);
  });

  it('are refused while the client has no public key', async () => {
    switchTo({ oauthPublicKey: null });

    expect((await exchange({ jwt_token: jwt(claims()) })).status).toBe(401);
  });

  it('end after their time', async () => {
    switchTo({ sessionSeconds: 0 });

    const { token } = await exchange({ jwt_token: jwt(claims()) });

    expect(await withHeaders({ sessionID: token })).toBe(401);
  });

  it('end with their user', async () => {
    const { ID } = fake.directory.add({ firstName: 'Service' });
    const { token } = await exchange({ jwt_token: jwt({ ...claims(), sub: ID }) });
    const whileThere = await withHeaders({ sessionID: token });

    fake.directory.remove(ID);

    expect([whileThere, await withHeaders({ sessionID: token })]).toEqual([200, 401]);
  });

  it('come from IMS, as a bearer token that needs the organisation', async () => {
    const { status, token } = await exchange({ grant_type: 'client_credentials', scope: 'openid' }, '/ims/token/v3');
    const authorization = `Bearer ${token}`;

    expect([
      status,
      await withHeaders({ authorization }),
      await withHeaders({ authorization, 'x-gw-ims-org-id': 'OTHER@AdobeOrg' }),
      await withHeaders({ authorization, 'x-gw-ims-org-id': FAKE_CLIENT.organizationId }),
    ]).toEqual([200, 401, 401, 200]);
    switchTo({ imsOrgRequired: false });
    expect(await withHeaders({ authorization })).toBe(200);
  });

  it.each([{ client_secret: 'other' }, { grant_type: 'other' }, { scope: '' }])('are refused by IMS for %j', async (parameters) => {
    expect((await exchange({ grant_type: 'client_credentials', scope: 'openid', ...parameters }, '/ims/token/v3')).status).toBe(400);
  });
});

describe('what nobody documents', () => {
  it.each<[Partial<Behaviour>, string, unknown]>([
    [{ v15: 'works' }, '/attask/api/v15.0/user/count', 200],
    [{ goneStatus: 404 }, '/attask/api/v14.0/user/count', 404],
    [{ newestVersion: 23 }, '/attask/api/v23.0/user/count', 200],
    [{ unauthenticatedStatus: 403 }, '/attask/api/user/count?apiKey=x&sessionID=y', 403],
    [{ loginStatus: 403 }, '/attask/api/login', 403],
    [{ unknownTypeStatus: 422 }, '/attask/api/x/search', 422],
    [{ notFoundStatus: 422 }, '/attask/api/user/x', 422],
    [{ invalidStatus: 400 }, '/attask/api/user/search?x=y', 400],
    [{ uriLimitBytes: 20, uriLimitStatus: 400 }, '/attask/api/user/search', 400],
    [{ limitBelowOne: 'error' }, '/attask/api/user/search?$$LIMIT=0', 422],
    [{ limitBelowOne: 'default' }, '/attask/api/user/search?$$LIMIT=0', 200],
  ])('is a status: with %j GET %s gives %i', async (changes, path, status) => {
    switchTo(changes);

    expect((await fetch(`${fake.url}${path}`, { headers: { apiKey: fake.apiKey } })).status).toBe(status);
  });

  it.each<[Partial<Behaviour>, Record<string, string>, string[]]>([
    [{ usernameFilterDropped: false }, { username: 'cem' }, ['Cem']],
    [{ dropFilters: ['emailAddr'] }, { emailAddr: 'x', emailAddr_Mod: 'cieq', firstName: 'Ana' }, ['Ana']],
    [{ eqIgnoresCase: true }, { emailAddr: 'ANA@acme.test' }, ['Ana']],
    [{ startsWithIgnoresCase: false }, { firstName: 'a', firstName_Mod: 'startswith' }, []],
    [{ limitBelowOne: 'unlimited' }, { $$LIMIT: '0' }, ['Ana', 'Api', 'Ben', 'Cem']],
    [{ orGroups: 'right' }, { 'OR:1:firstName': 'Ana', 'OR:2:firstName': 'Ben' }, ['Ana', 'Ben']],
    [{ orGroups: 'too-many' }, { 'OR:1:firstName': 'Ana', 'OR:2:firstName': 'Ben' }, ['Ana', 'Api', 'Ben', 'Cem']],
    [{ orGroups: 'too-few' }, { 'OR:1:firstName': 'Ana', 'OR:2:firstName': 'Ben' }, ['Ana']],
    [{ orGroups: 'too-many' }, { firstName: 'Ben' }, ['Ben']],
    [{ orGroups: 'too-few' }, { filters: '{"OR:1:firstName":"Ana","OR:2:firstName":"Ben"}' }, ['Ana']],
  ])('is what a filter means: with %j %j finds %j', async (changes, parameters, expected) => {
    switchTo(changes);

    expect(await names(parameters)).toEqual(expected);
  });

  it('is the order without a sort', async () => {
    switchTo({ unstableOrder: false });
    const order = async () => (await search({ fields: 'firstName' })).map(({ firstName }) => firstName);

    expect([await order(), await order()]).toEqual(Array(2).fill(['Api', 'Ana', 'Ben', 'Cem']));
    switchTo({ unstableOrder: true });
    expect(new Set([(await order()).join(), (await order()).join()]).size).toBe(2);
  });

  it.each<[Partial<Behaviour>, string, unknown]>([
    [{ countShape: 'bare' }, '/user/count', { count: 4 }],
    [{ singleShape: 'array' }, `/user/${ana}?fields=ID`, { data: [{ ID: ana, name: 'Ana Silva', objCode: 'USER' }] }],
    [{ singleShape: 'bare' }, `/user/${ana}?fields=ID`, { ID: ana, name: 'Ana Silva', objCode: 'USER' }],
    [
      { customerIdField: 'value' },
      `/user/${ana}?fields=customerID`,
      { data: { ID: ana, name: 'Ana Silva', objCode: 'USER', customerID: fake.directory.customerId } },
    ],
    [
      { customerIdField: 'null' },
      `/user/${ana}?fields=customerID`,
      { data: { ID: ana, name: 'Ana Silva', objCode: 'USER', customerID: null } },
    ],
    [
      { customerIdField: 'absent' },
      `/user?id=${ana}&fields=customerID,isActive`,
      { data: [{ ID: ana, name: 'Ana Silva', objCode: 'USER', isActive: true }] },
    ],
  ])('is the shape of an answer: %j', async (changes, path, expected) => {
    switchTo(changes);

    expect(await (await api(path)).json()).toEqual(expected);
  });

  it('is the spelling of strings, dates and bodies', async () => {
    switchTo({ jsonEscapes: false, utcOffset: '+0530', gzip: true });
    fake.directory.update(user('Cem').ID, { lastLoginDate: '2020-05-18T23:00:00Z' });

    const response = await api('/user/search?firstName=Cem&fields=lastName,lastLoginDate');

    expect(response.headers.get('content-encoding')).toBe('gzip');
    expect(await response.text()).toContain('"lastName":"O/Neil <3","lastLoginDate":"2020-05-19T04:30:00:000+0530"');
  });
});

describe('a write', () => {
  it.each([[403], [422]] as const)('is refused with %i for the main administrator', async (mainAdminStatus) => {
    switchTo({ mainAdminId: ana, mainAdminStatus });

    expect([(await deactivate()).status, isActive()]).toEqual([mainAdminStatus, true]);
    expect((await json(`/user/${ana}`, putJson({ title: 'Chief' }))).status).toBe(200);
  });

  it('can have no effect, and still get 200', async () => {
    switchTo({ ignoreWrites: true });

    expect((await deactivate()).body.data).toMatchObject({ isActive: true });
    expect([isActive(), fake.calls.changingWrites]).toEqual([true, 0]);
  });

  it('can have an answer without the state of the user', async () => {
    switchTo({ sparseWriteAnswer: true });

    expect((await deactivate()).body.data).toEqual({ ID: ana, name: 'Ana Silva', objCode: 'USER' });
    expect(isActive()).toBe(false);
  });

  it.each([0, 1])('can be undone by the sync of the Admin Console after %i ms', async (syncReactivatesAfterMs) => {
    switchTo({ syncReactivatesAfterMs });
    const reactivated = new Promise<void>((resolve) =>
      fake.directory.onChange((change) => 'user' in change && change.user.ID === ana && change.user.isActive && resolve()),
    );

    expect((await deactivate()).body.data).toMatchObject({ isActive: false });

    await reactivated;
    expect((await json(`/user/${ana}?fields=isActive,actualDeactivationDate`)).body.data).toMatchObject({
      isActive: true,
      actualDeactivationDate: null,
    });
    expect(fake.calls.changingWrites).toBe(1);
  });
});

describe('the controls at run time', () => {
  const control = async (path: string, init: RequestInit = {}) => {
    const response = await fetch(`${fake.url}/_fake/${path}`, init);
    return { status: response.status, body: z.record(z.string(), z.unknown()).parse(await response.json()) };
  };

  it('show and change the switches', async () => {
    expect((await control('behaviour')).body).toEqual({ ...fake.behaviour });

    const { status, body } = await control('behaviour', putJson({ down: true, failNext: ['429', { trouble: 'slow', times: 2 }] }));

    expect([status, body.down, fake.behaviour.down, fake.behaviour.failNext.length]).toEqual([200, true, true, 2]);
  });

  it.each([
    ['an unknown switch', '{"dwon":true}', 'dwon'],
    ['a value of another kind', '{"down":"yes"}', 'down'],
    ['an unknown trouble', '{"failNext":["rain"]}', 'failNext'],
    ['text that is not JSON', 'no', 'the body is not JSON; send a JSON object'],
  ])('refuse %s and change nothing', async (_, body, named) => {
    const before = structuredClone(fake.behaviour);

    const refused = await control('behaviour', { method: 'PUT', body });

    expect([refused.status, refused.body.error]).toEqual([400, expect.stringContaining(named)]);
    expect(fake.behaviour).toEqual(before);
  });

  it('show and forget the calls, and are not counted themselves', async () => {
    await deactivate();

    expect((await control('calls')).body).toMatchObject({ total: 1, changingWrites: 1, byKind: { write: 1 }, entries: [{ userId: ana }] });
    await control('calls', { method: 'DELETE' });
    expect((await control('calls')).body).toMatchObject({ total: 0, changingWrites: 0, entries: [] });
    expect((await control('other')).status).toBe(404);
  });

  it('hand an account over: name and address change, the ID and the entry date stay', async () => {
    const before = fake.directory.add({ firstName: 'Dee', lastName: 'Old', emailAddr: 'dee@acme.test' });
    const next = { firstName: 'Eli', lastName: 'New', emailAddr: 'eli@acme.test', username: 'eli@acme.test' };

    const { status, body } = await control(`users/${before.ID}`, putJson(next));

    const after = { ...before, ...next, name: 'Eli New' };
    expect([status, body, fake.directory.byId(before.ID)]).toEqual([200, after, after]);
    expect(await names({ emailAddr: 'dee@acme.test' })).toEqual([]);
    expect(await search({ emailAddr: 'eli@acme.test', fields: 'name' })).toEqual([{ ID: before.ID, name: 'Eli New', objCode: 'USER' }]);
    fake.directory.remove(before.ID);
  });

  it('add, show, change and delete a user', async () => {
    const { body: made } = await control('users', { ...putJson({ firstName: 'Fay', lastName: 'New' }), method: 'POST' });
    const path = `users/${made.ID}`;

    expect(made).toMatchObject({ name: 'Fay New', isActive: true, customerID: fake.directory.customerId, entryDate: expect.any(String) });
    expect((await control(path, putJson({ entryDate: '2020-01-01T00:00:00Z' }))).body.entryDate).toBe('2020-01-01T00:00:00Z');
    expect((await control(path)).body.entryDate).toBe('2020-01-01T00:00:00Z');
    expect((await control(path, { method: 'DELETE' })).status).toBe(200);
    expect([(await control(path)).status, (await json(`/user/${made.ID}`)).status]).toEqual([404, 404]);
    expect(await names({ firstName: 'Fay' })).toEqual([]);
    expect(fake.calls.changingWrites).toBe(0);
  });

  it.each([
    ['an unknown field', { isActiv: false }, 'isActiv'],
    ['a value of another kind', { isActive: 'no' }, 'isActive'],
    ['a date that is not RFC 3339', { entryDate: 'yesterday' }, 'entryDate'],
    ['another ID', { ID: '0'.repeat(32) }, 'ID'],
  ])('refuse %s for a user, and change nothing', async (_, changes, named) => {
    const before = user('Ana');

    const refused = await control(`users/${ana}`, putJson(changes));

    expect([refused.status, refused.body.error]).toEqual([400, expect.stringContaining(named)]);
    expect(user('Ana')).toBe(before);
  });

  it('refuse to delete the owner of the credential, and to change a user who is unknown', async () => {
    const owner = await control(`users/${user('Api').ID}`, { method: 'DELETE' });
    const unknown = await control(`users/${'0'.repeat(32)}`, putJson({ title: 'x' }));

    expect([owner.status, owner.body.error]).toEqual([400, expect.stringContaining('owner of the credential')]);
    expect([unknown.status, unknown.body.error]).toEqual([404, `no user has the ID ${'0'.repeat(32)}`]);
  });

  it('refuse a page in a browser that reached the fake by another name', async () => {
    const { port } = new URL(fake.url);
    const status = await new Promise((resolve) =>
      request({ host: '127.0.0.1', port, path: '/_fake/behaviour', headers: { host: 'evil.test' } }, (response) =>
        resolve(response.resume().statusCode),
      ).end(),
    );

    expect(status).toBe(403);
  });
});

describe('a start', () => {
  it('generates users; the second is the main administrator, and cannot be deactivated', async () => {
    const other = await startFakeWorkfront({ users: 30, apiKey: 'mine' });
    const calls = callsTo(other);
    const [owner, main] = other.directory.all();

    const refused = await calls.json(`/user/${main?.ID}`, putJson({ isActive: false }));
    const self = await calls.search({ ID: '$$USER.ID', fields: 'ID' });

    await other.close();
    expect([other.apiKey, other.directory.size, refused.status, self[0]?.ID]).toEqual(['mine', 30, 403, owner?.ID]);
  });

  it('goes on where the last one with the same file ended', async () => {
    const dataFile = `${await temporaryDirectory()}/users.jsonl`;
    const first = await startFakeWorkfront({ directory: aSmallDirectory(), dataFile });
    await callsTo(first).json(`/user/${ana}`, putJson({ isActive: false }));
    await first.close();

    const second = await startFakeWorkfront({ directory: aSmallDirectory(), dataFile });

    await second.close();
    expect(second.directory.byId(ana)?.isActive).toBe(false);
  });

  it('fails if another process has the port', async () => {
    await expect(startFakeWorkfront({ port: Number(new URL(fake.url).port) })).rejects.toThrow('cannot have port');
  });

  it('closes at once, even while a caller waits', async () => {
    const other = await startFakeWorkfront({ users: 30, behaviour: { latencyMs: 60_000 } });
    const waiting = fetch(`${other.url}/attask/api/user/search`).then(
      () => 'answered',
      () => 'hung up',
    );
    await until(() => other.calls.total === 1);

    await other.close();

    expect(await waiting).toBe('hung up');
  });
});

it('finds one of 100,000 users by index, and counts them all', async () => {
  const other = await startFakeWorkfront({ users: 100_000 });
  const calls = callsTo(other);
  const last = other.directory.all()[99_998];

  const found = await calls.search({ emailAddr: last?.emailAddr?.toUpperCase() ?? '', emailAddr_Mod: 'cieq', $$LIMIT: '2', fields: 'ID' });
  const counted = await calls.json('/user/count?isActive=true');

  await other.close();
  expect(found.map(({ ID }) => ID)).toEqual([last?.ID]);
  expect(counted.body.data).toEqual({ count: 90_000 });
});
