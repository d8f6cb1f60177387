import * as z from 'zod/mini';
import { type Effective, type Employee, employee, hrEvent, instant, timeZone } from '../domain/event/hr-event.ts';
import { InvalidInput } from '../domain/failures.ts';
import { parse } from '../domain/parse.ts';
import type { Told } from './identify.ts';

/** What every system that is known by name can be told in a stage. */
export const commonSettings = {
  /**
   * What Workfront knows the HR system's own employee id as, where it does: the employee number (`extRefID`) or a custom field.
   * Without it, and without a look-up, an event that names its employee by that id alone fails.
   */
  employeeIdIs: z.optional(z.string().check(z.regex(/^(employeeNumber|DE:[^\p{Cc}]{1,128})$/u, 'employeeNumber or "DE:<custom field>"'))),
  /** The zone in which a date that the system sends is meant; where it is left out, the stage's. */
  timeZone: z.optional(timeZone),
};

/** For systems of which it is not documented whether a termination is sent when it is due, or when somebody has typed a future date. */
export const timingSettings = {
  ...commonSettings,
  /** `when-recorded`: HR must be asked for the date before anything is done. `when-due`: you have seen that it comes on the day. */
  comes: z._default(z.enum(['when-recorded', 'when-due']), 'when-recorded'),
};

interface CommonSettings {
  employeeIdIs?: string | undefined;
  timeZone?: string | undefined;
}

/** What a system says of an employee; what is empty or null is not known. */
export interface Said {
  sourceId?: string | number | null | undefined;
  email?: string | null | undefined;
  employeeNumber?: string | number | null | undefined;
  ssoUsername?: string | null | undefined;
  givenName?: string | null | undefined;
  familyName?: string | null | undefined;
}

/** An id as systems write it: text or a number. */
export const id = z.union([z.string().check(z.minLength(1)), z.number()], 'an id');

/** Text that a system may leave out or empty. */
export const maybe = z.nullish(z.string());

interface Rest extends Omit<Told, 'event'> {
  occurredAt?: string | undefined;
}

interface Terminated extends Rest {
  effective: Effective;
  settings: CommonSettings;
  /** Whether access is to end now, whatever the last day is. */
  beforeLastDay?: boolean;
}

/** An event of which the system says that it is a termination. */
export function terminated(said: Said, { effective, settings, occurredAt, beforeLastDay, ...rest }: Terminated): Told {
  const event = { type: 'employee.terminated', employee: employeeOf(said, settings), effective };
  return told({ ...event, ...(beforeLastDay && { beforeLastDay }) }, occurredAt, rest);
}

/** An event of which the system says only that something changed: it carries no match key, so nothing comes of it unless HR confirms it. */
export function perhapsTerminated({ sourceId }: Said, { occurredAt, ...rest }: Rest): Told {
  return told(
    { type: 'employee.terminated', unconfirmed: true, employee: employeeOf({ sourceId }, {}), effective: { immediate: true } },
    occurredAt,
    rest,
  );
}

/** An event that takes a termination back. */
export function rescinded(said: Said, { settings, occurredAt, ...rest }: Rest & { settings: CommonSettings }): Told {
  return told({ type: 'employee.termination_rescinded', employee: employeeOf(said, settings) }, occurredAt, rest);
}

function told(event: object, occurredAt: string | undefined, rest: Omit<Told, 'event'>): Told {
  const at = instantOf(occurredAt);
  // an instant that is none still tells two events apart
  const stamp = rest.stamp ?? (at === undefined ? occurredAt : undefined);
  return { ...rest, stamp, event: parse(hrEvent, { ...event, occurredAt: at }, rest.where ?? 'event') };
}

/** The employee as the domain has them. @throws InvalidInput where nothing is said by which they could be known */
export const known = (said: Said, settings: CommonSettings): Employee => parse(employee, employeeOf(said, settings), 'employee');

/** What is said of an employee under the domain's names. An address that is none is left out: it could match nobody. */
function employeeOf({ sourceId, employeeNumber, ...texts }: Said, { employeeIdIs }: CommonSettings): object {
  const values = { ...texts, sourceId: asText(sourceId), employeeNumber: asText(employeeNumber) };
  const own = values.sourceId;
  if (employeeIdIs === 'employeeNumber') values.employeeNumber ??= own;
  const customFields = own !== undefined && employeeIdIs?.startsWith('DE:') ? { customFields: { [employeeIdIs]: own } } : {};

  const present = Object.entries(values).filter(
    ([name, value]) => typeof value === 'string' && value.trim() !== '' && (name !== 'email' || value.includes('@')),
  );
  return { ...Object.fromEntries(present), ...customFields };
}

/** @returns undefined where it is empty, so that another value can stand for it */
function asText(value: string | number | null | undefined): string | undefined {
  const text = String(value ?? '').trim();
  return text === '' ? undefined : text;
}

/**
 * A date, as such or at the front of a time, in the zone in which the system means it.
 *
 * @param where in the delivery, for the sender
 * @throws InvalidInput
 */
export function onDate(text: string, { timeZone: zone }: CommonSettings, where = 'event'): Effective {
  const [date] = /^\d{4}-\d{2}-\d{2}/.exec(text) ?? [];
  if (date === undefined) throw new InvalidInput(`${where}: expected a date such as 2026-11-30, got a string of ${text.length} characters`);
  return { date, timeZone: zone };
}

/** Where a date ends last at the moment it begins anywhere (IANA tz database). */
const FIRST_ZONE = 'Pacific/Kiritimati';

/**
 * The day of an event that comes on a leaver's last day. Without a zone, the latest day that it can be: a day late is better than
 * one early.
 *
 * @throws InvalidInput where the text is no time
 */
export function onDayOf(text: string, settings: CommonSettings): Effective {
  const at = instantOf(text);
  if (at === undefined) return onDate(text, settings);
  const day = new Intl.DateTimeFormat('sv', { timeZone: settings.timeZone ?? FIRST_ZONE }).format(new Date(at));
  return onDate(day, settings);
}

/** What has to be sent when it is due takes effect at once. */
export const NOW: Effective = { immediate: true };

/**
 * An instant as RFC 3339 has it, of text that may lack the colon of the offset.
 *
 * @returns undefined where it is none, for example since it has no offset: it is better to take the time of receipt than a guess
 */
function instantOf(text: string | undefined): string | undefined {
  const written = text?.replace(' ', 'T').replace(/([+-]\d{2})(\d{2})$/, '$1:$2');
  return z.safeParse(instant, written).success ? written : undefined;
}
