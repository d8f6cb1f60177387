import * as z from 'zod/mini';
import { CredentialFailure, InvalidInput, PermanentFailure, TransientFailure } from '../domain/failures.ts';
import { parse, parseJson } from '../domain/parse.ts';
import type { Clock } from '../domain/ports.ts';
import { instant } from '../domain/termination-event.ts';

/** What goes with every call. `id` names it without telling it, and changes whenever the secret does. */
export interface Credential {
  headers: Record<string, string>;
  id: string;
}

export interface CredentialSource {
  current(): Promise<Credential>;
  /**
   * @param rejected the very object that {@link current} or this gave, not a copy
   * @returns a credential read after that one was: the caller's next try
   */
  refresh(rejected: Credential): Promise<Credential>;
}

const apiKeySecret = z.object({
  kind: z.literal('api-key'),
  apiKey: z.string().check(z.regex(/^[\x21-\x7e]{8,512}$/, 'a key of 8 to 512 visible ASCII characters')),
  /** When the key was made: keys expire after a month unless the administrator changed that. */
  createdAt: z.optional(instant),
});

/** The kinds of secret there are. Another kind joins here and in {@link headersOf}. */
const workfrontSecret = z.discriminatedUnion('kind', [apiKeySecret], { error: 'a kind of "api-key"' });

export type WorkfrontSecret = z.infer<typeof workfrontSecret>;

const CACHED_MS = 5 * 60_000;

/**
 * The credential in a secret, cached for 5 minutes. However many callers find it refused, it is read once for all of
 * them; a caller refused with a value that is already replaced gets the new one without another read.
 *
 * @returns a source whose calls throw CredentialFailure: the code of `readSecret`'s own failure, else `secret-unreadable`;
 *   `secret-unusable` for a text that is no secret
 */
export function credentialFromSecret(readSecret: () => Promise<string>, clock: Clock): CredentialSource {
  let known: { text: string; credential: Credential; readAt: number } | undefined;
  let reading: Promise<Credential> | undefined;
  let changes = 0;

  async function read(): Promise<Credential> {
    const readAt = clock();
    const text = await readOrThrow(readSecret);
    const headers = headersOf(parseSecret(text));
    if (text !== known?.text) changes += 1;
    // A new object even for the same text: it tells who was refused before this read from who was refused after it.
    known = { text, credential: { headers, id: `secret-${changes}` }, readAt };
    return known.credential;
  }

  function readOnce(): Promise<Credential> {
    reading ??= read().finally(() => {
      reading = undefined;
    });
    return reading;
  }

  return {
    async current() {
      return known !== undefined && clock() - known.readAt < CACHED_MS ? known.credential : readOnce();
    },
    async refresh(rejected) {
      return known !== undefined && known.credential !== rejected ? known.credential : readOnce();
    },
  };
}

/**
 * Reads the text of a secret: JSON by kind, or a bare API key.
 *
 * @throws CredentialFailure `secret-unusable`, one line that never shows the value
 */
export function parseSecret(text: string): WorkfrontSecret {
  const what = 'workfront secret';
  const trimmed = text.trim();
  if (trimmed === '') throw new CredentialFailure('secret-unusable', `${what}: wanted an api key, came nothing, set the secret`);
  try {
    return /^["{[]/.test(trimmed)
      ? parseJson(workfrontSecret, trimmed, what)
      : parse(workfrontSecret, { kind: 'api-key', apiKey: trimmed }, what);
  } catch (cause) {
    if (!(cause instanceof InvalidInput)) throw cause;
    throw new CredentialFailure('secret-unusable', `${cause.message}, set the secret again`, { cause });
  }
}

function headersOf(secret: WorkfrontSecret): Credential['headers'] {
  switch (secret.kind) {
    case 'api-key':
      return { apiKey: secret.apiKey };
  }
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
      `wanted to read the workfront secret, came ${saw}, check that it exists, is set, and may be read by the worker`,
      { cause },
    );
  }
}
