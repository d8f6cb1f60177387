import { describe, expect, it } from '@jest/globals';
import { httpCalls } from '../../lambda/admin-console/calls.ts';
import { umapiConsole } from '../../lambda/admin-console/console.ts';
import { consoleGroups } from '../../lambda/admin-console/groups.ts';
import { PermanentFailure, TransientFailure } from '../../lambda/domain/failures.ts';
import { HOUR, MINUTE } from '../../lambda/domain/time/time.ts';

const ADDRESS = "ana+o'b@acme.test";
const ORGANIZATION = '0123456789ABCDEF@AdobeOrg';
const SECRET = { clientId: 'client', clientSecret: 'p8e-secret', organizationId: ORGANIZATION };
const SETTINGS = { baseUrl: 'https://um.adobe.io/v2', tokenUrl: 'https://ims.adobelogin.com/token' };

type Answer = { status?: number; json?: unknown; text?: string | ReadableStream; headers?: Record<string, string> };
const answerOf = ({ status = 200, json, text = JSON.stringify(json), headers = {} }: Answer) =>
  new Response([204, 304].includes(status) ? null : text, { status, headers });
const token = (expires_in?: unknown): Answer => ({ json: { access_token: 'token-of-a-client', expires_in } });
const shown = (user: object): Answer => ({ json: { user: { email: ADDRESS, ...user } } });
const result = (code: string, status = 200): Answer => ({ status, json: { result: code } });

/** The Console with these answers, one for each call of the API; tokens are given by themselves. */
function aClient({ answers = [], tokens = [], readSecret }: { answers?: Answer[]; tokens?: Answer[]; readSecret?: () => Promise<string> }) {
  const calls: { url: string; init: RequestInit }[] = [];
  const time = { now: 0 };
  const [left, tokensLeft] = [[...answers], [...tokens]];
  const options = {
    settings: SETTINGS,
    readSecret: readSecret ?? (async () => JSON.stringify(SECRET)),
    clock: () => time.now,
    fetch: (async (url: string, init: RequestInit) => {
      calls.push({ url, init });
      return answerOf((url === SETTINGS.tokenUrl ? tokensLeft : left).shift() ?? token());
    }) as typeof fetch,
  };
  const count = (url: string) => calls.filter((call) => call.url === url).length;
  return { console: umapiConsole(options), options, calls, time, tokensAsked: () => count(SETTINGS.tokenUrl) };
}
const remove = { user: { name: ADDRESS, isAdobeId: false }, names: ['Workfront', 'WF-Users'], testOnly: false };

describe('the Admin Console', () => {
  it('is asked twice for one user: for what is direct, and for all', async () => {
    const { console, calls } = aClient({ answers: [shown({ groups: ['A'], type: 'adobeID' }), shown({ groups: ['A', 'B'] })] });

    expect(await console.memberships(ADDRESS)).toEqual({ user: { name: ADDRESS, isAdobeId: true }, direct: ['A'], all: ['A', 'B'] });
    const path = `https://um.adobe.io/v2/organizations/${ORGANIZATION}/users/${encodeURIComponent(ADDRESS)}`;
    expect(calls.slice(1)).toMatchObject([true, false].map((direct) => ({ url: `${path}?directOnly=${direct}`, init: { method: 'GET' } })));
    expect(calls[1]?.init).toMatchObject({
      redirect: 'manual',
      headers: {
        accept: 'application/json',
        'user-agent': 'workfront-offboarding',
        authorization: 'Bearer token-of-a-client',
        'x-api-key': 'client',
      },
    });
    expect(calls[1]?.init).not.toHaveProperty('body');
    expect(calls[1]?.init.headers).not.toHaveProperty('content-type');
  });

  it.each([
    { what: 'who was never there', answers: [result('error.user.not_found', 404)] },
    { what: 'who goes between the two', answers: [shown({}), result('error.user.not_found', 404)] },
  ])('shows nobody $what', async ({ answers }) => {
    expect(await aClient({ answers }).console.memberships(ADDRESS)).toBeUndefined();
  });

  it('is told to remove a list of names, as JSON, and nothing else', async () => {
    const { console, calls } = aClient({ answers: [result('success'), result('partial')] });

    expect(await console.remove(remove)).toEqual({ kind: 'accepted' });
    expect(await console.remove({ ...remove, user: { name: ADDRESS, isAdobeId: true }, testOnly: true })).toEqual({ kind: 'accepted' });
    expect(calls[1]).toMatchObject({
      url: `https://um.adobe.io/v2/action/${ORGANIZATION}`,
      init: { method: 'POST', headers: { 'content-type': 'application/json' } },
    });
    expect(JSON.parse(String(calls[1]?.init.body))).toEqual([{ user: ADDRESS, do: [{ remove: { group: remove.names } }] }]);
    expect(calls[2]?.url).toBe(`https://um.adobe.io/v2/action/${ORGANIZATION}?testOnly=true`);
    expect(JSON.parse(String(calls[2]?.init.body))).toEqual([
      { user: ADDRESS, useAdobeID: true, do: [{ remove: { group: remove.names } }] },
    ]);
  });

  it('shows a name whose letters arrive in parts', async () => {
    const bytes = new TextEncoder().encode(JSON.stringify({ user: { email: ADDRESS, groups: ['Käufer'] } }));
    const byByte = () => ReadableStream.from([...bytes].map((byte) => new Uint8Array([byte])));

    const { console } = aClient({ answers: [{ text: byByte() }, { text: byByte() }] });

    expect(await console.memberships(ADDRESS)).toMatchObject({ direct: ['Käufer'], all: ['Käufer'] });
  });

  it('shows its profiles and groups page by page, five at most', async () => {
    const page = (name: string, lastPage = false): Answer => ({ json: { lastPage, groups: [{ type: 'USER_GROUP', groupName: name }] } });
    const two = aClient({ answers: [page('A'), page('B', true)] });
    const many = aClient({ answers: Array.from({ length: 9 }, (_, index) => page(String(index))) });

    expect((await consoleGroups(two.options)).map(({ groupName }) => groupName)).toEqual(['A', 'B']);
    expect(two.calls.slice(1).map(({ url }) => url)).toEqual(
      [0, 1].map((index) => `https://um.adobe.io/v2/groups/${ORGANIZATION}/${index}`),
    );
    expect(await consoleGroups(many.options)).toHaveLength(5);
  });
});

