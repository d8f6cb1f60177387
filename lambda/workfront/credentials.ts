import { CredentialFailure, PermanentFailure, TransientFailure } from '../domain/failures.ts';
import type { Clock } from '../domain/ports.ts';
import { MINUTE } from '../domain/time/time.ts';
import type { Token } from './tokens.ts';
import { parseSecret, type TokenSecret, type WorkfrontSecret } from './workfront-secret.ts';

/** The headers that every call carries. `id` identifies the credential without revealing it, and changes whenever the secret does. */
export interface Credential {
  headers: Record<string, string>;
  id: string;
}

export interface CredentialSource {
  current(): Promise<Credential>;
  /**
   * @param rejected the very object that {@link current} or this method gave, not a copy
   * @returns a credential made later than that one, for the next attempt
   */
  refresh(rejected: Credential): Promise<Credential>;
}

const REMEMBERED = 5 * MINUTE;

/**
 * The credential in a secret, which is remembered for 5 minutes; a token made with it, until the token ends. However many callers find
 * it refused, secret and token are renewed once for all of them. A caller whose refused value is replaced already gets the new one at
 * once.
 *
 * @returns a source whose calls throw CredentialFailure: with the code of `readSecret`'s own failure, or `secret-unreadable`;
 *   `secret-unusable` for a text that is not a secret; and the failures of `giveToken`
 */
export function credentialFromSecret({
  readSecret,
  giveToken,
  clock,
}: {
  readSecret: () => Promise<string>;
  giveToken: (secret: TokenSecret) => Promise<Token>;
  clock: Clock;
}): CredentialSource {
  let known: { text: string; credential: Credential; readAt: number; endsAt: number } | undefined;
  let refused: Credential | undefined;
  let renewing: Promise<Credential> | undefined;
  let changes = 0;

  async function renew(): Promise<Credential> {
    const readAt = clock();
    const text = await readOrThrow(readSecret);
    if (known?.text === text && known.credential !== refused && clock() < known.endsAt) {
      known = { ...known, readAt };
      return known.credential;
    }
    const { headers, endsAt } = await tokenFor(parseSecret(text), giveToken);
    if (text !== known?.text) changes += 1;
    // A new object even for the same key: it distinguishes callers who were refused before this moment from those refused after it.
    known = { text, credential: { headers, id: `secret-${changes}` }, readAt, endsAt };
    return known.credential;
  }

  function renewOnce(): Promise<Credential> {
    renewing ??= renew().finally(() => {
      renewing = undefined;
    });
    return renewing;
  }

  return {
    async current() {
      const now = clock();
      return known !== undefined && now - known.readAt < REMEMBERED && now < known.endsAt ? known.credential : renewOnce();
    },
    async refresh(rejected) {
      if (known !== undefined && known.credential !== rejected) return known.credential;
      refused = rejected;
      return renewOnce();
    },
  };
}

async function tokenFor(secret: WorkfrontSecret, giveToken: (secret: TokenSecret) => Promise<Token>): Promise<Token> {
  return secret.kind === 'api-key' ? { headers: { apiKey: secret.apiKey }, endsAt: Number.POSITIVE_INFINITY } : giveToken(secret);
}

/** Reads the secret. While that fails, all events wait alike, so even a temporary cause counts as trouble of the credential. */
async function readOrThrow(readSecret: () => Promise<string>): Promise<string> {
  try {
    return await readSecret();
  } catch (cause) {
    if (cause instanceof CredentialFailure) throw cause;
    const isOurs = cause instanceof TransientFailure || cause instanceof PermanentFailure;
    throw new CredentialFailure(
      isOurs ? cause.code : 'secret-unreadable',
      `expected the Workfront secret, got ${isOurs ? cause.code : 'an error'}; check that it exists, is set, and may be read by the worker`,
      { cause },
    );
  }
}
