import { CredentialFailure } from '../domain/failures.ts';
import { DAY, toMillis } from '../domain/time/time.ts';
import { parseSecret } from './workfront-secret.ts';

/**
 * Days until the API key in a secret expires, counted from its `createdAt`; negative afterwards. Keys are valid for a month unless an
 * administrator changes that ("Manage API keys", Workfront administration).
 *
 * @param lifetimeDays undefined if keys never expire
 * @param now milliseconds since the epoch
 * @returns Infinity for a credential that does not expire: another kind, or a key that never expires; undefined if the secret does
 *   not say it: a key without `createdAt`, or no secret at all
 */
export function keyDaysLeft(text: string, { lifetimeDays, now }: { lifetimeDays: number | undefined; now: number }): number | undefined {
  const secret = parsedOrNothing(text);
  if (secret === undefined) return undefined;
  if (secret.kind !== 'api-key' || lifetimeDays === undefined) return Number.POSITIVE_INFINITY;
  if (secret.createdAt === undefined) return undefined;
  return lifetimeDays - (now - toMillis(secret.createdAt)) / DAY;
}

/** @returns undefined for a secret that cannot be parsed: whoever uses it reports that */
function parsedOrNothing(text: string) {
  try {
    return parseSecret(text);
  } catch (failure) {
    if (failure instanceof CredentialFailure) return undefined;
    throw failure;
  }
}
