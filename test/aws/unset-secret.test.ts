import { CreateSecretCommand, PutSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { afterEach, describe, expect, it } from '@jest/globals';
import { secretReader, sourceSecrets } from '../../lambda/aws/secrets.ts';
import { CREDENTIALS, REGION } from '../../local/aws/account.ts';
import { missingOr } from '../../ops/secrets/secret-store.ts';
import { ENGINE_URL } from '../support/engine.ts';
import { startSecretsManager } from '../support/fake-secrets-manager.ts';

const open: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const one of open.splice(0)) await one.close();
});

const clientOf = (endpoint: string) => new SecretsManagerClient({ endpoint, region: REGION, credentials: CREDENTIALS, maxAttempts: 1 });

/** A secret as a deployment makes it, without a value: on the engine that judges, or on the fake. */
async function anUnsetSecret() {
  if (ENGINE_URL === undefined) {
    const fake = await startSecretsManager({});
    open.push(fake);
    return { client: clientOf(fake.url), name: 'hr', set: async (text: string) => fake.set('hr', text) };
  }
  const client = clientOf(ENGINE_URL);
  const name = `hr-${crypto.randomUUID()}`;
  await client.send(new CreateSecretCommand({ Name: name }));
  return { client, name, set: (SecretString: string) => client.send(new PutSecretValueCommand({ SecretId: name, SecretString })) };
}

describe('a secret that nobody has set', () => {
  it('is missing, for whoever reads a text', async () => {
    const { client, name } = await anUnsetSecret();

    await expect(secretReader(client)(name)).rejects.toMatchObject({ code: 'secret-missing', name: 'TransientFailure' });
  });

  it('is missing, for the receiver', async () => {
    const { client, name } = await anUnsetSecret();
    const { read } = sourceSecrets({ client, clock: Date.now });

    await expect(read(name)).rejects.toMatchObject({ code: 'secret-missing', name: 'TransientFailure' });
  });

  it('is no error for an operator', async () => {
    const { client, name } = await anUnsetSecret();

    expect(await missingOr(secretReader(client)(name))).toBeUndefined();
  });

  it('is read as soon as it is set', async () => {
    const { client, name, set } = await anUnsetSecret();

    await set('s3cret');

    expect(await secretReader(client)(name)).toBe('s3cret');
    expect(await sourceSecrets({ client, clock: Date.now }).read(name)).toEqual(['s3cret']);
  });
});
