import * as z from 'zod/mini';
import type { LedgerEntry } from '../event/ledger-entry.ts';
import { sinceDue } from '../event/since-due.ts';
import type { Desk } from '../ports.ts';
import { MINUTE, toMillis } from '../time/time.ts';

/** Put on the leaver queue every few minutes: a leaver is late by the clock, also while nobody works on the message. */
export const lateLookMessage = z.object({ kind: z.literal('late-look') });

/** What the late look found. */
export interface LateLook {
  /** How long the leaver who is late by most is late, in milliseconds; 0 if nobody is. */
  longest: number;
  /** Scheduled events whose time passed without a turn, the longest unchanged first. */
  notStarted: LedgerEntry[];
}

/** An event that was due so long ago without a turn has no schedule: one fires within a minute, and a backlog of the queue is shorter. */
export const LOST_AFTER = 30 * MINUTE;

/**
 * Looks, by the clock, who should be inactive and is not. Reads only, and nothing but the ledger.
 *
 * @throws what the ledger throws
 */
export async function lookForLate({ ledger, clock }: Pick<Desk, 'ledger' | 'clock'>): Promise<LateLook> {
  const now = clock();
  let longest = 0;
  const notStarted: LedgerEntry[] = [];
  for await (const entry of ledger.inWork()) longest = Math.max(longest, sinceDue(entry, now));
  for await (const entry of ledger.scheduled()) {
    longest = Math.max(longest, sinceDue(entry, now));
    if (isLost(entry, now)) notStarted.push(entry);
  }
  return { longest, notStarted };
}

/**
 * Whether nothing has come for a scheduled event although its time has passed: it has no schedule. One that waits out trouble had its
 * turn, and has another one when its wait ends.
 */
export function isLost({ status, waiting, effectiveAt }: LedgerEntry, now: number): boolean {
  if (status !== 'scheduled' || effectiveAt === undefined) return false;
  const expected = Math.max(toMillis(effectiveAt), waiting === undefined ? 0 : toMillis(waiting.until));
  return expected < now - LOST_AFTER;
}
