import * as z from 'zod/mini';
import { parse } from '../../domain/parse.ts';
import { NOW, timeIn } from '../dates.ts';
import { readExactJson } from '../exact-json.ts';
import {
  doubtSettings,
  type EmployeeFields,
  exactNumber,
  id,
  maybe,
  maybeNumber,
  possibleTermination,
  rescission,
  signOfLife,
  termination,
} from '../hr.ts';
import type { UnidentifiedEvent } from '../identify.ts';
import { isForm, readForm } from '../read-form.ts';
import { readItems } from '../read-items.ts';
import { defineSystem, PLAIN_200 } from '../system.ts';

/** Values of Employment Status that a new BambooHR account has, and common ones beside them; none of them ends an employment. */
const STAYING = [
  'Full-Time',
  'Part-Time',
  'Contractor',
  'Intern',
  'Temporary',
  'Seasonal',
  'Per Diem',
  'Probation',
  'Furloughed',
  'On Leave',
  'Leave of Absence',
  'Parental Leave',
  'Maternity Leave',
  'Paternity Leave',
  'Medical Leave',
  'Sabbatical',
];

const settings = z.strictObject({
  ...doubtSettings,
  /** The fields whose change may mean that somebody left, by their names in your BambooHR. */
  statusFields: z._default(z.array(z.string()), ['status', 'employmentStatus', 'employmentHistoryStatus']),
  /** The values of these fields that mean a termination. */
  terminatedValues: z._default(z.array(z.string()), ['Terminated', 'Inactive']),
  /** The values that mean the opposite: a rehire, or a corrected mistake. */
  activeValues: z._default(z.array(z.string()), ['Active']),
  /** Values that say that somebody stays: a leave, or another kind of contract. HR is asked about every word on none of these lists. */
  ignoredValues: z._default(z.array(z.string()), STAYING),
  /** Other fields whose change may mean a termination, of any value. */
  dateFields: z._default(z.array(z.string()), ['terminationDate']),
  /** What to do about a changed status whose value is not sent, and a changed date: ask HR, or nothing. */
  unsaid: z._default(z.enum(['ask', 'ignore']), 'ask'),
});

type Settings = z.infer<typeof settings>;

/** A list; a form may have one name alone. */
const names = z.nullish(z.union([z.array(z.string()), z.string()]));

/** "Event-Based Webhooks", BambooHR documentation: the id of one employee and the names of what changed. */
const eventStyle = z.object({
  type: z.string(),
  timestamp: maybeNumber,
  data: z.object({ employeeId: id, changedFields: names }),
});

/** "Field-Based (Global) Webhooks": several employees, and the values of the chosen fields. */
const fieldStyle = z.object({ employees: z.array(z.unknown()) });

/** The part that says whether an employee is ours. */
const fields = z.nullish(z.record(z.string(), z.unknown()));

const change = z.object({ action: maybe, changedFields: names, fields });

const details = z.object({ id, timestamp: maybeNumber, fields });

type Changed = z.infer<typeof details>;

/**
 * BambooHR: docs/sources/bamboohr.md. It has no event for a termination, only one for a changed status, which it sends when the
 * change is due. The status is that of one record, and a person who is transferred may get another. It never sends again after a 4xx.
 */
export const bamboohr = defineSystem({
  scheme: {
    kind: 'hmac',
    header: 'X-BambooHR-Signature',
    signed: '{body}{timestamp}',
    timestampHeader: 'X-BambooHR-Timestamp',
  },
  settings,
  sendsNumbers: () => true,
  answers: { ...PLAIN_200, refusalIsFinal: true },
  // Both kinds of webhook post JSON or a form, as the webhook is set up.
  read: (text) => (isForm(text) ? readForm(text, 'delivery') : readExactJson(text, 'delivery')),
  understand(body, { settings, ...origin }) {
    return readItems(changesOf(body), (one, index) => eventOf(one, { settings, where: `employee ${index}`, place: index }), origin);
  },
});

