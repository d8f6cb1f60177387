import { GetSecretValueCommand, PutSecretValueCommand } from '@aws-sdk/client-secrets-manager';
import * as z from 'zod';
import { secretReader, sourceSecrets } from '../../lambda/aws/secrets.ts';
import { CredentialFailure, TransientFailure } from '../../lambda/domain/failures.ts';
import { parseJson } from '../../lambda/domain/parse.ts';
import { toInstant } from '../../lambda/domain/time/time.ts';
import { type SourceConfig, schemeOf } from '../../lambda/sources/systems/registry.ts';
import { parseSecret } from '../../lambda/workfront/workfront-secret.ts';
import { secretsManagerOf } from '../deployment/clients.ts';
import type { Deployment } from '../deployment/deployment.ts';
import { Usage } from '../terminal/exit-code.ts';
import { whyUnusable } from './source-secret.ts';

const secretList = z.strictObject({ secrets: z.array(z.string().trim().min(1)).min(1) });

/** The secrets that a source accepts now, the newest first; empty if none is set. */
export async function sourceValues(deployment: Deployment, { secretId }: SourceConfig): Promise<readonly string[]> {
  const secrets = sourceSecrets({ client: secretsManagerOf(deployment), clock: deployment.clock });
  return secrets.read(secretId).catch(noneIfMissing);
}

/** The text of the Workfront secret; undefined if it is not set. */
export async function workfrontText(deployment: Deployment): Promise<string | undefined> {
  return notEmpty(await missingOr(secretReader(secretsManagerOf(deployment))(deployment.places.workfrontSecret)));
}

/** A secret that nobody has set may be an empty text: that is no credential to go back to. */
const notEmpty = (text: string | undefined): string | undefined => text?.trim() || undefined;

/** The Workfront secret before the present one, which Secrets Manager keeps as AWSPREVIOUS ("Secret versions"); undefined if there is none. */
export async function previousText(deployment: Deployment): Promise<string | undefined> {
  const command = new GetSecretValueCommand({ SecretId: deployment.places.workfrontSecret, VersionStage: 'AWSPREVIOUS' });
  try {
    return notEmpty((await secretsManagerOf(deployment).send(command)).SecretString);
  } catch (error) {
    if (error instanceof Error && error.name === 'ResourceNotFoundException') return undefined;
    throw error;
  }
}

/** @returns undefined if the secret is not set */
export async function missingOr(reading: Promise<string>): Promise<string | undefined> {
  const [text] = await reading.then((one) => [one]).catch(noneIfMissing);
  return text;
}

export async function putSecret(deployment: Deployment, { secretId, text }: { secretId: string; text: string }): Promise<void> {
  await secretsManagerOf(deployment).send(new PutSecretValueCommand({ SecretId: secretId, SecretString: text }));
}

export const listText = (secrets: readonly string[]): string => JSON.stringify({ secrets });

/**
 * Finds what to store for a text from an operator. A key without a date counts as made now, or keeps its date if it is stored a second
 * time, so that people are warned before it expires.
 *
 * @param before the text that is stored now
 * @throws CredentialFailure `secret-unusable`
 */
export function workfrontSecretOf(
  text: string,
  { before, now }: { before: string | undefined; now: number },
): { kind: string; stored: string } {
  const secret = parseSecret(text);
  if (secret.kind !== 'api-key' || secret.createdAt !== undefined) return { kind: secret.kind, stored: JSON.stringify(secret) };
  const createdAt = ageOf(secret.apiKey, before) ?? toInstant(now);
  return { kind: secret.kind, stored: JSON.stringify({ ...secret, createdAt }) };
}

function ageOf(apiKey: string, before: string | undefined): string | undefined {
  try {
    const secret = parseSecret(before ?? '');
    return secret.kind === 'api-key' && secret.apiKey === apiKey ? secret.createdAt : undefined;
  } catch (failure) {
    if (failure instanceof CredentialFailure) return undefined;
    throw failure;
  }
}

/** Reads the secrets of a source from an operator: one, or a list as it is stored. @throws Usage, InvalidInput; neither shows a secret */
export function sourceSecretsOf(text: string, config: SourceConfig): string[] {
  const values = /^[{[]/.test(text) ? parseJson(secretList, text, 'secret').secrets : [text];
  for (const value of values) {
    const why = whyUnusable(schemeOf(config), value);
    if (why !== undefined) throw new Usage(`the secret cannot be used; ${why}`);
  }
  return values;
}

function noneIfMissing(failure: unknown): [] {
  if (failure instanceof TransientFailure && failure.code === 'secret-missing') return [];
  // The cause, from Secrets Manager, says more than the failure of our reader.
  throw failure instanceof Error && failure.cause instanceof Error ? failure.cause : failure;
}
