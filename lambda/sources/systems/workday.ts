import * as z from 'zod/mini';
import { type Effective, sourceEventId } from '../../domain/event/hr-event.ts';
import { InvalidInput } from '../../domain/failures.ts';
import { parse } from '../../domain/parse.ts';
import { commonSettings, type EmployeeFields, id, NOW, onDate, rescission, termination } from '../hr.ts';
import { identify, type UnidentifiedEvent } from '../identify.ts';
import { defineSystem, PLAIN_200 } from '../system.ts';

/** A path such as `Worker.Email` or `Report_Entry[0].Employee_ID`: names of an object, places in a list. */
const path = z.string().check(z.regex(/^[^.[\]]+(\[\d+\])*(\.[^.[\]]+(\[\d+\])*)*$/, 'a path such as Worker.Emails[0].Address'));

/** The meaning of the fields in the tenant's own body. */
const mapping = z.strictObject({
  /** The list of events. Default: the body is one event or a list of events. */
  events: z.optional(path),
  /** The field with the type of an event, and its values. Events with another value are ignored. */
  type: z.strictObject({
    path,
    terminated: z.array(z.string()).check(z.minLength(1, 'at least one value')),
    rescinded: z._default(z.array(z.string()), []),
  }),
  /** An id that each event has for itself, and keeps when it is sent again. */
  id: z.optional(path),
  occurredAt: z.optional(path),
  /** The last day, in whichever of Workday's dates you use. Without it, every event takes effect at once. */
  effectiveDate: z.optional(path),
  sourceId: z.optional(path),
  email: z.optional(path),
  employeeNumber: z.optional(path),
  ssoUsername: z.optional(path),
  givenName: z.optional(path),
  familyName: z.optional(path),
});

type Mapping = z.infer<typeof mapping>;

const settings = z.strictObject({ ...commonSettings, mapping });

type Settings = z.infer<typeof settings>;

const MOST_EVENTS = 500;

const eventList = z.array(z.unknown()).check(z.minLength(1), z.maxLength(MOST_EVENTS));

/** Workday: docs/sources/workday.md. Every tenant builds its own body, so the stage says what each field means. */
export const workday = defineSystem({
  scheme: { kind: 'basic' },
  settings,
  sendsNumbers: ({ mapping }) => mapping.employeeNumber !== undefined,
  answers: PLAIN_200,
  understand(body, { settings, ...origin }) {
    const { mapping } = settings;
    const whole = mapping.events === undefined ? body : valueAt(body, mapping.events);
    const items = parse(eventList, Array.isArray(whole) ? whole : [whole], 'events');
    const events = items.flatMap((one, index) => eventOf(one, `event ${index}`, settings));
    return { events: identify(events, origin), ignored: items.length - events.length };
  },
});

function eventOf(one: unknown, where: string, settings: Settings): UnidentifiedEvent[] {
  const { mapping } = settings;
  const read = (name: Exclude<keyof Mapping, 'type'>) => textAt(one, mapping[name], `${where}: ${name}`);
  const type = textAt(one, mapping.type.path, `${where}: type`);
  if (type === undefined) throw new InvalidInput(`${where}: expected a value at ${mapping.type.path}, got none`);

  const who: EmployeeFields = {
    sourceId: read('sourceId'),
    email: read('email'),
    employeeNumber: read('employeeNumber'),
    ssoUsername: read('ssoUsername'),
    givenName: read('givenName'),
    familyName: read('familyName'),
  };
  const own = read('id');
  const rest = {
    id: own === undefined ? undefined : parse(sourceEventId, own, `${where}: id`),
    occurredAt: read('occurredAt'),
    where,
    settings,
  };
  if (mapping.type.rescinded.includes(type)) return [rescission(who, rest)];
  if (!mapping.type.terminated.includes(type)) return [];
  return [termination(who, { ...rest, effective: effectiveOf(read('effectiveDate'), where, settings) })];
}

/** Reads the date. An event without a date that the mapping has is refused: it does not mean that access ends at once. */
function effectiveOf(date: string | undefined, where: string, settings: Settings): Effective {
  if (settings.mapping.effectiveDate === undefined) return NOW;
  if (date === undefined) throw new InvalidInput(`${where}: expected a date at ${settings.mapping.effectiveDate}, got none`);
  return onDate(date, settings, where);
}

function textAt(body: unknown, where: string | undefined, what: string): string | undefined {
  const value = where === undefined ? undefined : valueAt(body, where);
  if (value === undefined || value === null || value === '') return undefined;
  return String(parse(id, value, what));
}

function valueAt(body: unknown, where: string): unknown {
  let value = body;
  for (const key of where.split(/[.[\]]/).filter((part) => part !== '')) {
    if (typeof value !== 'object' || value === null) return undefined;
    value = Object.getOwnPropertyDescriptor(value, key)?.value;
  }
  return value;
}
