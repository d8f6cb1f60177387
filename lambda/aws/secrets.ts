import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import * as z from 'zod/mini';
import { TransientFailure } from '../domain/failures.ts';
import type { Clock } from '../domain/ports.ts';
import { MINUTE, SECOND } from '../domain/time/time.ts';
import { CLIENT_SETTINGS, errorClass } from './client-settings.ts';

const REMEMBERED = 5 * MINUTE;
/** A missing secret is read again soon, but not for every request. */
const FAILURE_REMEMBERED = 10 * SECOND;
const REFRESH_EVERY = MINUTE;
/** Two of these, one call to the queue and one to the quarantine fit into the receiver's time limit. */
const WITHIN = 2.5 * SECOND;

/** The secrets that a source signs with, the current one first. Every call may throw TransientFailure. */
export interface SourceSecrets {
  /** From memory for five minutes. @throws TransientFailure `secret-missing` or `secret-unreadable` */
  read(secretId: string): Promise<readonly string[]>;
  /**
   * Reads the secret again, at most once a minute; within that minute it gives the result or the failure of that read. So a flood of
   * forged deliveries costs one call a minute, and a new secret works at once.
   */
  refresh(secretId: string): Promise<readonly string[]>;
}

interface SecretRead {
  at: number;
  secrets: Promise<readonly string[]>;
  failed: boolean;
}

const secretsClient = (): SecretsManagerClient => new SecretsManagerClient(CLIENT_SETTINGS);

/**
 * Reads the current text of a secret, never from memory.
 *
 * @throws TransientFailure `secret-unreadable` if Secrets Manager refuses, fails or cannot be reached; `secret-missing` if nobody has
 *   set the secret
 */
export const secretReader =
  (client: SecretsManagerClient = secretsClient()) =>
  (secretId: string): Promise<string> =>
    readSecret(client, secretId);

export function sourceSecrets({ client = secretsClient(), clock }: { client?: SecretsManagerClient; clock: Clock }): SourceSecrets {
  const known = new Map<string, SecretRead>();
  const refreshed = new Map<string, SecretRead>();

  const startRead = (secretId: string): SecretRead => {
    const secrets = readSecret(client, secretId).then((text) => usableSecrets(text, secretId));
    const read: SecretRead = { at: clock(), secrets, failed: false };
    secrets.catch(() => {
      read.failed = true;
    });
    return read;
  };

  return {
    async read(secretId) {
      const last = known.get(secretId);
      if (last !== undefined && clock() - last.at < (last.failed ? FAILURE_REMEMBERED : REMEMBERED)) return last.secrets;

      const next = startRead(secretId);
      known.set(secretId, next);
      return next.secrets;
    },

    async refresh(secretId) {
      const last = refreshed.get(secretId);
      if (last !== undefined && clock() - last.at < REFRESH_EVERY) return last.secrets;

      const next = startRead(secretId);
      refreshed.set(secretId, next);
      const secrets = await next.secrets;
      known.set(secretId, next);
      return secrets;
    },
  };
}

async function readSecret(client: SecretsManagerClient, secretId: string): Promise<string> {
  const { SecretString } = await client
    .send(new GetSecretValueCommand({ SecretId: secretId }), { abortSignal: AbortSignal.timeout(WITHIN) })
    .catch((error: unknown) => {
      const code = errorClass(error) === 'ResourceNotFoundException' ? 'secret-missing' : 'secret-unreadable';
      const advice = code === 'secret-missing' ? 'set it' : 'wait, then check the right to read it';
      throw new TransientFailure(code, `expected the secret ${secretId}, got ${errorClass(error)} from Secrets Manager; ${advice}`, {
        cause: error,
      });
    });
  if (SecretString === undefined) throw new TransientFailure('secret-missing', `expected text in the secret ${secretId}, got none; set it`);
  return SecretString;
}

/** Reads both forms: JSON with the current and previous secrets, or the bare current one. White space around a secret is not part of it. */
function usableSecrets(text: string, secretId: string): readonly string[] {
  const written = /^\s*[{[]/.test(text) ? listed(text) : [text];
  const usable = written.map((secret) => secret.trim()).filter((secret) => secret !== '');
  if (usable.length === 0) {
    throw new TransientFailure(
      'secret-missing',
      `expected {"secrets": ["current", "previous"]} or a bare value in ${secretId}, got neither; set the secret again`,
    );
  }
  return usable;
}

const secretList = z.object({ secrets: z.array(z.unknown()) });

function listed(text: string): string[] {
  try {
    return z.parse(secretList, JSON.parse(text)).secrets.filter((secret) => typeof secret === 'string');
  } catch {
    return [];
  }
}
