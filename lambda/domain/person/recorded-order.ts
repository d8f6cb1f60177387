import type { HrEvent } from '../event/hr-event.ts';
import { DAY, HOUR, MINUTE, SECOND, toInstant, toMillis } from '../time/time.ts';

/** When something was recorded: by HR, if it says so readably, and when we received it. */
export interface Recorded {
  occurredAt?: string | undefined;
  receivedAt: string;
}

/** Clocks differ by minutes; a time of HR's that is further ahead of its own delivery is wrong. */
const CLOCKS_DIFFER_BY = 5 * MINUTE;

export const recordedOf = ({ event, receivedAt }: { event: HrEvent; receivedAt: string }): Recorded => ({
  occurredAt: event.occurredAt,
  receivedAt,
});

/** When HR recorded it: never later than we received it, so that a wrong clock cannot void what is yet to come. */
export function recordedAt({ occurredAt, receivedAt }: Recorded): string {
  const occurred = toMillis(occurredAt ?? receivedAt);
  return toInstant(Math.min(occurred, toMillis(receivedAt)));
}

/**
 * Which of two events HR recorded first. Only two times of HR's own prove it, and only by more than their resolution: many systems
 * write a whole minute or a whole day. Two whole minutes, or two whole days, are in order if they are not the same.
 *
 * @returns where `one` stands to `other`
 */
export function orderOf(one: Recorded, other: Recorded): 'before' | 'after' | 'unproven' {
  const [a, b] = [ownTime(one), ownTime(other)];
  if (a === undefined || b === undefined) return 'unproven';
  const apart = a.at - b.at;
  const isAlike = a.resolution === b.resolution && a.resolution >= MINUTE;
  if (apart === 0 || (!isAlike && Math.abs(apart) <= Math.max(a.resolution, b.resolution))) return 'unproven';
  return apart < 0 ? 'before' : 'after';
}

/** A delivery that overtakes another on its way is late by minutes: so far apart, the order of receipt counts. Assumed. */
const OVERTAKES_WITHIN = HOUR;

/**
 * Whether HR wrote the same time on both, as exactly as it writes times, and both were received so soon after each other that one may have
 * overtaken the other: nobody can say which came last.
 */
export function isSameTime(one: Recorded, other: Recorded): boolean {
  const [a, b] = [ownTime(one), ownTime(other)];
  if (a === undefined || b === undefined) return false;
  if (Math.abs(toMillis(one.receivedAt) - toMillis(other.receivedAt)) > OVERTAKES_WITHIN) return false;
  return a.at === b.at || Math.abs(a.at - b.at) < Math.max(a.resolution, b.resolution);
}

/** Whether `one` is the later word: as HR's times prove, else in the order of receipt. Undefined if they came together. */
export function isLater(one: Recorded, other: Recorded): boolean | undefined {
  const order = orderOf(one, other);
  if (order !== 'unproven') return order === 'after';
  if (isSameTime(one, other)) return undefined;
  return one.receivedAt === other.receivedAt ? undefined : toMillis(one.receivedAt) > toMillis(other.receivedAt);
}

function ownTime({ occurredAt, receivedAt }: Recorded): { at: number; resolution: number } | undefined {
  if (occurredAt === undefined) return undefined;
  const at = toMillis(occurredAt);
  return at > toMillis(receivedAt) + CLOCKS_DIFFER_BY ? undefined : { at, resolution: resolutionOf(occurredAt) };
}

/** How exact a written time can be: zeros at its end say that the sender does not know better. */
function resolutionOf(instant: string): number {
  const [, hours, minutes, seconds, fraction] = /T(\d\d):(\d\d)(?::(\d\d))?(?:\.(\d+))?/.exec(instant) ?? [];
  if (Number(fraction ?? 0) > 0) return 0;
  if (Number(seconds ?? 0) > 0) return SECOND;
  return Number(hours) > 0 || Number(minutes) > 0 ? MINUTE : DAY;
}
