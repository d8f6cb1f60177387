import { CredentialFailure, PermanentFailure, TransientFailure } from '../domain/failures.ts';
import type { Clock } from '../domain/ports.ts';
import type { Token } from './tokens.ts';
import { parseSecret, type TokenSecret, type WorkfrontSecret } from './workfront-secret.ts';

/** What goes with every call. `id` names it without telling it, and changes whenever the secret does. */
export interface Credential {
  headers: Record<string, string>;
  id: string;
}

export interface CredentialSource {
  current(): Promise<Credential>;
  /**
   * @param rejected the very object that {@link current} or this gave, not a copy
   * @returns a credential made after that one was: the caller's next try
   */
  refresh(rejected: Credential): Promise<Credential>;
}

const CACHED_MS = 5 * 60_000;

/**
 * The credential in a secret, which is cached for 5 minutes; a token got for it, until it ends. However many callers find it
 * refused, secret and token are renewed once for all of them; a caller refused with a value that is already replaced gets
 * the new one without that.
 *
 * @returns a source whose calls throw CredentialFailure: the code of `readSecret`'s own failure, else `secret-unreadable`;
 *   `secret-unusable` for a text that is no secret; and what `giveToken` throws
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
    const { headers, endsAt } = await sentFor(parseSecret(text), giveToken);
    if (text !== known?.text) changes += 1;
    // A new object even for the same key: it tells who was refused before this from who was refused after it.
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
      return known !== undefined && now - known.readAt < CACHED_MS && now < known.endsAt ? known.credential : renewOnce();
    },
    async refresh(rejected) {
      if (known !== undefined && known.credential !== rejected) return known.credential;
      refused = rejected;
      return renewOnce();
    },
  };
}

async function sentFor(secret: WorkfrontSecret, giveToken: (secret: TokenSecret) => Promise<Token>): Promise<Token> {
  return secret.kind === 'api-key' ? { headers: { apiKey: secret.apiKey }, endsAt: Number.POSITIVE_INFINITY } : giveToken(secret);
}

/** Whatever keeps us from the secret keeps every event waiting alike, so even a passing cause is the credential's trouble. */
async function readOrThrow(readSecret: () => Promise<string>): Promise<string> {
  try {
    return await readSecret();
  } catch (cause) {
    if (cause instanceof CredentialFailure) throw cause;
    const known = cause instanceof TransientFailure || cause instanceof PermanentFailure;
    const saw = known ? cause.code : 'an error';
    throw new CredentialFailure(
      known ? cause.code : 'secret-unreadable',
      `expected to read the workfront secret, got ${saw}, check that it exists, is set, and may be read by the worker`,
      { cause },
    );
  }
}
