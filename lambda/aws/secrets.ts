import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import * as z from 'zod/mini';
import { TransientFailure } from '../domain/failures.ts';
import type { Clock } from '../domain/ports.ts';
import { MINUTE, SECOND } from '../domain/time/time.ts';
import { CLIENT_SETTINGS, nameOf } from './client-settings.ts';

const REMEMBERED = 5 * MINUTE;
/** A secret that is missing is looked for again soon, but not once per request. */
const FAILURE_REMEMBERED = 10 * SECOND;
const REFRESH_EVERY = MINUTE;
/** Twice this, a look at the queue and one at the quarantine fit into the receiver's time limit. */
const WITHIN = 2.5 * SECOND;

/** The secrets that a source signs with, the current one first. Every call may throw TransientFailure. */
export interface SourceSecrets {
  /** From memory for five minutes. @throws TransientFailure `secret-missing` or `secret-unreadable` */
  read(secretId: string): Promise<readonly string[]>;
  /**
   * Looks again, at most once a minute for each secret: in between, the answer (or failure) of that look is given. A flood of
   * forged deliveries so costs one call a minute, and a secret that was rotated just now works at once.
   */
  refresh(secretId: string): Promise<readonly string[]>;
}

interface Look {
  at: number;
  secrets: Promise<readonly string[]>;
  failed: boolean;
}

const secretsClient = (): SecretsManagerClient => new SecretsManagerClient(CLIENT_SETTINGS);

/**
 * Reads the current text of a secret, unremembered.
 *
 * @throws TransientFailure `secret-unreadable` where Secrets Manager refuses, fails or is not there; `secret-missing` where
 *   nobody has set the secret
 */
export const secretReader =
  (client: SecretsManagerClient = secretsClient()) =>
  (secretId: string): Promise<string> =>
    readSecret(client, secretId);

export function sourceSecrets({ client = secretsClient(), clock }: { client?: SecretsManagerClient; clock: Clock }): SourceSecrets {
  const known = new Map<string, Look>();
  const refreshed = new Map<string, Look>();

  const look = (secretId: string): Look => {
    const found: Look = { at: clock(), secrets: readSecret(client, secretId).then((text) => usableSecrets(text, secretId)), failed: false };
    found.secrets.catch(() => {
      found.failed = true;
    });
    return found;
  };

  return {
    async read(secretId) {
      const last = known.get(secretId);
      if (last !== undefined && clock() - last.at < (last.failed ? FAILURE_REMEMBERED : REMEMBERED)) return last.secrets;

      const next = look(secretId);
      known.set(secretId, next);
      return next.secrets;
    },

    async refresh(secretId) {
      const last = refreshed.get(secretId);
      if (last !== undefined && clock() - last.at < REFRESH_EVERY) return last.secrets;

      const next = look(secretId);
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
      const code = nameOf(error) === 'ResourceNotFoundException' ? 'secret-missing' : 'secret-unreadable';
      throw new TransientFailure(code, `expected the secret ${secretId}, got ${nameOf(error)} from Secrets Manager`, { cause: error });
    });
  if (SecretString === undefined) throw new TransientFailure('secret-missing', `expected text in the secret ${secretId}, got none`);
  return SecretString;
}

/** Two forms: JSON with the current and previous secrets, or the bare current one. White space around a secret is not part of it. */
function usableSecrets(text: string, secretId: string): readonly string[] {
  const written = /^\s*[{[]/.test(text) ? listed(text) : [text];
  const usable = written.map((secret) => secret.trim()).filter((secret) => secret !== '');
  if (usable.length === 0) {
    throw new TransientFailure(
      'secret-missing',
      `expected {"secrets": ["current", "previous"]} or a bare value in ${secretId}, got neither`,
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
