import * as z from 'zod/mini';
import { CredentialFailure, PermanentFailure } from '../../domain/failures.ts';
import { parse } from '../../domain/parse.ts';
import { SECOND } from '../../domain/time/time.ts';
import type { HrCall } from './hr-call.ts';
import type { LookUpContext } from './look-up.ts';

/** A token is replaced this long before it ends. */
const MARGIN = 60 * SECOND;

const answer = z.object({ access_token: z.string(), expires_in: z.number() });

/**
 * A token for the credential of a look-up (OAuth 2.0, RFC 6749, section 5.1), kept until shortly before it ends.
 *
 * @param form what the token endpoint wants; asked for only if a new token is needed
 * @throws CredentialFailure `hr-credential-refused`, also for a 400: no employee is part of the question
 */
export async function tokenFrom(
  url: string,
  form: () => Record<string, string>,
  { call, cache, now }: Pick<LookUpContext<unknown, unknown>, 'call' | 'cache' | 'now'>,
): Promise<string> {
  const known = cache.get('token');
  if (known !== undefined && known.until > now) return known.value;
  const found = await asked(call, url, String(new URLSearchParams(form())));
  const { access_token: value, expires_in: seconds } = parse(answer, found, 'token');
  cache.set('token', { value, until: now + seconds * SECOND - MARGIN });
  return value;
}

const REFUSALS: readonly string[] = ['hr-refused', 'hr-forbidden'];

async function asked(call: HrCall, url: string, body: string): Promise<unknown> {
  const headers = { 'content-type': 'application/x-www-form-urlencoded' };
  try {
    return await call({ url: new URL(url), method: 'POST', headers, body, expected: 'a token' });
  } catch (failure) {
    if (!(failure instanceof PermanentFailure) || !REFUSALS.includes(failure.code)) throw failure;
    throw new CredentialFailure('hr-credential-refused', failure.message);
  }
}
