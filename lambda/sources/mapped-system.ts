import * as z from 'zod/mini';
import { type Effective, sourceEventId, type TerminationEvent } from '../domain/event/hr-event.ts';
import { InvalidInput } from '../domain/failures.ts';
import { parse } from '../domain/parse.ts';
import { NOW, onDate } from './dates.ts';
import { readExactJson } from './exact-json.ts';
import { personAt, textAt, valueAt } from './field-mapping.ts';
import { doubtSettings, rescission, termination } from './hr.ts';
import type { UnidentifiedEvent } from './identify.ts';
import { soundsLikeLeaving } from './leaving-words.ts';
import { type Condition, type Mapping, mapping } from './mapping.ts';
import { readItems } from './read-items.ts';
import { decodeXml, isXml, readXml } from './read-xml.ts';
import type { VerifySchemeInput } from './scheme.ts';
import type { AnswerPolicy } from './source.ts';
import { defineSystem, PLAIN_200, type System, utf8 } from './system.ts';

const MOST_EVENTS = 500;

/** A report on a day without leavers has none. */
const eventList = z.array(z.unknown()).check(z.maxLength(MOST_EVENTS, `at most ${MOST_EVENTS} events`));

const settings = z.strictObject({ ...doubtSettings, mapping });

type Settings = z.infer<typeof settings>;
type Doubt = TerminationEvent['doubt'];

interface MappedSystem {
  scheme: VerifySchemeInput | undefined;
  /** What the fields of its deliveries mean, unless a stage says otherwise; without it a stage must say it. */
  preset?: z.input<typeof mapping>;
  /** What its terminations leave open, besides what follows from the mapping. */
  doubt?: Doubt;
  answers?: AnswerPolicy;
}

/** A system whose deliveries are JSON or XML, and whose fields a mapping describes. */
export function mappedSystem({ scheme, preset, doubt, answers = PLAIN_200 }: MappedSystem): System {
  return defineSystem({
    scheme,
    settings: preset === undefined ? settings : z.strictObject({ ...doubtSettings, mapping: z.prefault(mapping, preset) }),
    sendsNumbers: ({ mapping: { employeeNumber } }) => employeeNumber !== undefined,
    answers,
    decode: (delivery) => (isXml(delivery.body) ? decodeXml(delivery) : utf8(delivery)),
    read: (text) => (text.trimStart().startsWith('<') ? readXml(text) : readExactJson(text, 'delivery')),
    understand(body, { settings, ...origin }) {
      const items = parse(eventList, itemsOf(body, settings.mapping), 'events');
      return readItems(items, (one, index) => eventsOf(one, `event ${index}`, { settings, doubt }), origin);
    },
  });
}

function itemsOf(body: unknown, mapping: Mapping): unknown {
  const whole = mapping.events === undefined ? rowsOf(body) : valueAt(body, mapping.events);
  return Array.isArray(whole) ? whole : [whole];
}

/** The rows of a report. On a day without leavers it has none: no element, an empty one, or null. */
function rowsOf(body: unknown): unknown {
  const report = hasOwn(body, 'Report_Data') ? body.Report_Data : body;
  if (hasOwn(report, 'Report_Entry')) return report.Report_Entry === '' ? [] : (report.Report_Entry ?? []);
  return report === body ? body : [];
}

const hasOwn = <Name extends string>(value: unknown, name: Name): value is Record<Name, unknown> => Object.hasOwn(Object(value), name);

function eventsOf(one: unknown, where: string, { settings, doubt }: { settings: Settings; doubt: Doubt }): UnidentifiedEvent[] {
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
  const canWithdraw = (mapping.type?.rescinded.length ?? 0) > 0 || mapping.conditions.some(({ rescinds }) => rescinds.length > 0);
  const withdrawable = effective.date !== undefined && !canWithdraw ? 'withdrawable' : undefined;
  return [termination(who, { ...rest, effective, doubt: doubt ?? withdrawable })];
}

type Meaning = 'termination' | 'rescission' | 'nothing';

/** @throws InvalidInput if it sounds like a leaving, and the mapping does not say what it is */
function meaningOf(one: unknown, where: string, { type, conditions }: Mapping): Meaning {
  const said = typeOf(one, where, type);
  if (said === 'nothing') return said;
  const meanings = conditions.map((condition) => conditionOf(one, where, condition));
  if (meanings.includes('ignored')) return 'nothing';
  if (!meanings.includes('rescinds')) return said;
  // Nobody says whether the person whose return was withdrawn ever was back.
  if (said === 'rescission')
    throw new InvalidInput(`${where}: expected a termination, got a withdrawn rescission; ask HR about the person`);
  return 'rescission';
}

function typeOf(one: unknown, where: string, type: Mapping['type']): Meaning {
  if (type === undefined) return 'termination';
  const value = textAt(one, type.path, `${where}: type`);
  if (value === undefined) throw new InvalidInput(`${where}: expected a value at ${type.path}, got none`);
  if (type.terminated.includes(value)) return 'termination';
  if (type.rescinded.includes(value)) return 'rescission';
  if (soundsLikeLeaving(value) && !type.ignored.includes(value)) throw unknownWord(where, type.path, 'mapping.type');
  return 'nothing';
}

function conditionOf(one: unknown, where: string, { path: at, ...lists }: Condition): keyof typeof lists {
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
  const { effectiveDate, withoutDate } = settings.mapping;
  if (effectiveDate === undefined || (date === undefined && withoutDate === 'now')) return NOW;
  if (date === undefined) throw new InvalidInput(`${where}: expected a date at ${effectiveDate}, got none`);
  return onDate(date, settings, where);
}
