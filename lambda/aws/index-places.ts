import { type EventStatus, mayBeReopened } from '../domain/event/event-status.ts';
import type { LedgerEntry } from '../domain/event/ledger-entry.ts';
import { toInstant, toMillis } from '../domain/time/time.ts';

/** The place of an event in the index by month. The audit fact of an expired event has the hash `factMonth`. */
export const placeInMonth = ({ receivedAt, eventId }: LedgerEntry) => ({
  month: monthOf(receivedAt),
  receivedSort: `${toInstant(toMillis(receivedAt))}/${eventId}`,
});
export const factMonth = (month: string): string => `fact/${month}`;

/** What waits for a person or a date, or a person may take up again. */
const WAITS: readonly EventStatus[] = ['scheduled', 'held', 'failed', 'returned'];

/** What a worker works on, or is about to. */
export const IN_WORK: readonly EventStatus[] = ['received', 'processing'];

export const isInWork = (status: EventStatus): boolean => IN_WORK.includes(status);
/** Whether the index by status has every event of this status. */
export const isListed = (status: EventStatus): boolean => WAITS.includes(status) || mayBeReopened(status);

/**
 * The place of an event in the index by status, if it waits for something, or has waited for a date or a person: by its time of receipt alone
 * nobody would find it, months later. A leaver whose first turn is the last one never enters the index.
 */
export function placeInStatus({ status, waiting, intent, version, updatedAt, eventId, history }: LedgerEntry) {
  const writesOfOneTurn = intent === undefined ? 1 : 2;
  const waits = isInWork(status) && (waiting !== undefined || version > writesOfOneTurn);
  const hasWaited = !isInWork(status) && history.some(({ to }) => isListed(to));
  return waits || isListed(status) || hasWaited ? { status, updatedSort: `${updatedAt}/${eventId}` } : {};
}

/** The month of an instant in UTC, as `2026-11`. */
export const monthOf = (instant: string): string => toInstant(toMillis(instant)).slice(0, 7);
