import { readFile, stat } from 'node:fs/promises';
import { request } from 'node:http';
import { join } from 'node:path';
import {
  DescribeSecretCommand,
  GetSecretValueCommand,
  ListSecretVersionIdsCommand,
  PutSecretValueCommand,
  UpdateSecretVersionStageCommand,
} from '@aws-sdk/client-secrets-manager';
import { describe, expect, it } from '@jest/globals';
import { startLocalSecrets } from '../../../local/aws/secrets.ts';
import { secretsClient } from '../support/clients.ts';
import { closing } from '../support/closing.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

const nameOf = ({ name }: Error) => name;

async function secretsIn(dataDir: string, initial: Record<string, string> = { hr: 'one' }) {
  const server = closing(await startLocalSecrets({ dataDir, initial }), ({ close }) => close());
  const client = secretsClient(server.endpoint);
  return {
    ...server,
    client,
    get: (SecretId: string, rest = {}) => client.send(new GetSecretValueCommand({ SecretId, ...rest })),
    put: (SecretString: string, rest = {}) => client.send(new PutSecretValueCommand({ SecretId: 'hr', SecretString, ...rest })),
    move: (input: { VersionStage: string; MoveToVersionId?: string; RemoveFromVersionId?: string }) =>
      client.send(new UpdateSecretVersionStageCommand({ SecretId: 'hr', ...input })),
  };
}

describe('the local secrets', () => {
  it('answer by name and by ARN', async () => {
    const { get } = await secretsIn(await temporaryDirectory());

    const byName = await get('hr');
    const byArn = await get(byName.ARN ?? '');

    expect(byName).toMatchObject({ Name: 'hr', SecretString: 'one', VersionStages: ['AWSCURRENT'] });
    expect(byArn.SecretString).toBe('one');
    expect(byArn.CreatedDate).toBeInstanceOf(Date);
  });

  it.each([
    { what: 'an unknown secret', id: 'nobody', rest: {}, exception: 'ResourceNotFoundException' },
    { what: 'a secret without a value', id: 'unset', rest: {}, exception: 'ResourceNotFoundException' },
    { what: 'a stage without a version', id: 'hr', rest: { VersionStage: 'AWSPREVIOUS' }, exception: 'ResourceNotFoundException' },
    { what: 'an empty name', id: '', rest: {}, exception: 'InvalidParameterException' },
  ])('answer $exception for $what', async ({ id, rest, exception }) => {
    const { get } = await secretsIn(await temporaryDirectory(), { hr: 'one', unset: '' });

    await expect(get(id, rest).catch(nameOf)).resolves.toBe(exception);
  });

  it('keep the replaced value as AWSPREVIOUS, and drop the one before', async () => {
    const { put, get, client } = await secretsIn(await temporaryDirectory());

    await put('two');
    await put('three');

    expect((await get('hr')).SecretString).toBe('three');
    expect((await get('hr', { VersionStage: 'AWSPREVIOUS' })).SecretString).toBe('two');
    const { Versions } = await client.send(new ListSecretVersionIdsCommand({ SecretId: 'hr' }));
    expect(Versions).toHaveLength(2);
  });

  it('rotate through a pending value', async () => {
    const { put, get, move, client } = await secretsIn(await temporaryDirectory());
    const current = await get('hr');

    const pending = await put('two', { VersionStages: ['AWSPENDING'] });
    const before = await get('hr');
    await move({ VersionStage: 'AWSCURRENT', MoveToVersionId: pending.VersionId ?? '', RemoveFromVersionId: current.VersionId ?? '' });
    await move({ VersionStage: 'AWSPENDING', RemoveFromVersionId: pending.VersionId ?? '' });

    expect(before.SecretString).toBe('one');
    const { VersionIdsToStages } = await client.send(new DescribeSecretCommand({ SecretId: 'hr' }));
    expect(VersionIdsToStages).toEqual({ [pending.VersionId ?? '']: ['AWSCURRENT'], [current.VersionId ?? '']: ['AWSPREVIOUS'] });
  });

  it('move a stage only from the version that the caller names', async () => {
    const { put, get, move } = await secretsIn(await temporaryDirectory());
    const pending = await put('two', { VersionStages: ['AWSPENDING'] });

    const moved = await move({ VersionStage: 'AWSCURRENT', MoveToVersionId: pending.VersionId ?? '' }).catch(nameOf);

    expect(moved).toBe('InvalidParameterException');
    expect((await get('hr')).SecretString).toBe('one');
  });

  it('accept a repeated put once, and refuse its token for another value', async () => {
    const { put, get } = await secretsIn(await temporaryDirectory());
    const ClientRequestToken = crypto.randomUUID();

    await put('two', { ClientRequestToken });
    await put('two', { ClientRequestToken });
    const other = await put('three', { ClientRequestToken }).catch(nameOf);

    expect(other).toBe('ResourceExistsException');
    expect((await get('hr', { VersionStage: 'AWSPREVIOUS' })).SecretString).toBe('one');
  });

  it('keep values after a restart, and prefer them to the initial ones', async () => {
    const dataDir = await temporaryDirectory();
    const first = await secretsIn(dataDir);
    await first.put('two');
    await first.close();

    const second = await secretsIn(dataDir, { hr: 'one', later: 'new' });

    expect((await second.get('hr')).SecretString).toBe('two');
    expect((await second.get('later')).SecretString).toBe('new');
  });

  it('are in a file that only its owner can read', async () => {
    const dataDir = await temporaryDirectory();
    await secretsIn(dataDir);

    const { mode } = await stat(join(dataDir, 'secrets.json'));

    expect(mode & 0o777).toBe(0o600);
    expect(await readFile(join(dataDir, 'secrets.json'), 'utf8')).toContain('"one"');
  });

  it('refuse a page that gave its own name to 127.0.0.1', async () => {
    const { endpoint } = await secretsIn(await temporaryDirectory());
    const headers = { host: 'evil.test', 'x-amz-target': 'secretsmanager.GetSecretValue' };

    const status = await new Promise((resolve, reject) => {
      const asked = request(endpoint, { method: 'POST', headers }, (response) => {
        response.resume();
        resolve(response.statusCode);
      });
      asked.on('error', reject);
      asked.end('{"SecretId":"hr"}');
    });

    expect(status).toBe(403);
  });
});