function changesOf(body: unknown): unknown[] {
  if (typeof body === 'object' && body !== null && 'employees' in body) return parse(fieldStyle, body, 'delivery').employees;

  const { type, timestamp, data } = parse(eventStyle, body, 'event');
  return [{ id: data.employeeId, timestamp, changedFields: type === 'employee.updated' ? data.changedFields : undefined }];
}

function eventOf(item: unknown, { settings, where, place }: { settings: Settings; where: string; place: number }): UnidentifiedEvent[] {
  const { action, changedFields, fields: sent } = parse(change, item, where);
  const isWatched = (name: string) => includes([...settings.statusFields, ...settings.dateFields], name);
  // A deleted record is no termination. Without a list of what changed, a value that says "left" may be old.
  const isOld = changedFields === undefined || changedFields === null;
  const changed = isOld ? Object.keys(sent ?? {}) : [changedFields].flat().flatMap((name) => name.split(','));
  const watched = changed.filter(isWatched);
  const values = new Map(Object.entries(sent ?? {}).map(([name, value]) => [normal(name), textOf(value, where)]));
  const did = action?.toLowerCase();
  const isNew = did?.includes('created') && watched.length === 0 && z.safeParse(details, item).success && values.has('workemail');
  if (did?.includes('deleted') || (watched.length === 0 && !isNew)) return [];

  const one = parse(details, item, where);
  const about = { where, place, occurredAt: timeIn(one.timestamp) };
  // A transfer makes a new record, and then ends the old one.
  if (isNew) return [signOfLife(employeeOf(one, values), { ...about, settings, sign: 'hired' })];
  const status = watched.filter((name) => includes(settings.statusFields, name)).map((name) => values.get(normal(name)) ?? '');
  switch (meaningOf(status, { settings, isOld, hasDate: status.length < watched.length })) {
    case 'left':
      return [termination(employeeOf(one, values), { ...about, settings, effective: NOW, doubt: 'one-employment' })];
    case 'stays':
      return [rescission(employeeOf(one, values), { ...about, settings })];
    case 'ask':
      return [possibleTermination({ sourceId: one.id }, about)];
    case 'nothing':
      return [];
  }
}

/** @param values of the status fields that changed; empty if a value is not sent */
function meaningOf(
  values: readonly string[],
  { settings, isOld, hasDate }: { settings: Settings; isOld: boolean; hasDate: boolean },
): 'left' | 'stays' | 'ask' | 'nothing' {
  const has = (meaning: readonly string[]) => values.some((value) => value !== '' && includes(meaning, value));
  const [left, stays] = [has(settings.terminatedValues), has(settings.activeValues)];
  if (isOld) return left ? 'ask' : 'nothing';
  if (left !== stays) return left ? 'left' : 'stays';

  const isUnknown = values.some((value) => value !== '' && !includes(settings.ignoredValues, value));
  if (left || isUnknown) return 'ask';
  const isUnsaid = hasDate || !has(settings.ignoredValues);
  return isUnsaid && settings.unsaid === 'ask' ? 'ask' : 'nothing';
}

/** Reads fields by the names of the API and by the names that BambooHR shows ("Field Names", BambooHR documentation). */
const employeeOf = ({ id: sourceId }: Changed, fields: ReadonlyMap<string, string | undefined>): EmployeeFields => ({
  sourceId,
  email: fields.get('workemail'),
  employeeNumber: fields.get('employeenumber') ?? fields.get('employee#'),
  givenName: fields.get('firstname'),
  familyName: fields.get('lastname'),
});

/** `{"value": "Ashley"}`, or the value alone. */
function textOf(field: unknown, where: string): string | undefined {
  const value = typeof field === 'object' && field !== null && 'value' in field ? field.value : field;
  if (typeof value === 'number') return String(parse(exactNumber, value, `${where}: field`));
  return typeof value === 'string' ? value : undefined;
}

/** `First Name`, `firstName` and `first_name` are one name. */
const normal = (name: string) => name.toLowerCase().replace(/[\s_-]/g, '');

const includes = (list: readonly string[], text: string) => list.some((one) => normal(one) === normal(text));
