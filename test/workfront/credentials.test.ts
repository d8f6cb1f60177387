import { afterEach, describe, expect, it } from '@jest/globals';
import { CredentialFailure, TransientFailure } from '../../lambda/domain/failures.ts';
import { credentialFromSecret } from '../../lambda/workfront/credentials.ts';
import { parseSecret } from '../../lambda/workfront/workfront-secret.ts';
import type { Arrived, Reply } from '../support/scripted-http.ts';
import { aDirectory, aRecord, closeAll, failureOf, noToken } from './a-directory.ts';

afterEach(closeAll);

const OLD = 'old-key-0123456789';
const NEW = 'new-key-0123456789';
const MINUTE = 60_000;

const accepting =
  (...keys: string[]) =>
  ({ headers }: Arrived): Reply =>
    keys.includes(String(headers.apikey))
      ? { json: { data: [aRecord()] } }
      : { status: 401, json: { error: { class: 'com.attask.common.AuthenticationException', message: 'key {0} of ana@acme.test' } } };

/** A secret that counts how often it is read. */
function aSecret(...values: string[]) {
  let reads = 0;
  return {
    reads: () => reads,
    read: async () => {
      const value = values[Math.min(reads, values.length - 1)] ?? '';
      reads += 1;
      return value;
    },
  };
}

const KEY_OF_ANA = { field: 'extRefID', value: '10042' };

describe('a secret', () => {
  it.each([
    ['JSON', JSON.stringify({ kind: 'api-key', apiKey: OLD })],
    ['JSON with its date', JSON.stringify({ kind: 'api-key', apiKey: OLD, createdAt: '2026-11-01T00:00:00Z' })],
    ['a bare key', OLD],
    ['a bare key with a line end', `${OLD}\n`],
  ])('may be %s', (_, text) => {
    expect(parseSecret(text)).toMatchObject({ kind: 'api-key', apiKey: OLD });
  });

  it.each([
    ['nothing', ''],
    ['white space', ' \n'],
    ['broken JSON', '{"kind":"api-key","apiKey":"s3cret-s3cret'],
    ['another kind', '{"kind":"password","apiKey":"s3cret-s3cret"}'],
    ['no kind', '{"apiKey":"s3cret-s3cret"}'],
    ['no key', '{"kind":"api-key"}'],
    ['an empty key', '{"kind":"api-key","apiKey":""}'],
    ['a key of two lines', '{"kind":"api-key","apiKey":"s3cret\\r\\ns3cret: x"}'],
    ['a sentence', 's3cret s3cret s3cret'],
    ['a JSON string', '"s3cret-s3cret"'],
  ])('of %s is unusable, and the reason does not show it', (_, text) => {
    const parsed = () => parseSecret(text);

    expect(parsed).toThrow(CredentialFailure);
    expect(parsed).toThrow(/^workfront secret: .*expected .*, got .*; set the secret/);
    expect(parsed).not.toThrow(/s3cret/);
  });

  it.each(['', ' \n'])('that is missing is called so: %j', (text) => {
    expect(() => parseSecret(text)).toThrow('workfront secret: expected a credential, got nothing; set the secret');
  });

  it('that is unusable is reported by its first wrong place, with the cause', async () => {
    const failure = await failureOf(Promise.resolve('{"kind":"api-key"}').then(parseSecret));

    expect(failure).toMatchObject({
      code: 'secret-unusable',
      message: 'workfront secret: apiKey: expected a string, got nothing; set the secret again',
      cause: { name: 'InvalidInput' },
    });
  });
});

