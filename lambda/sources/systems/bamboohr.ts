import * as z from 'zod/mini';
import { parse } from '../../domain/parse.ts';
import { commonSettings, type EmployeeFields, exactNumber, id, maybe, NOW, possibleTermination, rescission, termination } from '../hr.ts';
import { identify, type UnidentifiedEvent } from '../identify.ts';
import { defineSystem, PLAIN_200 } from '../system.ts';

const settings = z.strictObject({
  ...commonSettings,
  /** The fields whose change may mean that somebody left, by their names in your BambooHR. */
  statusFields: z._default(z.array(z.string()), ['status', 'employmentStatus', 'employmentHistoryStatus']),
  /** The values of these fields that mean a termination. No other value does, such as a leave. */
  terminatedValues: z._default(z.array(z.string()), ['Terminated', 'Inactive']),
  /** The values that mean the opposite: a rehire, or a corrected mistake. */
  activeValues: z._default(z.array(z.string()), ['Active']),
  /** What to do about a changed status whose value is not sent: ask HR, or nothing. */
  unsaid: z._default(z.enum(['ask', 'ignore']), 'ask'),
});

type Settings = z.infer<typeof settings>;

/** "Event-Based Webhooks", BambooHR documentation: the id of one employee and the names of what changed. */
const eventStyle = z.object({
  type: z.string(),
  timestamp: maybe,
  data: z.object({ employeeId: id, changedFields: z.nullish(z.array(z.string())) }),
});

/** "Field-Based (Global) Webhooks": several employees, and the values of the chosen fields. */
const fieldStyle = z.object({
  employees: z.array(
    z.object({
      id,
      action: maybe,
      timestamp: maybe,
      changedFields: z.nullish(z.array(z.string())),
      fields: z.nullish(z.record(z.string(), z.unknown())),
    }),
  ),
});

type Changed = z.infer<typeof fieldStyle>['employees'][number];

/**
 * BambooHR: docs/sources/bamboohr.md. It has no event for a termination, only one for a changed status, which it sends when the
 * change is due. It never sends again after a 4xx.
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
  understand(body, { settings, ...origin }) {
    const changed = changesOf(body);
    const events = changed.flatMap((one, index) => eventOf(one, { settings, where: `employee ${index}`, place: index }));
    return { events: identify(events, origin), ignored: changed.length - events.length };
  },
});

function changesOf(body: unknown): Changed[] {
  if (typeof body === 'object' && body !== null && 'employees' in body) return parse(fieldStyle, body, 'delivery').employees;

  const { type, timestamp, data } = parse(eventStyle, body, 'event');
  return [{ id: data.employeeId, timestamp, changedFields: type === 'employee.updated' ? data.changedFields : undefined }];
}

function eventOf(one: Changed, { settings, where, place }: { settings: Settings; where: string; place: number }): UnidentifiedEvent[] {
  const changed = (one.changedFields ?? []).filter((name) => includes(settings.statusFields, name));
  if (changed.length === 0 || /deleted/i.test(one.action ?? '')) return [];

  const fields = new Map(Object.entries(one.fields ?? {}).map(([name, value]) => [normal(name), textOf(value)]));
  const values = changed.map((name) => fields.get(normal(name)));
  const details = { where, place, occurredAt: one.timestamp ?? undefined };
  const isOneOf = (meaning: readonly string[]) => values.some((value) => value !== undefined && includes(meaning, value));
  const [left, stays] = [isOneOf(settings.terminatedValues), isOneOf(settings.activeValues)];
  if (left && !stays) return [termination(employeeOf(one, fields), { ...details, settings, effective: NOW })];
  if (stays && !left) return [rescission(employeeOf(one, fields), { ...details, settings })];

  const hasOtherValue = !left && values.some((value) => value !== undefined && value !== '');
  return hasOtherValue || settings.unsaid === 'ignore' ? [] : [possibleTermination({ sourceId: one.id }, details)];
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
function textOf(field: unknown): string | undefined {
  const value = typeof field === 'object' && field !== null && 'value' in field ? field.value : field;
  if (typeof value === 'number') return String(parse(exactNumber, value, 'field'));
  return typeof value === 'string' ? value : undefined;
}

/** `First Name`, `firstName` and `first_name` are one name. */
const normal = (name: string) => name.toLowerCase().replace(/[\s_-]/g, '');

const includes = (list: readonly string[], text: string) => list.some((one) => normal(one) === normal(text));
