import * as z from 'zod/mini';
import { instant } from '../event/hr-event.ts';
import type { Policy } from '../policy.ts';
import { DAY, HOUR, toInstant, toMillis } from '../time/time.ts';
import { changeLog } from './change-log.ts';

/** The stage's one brake: every deactivation of the last 24 hours, and the latch. */
export const brakeRecord = z.object({
  entries: z.array(z.object({ at: instant, event: z.string() })),
  latched: z.optional(z.object({ at: instant, saw: z.string() })),
  log: z.optional(changeLog),
});

export type BrakeRecord = z.infer<typeof brakeRecord>;

export const RELEASED_BRAKE: BrakeRecord = { entries: [] };

/** The record has to fit into one item of the ledger, with the longest ids there are. */
const MOST_COUNTED = 1200;

/** Whether one more deactivation is allowed, and the record after the answer. */
export interface BrakeAnswer {
  record: BrakeRecord;
  /** Why not; undefined when it is allowed. */
  refused: string | undefined;
  changed: boolean;
}

/**
 * Asks for one deactivation. Two true sliding windows are kept, one hour and 24 hours; the first that is full latches the
 * brake, and a latched brake refuses everything until a person releases it. Asking twice for the same event counts once.
 *
 * @param activeUsers active users of the directory: the daily limit is a share of them, but not below the floor
 */
export function askBrake(
  record: BrakeRecord,
  { event, now, activeUsers, limits }: { event: string; now: number; activeUsers: number; limits: Policy['brake'] },
): BrakeAnswer {
  if (record.latched !== undefined) {
    return { record, refused: `latched since ${record.latched.at}: ${record.latched.saw}`, changed: false };
  }
  const entries = record.entries.filter(({ at }) => toMillis(at) > now - DAY);
  if (entries.some((entry) => entry.event === event)) return { record, refused: undefined, changed: false };

  const full = fullWindow(entries, { now, activeUsers, limits });
  if (full !== undefined)
    return { record: { ...record, entries, latched: { at: toInstant(now), saw: full } }, refused: full, changed: true };
  return { record: { ...record, entries: [...entries, { at: toInstant(now), event }] }, refused: undefined, changed: true };
}

/** Deactivations allowed in 24 hours. A share of 0 means none; no share means more than one record can count. */
export function dailyLimit({ shareOfActivePerDay, floorPerDay }: Policy['brake'], activeUsers: number): number {
  if (shareOfActivePerDay === 0) return 0;
  return Math.min(MOST_COUNTED, Math.max(floorPerDay, Math.floor(activeUsers * shareOfActivePerDay)));
}

function fullWindow(
  entries: BrakeRecord['entries'],
  { now, activeUsers, limits }: { now: number; activeUsers: number; limits: Policy['brake'] },
): string | undefined {
  const lastHour = entries.filter(({ at }) => toMillis(at) > now - HOUR).length;
  if (lastHour >= limits.perHour) return `${lastHour} deactivations in the last hour, the limit is ${limits.perHour}`;

  const perDay = dailyLimit(limits, activeUsers);
  if (entries.length >= perDay) {
    return `${entries.length} deactivations in the last 24 hours, the limit is ${perDay} for ${activeUsers} active users`;
  }
  return undefined;
}
