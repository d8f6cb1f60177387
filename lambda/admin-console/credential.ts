import * as z from 'zod/mini';
import { CredentialFailure, InvalidInput, PermanentFailure, TransientFailure } from '../domain/failures.ts';
import { parseJson } from '../domain/parse.ts';
import type { Clock } from '../domain/ports.ts';
import { HOUR, MINUTE, SECOND } from '../domain/time/time.ts';
import type { Send } from './calls.ts';
import { type AdminConsoleSecret, parseConsoleSecret } from './secret.ts';

/** Who calls: the secret, and a token that was made with it. */
export interface ConsoleCredential {
  secret: AdminConsoleSecret;
  token: string;
}

/** The scopes that "User Management Authentication Guide" asks for. */
const SCOPES = 'openid,AdobeID,user_management_sdk';
/** A new secret works within this time, also if the token of the former one is still good. */
const REMEMBERED = 5 * MINUTE;
const LONGEST_LIFE = 24 * HOUR;
const UNKNOWN_LIFE = 15 * MINUTE;

const tokenAnswer = z.object({
  access_token: z.string().check(z.regex(/^[\x21-\x7e]{8,8192}$/, 'a token of 8 to 8,192 visible ASCII characters')),
  /** Seconds, for this grant. */
  expires_in: z.catch(z.optional(z.number().check(z.positive())), undefined),
});

/**
 * Gives the credential, and remembers it for five minutes at most.
 *
 * @returns a function that throws CredentialFailure with the code of `readSecret`'s own failure, `secret-unusable` or
 *   `console-token-refused`; TransientFailure as `send` does. @param renew the one that was refused: a new one is made
 */
export function consoleCredential(options: { readSecret: () => Promise<string>; tokenUrl: string; send: Send; clock: Clock }) {
  const { clock } = options;
  let known: { credential: ConsoleCredential; until: number } | undefined;
  return async (refused?: ConsoleCredential): Promise<ConsoleCredential> => {
    if (known !== undefined && known.credential !== refused && clock() < known.until) return known.credential;
    const secret = parseConsoleSecret(await readOrThrow(options.readSecret));
    const { access_token: token, expires_in: life = UNKNOWN_LIFE / SECOND } = await askForToken(secret, options);
    const lives = Math.min(life * SECOND, LONGEST_LIFE) * 0.9;
    known = { credential: { secret, token }, until: clock() + Math.min(lives, REMEMBERED) };
    return known.credential;
  };
}

async function askForToken({ clientId, clientSecret }: AdminConsoleSecret, { tokenUrl, send }: { tokenUrl: string; send: Send }) {
  const form = { grant_type: 'client_credentials', client_id: clientId, client_secret: clientSecret, scope: SCOPES };
  const { status, text } = await send({
    method: 'POST',
    url: tokenUrl,
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams(form).toString(),
  });
  const line = `expected a token for the Admin Console, got status ${status}`;
  const advice = "check the client's id, secret and scopes in the Developer Console, then set the secret again";
  if (status !== 200) throw new CredentialFailure('console-token-refused', `${line}; ${advice}`);
  try {
    return parseJson(tokenAnswer, text, 'token answer');
  } catch (cause) {
    if (!(cause instanceof InvalidInput)) throw cause;
    throw new CredentialFailure('console-token-refused', `${line} without a token; ${advice}`);
  }
}

/** While the secret cannot be read, all wait alike, so even a temporary cause counts as trouble of the credential. */
async function readOrThrow(readSecret: () => Promise<string>): Promise<string> {
  try {
    return await readSecret();
  } catch (cause) {
    const code = cause instanceof TransientFailure || cause instanceof PermanentFailure ? cause.code : 'secret-unreadable';
    throw new CredentialFailure(
      code,
      `expected the admin-console secret, got ${code}; check that it is set and may be read by the worker`,
      { cause },
    );
  }
}
