import * as z from 'zod/mini';
import {
  type Effective,
  type Employee,
  employee,
  hrEvent,
  type SignOfLifeEvent,
  type TerminationEvent,
  timeZone,
} from '../domain/event/hr-event.ts';
import { parse } from '../domain/parse.ts';
import { instantOf, latestOf, NOW } from './dates.ts';
import type { UnidentifiedEvent } from './identify.ts';

/** Settings that a stage may give every system that is known by name. */
export const commonSettings = {
  /**
   * Where Workfront has the HR system's own employee id, if anywhere: in the employee number (`extRefID`) or in a custom field.
   * Without this setting and without a look-up, an event that has only that id fails.
   */
  employeeIdIs: z.optional(z.string().check(z.regex(/^(employeeNumber|DE:[^\p{Cc}]{1,128})$/u, 'employeeNumber or "DE:<custom field>"'))),
  /** The time zone of the dates that the system sends. Default: the zone of the stage. */
  timeZone: z.optional(timeZone),
};

/** Settings of systems that do not document whether they send a termination when it is due, or when somebody enters a future date. */
export const timingSettings = {
  ...commonSettings,
  /** `when-recorded`: HR must be asked for the date before anything is done. `when-due`: you have seen that it is sent on the day. */
  comes: z._default(z.enum(['when-recorded', 'when-due']), 'when-recorded'),
};

/** Settings of systems whose termination alone proves too little: they can withdraw it without a word, or it ends one of several employments. */
export const doubtSettings = {
  ...commonSettings,
  /** If HR cannot be asked when it is due: `hold` it for a person, or `act` on the event alone, because you know that it is enough. */
  unasked: z._default(z.enum(['hold', 'act']), 'hold'),
};

export interface CommonSettings {
  employeeIdIs?: string | undefined;
  timeZone?: string | undefined;
  unasked?: 'hold' | 'act' | undefined;
}

/** An employee as a system describes them; empty and null mean unknown. */
export interface EmployeeFields {
  sourceId?: string | number | null | undefined;
  email?: string | null | undefined;
  employeeNumber?: string | number | null | undefined;
  ssoUsername?: string | null | undefined;
  givenName?: string | null | undefined;
  familyName?: string | null | undefined;
  displayName?: string | null | undefined;
}

/** A number that a double holds exactly. `readExactJson` gives longer ones as text. */
export const exactNumber = z
  .number()
  .check(z.refine((value) => Math.abs(value) <= Number.MAX_SAFE_INTEGER, 'a number written with all its digits'));

/** An id as systems write it: text or a number. */
export const id = z.union([z.string().check(z.minLength(1)), exactNumber], 'an id');

/** Text that a system may omit or leave empty. */
export const maybe = z.nullish(z.string());

/** The same, of a value that some systems write as a number. */
export const maybeNumber = z.union([maybe, exactNumber], 'text, or a number written with all its digits');

interface EventDetails extends Omit<UnidentifiedEvent, 'event'> {
  occurredAt?: string | undefined;
}

interface TerminationDetails extends EventDetails {
  effective: Effective;
  settings: CommonSettings;
  /** Whether access ends now, even if the last day is later. */
  beforeLastDay?: boolean;
  /** What may be wrong with it; `unasked: 'act'` says that nothing is. */
  doubt?: TerminationEvent['doubt'];
}

/** An event that the system calls a termination. */
export function termination(
  fields: EmployeeFields,
  { effective, settings, beforeLastDay, doubt, ...details }: TerminationDetails,
): UnidentifiedEvent {
  const event = { type: 'employee.terminated', employee: asEmployee(fields, settings), effective };
  const rest = { ...(beforeLastDay && { beforeLastDay }), ...(settings.unasked !== 'act' && { doubt }) };
  return unidentified({ ...event, ...rest }, details);
}

/** An event that says only that something changed. It carries no match key, so nothing is done unless HR confirms a termination. */
export function possibleTermination(
  { sourceId }: EmployeeFields,
  { effective = NOW, ...details }: EventDetails & { /** When HR is asked. Default: at once. */ effective?: Effective },
): UnidentifiedEvent {
  const event = { type: 'employee.terminated', unconfirmed: true, effective };
  return unidentified({ ...event, employee: asEmployee({ sourceId }, {}) }, details);
}

/** An event that withdraws a termination. */
export function rescission(
  fields: EmployeeFields,
  { settings, ...details }: EventDetails & { settings: CommonSettings },
): UnidentifiedEvent {
  return unidentified({ type: 'employee.termination_rescinded', employee: asEmployee(fields, settings) }, details);
}

/** An event that says that somebody is, or will be, at work. It withdraws nothing. */
export function signOfLife(
  fields: EmployeeFields,
  { sign, settings, ...details }: EventDetails & { sign: SignOfLifeEvent['sign']; settings: CommonSettings },
): UnidentifiedEvent {
  return unidentified({ type: 'employee.sign_of_life', sign, employee: asEmployee(fields, settings) }, details);
}

function unidentified(event: object, { occurredAt, ...details }: EventDetails): UnidentifiedEvent {
  const at = instantOf(occurredAt);
  // A time that cannot be parsed still distinguishes two events.
  const stamp = details.stamp ?? (at === undefined ? occurredAt : undefined);
  return { ...details, stamp, event: parse(hrEvent, { ...event, occurredAt: at ?? latestOf(occurredAt) }, details.where ?? 'event') };
}

/** The employee in the domain's form. @throws InvalidInput if no field identifies the employee */
export const parseEmployee = (fields: EmployeeFields, settings: CommonSettings): Employee =>
  parse(employee, asEmployee(fields, settings), 'employee');

/** Renames the fields of an employee to the domain's names. A value without "@" is no address and could match nobody: it is left out. */
function asEmployee({ sourceId, employeeNumber, ...texts }: EmployeeFields, { employeeIdIs }: CommonSettings): object {
  const values = { ...texts, sourceId: asText(sourceId), employeeNumber: asText(employeeNumber) };
  const own = values.sourceId;
  if (employeeIdIs === 'employeeNumber') values.employeeNumber ??= own;
  const customFields = own !== undefined && employeeIdIs?.startsWith('DE:') ? { customFields: { [employeeIdIs]: own } } : {};

  const present = Object.entries(values).filter(
    ([name, value]) => typeof value === 'string' && value.trim() !== '' && (name !== 'email' || value.includes('@')),
  );
  return { ...Object.fromEntries(present), ...customFields };
}

/** @returns undefined if the text is empty, so that another value can replace it */
function asText(value: string | number | null | undefined): string | undefined {
  const text = String(value ?? '').trim();
  return text === '' ? undefined : text;
}
