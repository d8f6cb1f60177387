import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { CredentialFailure, TransientFailure } from '../../lambda/domain/failures.ts';
import { credentialFromSecret } from '../../lambda/workfront/credentials.ts';
import { workfrontDirectory } from '../../lambda/workfront/directory.ts';
import { tokenGiver } from '../../lambda/workfront/tokens.ts';
import { parseSecret } from '../../lambda/workfront/workfront-secret.ts';
import { type FakeWorkfront, startFakeWorkfront } from '../../local/workfront/fake-workfront.ts';
import { FAKE_CLIENT } from '../../local/workfront/http/tokens.ts';
import { type Arrived, type Reply, scriptedHttp } from '../support/scripted-http.ts';
import { CUSTOMER, failureOf, ID, patienceFor } from './a-directory.ts';

const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 });
const pem = (type: 'pkcs8' | 'pkcs1', { privateKey }: { privateKey: KeyObject } = rsa) =>
  privateKey.export({ type, format: 'pem' }).toString();

let fake: FakeWorkfront;
let now: number;
beforeEach(async () => {
  now = Date.now();
  fake = await startFakeWorkfront({
    users: 50,
    behaviour: { oauthPublicKey: rsa.publicKey.export({ type: 'spki', format: 'pem' }).toString() },
  });
});
afterEach(() => fake.close());

const client = { clientId: FAKE_CLIENT.id, clientSecret: FAKE_CLIENT.secret };
/** A user other than the owner of the API keys. */
const appUser = () => fake.directory.all()[7]?.ID ?? '';
const secretOf = {
  'workfront-oauth2': () => ({
    kind: 'workfront-oauth2',
    ...client,
    customerId: fake.directory.customerId,
    userId: appUser(),
    privateKey: pem('pkcs8'),
  }),
  'adobe-ims': () => ({
    kind: 'adobe-ims',
    ...client,
    organizationId: FAKE_CLIENT.organizationId,
    tokenUrl: `${fake.url}/ims/token/v3`,
  }),
} as const;

function aClient(secret: object) {
  const clock = () => now;
  const text = JSON.stringify(secret);
  const credential = credentialFromSecret({
    readSecret: async () => text,
    giveToken: tokenGiver({ baseUrl: fake.url, clock }),
    clock,
  });
  const settings = { apiVersion: 'v21.0', callsInFlight: 4, customFields: [], extraFields: [], clock };
  return { credential, directory: workfrontDirectory({ baseUrl: fake.url, credential, ...settings }) };
}

const tokensGiven = () => fake.calls.byKind.token;

describe.each(['workfront-oauth2', 'adobe-ims'] as const)('a secret of kind %s', (kind) => {
  it('gets one token for all calls at the same time, and for later calls', async () => {
    const { directory } = aClient(secretOf[kind]());
    const [leaver] = fake.directory.all().slice(20);

    await Promise.all(Array.from({ length: 20 }, () => directory.find([{ field: 'emailAddr', value: 'nobody@acme.test' }])));
    await expect(directory.deactivate(leaver?.ID ?? '')).resolves.toEqual({ confirmedBy: 'answer' });

    expect(fake.directory.byId(leaver?.ID ?? '')?.isActive).toBe(false);
    expect(tokensGiven()).toBe(1);
  });

  it('acts as its own user', async () => {
    const { directory } = aClient(secretOf[kind]());

    const { userId } = await directory.owner();

    expect(userId).toBe(kind === 'workfront-oauth2' ? appUser() : fake.directory.owner?.ID);
  });

  it('keeps its token when the secret is read again, and renews it shortly before it ends, under the same id', async () => {
    fake.behaviour.sessionSeconds = 400;
    const { credential } = aClient(secretOf[kind]());
    const first = await credential.current();

    now += 359_000;
    expect(await credential.current()).toBe(first);
    now += 1_000;
    const second = await credential.current();

    expect(second.headers).not.toEqual(first.headers);
    expect(second.id).toBe(first.id);
    expect(tokensGiven()).toBe(2);
  });

  it('gets one new token for all calls whose token was refused', async () => {
    const { directory } = aClient(secretOf[kind]());
    fake.behaviour.sessionSeconds = 0;
    await failureOf(directory.owner());
    fake.behaviour.sessionSeconds = 3600;
    fake.calls.clear();

    await Promise.all(Array.from({ length: 10 }, () => directory.find([{ field: 'extRefID', value: '1' }])));

    expect(tokensGiven()).toBe(1);
  });

  it.each([{ clientSecret: 'another-secret' }, { clientId: 'another' }])(
    'is refused with %j, and the reason does not show it',
    async (change) => {
      const { directory } = aClient({ ...secretOf[kind](), ...change });

      const failure = await failureOf(directory.owner());

      expect(failure).toBeInstanceOf(CredentialFailure);
      expect(failure).toMatchObject({ code: 'token-refused' });
      expect(String(failure)).not.toMatch(/another|fake-client|PRIVATE/);
    },
  );
});

