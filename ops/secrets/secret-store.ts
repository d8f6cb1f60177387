import { PutSecretValueCommand } from '@aws-sdk/client-secrets-manager';
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

/** The values that a source accepts now, the current one first; none where nobody has set any. */
export async function sourceValues(deployment: Deployment, { secretId }: SourceConfig): Promise<readonly string[]> {
  const secrets = sourceSecrets({ client: secretsManagerOf(deployment), clock: deployment.clock });
  return secrets.read(secretId).catch(noneIfMissing);
}

/** The text of the Workfront secret; undefined where nobody has set it. */
export async function workfrontText(deployment: Deployment): Promise<string | undefined> {
  return missingOr(secretReader(secretsManagerOf(deployment))(deployment.places.workfrontSecret));
}

/** @returns undefined where nobody has set the secret */
export async function missingOr(reading: Promise<string>): Promise<string | undefined> {
  const [text] = await reading.then((one) => [one]).catch(noneIfMissing);
  return text;
}

export async function putSecret(deployment: Deployment, secretId: string, text: string): Promise<void> {
  await secretsManagerOf(deployment).send(new PutSecretValueCommand({ SecretId: secretId, SecretString: text }));
}

export const listText = (secrets: readonly string[]): string => JSON.stringify({ secrets });

/**
 * What is stored for a text that an operator gave. A key that says nothing of its age was made just now, as far as we know, or
 * is as old as it was if it is stored again: with that, people are warned before it ends.
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

/** The values that an operator gave for a source: one, or a list as it is stored. @throws Usage, InvalidInput; never showing one */
export function sourceSecretsOf(text: string, config: SourceConfig): string[] {
  const values = /^[{[]/.test(text) ? parseJson(secretList, text, 'secret').secrets : [text];
  for (const value of values) {
    const why = whyUnusable(schemeOf(config), value);
    if (why !== undefined) throw new Usage(`secret: ${why}`);
  }
  return values;
}

function noneIfMissing(failure: unknown): [] {
  if (failure instanceof TransientFailure && failure.code === 'secret-missing') return [];
  // Secrets Manager said more than its reader does
  throw failure instanceof Error && failure.cause instanceof Error ? failure.cause : failure;
}