type Refused = [what: string, answers: Answer[], failure: { name: string; code: string; message: string }];

describe('what the Admin Console refuses', () => {
  const GROUP = 'remove the person from that group, or name it in adminConsole.groups, then retry';
  const NOT_OWNED = 'the directory of this person belongs to another organisation; its administrators must remove the person, then retry';

  it.each([
    ['error.user.nonexistent', { kind: 'nobody' }],
    ['error.user.not_found', { kind: 'nobody' }],
    ['error.user.not_in_org', { kind: 'nobody' }],
    [
      'error.usergroup.readonly.remove_user_not_allowed',
      {
        kind: 'elsewhere',
        code: 'read-only-group',
        saw: 'the group is shared from another console; remove the person there, or in the identity provider, then retry',
      },
    ],
    ['error.domain.trust.nonexistent', { kind: 'elsewhere', code: 'trusted-directory', saw: NOT_OWNED }],
    ['error.api.user.not.parent.org', { kind: 'elsewhere', code: 'trusted-directory', saw: NOT_OWNED }],
    ['error.user.belongs_to_another_org', { kind: 'elsewhere', code: 'trusted-directory', saw: NOT_OWNED }],
    [
      'error.group.remove_failed',
      { kind: 'elsewhere', code: 'through-group', saw: `the person has it only through a user group; ${GROUP}` },
    ],
  ])('by %s a person must know of, also if the rest was done', async (errorCode, meaning) => {
    const errors = [{ errorCode }, { errorCode: 'x' }];
    const { console } = aClient({ answers: ['error', 'partial'].map((said) => ({ json: { result: said, errors } })) });

    expect(await console.remove(remove)).toEqual(meaning);
    expect(await console.remove(remove)).toEqual(meaning);
  });

  const UNKNOWN_ORGANIZATION = 'the Console does not know the organization; set the secret again';
  const REJECTED = 'check in the Developer Console that the project has the User Management API, then set the secret again';
  const byHand = (code: string) => `the Console refuses this person (${code}); remove them there by hand, or fix the cause, then retry`;

  it.each<Refused>([
    [
      'a name that it does not know',
      [result('error.group.not_found')],
      {
        name: 'StageFailure',
        code: 'console-name-unknown',
        message: 'a profile or group of the stage does not exist; run doctor, and correct adminConsole',
      },
    ],
    [
      'the id of the organization',
      [result('error.organization.invalid_id', 400)],
      { name: 'StageFailure', code: 'console-organization', message: UNKNOWN_ORGANIZATION },
    ],
    [
      'the organization',
      [result('error.organization.invalid', 400)],
      { name: 'StageFailure', code: 'console-organization', message: UNKNOWN_ORGANIZATION },
    ],
    [
      'the key',
      [result('error.apikey.invalid')],
      {
        name: 'CredentialFailure',
        code: 'console-rejected',
        message: `the Admin Console refuses the credential with status 200; ${REJECTED}`,
      },
    ],
    [
      'the right',
      [{ status: 403 }],
      {
        name: 'CredentialFailure',
        code: 'console-rejected',
        message: `the Admin Console refuses the credential with status 403; ${REJECTED}`,
      },
    ],
    [
      'the token, twice',
      [{ status: 401 }, { status: 401 }],
      {
        name: 'CredentialFailure',
        code: 'console-rejected',
        message: `the Admin Console refuses the credential with status 401; ${REJECTED}`,
      },
    ],
    [
      'for now, because of another system',
      [result('error.throttled_by_external_service')],
      { name: 'TransientFailure', code: 'console-throttled', message: 'a system behind the Console is busy; wait' },
    ],
    [
      'for now, because it moves',
      [result('error.organization.migrating', 400)],
      { name: 'TransientFailure', code: 'console-migrating', message: 'the organization is being migrated, which may take days; wait' },
    ],
    [
      'for now, by an error of its own',
      [result('error.internal.x')],
      { name: 'TransientFailure', code: 'console-internal', message: 'the Console has an internal error; wait' },
    ],
    [
      'the command',
      [result('error.command.malformed')],
      {
        name: 'StageFailure',
        code: 'console-command',
        message: 'the Console does not understand the request (error.command.malformed); report this',
      },
    ],
    ['the person', [result('error.user.odd')], { name: 'PermanentFailure', code: 'console-refused', message: byHand('error.user.odd') }],
    [
      'the person, by a long code',
      [result(`error.${'a'.repeat(100)}`)],
      { name: 'PermanentFailure', code: 'console-refused', message: byHand(`error.${'a'.repeat(74)}`) },
    ],
    ...['error.Ana Silva', 'x error.user', 'toString', 'error.', 'a.b.c.d.e.f.g.h'].map(
      (code): Refused => [
        `the person, by what is no code: ${code}`,
        [result(code)],
        { name: 'PermanentFailure', code: 'console-refused', message: byHand('a code of another form') },
      ],
    ),
    [
      'nothing, and says no code',
      [{ status: 418, text: 'tea' }],
      { name: 'PermanentFailure', code: 'console-refused', message: byHand('a code of another form') },
    ],
    [
      'a person in the form of a refused request',
      [result('error.user.not_found', 400)],
      { name: 'StageFailure', code: 'console-unexpected', message: 'the Admin Console answered with status 400; run doctor' },
    ],
    [
      'the path',
      [{ status: 404, text: '<html>' }],
      {
        name: 'StageFailure',
        code: 'console-unexpected',
        message:
          'answer of the Admin Console: expected JSON, got text of 6 characters that is not; check adminConsole.baseUrl of the stage, then report this',
      },
    ],
    [
      'calls so soon',
      [{ status: 429 }],
      { name: 'TransientFailure', code: 'console-throttled', message: 'the Admin Console answered with status 429; wait and try again' },
    ],
    [
      'calls while it is down',
      [{ status: 500 }],
      { name: 'TransientFailure', code: 'console-unavailable', message: 'the Admin Console answered with status 500; wait and try again' },
    ],
    [
      'the address of the API',
      [{ status: 300 }],
      {
        name: 'StageFailure',
        code: 'console-redirected',
        message: 'the Admin Console answered with status 300; check adminConsole.baseUrl of the stage',
      },
    ],
    [
      'by too much text',
      [{ text: 'a'.repeat(1_000_001) }],
      {
        name: 'StageFailure',
        code: 'console-too-large',
        message: 'the Admin Console sent more than 1000000 bytes; check adminConsole.baseUrl',
      },
    ],
  ])('is %s', async (_, answers, failure) => {
    await expect(aClient({ answers }).console.remove(remove)).rejects.toMatchObject(failure);
  });

  it('is a path that it does not know', async () => {
    await expect(aClient({ answers: [{ status: 404, json: { result: 'other' } }] }).console.memberships(ADDRESS)).rejects.toMatchObject({
      name: 'StageFailure',
      code: 'console-not-found',
      message: 'the Admin Console does not know the path; check adminConsole.baseUrl of the stage',
    });
  });

  it('says when to come again', async () => {
    const { console } = aClient({ answers: [{ status: 503, headers: { 'retry-after': '7' } }] });

    await expect(console.remove(remove)).rejects.toMatchObject({ code: 'console-unavailable', retryAfterSeconds: 7 });
  });

  it('is no text of exactly as many bytes as are read, whose letters may be cut in two', async () => {
    const text = `{"result":"success","x":"${'é'.repeat(499_986)}"}`;
    expect(new TextEncoder().encode(text)).toHaveLength(999_999);

    expect(await aClient({ answers: [{ text: `${text} ` }] }).console.remove(remove)).toEqual({ kind: 'accepted' });
  });
});