describe('a secret of kind workfront-oauth2', () => {
  it.each([
    ['the JWT is signed by another key', () => ({ privateKey: pem('pkcs8', generateKeyPairSync('rsa', { modulusLength: 2048 })) })],
    ['the customer is another', () => ({ customerId: CUSTOMER })],
    ['the user does not exist', () => ({ userId: ID })],
  ])('is refused if %s', async (_, change) => {
    const { directory } = aClient({ ...secretOf['workfront-oauth2'](), ...change() });

    await expect(directory.owner()).rejects.toMatchObject({ name: 'CredentialFailure', code: 'token-refused' });
  });

  it('is refused after its user became inactive', async () => {
    const { directory } = aClient(secretOf['workfront-oauth2']());
    await directory.find([{ field: 'extRefID', value: '1' }]);
    fake.directory.update(appUser(), { isActive: false });

    await expect(directory.find([{ field: 'extRefID', value: '1' }])).rejects.toMatchObject({
      name: 'CredentialFailure',
      code: 'token-refused',
    });
  });

  it('may have its key as PKCS #1, too', async () => {
    const { directory } = aClient({ ...secretOf['workfront-oauth2'](), privateKey: pem('pkcs1') });

    await expect(directory.owner()).resolves.toMatchObject({ userId: appUser() });
  });

  it.each([
    ['of 1024 bits', pem('pkcs8', generateKeyPairSync('rsa', { modulusLength: 1024 }))],
    ['of another kind', pem('pkcs8', generateKeyPairSync('ec', { namedCurve: 'P-256' }))],
    ['of RSA for another signature', pem('pkcs8', generateKeyPairSync('rsa-pss', { modulusLength: 2048 }))],
    ['that is not a key', '-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----'],
  ])('is unusable with a key %s, and the reason does not show it', async (_, privateKey) => {
    const { directory } = aClient({ ...secretOf['workfront-oauth2'](), privateKey });

    const failure = await failureOf(directory.owner());

    expect(failure).toMatchObject({
      name: 'CredentialFailure',
      code: 'secret-unusable',
      message: 'workfront secret: expected in privateKey an RSA key of at least 2048 bits, got none; set the secret again',
    });
    expect(failure).not.toHaveProperty('cause');
  });
});

it('a token of IMS is refused without the right organisation', async () => {
  const { directory } = aClient({ ...secretOf['adobe-ims'](), organizationId: 'OTHER@AdobeOrg' });

  await expect(directory.owner()).rejects.toMatchObject({ name: 'CredentialFailure', code: 'rejected' });
});

