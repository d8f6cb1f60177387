import * as z from 'zod/mini';
import { type Effective, sourceEventId } from '../../domain/event/hr-event.ts';
import { InvalidInput } from '../../domain/failures.ts';
import { parse } from '../../domain/parse.ts';
import { NOW, onDate } from '../dates.ts';
import { readExactJson } from '../exact-json.ts';
import { path, personAt, personPaths, textAt, valueAt } from '../field-mapping.ts';
import { doubtSettings, rescission, termination } from '../hr.ts';
import type { UnidentifiedEvent } from '../identify.ts';
import { soundsLikeLeaving } from '../leaving-words.ts';
import { readItems } from '../read-items.ts';
import { decodeXml, isXml, readXml } from '../read-xml.ts';
import { defineSystem, PLAIN_200, utf8 } from '../system.ts';

const words = z.array(z.string());

const condition = z.strictObject({
  path,
  /** With one of these values the event is what its type says. */
  counts: words.check(z.minLength(1, 'at least one value')),
  /** With one of these a termination is withdrawn. */
  rescinds: z._default(words, []),
  /** With one of these nothing has happened yet, or ever. Any other value, and none, is kept for a person. */
  ignored: z._default(words, []),
});

/** The meaning of the fields in the tenant's own body. */
const mapping = z.strictObject({
  /** The list of events. Default: the rows of a report, otherwise the body is one event or a list of events. */
  events: z.optional(path),
  /** The field with the type of an event, and its values. Events with another value are ignored. */
  type: z.strictObject({
    path,
    terminated: z.array(z.string()).check(z.minLength(1, 'at least one value')),
    rescinded: z._default(z.array(z.string()), []),
    /** Values that sound like a leaving and are none. Every other such value is kept for a person, so that a new name loses nobody. */
    ignored: z._default(z.array(z.string()), []),
  }),
  /** What else must hold of an event: a field, and the values of it that count. */
  conditions: z._default(z.array(condition), []),
  /** An id that each event has for itself, and keeps when it is sent again. */
  id: z.optional(path),
  occurredAt: z.optional(path),
  /** The last day, in whichever of Workday's dates you use. Without it, every event takes effect at once. */
  effectiveDate: z.optional(path),
  ...personPaths,
});

type Mapping = z.infer<typeof mapping>;

const settings = z.strictObject({ ...doubtSettings, mapping });

type Settings = z.infer<typeof settings>;

const MOST_EVENTS = 500;

/** A report on a day without leavers has none. */
const eventList = z.array(z.unknown()).check(z.maxLength(MOST_EVENTS, `at most ${MOST_EVENTS} events`));

/** Workday: docs/sources/workday.md. Every tenant builds its own body, so the stage says what each field means. */
export const workday = defineSystem({
  scheme: { kind: 'basic' },
  settings,
  sendsNumbers: ({ mapping }) => mapping.employeeNumber !== undefined,
  answers: PLAIN_200,
  decode: (delivery) => (isXml(delivery.body) ? decodeXml(delivery) : utf8(delivery)),
  read: (text) => (text.trimStart().startsWith('<') ? readXml(text) : readExactJson(text, 'delivery')),
  understand(body, { settings, ...origin }) {
    const items = parse(eventList, itemsOf(body, settings.mapping), 'events');
    return readItems(items, (one, index) => eventsOf(one, `event ${index}`, settings), origin);
  },
});

function itemsOf(body: unknown, mapping: Mapping): unknown {
  // A report in XML on a day without leavers has no rows.
  if (valueAt(body, 'Report_Data') === '') return [];
  const whole = mapping.events === undefined ? rowsOf(body) : valueAt(body, mapping.events);
  return Array.isArray(whole) ? whole : [whole];
}

const rowsOf = (body: unknown): unknown => valueAt(body, 'Report_Entry') ?? valueAt(body, 'Report_Data.Report_Entry') ?? body;

function eventsOf(one: unknown, where: string, settings: Settings): UnidentifiedEvent[] {
  const { mapping } = settings;
  const means = meaningOf(one, where, mapping);
  if (means === 'nothing') return [];

  const who = personAt(one, mapping, where);
  const own = textAt(one, mapping.id, `${where}: id`);
  const rest = {
    id: own === undefined ? undefined : parse(sourceEventId, own, `${where}: id`),
    occurredAt: textAt(one, mapping.occurredAt, `${where}: occurredAt`),
    where,
    settings,
  };
  if (means === 'rescission') return [rescission(who, rest)];
  const effective = effectiveOf(textAt(one, mapping.effectiveDate, `${where}: effectiveDate`), where, settings);
  // A tenant that sends no rescissions tells nobody of one.
  const canWithdraw = mapping.type.rescinded.length > 0 || mapping.conditions.some(({ rescinds }) => rescinds.length > 0);
  const isDoubtful = effective.date !== undefined && !canWithdraw;
  return [termination(who, { ...rest, effective, ...(isDoubtful && { doubt: 'withdrawable' }) })];
}

type Meaning = 'termination' | 'rescission' | 'nothing';

/** @throws InvalidInput if it sounds like a leaving, and the mapping does not say what it is */
function meaningOf(one: unknown, where: string, { type, conditions }: Mapping): Meaning {
  const value = textAt(one, type.path, `${where}: type`);
  if (value === undefined) throw new InvalidInput(`${where}: expected a value at ${type.path}, got none`);
  const isTermination = type.terminated.includes(value);
  if (!isTermination && !type.rescinded.includes(value)) {
    if (soundsLikeLeaving(value) && !type.ignored.includes(value)) throw unknownWord(where, type.path, 'mapping.type');
    return 'nothing';
  }
  const meanings = conditions.map((condition) => conditionOf(one, where, condition));
  if (meanings.includes('ignored')) return 'nothing';
  return isTermination && !meanings.includes('rescinds') ? 'termination' : 'rescission';
}

function conditionOf(one: unknown, where: string, { path: at, ...lists }: z.infer<typeof condition>): keyof typeof lists {
  const value = textAt(one, at, `${where}: ${at}`) ?? '';
  const names = ['counts', 'rescinds', 'ignored'] as const;
  const found = names.find((name) => lists[name].includes(value));
  if (found === undefined) throw unknownWord(where, at, 'mapping.conditions');
  return found;
}

const unknownWord = (where: string, at: string, list: string) =>
  new InvalidInput(`${where}: expected a value at ${at} that the stage knows, got another one; add it to one of the lists in ${list}`);

/** Reads the date. An event without a date that the mapping has is refused: it does not mean that access ends at once. */
function effectiveOf(date: string | undefined, where: string, settings: Settings): Effective {
  if (settings.mapping.effectiveDate === undefined) return NOW;
  if (date === undefined) throw new InvalidInput(`${where}: expected a date at ${settings.mapping.effectiveDate}, got none`);
  return onDate(date, settings, where);
}
