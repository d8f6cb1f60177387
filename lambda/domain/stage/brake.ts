import * as z from 'zod/mini';
import { instant } from '../event/hr-event.ts';
import type { Policy } from '../policy.ts';
import { DAY, HOUR, MINUTE, SECOND, toInstant, toMillis } from '../time/time.ts';
import { changeLog } from './change-log.ts';

/**
 * The stage's one brake: every deactivation of the last 24 hours, and the latch. A place is `reserved` before the write. Once its event
 * is known to be deactivated, only the time is kept: the record is written for each deactivation, and has to stay small. An entry that is
 * not reserved is a deactivation that version 0.1 counted.
 */
export const brakeRecord = z.object({
  entries: z.array(z.object({ at: instant, event: z.string(), reserved: z.optional(z.literal(true)) })),
  /** When settled deactivations took effect, in seconds since the epoch. */
  settled: z.optional(z.array(z.number())),
  latched: z.optional(z.object({ at: instant, saw: z.string() })),
  log: z.optional(changeLog),
});

export type BrakeRecord = z.infer<typeof brakeRecord>;

export const RELEASED_BRAKE: BrakeRecord = { entries: [] };

/** The record has to fit into one item of the ledger, with the longest ids there are. */
const MOST_COUNTED = 1200;

/**
 * How long after its place was taken a write may still take effect: a worker runs for 15 minutes at most ("Lambda quotas", AWS Lambda
 * Developer Guide), and a request that nobody answered may be carried out some minutes later.
 */
const UNDER_WAY = 20 * MINUTE;

/** Whether one more deactivation is allowed, and the record after the answer. */
export interface BrakeAnswer {
  record: BrakeRecord;
  /** `wait`: writes under way may still be refused, and give their places back. */
  kind: 'go' | 'wait' | 'refused';
  /** Why not. */
  saw: string;
  changed: boolean;
}

/**
 * Asks for one deactivation. Two true sliding windows are kept, one hour and 24 hours. The first that is full of confirmed writes
 * latches the brake, and a latched brake refuses everything until a person releases it; a window that is full of writes under way makes
 * the next one wait. Asking twice for the same event takes one place, of the time when it was asked last: its write is yet to come.
 *
 * @param activeUsers active users of the directory: the daily limit is a share of them, but not below the floor
 */
export function askBrake(
  record: BrakeRecord,
  { event, now, activeUsers, limits }: { event: string; now: number; activeUsers: number; limits: Policy['brake'] },
): BrakeAnswer {
  if (record.latched !== undefined) {
    return { record, kind: 'refused', saw: `latched since ${record.latched.at}: ${record.latched.saw}`, changed: false };
  }
  const known = record.entries.filter((entry) => latest(entry) > now - DAY);
  if (known.some((entry) => entry.event === event && !entry.reserved)) return { record, kind: 'go', saw: '', changed: false };

  const entries = known.filter((entry) => entry.event !== event);
  const settled = (record.settled ?? []).filter((second) => second * SECOND > now - DAY);
  const rest = { ...record, ...(record.settled !== undefined && { settled }) };
  const done = [...settled.map((second) => second * SECOND), ...entries.filter(({ reserved }) => !reserved).map(latest)];
  const full = fullWindow(done, { now, activeUsers, limits });
  if (full !== undefined) {
    return { record: { ...rest, entries: known, latched: { at: toInstant(now), saw: full } }, kind: 'refused', saw: full, changed: true };
  }
  const busy = fullWindow([...done, ...underWay(entries).map(latest)], { now, activeUsers, limits });
  if (busy !== undefined) return { record, kind: 'wait', saw: `${busy}, some of them under way`, changed: false };
  return {
    record: { ...rest, entries: [...entries, { at: toInstant(now), event, reserved: true }] },
    kind: 'go',
    saw: '',
    changed: true,
  };
}

/** When a deactivation took effect, or the latest time at which it may. */
const latest = ({ at, reserved }: BrakeRecord['entries'][number]): number => toMillis(at) + (reserved ? UNDER_WAY : 0);

/** The places of writes that may be under way. */
export const underWay = (entries: BrakeRecord['entries']) => entries.filter(({ reserved }) => reserved);

/**
 * The writes that took effect are counted as done, by their time alone.
 *
 * @param tookEffect when each event was recorded as deactivated, in milliseconds since the epoch
 * @returns the record itself if there is nothing to change
 */
export function settled(record: BrakeRecord, tookEffect: ReadonlyMap<string, number>): BrakeRecord {
  const places = underWay(record.entries).filter(({ event }) => tookEffect.has(event));
  if (places.length === 0) return record;
  // One that was cut short may be known of long after it took effect.
  const times = places.map((place) => Math.ceil(Math.min(tookEffect.get(place.event) ?? 0, latest(place)) / SECOND));
  return { ...record, entries: record.entries.filter((entry) => !places.includes(entry)), settled: [...(record.settled ?? []), ...times] };
}

/** The write was refused, or never sent: its place is free. @returns undefined if there is nothing to change */
export function givenBack(record: BrakeRecord | undefined, event: string): BrakeRecord | undefined {
  if (!record?.entries.some((entry) => entry.event === event && entry.reserved)) return undefined;
  return { ...record, entries: record.entries.filter((entry) => entry.event !== event) };
}

/** Deactivations allowed in 24 hours. A share of 0 means none; no share means more than one record can count. */
export function dailyLimit({ shareOfActivePerDay, floorPerDay }: Policy['brake'], activeUsers: number): number {
  if (shareOfActivePerDay === 0) return 0;
  return Math.min(MOST_COUNTED, Math.max(floorPerDay, Math.floor(activeUsers * shareOfActivePerDay)));
}

function fullWindow(
  times: readonly number[],
  { now, activeUsers, limits }: { now: number; activeUsers: number; limits: Policy['brake'] },
): string | undefined {
  const lastHour = times.filter((time) => time > now - HOUR).length;
  if (lastHour >= limits.perHour) return `${lastHour} deactivations in the last hour, the limit is ${limits.perHour}`;

  const perDay = dailyLimit(limits, activeUsers);
  if (times.length >= perDay) {
    return `${times.length} deactivations in the last 24 hours, the limit is ${perDay} for ${activeUsers} active users`;
  }
  return undefined;
}
