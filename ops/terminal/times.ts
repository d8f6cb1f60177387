import * as z from 'zod';
import { DAY, HOUR, MINUTE, SECOND, toInstant, toMillis } from '../../lambda/domain/time/time.ts';
import { Usage } from './exit-code.ts';

const UNITS: Record<string, number> = { s: SECOND, m: MINUTE, h: HOUR, d: DAY, w: 7 * DAY };

const MOMENT =
  'an instant such as 2026-11-30T17:00:00Z, a day such as 2026-11-30, today, yesterday or monday, or a time back from now such as 90s, 30m, 24h, 7d or 2w';

const WEEKDAYS = ['sunday', 'monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday'];

/** An instant or a time back from now, still as it was typed. */
export const moment = z.string().refine((text) => millisOf(text, 0) !== undefined, MOMENT);

/** A length of time, in milliseconds. */
export const length = z
  .string()
  .refine((text) => lengthIn(text) !== undefined, 'a length of time such as 90s, 30m, 1h or 1d')
  .transform((text) => lengthIn(text) ?? 0);

/**
 * Reads an instant from the command line: RFC 3339, a day in the zone of this machine, or a time back from now such as `24h`.
 *
 * @param now milliseconds since the epoch
 * @param edge of the day, if a day is named
 * @returns RFC 3339 in UTC
 * @throws Usage
 */
export function momentOf(text: string, now: number, edge: 'start' | 'end' = 'start'): string {
  const millis = millisOf(text, now, edge);
  if (millis === undefined) throw new Usage(`${JSON.stringify(text)} is not a time; use ${MOMENT}`);
  return toInstant(millis);
}

function millisOf(text: string, now: number, edge: 'start' | 'end' = 'start'): number | undefined {
  const back = lengthIn(text);
  if (back !== undefined) return now - back;
  const day = dayIn(text.toLowerCase(), now);
  // A day of this machine's zone may have 23 or 25 hours: the next one begins where it ends.
  if (day !== undefined)
    return edge === 'start' ? day.getTime() : new Date(day.getFullYear(), day.getMonth(), day.getDate() + 1).getTime() - 1;
  const millis = /^\d{4}-\d{2}-\d{2}T.+(Z|[+-]\d{2}:\d{2})$/i.test(text) ? toMillis(text) : Number.NaN;
  return Number.isNaN(millis) ? undefined : millis;
}

/** The beginning of a day, in the zone of this machine. */
function dayIn(text: string, now: number): Date | undefined {
  const today = new Date(now);
  const back = (days: number) => new Date(today.getFullYear(), today.getMonth(), today.getDate() - days);
  if (text === 'today') return back(0);
  if (text === 'yesterday') return back(1);
  const weekday = WEEKDAYS.indexOf(text);
  if (weekday >= 0) return back((today.getDay() - weekday + 7) % 7);
  const [, year, month, date] = /^(\d{4})-(\d{2})-(\d{2})$/.exec(text) ?? [];
  if (year === undefined) return undefined;
  const day = new Date(Number(year), Number(month) - 1, Number(date));
  return day.getMonth() === Number(month) - 1 && day.getDate() === Number(date) ? day : undefined;
}

function lengthIn(text: string): number | undefined {
  const [, count, unit = ''] = /^(\d{1,5})([smhdw])$/.exec(text) ?? [];
  return count === undefined ? undefined : Number(count) * (UNITS[unit] ?? 0);
}

const LOCAL_ZONE = Intl.DateTimeFormat().resolvedOptions().timeZone;

/** One for all, because each formatter holds memory outside the heap for a while after its last use. Swedish dates are written as in ISO 8601. */
const LOCAL = new Intl.DateTimeFormat('sv-SE', { dateStyle: 'short', timeStyle: 'medium', timeZone: LOCAL_ZONE });

/** `2026-11-24 20:19:03` in the zone of this machine. */
const localTime = (instant: string): string => LOCAL.format(new Date(instant));

/** `19:19:03Z`, with the date if it differs from the local date. */
function utcTime(instant: string): string {
  const utc = `${toInstant(toMillis(instant)).slice(0, 19).replace('T', ' ')}Z`;
  return localTime(instant).slice(0, 10) === utc.slice(0, 10) ? utc.slice(11) : utc;
}

const ZONE_IS_UTC = /^(Etc\/)?(UTC|UCT|Zulu)$/.test(LOCAL_ZONE);

/** `2026-11-24 20:19:03 Europe/Amsterdam (19:19:03Z)`; only once if the zone of this machine is UTC. */
export const bothTimes = (instant: string): string =>
  `${localTime(instant)} ${ZONE_IS_UTC ? 'UTC' : `${LOCAL_ZONE} (${utcTime(instant)})`}`;

/** The same as cells of a table. */
export const timeCells = (instant: string): string[] => (ZONE_IS_UTC ? [localTime(instant)] : [localTime(instant), utcTime(instant)]);

export const timeTitles = (what: string): string[] => (ZONE_IS_UTC ? [`${what} (UTC)`] : [`${what} (${LOCAL_ZONE})`, 'UTC']);

/** Prints a length of time in its two largest units: `12 ms`, `3.4 s`, `5 min 10 s`, `2 d 3 h`. */
export function lengthOf(millis: number): string {
  if (millis < SECOND) return `${Math.max(0, Math.round(millis))} ms`;
  if (millis < MINUTE) return `${Number((millis / SECOND).toFixed(1))} s`;
  if (millis < HOUR) return twoUnits(millis, [MINUTE, 'min'], [SECOND, 's']);
  if (millis < DAY) return twoUnits(millis, [HOUR, 'h'], [MINUTE, 'min']);
  return twoUnits(millis, [DAY, 'd'], [HOUR, 'h']);
}

function twoUnits(millis: number, [large, largeName]: [number, string], [small, smallName]: [number, string]): string {
  const rest = Math.floor((millis % large) / small);
  return `${Math.floor(millis / large)} ${largeName}${rest === 0 ? '' : ` ${rest} ${smallName}`}`;
}
