import type { EventStatus } from '../event/event-status.ts';
import type { EventRef } from '../event/leaver-message.ts';
import { isTermination, type Termination } from '../event/termination.ts';
import { relationOf } from '../person/one-person.ts';
import { CLOSED, type KnownTermination, spokenOf } from '../person/person-record.ts';
import { isLater, recordedAt, recordedOf } from '../person/recorded-order.ts';
import { mayWithdraw } from '../policy.ts';
import type { Desk } from '../ports.ts';
import { toMillis } from '../time/time.ts';
import { stopWhileUndone } from './cut-short.ts';
import { effectiveTime } from './effective-time.ts';

/** What the other terminations of a person mean for one of them. */
export interface Others {
  /** The one that HR recorded later: it replaces this one. */
  replacedBy: (EventRef & { effectiveAt: string }) | undefined;
  /** Events of other sources, or perhaps of this person, have a last day that is still to come. */
  laterElsewhere: { ref: EventRef; effectiveAt: string }[];
  /** The first last day of a later word that replaces nothing: whoever logged in long after it may have come back. */
  lastDayElsewhere: string | undefined;
  /** Events with another date, of which nothing tells whether HR recorded them before or after. */
  contradictedBy: EventRef[];
  /** Users that other terminations, perhaps of the person, found inactive or deactivated, or tried to: their write may have landed. */
  closed: string[];
}

/** What still counts: to be done, or done, whatever became of the account afterwards. One that was rejected, cancelled or found nobody replaces nothing. */
const COUNTS: readonly EventStatus[] = [
  'received',
  'scheduled',
  'processing',
  'held',
  'failed',
  'deactivated',
  'already-inactive',
  'would-deactivate',
  'returned',
  'accepted',
  'undone',
];

const IS_TO_COME: readonly EventStatus[] = ['received', 'scheduled', 'processing', 'held', 'failed'];

/**
 * Reads the other terminations of the person. Within one source, the word that HR recorded last replaces every earlier one, whether its
 * date is later or earlier, also once it was done; an order to act at once stands.
 *
 * @param reached how they were found: under a key of the event, or through the Workfront user
 * @throws Blocked `write-under-way` while one of them is being undone
 */
export async function readOthers(
  entry: Termination,
  { refs, reached }: { refs: readonly KnownTermination[]; reached: 'key' | 'user' },
  desk: Desk,
): Promise<Others> {
  const others: Others = { replacedBy: undefined, laterElsewhere: [], lastDayElsewhere: undefined, contradictedBy: [], closed: [] };
  for (const ref of refs) {
    const other = await desk.ledger.readEntry(ref);
    if (other === undefined) {
      noteForgotten(ref, { entry, others });
      continue;
    }
    if (!isTermination(other) || other.event.unconfirmed || other.status === 'cancelled') continue;
    stopWhileUndone(other, desk);
    const relation = relationOf(spokenOf(other), { of: spokenOf(entry), reached, policy: desk.policy });
    const closed = CLOSED.includes(other.status) ? other.workfrontUserId : other.intent?.userId;
    if (closed !== undefined && relation !== 'other') others.closed.push(closed);
    const counts = COUNTS.includes(other.status);
    const later = isLater(recordedOf(other), recordedOf(entry));
    const effectiveAt = other.effectiveAt ?? effectiveTime(other.event.effective, desk.policy, other.receivedAt).at;

    if (mayWithdraw({ by: other.source, of: entry.source }, desk.policy)) {
      if (counts && relation === 'same' && later && !entry.event.effective.immediate) others.replacedBy ??= { ...ref, effectiveAt };
      if (counts && relation === 'same' && later === undefined && effectiveAt !== entry.effectiveAt) others.contradictedBy.push(ref);
      if ((relation !== 'perhaps' && counts) || !later) continue;
    }
    if (relation === 'other') continue;
    const isToCome = toMillis(effectiveAt) > desk.clock();
    if (isToCome && IS_TO_COME.includes(other.status)) others.laterElsewhere.push({ ref, effectiveAt });
    if (!isToCome && later) others.lastDayElsewhere = earliest(others.lastDayElsewhere, effectiveAt);
  }
  return others;
}

/** What is left of one that has expired. Whose it was nobody can compare any more: it may make a guard ask, and replaces nothing. */
function noteForgotten(
  { recordedAt: recorded, lastDay, closed }: KnownTermination,
  { entry, others }: { entry: Termination; others: Others },
) {
  if (closed !== undefined) others.closed.push(closed);
  if (recorded === undefined || lastDay === undefined || toMillis(recorded) <= toMillis(recordedAt(recordedOf(entry)))) return;
  others.lastDayElsewhere = earliest(others.lastDayElsewhere, lastDay);
}

const earliest = (one: string | undefined, other: string): string => (one === undefined || toMillis(other) < toMillis(one) ? other : one);
