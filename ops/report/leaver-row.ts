import { isFinished } from '../../lambda/domain/event/event-status.ts';
import type { LedgerEntry } from '../../lambda/domain/event/ledger-entry.ts';
import { isTermination } from '../../lambda/domain/event/termination.ts';
import { toMillis } from '../../lambda/domain/time/time.ts';
import { TEST_DOMAIN, TEST_ID } from '../send/test-delivery.ts';

/** What an auditor is told of one event: ids, times, deeds; nothing of who left but the user's id. */
export interface LeaverRow {
  userId: string | null;
  source: string;
  eventId: string;
  receivedAt: string;
  effectiveAt: string | null;
  deactivatedAt: string | null;
  /** From the effective time to the deactivation, in milliseconds; 0 where it was early. */
  delay: number | null;
  outcome: string;
  reason: string | null;
  /** What people did about it. */
  decided: { at: string; by: string; did: string }[];
}

/**
 * Which of a person's events tells how it stands with them: `open` is not done yet; `done` and `inactive` end the access;
 * `other` ended without touching it.
 */
export type Slot = 'open' | 'done' | 'inactive' | 'other';

/** Whether the event is about a leaver at all, and no rescission. */
export const isLeaver = (entry: LedgerEntry): boolean => isTermination(entry);

/** Whether `ops send` made the event up, about nobody. */
export const isTest = ({ event: { employee } }: LedgerEntry): boolean =>
  (employee.email ?? '').endsWith(`@${TEST_DOMAIN}`) || [employee.sourceId, employee.employeeNumber].some((id) => id?.startsWith(TEST_ID));

export function slotOf({ status }: LedgerEntry): Slot {
  if (status === 'deactivated') return 'done';
  if (status === 'already-inactive') return 'inactive';
  return isFinished(status) ? 'other' : 'open';
}

export function rowOf(entry: LedgerEntry): LeaverRow {
  const { source, eventId, receivedAt, effectiveAt, status, reason, finishedAt, workfrontUserId } = entry;
  const deactivatedAt = status === 'deactivated' ? (finishedAt ?? null) : null;
  const isTimed = deactivatedAt !== null && effectiveAt !== undefined;
  return {
    userId: workfrontUserId ?? null,
    source,
    eventId,
    receivedAt,
    effectiveAt: effectiveAt ?? null,
    deactivatedAt,
    delay: isTimed ? Math.max(0, toMillis(deactivatedAt) - toMillis(effectiveAt)) : null,
    outcome: status,
    reason: reason ?? null,
    decided: decisionsOn(entry),
  };
}

/** Steps by people: all that neither the source, nor worker and schedule took. What they gave as a reason stays in the ledger. */
function decisionsOn({ history, source }: LedgerEntry): LeaverRow['decided'] {
  return history
    .filter(({ by }, index) => !(index === 0 && by === source) && by !== 'worker' && by !== 'schedule')
    .map(({ at, by, why }) => ({ at, by, did: why.split(':')[0] ?? '' }));
}