describe('an endpoint of tokens', () => {
  const secret = (tokenUrl: string) => {
    const parsed = parseSecret(JSON.stringify({ ...secretOf['adobe-ims'](), tokenUrl }));
    if (parsed.kind === 'api-key') throw new Error('not an api key');
    return parsed;
  };
  async function asked(reply: Reply, arrived: Arrived[] = []) {
    const server = await scriptedHttp((request) => {
      arrived.push(request);
      return reply;
    });
    try {
      return await tokenGiver({ baseUrl: server.url, clock: () => 0, limits: patienceFor(reply) })(secret(`${server.url}/ims/token/v3`));
    } finally {
      await server.close();
    }
  }
  /** The port is another for every server. */
  const lineOf = (failure: unknown) => String(Object(failure).message).replace(/127\.0\.0\.1:\d+/, 'HOST');

  it('gets a form and is asked for JSON', async () => {
    const arrived: Arrived[] = [];

    await asked({ json: { access_token: 'token-0123' } }, arrived);

    expect(arrived).toMatchObject([
      { method: 'POST', headers: { accept: 'application/json', 'content-type': 'application/x-www-form-urlencoded' } },
    ]);
  });

  it.each<[string, Reply, string, string]>([
    ['is down', { status: 500, json: {} }, 'server-error', 'expected a token from HOST, got status 500; wait and try again'],
    ['is busy', { status: 429, json: {} }, 'throttled', 'expected a token from HOST, got status 429; wait and try again'],
    [
      'answers with a page',
      { status: 403, headers: { 'content-type': 'text/html' }, bytes: '<html>' },
      'not-json',
      'expected a token from HOST, got status 403 as a page; wait, then check the URL',
    ],
    [
      'hangs up',
      'reset',
      'unreachable',
      'expected a token from HOST, got none (unreachable); wait, then check that the host can be reached',
    ],
    [
      'says nothing',
      'never',
      'timed-out',
      'expected a token from HOST, got none (timed-out); wait, then check that the host can be reached',
    ],
  ])('that %s is a transient failure', async (_, reply, code, line) => {
    const failure = await failureOf(asked(reply));

    expect(failure).toBeInstanceOf(TransientFailure);
    expect(failure).toMatchObject({ code });
    expect(lineOf(failure)).toBe(line);
  });

  it('that is busy may say how long to wait', async () => {
    const failure = await failureOf(asked({ status: 429, headers: { 'retry-after': '7' }, json: {} }));

    expect(failure).toMatchObject({ code: 'throttled', retryAfterSeconds: 7 });
  });

  it.each<[string, Reply, string]>([
    ['hangs up', 'reset', 'TransientFailure'],
    ['gives no JSON', { bytes: 's3cret' }, 'InvalidInput'],
    ['never ends', { json: { access_token: 'x'.repeat(2_000_000) } }, 'PermanentFailure'],
  ])('that %s is reported with its cause', async (_, reply, name) => {
    expect(await failureOf(asked(reply))).toMatchObject({ cause: { name } });
  });

  it.each<[string, Reply, string]>([
    ['refuses by an error', { status: 400, json: { error: 'invalid_client', type: 'other' } }, 'status 400 invalid_client'],
    ['refuses by a type', { status: 400, json: { type: 'InvalidClient', message: 's3cret' } }, 'status 400 InvalidClient'],
    ['refuses in words', { status: 401, json: { error: true, type: 'not a s3cret word' } }, 'status 401 without a reason'],
    ['refuses without JSON', { status: 499, bytes: 's3cret' }, 'status 499 without a reason'],
    ['redirects', { status: 302, headers: { location: 'https://elsewhere.test/s3cret' }, json: {} }, 'status 302 without a reason'],
    [
      'gives no token',
      { json: { token: 's3cret' } },
      'status 200 without a token (token answer: access_token: expected a string, got nothing)',
    ],
    [
      'gives a header in a token',
      { json: { access_token: 's3cret-s3cret\r\nx: y' } },
      'status 200 without a token (token answer: access_token: expected a token of 8 to 8,192 visible ASCII characters, got a string of 19 characters)',
    ],
    [
      'gives no JSON',
      { bytes: 's3cret' },
      'status 200 without a token (token answer: expected JSON, got text of 6 characters that is not)',
    ],
    ['never ends', { json: { access_token: 'x'.repeat(2_000_000) } }, 'too-large'],
  ])('that %s is trouble of the credential, reported without the content of the answer', async (_, reply, got) => {
    const failure = await failureOf(asked(reply));

    expect(failure).toBeInstanceOf(CredentialFailure);
    expect(failure).toMatchObject({ code: 'token-refused' });
    expect(lineOf(failure)).toBe(
      `expected a token from HOST, got ${got}; check the client's id, rights and expiry, then set the secret again`,
    );
    expect(lineOf(failure)).not.toMatch(/s3cret/);
  });

  it.each([
    ['an hour', 3600, 59 * 60],
    ['a minute', 60, 54],
    ['more than a day', 86_399_000, 24 * 3600 - 60],
    ['no time', 0, 14 * 60],
    ['words', 'soon', 14 * 60],
  ])('may give a token for %s', async (_, expires_in, seconds) => {
    await expect(asked({ json: { access_token: 'token-0123', expires_in } })).resolves.toEqual({
      headers: { authorization: 'Bearer token-0123', 'x-gw-ims-org-id': FAKE_CLIENT.organizationId },
      endsAt: seconds * 1000,
    });
  });

  it.each([
    'https://adobelogin.com.evil.test/x',
    'http://ims-na1.adobelogin.com/x',
    'https://evil.test/adobelogin.com/',
    'ftp://127.0.0.1/',
  ])('is not %s', (tokenUrl) => {
    expect(() => secret(tokenUrl)).toThrow(/tokenUrl: expected an https URL below adobelogin.com/);
  });
});
