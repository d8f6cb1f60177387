import * as z from 'zod/mini';
import { CredentialFailure, InvalidInput, PermanentFailure, TransientFailure } from '../domain/failures.ts';
import { parseJson } from '../domain/parse.ts';
import type { Clock } from '../domain/ports.ts';
import { secondsUntil } from '../domain/time/retry-after.ts';
import { HOUR, MINUTE, SECOND } from '../domain/time/time.ts';
import { type HttpAnswer, httpExchange, type Limits } from './exchange.ts';
import { isPage } from './refusals.ts';
import type { TokenSecret } from './workfront-secret.ts';

/** The headers that every call carries until `endsAt`, in milliseconds since the epoch. */
export interface Token {
  headers: Record<string, string>;
  endsAt: number;
}

/** "A few minutes": "Configure and use your organization's custom OAuth 2 applications using the JWT flow", Workfront. */
const JWT_LIFE = 3 * MINUTE;
/** If the answer names no time: the life of Workfront's tokens is not documented. A refused token is replaced anyway. */
const UNKNOWN_LIFE = 15 * MINUTE;
const LONGEST_LIFE = 24 * HOUR;
/** A token is renewed this long before its end, or at 90 % of a short life. */
const RENEWED_BEFORE = MINUTE;

const tokenAnswer = z.object({
  access_token: z.string().check(z.regex(/^[\x21-\x7e]{8,8192}$/, 'a token of 8 to 8,192 visible ASCII characters')),
  expires_in: z.catch(z.optional(z.number().check(z.positive())), undefined),
});
/** IMS names the error in `error` (RFC 6749, section 5.2), Workfront in `type`. Only a single word is shown. */
const word = z.catch(z.optional(z.string().check(z.regex(/^\w{1,40}$/))), undefined);
const tokenError = z.object({ error: word, type: word });

/**
 * Gets tokens for the two kinds of secret that are not sent themselves: by the JWT exchange of Workfront OAuth2, or from Adobe
 * IMS by client credentials. Each token is one call over its own connection, without a retry.
 *
 * @param baseUrl of Workfront, whose host exchanges the JWT
 * @returns a function that throws CredentialFailure `token-refused`, or `secret-unusable` for a private key that cannot sign;
 *   TransientFailure `throttled`, `server-error`, `timed-out`, `unreachable`, `not-json`. Never PermanentFailure: a wrong credential
 *   must not fail an event
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
      throw asTokenFailure(url, cause);
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
      // Imported here, so that other kinds do not load the signing.
      const { signedJwt } = await import('./jwt.ts');
      const jwt_token = await signedJwt({ ...secret, expiresAt: clock() + JWT_LIFE });
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

function readToken(answer: HttpAnswer, url: URL, now: number): z.infer<typeof tokenAnswer> {
  const { status, text } = answer;
  const line = `expected a token from ${url.host}, got status ${status}`;
  if (status === 429 || status >= 500)
    throw new TransientFailure(status === 429 ? 'throttled' : 'server-error', `${line}; wait and try again`, {
      retryAfterSeconds: secondsUntil(answer.retryAfter, now),
    });
  // Both refuse in JSON. A page comes from a system in between (a CDN, maintenance), which knows nothing about the secret.
  if (isPage(answer)) throw new TransientFailure('not-json', `${line} as a page; wait, then check the URL`);
  if (status !== 200) throw refused(`${line}${errorIn(text)}`);
  try {
    return parseJson(tokenAnswer, text, 'token answer');
  } catch (cause) {
    if (!(cause instanceof InvalidInput)) throw cause;
    throw refused(`${line} without a token (${cause.message})`, cause);
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

function refused(line: string, cause?: unknown): CredentialFailure {
  return new CredentialFailure('token-refused', `${line}; check the client's id, rights and expiry, then set the secret again`, {
    cause,
  });
}

function asTokenFailure(url: URL, cause: unknown): unknown {
  if (cause instanceof TransientFailure) {
    const line = `expected a token from ${url.host}, got none (${cause.code}); wait, then check that the host can be reached`;
    return new TransientFailure(cause.code, line, { cause });
  }
  if (cause instanceof PermanentFailure) return refused(`expected a token from ${url.host}, got ${cause.code}`, cause);
  return cause;
}
