import { join } from 'node:path';
import * as z from 'zod';
import { parse } from '../../lambda/domain/parse.ts';
import { type AwsCall, AwsError, awsEndpoint } from './aws-endpoint.ts';
import { listenOnLoopback } from './loopback-server.ts';
import { openSecretStore, type Secret, type SecretStore } from './secret-store.ts';

const SecretId = z.string().min(1);
const getInput = z.object({ SecretId, VersionId: z.string().optional(), VersionStage: z.string().optional() });
const putInput = z.object({
  SecretId,
  ClientRequestToken: z.string().min(32).max(64),
  SecretString: z.string().min(1).max(65_536),
  VersionStages: z.array(z.string().min(1)).min(1).default(['AWSCURRENT']),
});
const moveInput = z.object({
  SecretId,
  VersionStage: z.string().min(1),
  MoveToVersionId: z.string().optional(),
  RemoveFromVersionId: z.string().optional(),
});
const oneSecret = z.object({ SecretId });

/**
 * Secrets Manager on 127.0.0.1, with the calls to read and rotate a secret, kept in `secrets.json` (mode 600). Shapes and exceptions
 * are those of the AWS Secrets Manager API Reference; it encrypts nothing and refuses nobody.
 *
 * @param initial values by name; a value that is already kept wins
 */
export async function startLocalSecrets({
  dataDir,
  initial,
  now = Date.now,
}: {
  dataDir: string;
  initial: Record<string, string>;
  now?: () => number;
}): Promise<{ endpoint: string; close(): Promise<void> }> {
  const seconds = () => now() / 1000;
  const store = openSecretStore({ file: join(dataDir, 'secrets.json'), initial, now: seconds });
  const { url, close } = await listenOnLoopback(awsEndpoint((call) => answer(call, store, seconds), 'InvalidParameterException'));
  return { endpoint: url, close };
}

function answer({ operation, body }: AwsCall, store: SecretStore, now: () => number): object {
  switch (operation) {
    case 'GetSecretValue':
      return getSecretValue(parse(getInput, body, 'GetSecretValue'), store);
    case 'PutSecretValue':
      return putSecretValue(parse(putInput, body, 'PutSecretValue'), store, now());
    case 'UpdateSecretVersionStage':
      return moveStage(parse(moveInput, body, 'UpdateSecretVersionStage'), store);
    case 'DescribeSecret':
      return describeSecret(store.find(parse(oneSecret, body, 'DescribeSecret').SecretId));
    case 'ListSecretVersionIds':
      return listVersions(store.find(parse(oneSecret, body, 'ListSecretVersionIds').SecretId));
    default:
      throw new AwsError(400, 'UnknownOperationException', `the local Secrets Manager does not have ${operation}`);
  }
}

function getSecretValue({ SecretId, VersionId, VersionStage }: z.infer<typeof getInput>, store: SecretStore): object {
  const { name, arn, secret } = store.find(SecretId);
  const stage = VersionStage ?? (VersionId === undefined ? 'AWSCURRENT' : undefined);
  const found = Object.entries(secret.versions).find(
    ([id, { stages }]) => (VersionId === undefined || id === VersionId) && (stage === undefined || stages.includes(stage)),
  );
  if (found === undefined) {
    const expected = stage === undefined ? `VersionId: ${VersionId}` : `staging label: ${stage}`;
    throw new AwsError(400, 'ResourceNotFoundException', `Secrets Manager can't find the specified secret value for ${expected}`);
  }
  const [id, { value, stages, createdAt }] = found;
  return { ARN: arn, Name: name, VersionId: id, SecretString: value, VersionStages: stages, CreatedDate: createdAt };
}

function putSecretValue(input: z.infer<typeof putInput>, store: SecretStore, now: number): object {
  const { name, arn, secret } = store.find(input.SecretId);
  const { ClientRequestToken: id, SecretString: value, VersionStages: stages } = input;
  const existing = secret.versions[id];
  if (existing !== undefined && existing.value !== value)
    throw new AwsError(400, 'ResourceExistsException', `A resource with the ID ${id} already exists with another value.`);

  // A call that the SDK repeats must not move the stages again.
  if (existing === undefined)
    store.change(name, (changed) => {
      changed.versions[id] = { value, stages: [], createdAt: now };
      for (const stage of stages) attach(changed, stage, id);
    });
  return { ARN: arn, Name: name, VersionId: id, VersionStages: stages };
}

function moveStage(input: z.infer<typeof moveInput>, store: SecretStore): object {
  const { name, arn, secret } = store.find(input.SecretId);
  const { VersionStage: stage, MoveToVersionId: to, RemoveFromVersionId: from } = input;
  const holder = Object.entries(secret.versions).find(([, { stages }]) => stages.includes(stage))?.[0];
  if (to !== undefined && secret.versions[to] === undefined)
    throw new AwsError(400, 'ResourceNotFoundException', `Secrets Manager can't find the specified secret version: ${to}`);
  if (holder !== from && (from !== undefined || holder !== to))
    throw new AwsError(400, 'InvalidParameterException', `The staging label ${stage} is attached to version ${holder ?? 'none'}: name it.`);

  store.change(name, (changed) => attach(changed, stage, to));
  return { ARN: arn, Name: name };
}

/** Moves a stage, which at most one version has. The version that loses AWSCURRENT becomes AWSPREVIOUS; a version without stages is dropped. */
function attach(secret: Secret, stage: string, to: string | undefined): void {
  const versions = Object.entries(secret.versions);
  const [holder] = versions.find(([id, { stages }]) => id !== to && stages.includes(stage)) ?? [];
  for (const [id, version] of versions) version.stages = [...version.stages.filter((one) => one !== stage), ...(id === to ? [stage] : [])];

  if (stage === 'AWSCURRENT' && holder !== undefined && to !== undefined) attach(secret, 'AWSPREVIOUS', holder);
  secret.versions = Object.fromEntries(versions.filter(([, { stages }]) => stages.length > 0));
}

function describeSecret({ name, arn, secret }: ReturnType<SecretStore['find']>): object {
  const versions = Object.entries(secret.versions);
  return {
    ARN: arn,
    Name: name,
    CreatedDate: secret.createdAt,
    LastChangedDate: Math.max(secret.createdAt, ...versions.map(([, { createdAt }]) => createdAt)),
    VersionIdsToStages: Object.fromEntries(versions.map(([id, { stages }]) => [id, stages])),
  };
}

function listVersions({ name, arn, secret }: ReturnType<SecretStore['find']>): object {
  const Versions = Object.entries(secret.versions).map(([VersionId, { stages, createdAt }]) => ({
    VersionId,
    VersionStages: stages,
    CreatedDate: createdAt,
  }));
  return { ARN: arn, Name: name, Versions };
}