describe('a call that nobody answers', () => {
  const request = { method: 'GET' as const, url: `https://um.adobe.io/${ADDRESS}`, headers: {} };
  const clock = () => 0;

  it.each([
    {
      what: 'in time',
      fetch: ((_url, init) =>
        new Promise((_, reject) => init?.signal?.addEventListener('abort', () => reject(new Error(ADDRESS))))) as typeof fetch,
      failure: { code: 'console-timed-out', message: 'the Admin Console did not answer in time; wait and try again' },
    },
    {
      what: 'at all',
      fetch: (() => Promise.reject(new Error(ADDRESS))) as typeof fetch,
      failure: { code: 'console-unreachable', message: 'the Admin Console could not be reached; wait and try again' },
    },
  ])('$what is tried again, without the address in any word', async ({ fetch, failure }) => {
    const thrown = await httpCalls({ fetch, clock, within: 20 })(request).catch((caught: unknown) => caught);

    expect(thrown).toBeInstanceOf(TransientFailure);
    expect(thrown).toMatchObject(failure);
    expect(thrown).not.toHaveProperty('cause');
  });
});

describe('the token of the Admin Console', () => {
  const ask = async (client: ReturnType<typeof aClient>) => client.console.remove(remove).catch(() => undefined);
  const advice = "check the client's id, secret and scopes in the Developer Console, then set the secret again";

  it('is asked for by the form of this grant', async () => {
    const client = aClient({ answers: [result('success')] });
    await ask(client);

    expect(client.calls[0]).toMatchObject({
      url: SETTINGS.tokenUrl,
      init: { method: 'POST', headers: { 'content-type': 'application/x-www-form-urlencoded' } },
    });
    expect(Object.fromEntries(new URLSearchParams(String(client.calls[0]?.init.body)))).toEqual({
      grant_type: 'client_credentials',
      client_id: 'client',
      client_secret: 'p8e-secret',
      scope: 'openid,AdobeID,user_management_sdk',
    });
  });

  it.each([
    { what: 'five minutes, of a long life', life: 24 * 3600, until: 5 * MINUTE },
    { what: 'five minutes, of a life that nobody says', life: undefined, until: 5 * MINUTE },
    { what: 'five minutes, of a life that is no time', life: -1, until: 5 * MINUTE },
    { what: 'nine tenths of a short life', life: 100, until: 90_000 },
  ])('is remembered for $what', async ({ life, until }) => {
    const client = aClient({ tokens: [token(life)], answers: Array.from({ length: 3 }, () => result('success')) });
    await ask(client);
    client.time.now = until - 1;
    await ask(client);
    expect(client.tokensAsked()).toBe(1);

    client.time.now = until;
    await ask(client);
    expect(client.tokensAsked()).toBe(2);
  });

  it('is renewed once, where it is refused, and the new one is remembered', async () => {
    const client = aClient({ answers: [result('success'), { status: 401 }, result('success'), result('success')] });
    for (let call = 0; call < 3; call++) await ask(client);

    expect(client.tokensAsked()).toBe(2);
  });

  it.each([
    { what: 'with status 400', tokens: [{ status: 400, text: 'p8e-secret' }], got: 'got status 400' },
    { what: 'without a token', tokens: [{ json: {} }], got: 'got status 200 without a token' },
    { what: 'with an odd token', tokens: [{ json: { access_token: 'two words' } }], got: 'got status 200 without a token' },
    { what: 'with a short token', tokens: [{ json: { access_token: '1234567' } }], got: 'got status 200 without a token' },
  ])('is refused $what', async ({ tokens, got }) => {
    await expect(aClient({ tokens }).console.remove(remove)).rejects.toMatchObject({
      name: 'CredentialFailure',
      code: 'console-token-refused',
      message: `expected a token for the Admin Console, ${got}; ${advice}`,
    });
  });

  it.each([
    { what: 'for a while', failure: new TransientFailure('secret-throttled', 'x'), code: 'secret-throttled' },
    { what: 'for good', failure: new PermanentFailure('secret-missing', 'x'), code: 'secret-missing' },
    { what: 'nobody knows why', failure: new Error('x'), code: 'secret-unreadable' },
  ])('waits for a secret that cannot be read $what', async ({ failure, code }) => {
    await expect(aClient({ readSecret: () => Promise.reject(failure) }).console.remove(remove)).rejects.toMatchObject({
      name: 'CredentialFailure',
      code,
      message: `expected the admin-console secret, got ${code}; check that it is set and may be read by the worker`,
      cause: failure,
    });
  });

  it('is made an hour later of the secret as it is then', async () => {
    let reads = 0;
    const client = aClient({
      readSecret: async () => {
        reads += 1;
        return JSON.stringify(SECRET);
      },
      answers: [result('success'), result('success')],
    });
    await ask(client);
    client.time.now = HOUR;
    await ask(client);

    expect(reads).toBe(2);
  });
});
