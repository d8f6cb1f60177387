import * as z from 'zod/mini';
import { type Effective, instant } from '../domain/event/hr-event.ts';
import { InvalidInput } from '../domain/failures.ts';
import { DAY, SECOND, toInstant } from '../domain/time/time.ts';

/** The zone of dates without one. */
interface Zone {
  timeZone?: string | undefined;
}

/** For events that the system sends when they are due. */
export const NOW: Effective = { immediate: true };

/**
 * Reads a date, alone or at the front of a time, in the time zone of the system.
 *
 * @param where in the delivery, for the sender
 * @throws InvalidInput
 */
export const onDate = (text: string, { timeZone }: Zone, where = 'event'): Effective => ({ date: dateIn(text, where), timeZone });

/** The day before a date, for systems that name the first day after the employment. @throws InvalidInput */
export function onDayBefore(text: string, { timeZone }: Zone, where: string): Effective {
  const date = dateIn(text, where);
  // 30 February is read as 2 March: then the text stays, to be refused as an impossible date.
  const first = new Date(`${date}T00:00:00Z`);
  const isDate = !Number.isNaN(first.getTime()) && first.toISOString().startsWith(date);
  return { date: isDate ? new Date(first.getTime() - DAY).toISOString().slice(0, 10) : date, timeZone };
}

function dateIn(text: string, where: string): string {
  const [date] = /^\d{4}-\d{2}-\d{2}/.exec(text) ?? [];
  if (date === undefined) throw new InvalidInput(`${where}: expected a date such as 2026-11-30, got a string of ${text.length} characters`);
  return date;
}

/** The zone in which every date begins first (IANA tz database): at any moment, the date there is the latest on earth. */
const FIRST_ZONE = 'Pacific/Kiritimati';

/**
 * The day of an event that a system sends on the leaver's last day. Without a zone, the latest day that it can be: a day late is
 * better than a day early.
 *
 * @throws InvalidInput if the text is not a time
 */
export function onDayOf(text: string, settings: Zone): Effective {
  const at = instantOf(text);
  if (at === undefined) return onDate(text, settings);
  const day = new Intl.DateTimeFormat('sv', { timeZone: settings.timeZone ?? FIRST_ZONE }).format(new Date(at));
  return onDate(day, settings);
}

/** A time as systems write it, in text or as a number, for {@link instantOf}. */
export const timeIn = (value: string | number | null | undefined): string | undefined =>
  value === undefined || value === null ? undefined : String(value);

/**
 * Writes an instant as RFC 3339 does. The text may lack the colon of the offset, or be Unix seconds (10 digits) or milliseconds (13).
 *
 * @returns undefined if it is not an instant, for example because it has no offset: the time of receipt is better than a guess
 */
export function instantOf(text: string | undefined): string | undefined {
  if (text === undefined) return undefined;
  if (/^\d{10}(\d{3})?$/.test(text)) return toInstant(Number(text) * (text.length === 10 ? SECOND : 1));
  const written = text.replace(' ', 'T').replace(/([+-]\d{2})(\d{2})$/, '$1:$2');
  return z.safeParse(instant, written).success ? written : undefined;
}

/** The zone in which every date ends last (IANA tz database). */
const LAST_OFFSET = '-12:00';

/**
 * The latest instant that a time without a zone can mean: an event that comes again a year later is then seen to be old, and none is taken
 * to be older than it is.
 */
export const latestOf = (text: string | undefined): string | undefined => instantOf(text?.concat(LAST_OFFSET));
