import { CredentialFailure } from '../domain/failures.ts';
import { DAY, toMillis } from '../domain/time/time.ts';
import { parseSecret } from './workfront-secret.ts';

/**
 * Days until the API key in a secret expires, from its `createdAt`; negative afterwards. Keys live for a month unless an
 * administrator changes that ("Manage API keys", Workfront administration).
 *
 * @param lifetimeDays undefined where keys never expire
 * @param now milliseconds since the epoch
 * @returns Infinity for what does not end by itself: another kind of credential, or a key that never expires; undefined where the
 *   secret tells nothing of it: a key without `createdAt`, or no secret at all
 */
export function keyDaysLeft(text: string, { lifetimeDays, now }: { lifetimeDays: number | undefined; now: number }): number | undefined {
  const secret = readable(text);
  if (secret === undefined) return undefined;
  if (secret.kind !== 'api-key' || lifetimeDays === undefined) return Number.POSITIVE_INFINITY;
  if (secret.createdAt === undefined) return undefined;
  return lifetimeDays - (now - toMillis(secret.createdAt)) / DAY;
}

/** A secret that cannot be read is told by whoever wants to use it. */
function readable(text: string) {
  try {
    return parseSecret(text);
  } catch (failure) {
    if (failure instanceof CredentialFailure) return undefined;
    throw failure;
  }
}
