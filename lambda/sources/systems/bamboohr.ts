import * as z from 'zod/mini';
import { parse } from '../../domain/parse.ts';
import { commonSettings, id, maybe, NOW, perhapsTerminated, rescinded, type Said, terminated } from '../hr.ts';
import { identify, type Told } from '../identify.ts';
import { defineSystem, PLAIN_200 } from '../system.ts';

const settings = z.strictObject({
  ...commonSettings,
  /** The fields whose change may mean that someone left, as your BambooHR calls them. */
  statusFields: z._default(z.array(z.string()), ['status', 'employmentStatus', 'employmentHistoryStatus']),
  /** The values of these fields that say so; whatever else they may say, such as a leave, is none. */
  terminatedValues: z._default(z.array(z.string()), ['Terminated', 'Inactive']),
  /** The values that say the opposite: a rehire, or a mistake taken back. */
  activeValues: z._default(z.array(z.string()), ['Active']),
  /** What to do about a changed status whose value is not sent: let HR be asked, or nothing. */
  unsaid: z._default(z.enum(['ask', 'ignore']), 'ask'),
});

type Settings = z.infer<typeof settings>;

/** "Event-Based Webhooks", BambooHR documentation: the id of one employee and the names of what changed. */
const eventStyle = z.object({
  type: z.string(),
  timestamp: maybe,
  data: z.object({ employeeId: id, changedFields: z.nullish(z.array(z.string())) }),
});

/** "Field-Based (Global) Webhooks": several employees, and the values of the fields that were chosen. */
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
 * BambooHR: docs/sources/bamboohr.md. It knows no termination, only a changed status; a future one comes when it is due. It never
 * sends again after a 4xx.
 */
export const bamboohr = defineSystem({
  scheme: {
    kind: 'hmac',
    header: 'X-BambooHR-Signature',
    signed: '{body}{timestamp}',
    timestampHeader: 'X-BambooHR-Timestamp',
  },
  settings,
  answers: { ...PLAIN_200, refusalIsFinal: true },
  understand(body, { settings, ...about }) {
    const changed = changesOf(body);
    const told = changed.flatMap((one, index) => toldOf(one, { settings, where: `employee ${index}`, place: index }));
    return { events: identify(told, about), ignored: changed.length - told.length };
  },
});

function changesOf(body: unknown): Changed[] {
  if (typeof body === 'object' && body !== null && 'employees' in body) return parse(fieldStyle, body, 'delivery').employees;

  const { type, timestamp, data } = parse(eventStyle, body, 'event');
  return [{ id: data.employeeId, timestamp, changedFields: type === 'employee.updated' ? data.changedFields : undefined }];
}

function toldOf(one: Changed, { settings, where, place }: { settings: Settings; where: string; place: number }): Told[] {
  const changed = (one.changedFields ?? []).filter((name) => includes(settings.statusFields, name));
  if (changed.length === 0 || /deleted/i.test(one.action ?? '')) return [];

  const fields = new Map(Object.entries(one.fields ?? {}).map(([name, value]) => [plain(name), textOf(value)]));
  const values = changed.map((name) => fields.get(plain(name)));
  const rest = { where, place, occurredAt: one.timestamp ?? undefined };
  const says = (meaning: readonly string[]) => values.some((value) => value !== undefined && includes(meaning, value));
  const [left, stays] = [says(settings.terminatedValues), says(settings.activeValues)];
  if (left && !stays) return [terminated(employeeOf(one, fields), { ...rest, settings, effective: NOW })];
  if (stays && !left) return [rescinded(employeeOf(one, fields), { ...rest, settings })];

  const isSaid = !left && values.some((value) => value !== undefined && value !== '');
  return isSaid || settings.unsaid === 'ignore' ? [] : [perhapsTerminated({ sourceId: one.id }, rest)];
}

/** By the API's names and by those that BambooHR shows ("Field Names", BambooHR documentation). */
const employeeOf = ({ id: sourceId }: Changed, fields: ReadonlyMap<string, string | undefined>): Said => ({
  sourceId,
  email: fields.get('workemail'),
  employeeNumber: fields.get('employeenumber') ?? fields.get('employee#'),
  givenName: fields.get('firstname'),
  familyName: fields.get('lastname'),
});

/** `{"value": "Ashley"}`, or the value alone. */
function textOf(field: unknown): string | undefined {
  const value = typeof field === 'object' && field !== null && 'value' in field ? field.value : field;
  if (typeof value === 'number') return String(value);
  return typeof value === 'string' ? value : undefined;
}

/** `First Name`, `firstName` and `first_name` are one name. */
const plain = (name: string) => name.toLowerCase().replace(/[\s_-]/g, '');

const includes = (list: readonly string[], text: string) => list.some((one) => plain(one) === plain(text));
