import * as z from 'zod/mini';
import { type Effective, sourceEventId } from '../../domain/event/hr-event.ts';
import { InvalidInput } from '../../domain/failures.ts';
import { parse } from '../../domain/parse.ts';
import { commonSettings, id, NOW, onDate, rescinded, type Said, terminated } from '../hr.ts';
import { identify, type Told } from '../identify.ts';
import { defineSystem, PLAIN_200 } from '../system.ts';

/** `Worker.Email`, `Report_Entry[0].Employee_ID`: names of an object, places in a list. */
const path = z.string().check(z.regex(/^[^.[\]]+(\[\d+\])*(\.[^.[\]]+(\[\d+\])*)*$/, 'a path such as Worker.Emails[0].Address'));

/** Which field of the tenant's own body is what. */
const mapping = z.strictObject({
  /** The list of events; where it is left out, the body is one event or a list of them. */
  events: z.optional(path),
  /** Which value says what an event is. Every other value is ignored. */
  type: z.strictObject({
    path,
    terminated: z.array(z.string()).check(z.minLength(1, 'at least one value')),
    rescinded: z._default(z.array(z.string()), []),
  }),
  /** An id that each event has for itself, and that is the same when it is sent again. */
  id: z.optional(path),
  occurredAt: z.optional(path),
  /** The last day, whichever of Workday's dates is yours; without it, every event takes effect at once. */
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

const events = z.array(z.unknown()).check(z.minLength(1), z.maxLength(MOST_EVENTS));

/** Workday: docs/sources/workday.md. Every tenant builds its own body, so the stage says which field is what. */
export const workday = defineSystem({
  scheme: { kind: 'basic' },
  settings,
  answers: PLAIN_200,
  understand(body, { settings, ...about }) {
    const { mapping } = settings;
    const whole = mapping.events === undefined ? body : valueAt(body, mapping.events);
    const items = parse(events, Array.isArray(whole) ? whole : [whole], 'events');
    const told = items.flatMap((one, index) => toldOf(one, `event ${index}`, settings));
    return { events: identify(told, about), ignored: items.length - told.length };
  },
});

function toldOf(one: unknown, where: string, settings: Settings): Told[] {
  const { mapping } = settings;
  const read = (name: Exclude<keyof Mapping, 'type'>) => textAt(one, mapping[name], `${where}: ${name}`);
  const type = textAt(one, mapping.type.path, `${where}: type`);
  if (type === undefined) throw new InvalidInput(`${where}: expected a value at ${mapping.type.path}, got none`);

  const who: Said = {
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
  if (mapping.type.rescinded.includes(type)) return [rescinded(who, rest)];
  if (!mapping.type.terminated.includes(type)) return [];
  return [terminated(who, { ...rest, effective: effectiveOf(read('effectiveDate'), where, settings) })];
}

/** A date that is mapped and does not come is no word to act at once. */
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
