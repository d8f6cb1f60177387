import type { Policy } from '../policy.ts';
import { DAY, HOUR, toInstant, toMillis } from '../time/time.ts';
import type { EventStatus } from './event-status.ts';
import type { LedgerEntry } from './ledger-entry.ts';
import { isTermination, type Termination } from './termination.ts';

/**
 * The ends after which the user is inactive, and must stay so: by us, or before. Who was inactive before is watched too, since the leaver
 * is to stay out whoever closed the account.
 */
export const WATCHED: readonly EventStatus[] = ['deactivated', 'already-inactive'];

type Watched = Termination & { workfrontUserId: string };

/** Whether the user of the event is to stay inactive, and exists. */
export const isWatched = (entry: LedgerEntry): entry is Watched =>
  WATCHED.includes(entry.status) && isTermination(entry) && entry.workfrontUserId !== undefined && entry.userGone === undefined;

/**
 * When the user of an event is read again next. It follows from the end of the event and the clock alone, so that nothing has to be
 * remembered between two looks, and a look that comes twice does no harm.
 *
 * @param now milliseconds since the epoch
 * @returns an RFC 3339 instant; undefined if the watch is over
 */
export function nextLook(entry: LedgerEntry, { watch }: Pick<Policy, 'watch'>, now: number): string | undefined {
  const { finishedAt } = entry;
  if (!isWatched(entry) || finishedAt === undefined) return undefined;
  const times = watch.after.map((after) => toMillis(finishedAt) + lengthOf(after)).filter((at) => at > now);
  return times.length === 0 ? undefined : toInstant(Math.min(...times));
}

/** Milliseconds of `1h` or `7d`. */
const lengthOf = (text: string): number => Number.parseInt(text, 10) * (text.endsWith('h') ? HOUR : DAY);
