import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { afterEach, describe, expect, it } from '@jest/globals';
import { secretReader, sourceSecrets } from '../../lambda/aws/secrets.ts';
import { TransientFailure } from '../../lambda/domain/failures.ts';
import { MINUTE, SECOND } from '../../lambda/domain/time/time.ts';
import { startSecretsManager } from '../support/fake-secrets-manager.ts';

const open: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const one of open.splice(0)) await one.close();
});

async function aStore(secret?: string) {
  const fake = await startSecretsManager(secret === undefined ? {} : { hr: secret });
  const client = new SecretsManagerClient({
    endpoint: fake.url,
    region: 'eu-west-1',
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
    maxAttempts: 1,
  });
  open.push(fake);
  const clock = { now: 0 };
  return { fake, clock, client, store: sourceSecrets({ client, clock: () => clock.now }) };
}

describe('a secret', () => {
  it.each([
    ['{"secrets": ["current", "previous"]}', ['current', 'previous']],
    ['  {"secrets": ["current"]}\n', ['current']],
    ['{"secrets": ["current", "", "  ", null, 5]}', ['current']],
    ['bare', ['bare']],
    [' bare\n', ['bare']],
    ['12345', ['12345']],
  ])('that is stored as %j is %j', async (text, secrets) => {
    const { store } = await aStore(text);

    expect(await store.read('hr')).toEqual(secrets);
  });

  it.each([
    '',
    ' \n',
    '{}',
    '{"secrets": []}',
    '{"secrets": ["", " "]}',
    '{"secrets": "current"}',
    '{"secrets": [null]}',
    '{"secret": "x"}',
    '[]',
    '{broken',
  ])('that is stored as %j is missing', async (text) => {
    const { store } = await aStore(text);

    await expect(store.read('hr')).rejects.toMatchObject({ code: 'secret-missing' });
  });

  it.each([['AccessDeniedException'], ['InternalServiceError'], ['ThrottlingException'], ['reset'], ['html']])(
    'is unreadable after %s',
    async (fault) => {
      const { store, fake } = await aStore('s3cret');
      fake.fail(fault);

      const failure = await store.read('hr').catch((error: unknown) => error);
      expect(failure).toBeInstanceOf(TransientFailure);
      expect(failure).toMatchObject({ code: 'secret-unreadable' });
    },
  );
});

describe('reading', () => {
  it('asks once in five minutes', async () => {
    const { store, fake, clock } = await aStore('old');

    await Promise.all([store.read('hr'), store.read('hr')]);
    fake.set('hr', 'new');
    clock.now = 5 * MINUTE - 1;
    expect(await store.read('hr')).toEqual(['old']);
    expect(fake.calls()).toBe(1);

    clock.now = 5 * MINUTE;
    expect(await store.read('hr')).toEqual(['new']);
    expect(fake.calls()).toBe(2);
  });

  it('does not use an old secret after five minutes if Secrets Manager does not answer', async () => {
    const { store, fake, clock } = await aStore('old');
    await store.read('hr');
    fake.fail('InternalServiceError');
    clock.now = 5 * MINUTE;

    await expect(store.read('hr')).rejects.toBeInstanceOf(TransientFailure);
  });

  it('asks for a missing secret once in ten seconds, and finds it after it is set', async () => {
    const { store, fake, clock } = await aStore();

    await expect(store.read('hr')).rejects.toBeInstanceOf(TransientFailure);
    fake.set('hr', 's3cret');
    await expect(store.read('hr')).rejects.toBeInstanceOf(TransientFailure);
    expect(fake.calls()).toBe(1);

    clock.now = 10 * SECOND;
    expect(await store.read('hr')).toEqual(['s3cret']);
  });
});

describe('refreshing', () => {
  it('gives a rotated secret at once, and so does reading from then on', async () => {
    const { store, fake, clock } = await aStore('old');
    await store.read('hr');
    fake.set('hr', '{"secrets": ["new", "old"]}');
    clock.now = 1 * SECOND;

    const fresh = await store.refresh('hr');
    expect(fresh).toEqual(['new', 'old']);
    expect(await store.read('hr')).toBe(fresh);
  });

  it('asks once a minute for each secret, however many forgeries there are', async () => {
    const { store, fake, clock } = await aStore('old');
    fake.set('other', 'old');
    await store.read('hr');

    for (let forgery = 0; forgery < 50; forgery += 1) await store.refresh('hr');
    expect(fake.calls()).toBe(2);
    await store.refresh('other');
    expect(fake.calls()).toBe(3);

    clock.now = MINUTE;
    await store.refresh('hr');
    expect(fake.calls()).toBe(4);
  });

  it('repeats its failure for a minute, while reading still gives the known secret', async () => {
    const { store, fake, clock } = await aStore('old');
    await store.read('hr');
    fake.fail('InternalServiceError');
    await expect(store.refresh('hr')).rejects.toBeInstanceOf(TransientFailure);
    fake.fail(undefined);

    await expect(store.refresh('hr')).rejects.toBeInstanceOf(TransientFailure);
    expect(await store.read('hr')).toEqual(['old']);

    clock.now = MINUTE;
    expect(await store.refresh('hr')).toEqual(['old']);
  });
});

it('reads the text of a secret, never from memory', async () => {
  const { client, fake } = await aStore('{"apiKey": "k"}');
  const read = secretReader(client);

  expect([await read('hr'), await read('hr')]).toEqual(['{"apiKey": "k"}', '{"apiKey": "k"}']);
  expect(fake.calls()).toBe(2);
});
