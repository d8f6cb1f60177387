import { Temporal } from 'temporal-polyfill';
import type { Effective } from '../event/hr-event.ts';
import type { Policy } from '../policy.ts';
import { toInstant, toMillis } from '../time/time.ts';

/** The instant from which a leaver must be inactive. `from` is set where the zone is unknown: the earliest instant the date can mean. */
export interface EffectiveTime {
  at: string;
  from?: string;
}

/** The zones furthest from UTC (IANA tz database): where a date begins first and ends last. */
const FIRST_ZONE = '+14:00';
const LAST_ZONE = '-12:00';

/**
 * Turns what HR said into an instant.
 * A date means the moment that the policy names, in the event's zone, else the stage's; where neither is known, the latest
 * instant that the date can mean. Midnight in a DST gap is the first instant of that day; one that happens twice is the
 * earlier (`PlainDate.toZonedDateTime`, Temporal proposal).
 *
 * @param receivedAt what "immediate" means, RFC 3339
 */
export function effectiveTime(
  effective: Effective,
  policy: Pick<Policy, 'dateMeans' | 'defaultTimeZone'>,
  receivedAt: string,
): EffectiveTime {
  if (effective.at !== undefined) return { at: toLedgerInstant(toMillis(effective.at)) };
  if (effective.date === undefined) return { at: receivedAt };

  const date = Temporal.PlainDate.from(effective.date);
  const zone = effective.timeZone ?? policy.defaultTimeZone;
  if (zone !== undefined) return { at: momentOf(date, zone, policy.dateMeans) };
  return { at: momentOf(date, LAST_ZONE, policy.dateMeans), from: momentOf(date, FIRST_ZONE, policy.dateMeans) };
}

function momentOf(date: Temporal.PlainDate, zone: string, { moment, offset }: Policy['dateMeans']): string {
  const day = moment === 'end-of-day' ? date.add({ days: 1 }) : date;
  return toLedgerInstant(day.toZonedDateTime(zone).add(Temporal.Duration.from(offset)).epochMilliseconds);
}

const FIRST_INSTANT = toMillis('1970-01-01T00:00:00Z');
/** HR systems write "never" as the last day that they can; RFC 3339 has no year of five digits. */
const LAST_INSTANT = toMillis('9999-12-31T23:59:59.999Z');

const toLedgerInstant = (millis: number): string => toInstant(Math.min(Math.max(millis, FIRST_INSTANT), LAST_INSTANT));
