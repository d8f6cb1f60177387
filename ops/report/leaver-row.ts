import { isFinished } from '../../lambda/domain/event/event-status.ts';
import type { LedgerEntry } from '../../lambda/domain/event/ledger-entry.ts';
import { isTermination } from '../../lambda/domain/event/termination.ts';
import { TEST_ID } from '../../lambda/domain/event/test-outcome.ts';
import { toMillis } from '../../lambda/domain/time/time.ts';
import { TEST_DOMAIN } from '../send/test-delivery.ts';

/** What an auditor sees of one event: ids, times and decisions. Of the leaver only the user's id. */
export interface LeaverRow {
  userId: string | null;
  source: string;
  eventId: string;
  receivedAt: string;
  effectiveAt: string | null;
  deactivatedAt: string | null;
  /** From the effective time to the deactivation, in milliseconds; 0 if it was early. */
  delay: number | null;
  outcome: string;
  reason: string | null;
  /** What people decided, and why, in their own words. */
  decided: { at: string; by: string; did: string; reason?: string }[];
}

/**
 * The four slots in which the store keeps the latest event of a person: `open` is not finished, `done` and `inactive` ended the access, and
 * `other` ended without changing it.
 */
export type Slot = 'open' | 'done' | 'inactive' | 'other';

/** Whether the event is a termination, and not a rescission. */
export const isLeaver = (entry: LedgerEntry): boolean => isTermination(entry);

/** Whether the event is a test of `ops send`, about nobody. */
export const isTest = ({ event: { employee } }: LedgerEntry): boolean =>
  (employee.email ?? '').endsWith(`@${TEST_DOMAIN}`) || [employee.sourceId, employee.employeeNumber].some((id) => id?.startsWith(TEST_ID));

export function slotOf({ status }: LedgerEntry): Slot {
  if (status === 'deactivated') return 'done';
  if (status === 'already-inactive') return 'inactive';
  return isFinished(status) ? 'other' : 'open';
}

export function rowOf(entry: LedgerEntry): LeaverRow {
  const { source, eventId, receivedAt, effectiveAt, status, reason, finishedAt, workfrontUserId } = entry;
  // What became of the account afterwards does not change when the access ended first.
  const ended = entry.history.find(({ to }) => to === 'deactivated')?.at;
  const deactivatedAt = status === 'deactivated' ? (ended ?? finishedAt ?? null) : AFTERWARDS.includes(status) ? (ended ?? null) : null;
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

/** What an event may become after its user was inactive. */
const AFTERWARDS: readonly string[] = ['returned', 'accepted', 'undone'];

/** The steps that people took, and not the source, the worker or a schedule. */
function decisionsOn({ history, source }: LedgerEntry): LeaverRow['decided'] {
  return history
    .filter(({ by }, index) => !(index === 0 && by === source) && by !== 'worker' && by !== 'schedule')
    .map(({ at, by, why }) => ({ at, by, ...parted(why) }));
}

/** A step of a person is written as `what was done: the reason`. */
function parted(why: string): { did: string; reason?: string } {
  const [did = '', ...reason] = why.split(': ');
  return reason.length === 0 ? { did } : { did, reason: reason.join(': ') };
}

/** What a person decided, in one sentence without the time. */
export const decisionText = ({ by, did, reason }: { by: string; did: string; reason?: string | undefined }): string =>
  `${did} by ${by}${reason === undefined ? '' : `: ${reason}`}`;
