import { createPublicKey, randomBytes, verify } from 'node:crypto';
import * as z from 'zod';
import { last, readJson } from '../query/parameters.ts';
import type { FakeDirectory } from '../users/directory.ts';
import type { Behaviour } from './behaviour.ts';
import type { Call } from './call.ts';

/** The only OAuth2 client of the fake, for Workfront's own OAuth2 and for IMS, and its organisation at Adobe. */
export const FAKE_CLIENT = {
  id: 'fake-client',
  secret: 'fake-client-secret',
  organizationId: '0123456789ABCDEF01234567@AdobeOrg',
} as const;

/** The longest life of a JWT; Adobe documents only "a few minutes". */
const LONGEST_JWT_MS = 10 * 60_000;

/** The tokens that were given out, and the user that each of them acts as. */
export interface Sessions {
  open(kind: 'sessionID' | 'bearer', seconds: number, userId: string): string;
  /** @returns undefined for a token that is unknown or has expired */
  userOf(token: string, kind: 'sessionID' | 'bearer'): string | undefined;
}

export function createSessions(now: () => number): Sessions {
  const tokens = new Map<string, { userId: string; endsAt: number }>();
  return {
    open(kind, seconds, userId) {
      const token = randomBytes(16).toString('hex');
      tokens.set(`${kind} ${token}`, { userId, endsAt: now() + seconds * 1000 });
      return token;
    },
    userOf(token, kind) {
      const found = tokens.get(`${kind} ${token}`);
      return found !== undefined && found.endsAt > now() ? found.userId : undefined;
    },
  };
}

interface TokenAnswer {
  status: number;
  body: Record<string, unknown>;
}

interface TokenContext {
  behaviour: Behaviour;
  sessions: Sessions;
  directory: FakeDirectory;
  now: number;
}

/** Answers a call to one of the two token endpoints, or nothing for any other path. */
export function giveToken(call: Call, context: TokenContext): TokenAnswer | undefined {
  if (call.method !== 'POST') return undefined;
  if (call.pathname === '/integrations/oauth2/api/v1/jwt/exchange') return exchangeJwt(call, context);
  if (call.pathname === '/ims/token/v3') return giveImsToken(call, context);
  return undefined;
}

/** "Configure and use OAuth 2 with the JWT flow": RS256; `iss` the customer, `sub` the user who made the public key, `exp` a few minutes ahead. */
function exchangeJwt({ form }: Call, { behaviour, sessions, directory, now }: TokenContext): TokenAnswer {
  const refuse = (message: string) => ({ status: 401, body: { statusCode: 401, error: true, type: 'AUTHENTICATION', message } });
  if (!isClient(form) || behaviour.rejectCredential) return refuse('Invalid client.');

  const claims = readJwt(last(form, 'jwt_token') ?? '', behaviour.oauthPublicKey);
  if (claims === undefined) return refuse('Invalid JWT.');
  if (claims.exp * 1000 <= now) return refuse('JWT expired.');
  if (claims.exp * 1000 > now + LONGEST_JWT_MS) return refuse('JWT lives too long.');
  if (claims.iss !== directory.customerId || directory.byId(claims.sub)?.isActive !== true) return refuse('Invalid JWT claims.');

  const token = sessions.open('sessionID', behaviour.sessionSeconds, claims.sub);
  return { status: 200, body: { token_type: 'sessionID', access_token: token, expires_in: behaviour.sessionSeconds } };
}

function giveImsToken({ form }: Call, { behaviour, sessions, directory }: TokenContext): TokenAnswer {
  if (!isClient(form) || behaviour.rejectCredential)
    return { status: 400, body: { error: 'invalid_client', error_description: 'invalid client_id or client_secret' } };
  if (last(form, 'grant_type') !== 'client_credentials') return { status: 400, body: { error: 'unsupported_grant_type' } };
  if ((last(form, 'scope') ?? '') === '') return { status: 400, body: { error: 'invalid_scope' } };

  const token = sessions.open('bearer', behaviour.sessionSeconds, directory.owner?.ID ?? '');
  return { status: 200, body: { access_token: token, token_type: 'bearer', expires_in: behaviour.sessionSeconds } };
}

function isClient(form: Call['form']): boolean {
  return last(form, 'client_id') === FAKE_CLIENT.id && last(form, 'client_secret') === FAKE_CLIENT.secret;
}

const jwtHeader = z.object({ alg: z.literal('RS256') });
const jwtClaims = z.object({ iss: z.string(), sub: z.string(), exp: z.number() });

/** @param publicKey PEM; null: the client has no key yet, and no JWT is good */
function readJwt(token: string, publicKey: string | null): z.infer<typeof jwtClaims> | undefined {
  const [header = '', claims = '', signature = ''] = token.split('.');
  const decode = (part: string) => Buffer.from(part, 'base64url').toString('utf8');
  try {
    readJson(decode(header), { schema: jwtHeader, what: 'JWT header', status: 401 });
    const signed = Buffer.from(`${header}.${claims}`);
    const isGood = publicKey !== null && verify('RSA-SHA256', signed, createPublicKey(publicKey), Buffer.from(signature, 'base64url'));
    return isGood ? readJson(decode(claims), { schema: jwtClaims, what: 'JWT claims', status: 401 }) : undefined;
  } catch {
    return undefined;
  }
}
