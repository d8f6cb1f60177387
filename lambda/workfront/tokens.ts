import * as z from 'zod/mini';
import { CredentialFailure, InvalidInput, PermanentFailure, TransientFailure } from '../domain/failures.ts';
import { parseJson } from '../domain/parse.ts';
import type { Clock } from '../domain/ports.ts';
import { secondsUntil } from '../domain/time/retry-after.ts';
import { HOUR, MINUTE, SECOND } from '../domain/time/time.ts';
import { type Answer, httpExchange, type Limits } from './exchange.ts';
import { isPage } from './refusals.ts';
import type { TokenSecret } from './workfront-secret.ts';

/** What goes with every call until it ends, in milliseconds since the epoch. */
export interface Token {
  headers: Record<string, string>;
  endsAt: number;
}

/** "A few minutes": "Configure and use your organization's custom OAuth 2 applications using the JWT flow", Workfront. */
const JWT_LIVES = 3 * MINUTE;
/** Where the answer names no time: that of Workfront's exchange is documented nowhere. A refused token is replaced anyway. */
const UNKNOWN_LIFE = 15 * MINUTE;
const LONGEST_LIFE = 24 * HOUR;
/** Renewed so long before the end, or at 90 % of a short life. */
const RENEWED_BEFORE = MINUTE;

const tokenAnswer = z.object({
  access_token: z.string().check(z.regex(/^[\x21-\x7e]{8,8192}$/, 'a token of 8 to 8,192 visible ASCII characters')),
  expires_in: z.catch(z.optional(z.number().check(z.positive())), undefined),
});
/** IMS names the error in `error` (RFC 6749, section 5.2), Workfront in `type`; neither is more than a word. */
const word = z.catch(z.optional(z.string().check(z.regex(/^\w{1,40}$/))), undefined);
const tokenError = z.object({ error: word, type: word });

/**
 * Gets tokens for the two kinds of secret that are not sent themselves: by the JWT exchange of Workfront OAuth2, or from Adobe
 * IMS by client credentials. One call for a token, over a connection of its own; nothing is retried.
 *
 * @param baseUrl of Workfront, whose host exchanges the JWT
 * @returns a function that throws CredentialFailure `token-refused`, or `secret-unusable` for a private key that cannot sign;
 *   TransientFailure `throttled`, `server-error`, `timed-out`, `unreachable`, `not-json`. Never PermanentFailure: what is wrong
 *   with the credential is no event's failure
 */
export function tokenGiver({ baseUrl, clock, limits }: { baseUrl: string; clock: Clock; limits?: Partial<Limits> | undefined }) {
  return async (secret: TokenSecret): Promise<Token> => {
    const { url, form } = await requestFor(secret, { baseUrl, clock });
    const body = new URLSearchParams(form).toString();
    const headers = {
      accept: 'application/json',
      'content-type': 'application/x-www-form-urlencoded',
      'content-length': String(Buffer.byteLength(body)),
    };
    const askedAt = clock();
    const exchange = httpExchange({ origin: url.origin, callsInFlight: 1, limits, clock });
    const answer = await exchange({ method: 'POST', url, headers, body }).catch((cause: unknown) => {
      throw aboutToken(url, cause);
    });
    const { access_token, expires_in } = readToken(answer, url, clock());

    const life = Math.min((expires_in ?? UNKNOWN_LIFE / SECOND) * SECOND, LONGEST_LIFE);
    return { headers: headersFor(secret, access_token), endsAt: askedAt + life - Math.min(RENEWED_BEFORE, life / 10) };
  };
}

async function requestFor(secret: TokenSecret, { baseUrl, clock }: { baseUrl: string; clock: Clock }) {
  const client = { client_id: secret.clientId, client_secret: secret.clientSecret };
  switch (secret.kind) {
    case 'workfront-oauth2': {
      // Only this kind pays for the signing.
      const { signedJwt } = await import('./jwt.ts');
      const jwt_token = await signedJwt({ ...secret, expiresAt: clock() + JWT_LIVES });
      return { url: new URL('/integrations/oauth2/api/v1/jwt/exchange', baseUrl), form: { ...client, jwt_token } };
    }
    case 'adobe-ims':
      return { url: new URL(secret.tokenUrl), form: { ...client, grant_type: 'client_credentials', scope: secret.scopes } };
  }
}

function headersFor(secret: TokenSecret, token: string): Token['headers'] {
  switch (secret.kind) {
    case 'workfront-oauth2':
      return { sessionID: token };
    case 'adobe-ims':
      return { authorization: `Bearer ${token}`, 'x-gw-ims-org-id': secret.organizationId };
  }
}

function readToken(answer: Answer, url: URL, now: number): z.infer<typeof tokenAnswer> {
  const { status, text } = answer;
  const expected = `expected a token from ${url.host}, got`;
  if (status === 429 || status >= 500)
    throw new TransientFailure(status === 429 ? 'throttled' : 'server-error', `${expected} status ${status}, wait and try again`, {
      retryAfterSeconds: secondsUntil(answer.retryAfter, now),
    });
  // Both refuse in JSON. A page is from something in between (a CDN, maintenance), which knows nothing of the secret.
  if (isPage(answer)) throw new TransientFailure('not-json', `${expected} status ${status} as a page, wait and check the url`);
  if (status !== 200) throw refused(`${expected} status ${status}${errorIn(text)}`);
  try {
    return parseJson(tokenAnswer, text, 'token answer');
  } catch (cause) {
    if (!(cause instanceof InvalidInput)) throw cause;
    throw refused(`${expected} status 200 without one (${cause.message})`, cause);
  }
}

function errorIn(text: string): string {
  try {
    const { error, type } = parseJson(tokenError, text, 'token answer');
    return ` ${error ?? type ?? 'without a reason'}`;
  } catch {
    return ' without a reason';
  }
}

function refused(saw: string, cause?: unknown): CredentialFailure {
  return new CredentialFailure('token-refused', `${saw}, check the credential's client, rights and end, and set the secret again`, {
    cause,
  });
}

function aboutToken(url: URL, cause: unknown): unknown {
  if (cause instanceof TransientFailure) {
    const line = `expected a token from ${url.host}, got none (${cause.code}), wait and check that it can be reached`;
    return new TransientFailure(cause.code, line, { cause });
  }
  if (cause instanceof PermanentFailure) return refused(`expected a token from ${url.host}, got ${cause.code}`, cause);
  return cause;
}