describe('a credential from a secret', () => {
  it('is read once in 5 minutes, however many callers there are', async () => {
    let now = 0;
    const secret = aSecret(OLD, OLD, NEW);
    const source = credentialFromSecret({ readSecret: secret.read, giveToken: noToken, clock: () => now });

    const [first] = await Promise.all(Array.from({ length: 50 }, () => source.current()));
    now = 5 * MINUTE - 1;
    await source.current();
    expect(secret.reads()).toBe(1);

    now = 5 * MINUTE;
    const same = await source.current();
    now = 10 * MINUTE;
    const other = await source.current();
    expect(secret.reads()).toBe(3);
    expect(same.id).toBe(first?.id);
    expect(other.id).not.toBe(first?.id);
    expect(other.headers).toEqual({ apiKey: NEW });
  });

  it('is not read again for a caller whose value is already replaced', async () => {
    const secret = aSecret(OLD, NEW);
    const source = credentialFromSecret({ readSecret: secret.read, giveToken: noToken, clock: () => 0 });
    const old = await source.current();

    const fresh = await source.refresh(old);
    const late = await source.refresh(old);

    expect(late).toBe(fresh);
    expect(secret.reads()).toBe(2);
  });

  it('works again as soon as the secret can be read', async () => {
    let broken = true;
    const readSecret = async () => {
      if (broken) throw new Error('ResourceNotFoundException');
      return OLD;
    };
    const source = credentialFromSecret({ readSecret, giveToken: noToken, clock: () => 0 });

    expect(await failureOf(source.current())).toMatchObject({
      name: 'CredentialFailure',
      code: 'secret-unreadable',
      message: 'expected the Workfront secret, got an error; check that it exists, is set, and may be read by the worker',
      cause: { message: 'ResourceNotFoundException' },
    });
    broken = false;
    await expect(source.current()).resolves.toMatchObject({ headers: { apiKey: OLD } });
  });

  it.each([
    new TransientFailure('secret-missing', 'expected the secret, got ResourceNotFoundException'),
    new TransientFailure('secret-unreadable', 'expected the secret, got TimeoutError'),
  ])('is trouble of all events while reading fails with $code', async (cause) => {
    const source = credentialFromSecret({ readSecret: () => Promise.reject(cause), giveToken: noToken, clock: () => 0 });

    const failure = await failureOf(source.current());

    expect(failure).toBeInstanceOf(CredentialFailure);
    expect(failure).toMatchObject({
      code: cause.code,
      message: `expected the Workfront secret, got ${cause.code}; check that it exists, is set, and may be read by the worker`,
      cause,
    });
  });

  it('passes on a failure that already is trouble of the credential', async () => {
    const cause = new CredentialFailure('secret-empty', 'expected the secret, got none');
    const source = credentialFromSecret({ readSecret: () => Promise.reject(cause), giveToken: noToken, clock: () => 0 });

    expect(await failureOf(source.current())).toBe(cause);
  });
});

describe('a directory whose credential is refused', () => {
  it('reads the secret again and repeats the call once', async () => {
    const secret = aSecret(OLD, NEW);
    const { directory, arrived, calls } = await aDirectory(accepting(NEW), { readSecret: secret.read });

    await expect(directory.find([KEY_OF_ANA])).resolves.toHaveLength(1);

    expect(arrived.map(({ headers }) => headers.apikey)).toEqual([OLD, NEW]);
    expect(calls.map(({ status }) => status)).toEqual([401, 200]);
    await directory.find([KEY_OF_ANA]);
    expect(secret.reads()).toBe(2);
  });

  it('repeats a write, too', async () => {
    const { directory, arrived } = await aDirectory(
      (request) => {
        const reply = accepting(NEW)(request);
        return 'json' in Object(reply) && request.headers.apikey === NEW
          ? { json: { data: { ID: aRecord().ID, isActive: false } } }
          : reply;
      },
      { readSecret: aSecret(OLD, NEW).read },
    );

    await expect(directory.deactivate(aRecord().ID)).resolves.toEqual({ confirmedBy: 'answer' });
    expect(arrived.map(({ method, body }) => [method, body])).toEqual([
      ['PUT', '{"isActive":false}'],
      ['PUT', '{"isActive":false}'],
    ]);
  });

  it.each([
    ['status 401', accepting()],
    ['an error with status 200', () => ({ json: { error: { class: 'com.attask.common.AuthenticationException', message: `${OLD}` } } })],
  ] satisfies [string, (request: Arrived) => Reply][])(
    'gives up after a second refusal by %s, without a secret in the reason',
    async (_, script) => {
      const secret = aSecret(OLD);
      const { directory, arrived } = await aDirectory(script, { readSecret: secret.read });

      const failure = await failureOf(directory.find([KEY_OF_ANA]));

      expect(failure).toBeInstanceOf(CredentialFailure);
      expect(failure).toMatchObject({ code: 'rejected' });
      expect(String(failure)).not.toMatch(/old-key|@|10042/);
      expect(arrived).toHaveLength(2);
      expect(secret.reads()).toBe(2);
    },
  );

  it.each([
    ['a good secret', [OLD, NEW], 50],
    ['the same bad secret', [OLD], 0],
  ])('reads the secret once for 50 calls that are refused at the same time, then finds %s', async (_, values, found) => {
    const secret = aSecret(...values);
    let release = () => {};
    const allRefused = new Promise<void>((resolve) => {
      release = resolve;
    });
    let refused = 0;
    const { directory } = await aDirectory(
      async (request) => {
        if (request.headers.apikey === OLD && refused < 50) {
          refused += 1;
          if (refused === 50) release();
          await allRefused;
        }
        return accepting(NEW)(request);
      },
      { readSecret: secret.read, callsInFlight: 50 },
    );

    const results = await Promise.allSettled(Array.from({ length: 50 }, () => directory.find([KEY_OF_ANA])));

    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(found);
    expect(secret.reads()).toBe(2);
  });

  it('asks nothing without a usable secret', async () => {
    const { directory, arrived } = await aDirectory(accepting(OLD), { readSecret: aSecret('').read });

    await expect(directory.find([KEY_OF_ANA])).rejects.toMatchObject({ name: 'CredentialFailure', code: 'secret-unusable' });
    expect(arrived).toHaveLength(0);
  });
});
