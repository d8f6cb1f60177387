import * as z from 'zod/mini';
import { type Employee, instant } from '../event/hr-event.ts';
import { type EventRef, eventRef } from '../event/leaver-message.ts';
import type { LedgerEntry } from '../event/ledger-entry.ts';
import { toInstant, toMillis } from '../time/time.ts';
import { fold } from './leaver-match.ts';

/**
 * What is known of one person under one of their keys. The generation counts rescissions and rehires; a termination that
 * HR recorded at or before `voidUntil` belongs to an older one and is void, whenever it turns up.
 */
export const personRecord = z.object({
  generation: z.number(),
  voidUntil: z.optional(instant),
  /** Rescissions that raised the generation: each counts once, however often it is delivered. */
  raisedBy: z.array(z.string()),
  /** Terminations of this person, for a rescission to find. */
  events: z.array(eventRef),
});

export type PersonRecord = z.infer<typeof personRecord>;

export const NEW_PERSON: PersonRecord = { generation: 0, raisedBy: [], events: [] };

/**
 * The keys under which a person is known. An address is the same person in every source; a number, id or name only in its own,
 * since two employers may both have a number 10042.
 */
export function personKeys(source: string, employee: Employee): string[] {
  const keys = [
    employee.email && `email:${fold(employee.email)}`,
    employee.employeeNumber && `${source}:number:${employee.employeeNumber}`,
    employee.ssoUsername && `${source}:sso:${fold(employee.ssoUsername)}`,
    employee.sourceId && `${source}:id:${employee.sourceId}`,
    ...Object.entries(employee.customFields ?? {}).map(([field, value]) => `${source}:${field}:${value}`),
  ];
  return keys.flatMap((key) => (key ? [`person/${key}`] : []));
}

/** The key under which a rescission that names its termination leaves word for it. */
export const namedKey = ({ source, eventId }: EventRef): string => `rescinded/${source}/${eventId}`;

/** When HR recorded the event: never later than we received it, so that a wrong clock cannot void what is yet to come. */
export function recordedAt({ event, receivedAt }: Pick<LedgerEntry, 'event' | 'receivedAt'>): string {
  const occurred = event.occurredAt === undefined ? toMillis(receivedAt) : toMillis(event.occurredAt);
  return toInstant(Math.min(occurred, toMillis(receivedAt)));
}

export function isVoidFor(termination: Pick<LedgerEntry, 'event' | 'receivedAt'>, person: PersonRecord): boolean {
  return person.voidUntil !== undefined && toMillis(recordedAt(termination)) <= toMillis(person.voidUntil);
}

export function withTermination(person: PersonRecord, ref: EventRef): PersonRecord {
  const known = person.events.some(({ source, eventId }) => source === ref.source && eventId === ref.eventId);
  return known ? person : { ...person, events: [...person.events, ref] };
}

export function raised(person: PersonRecord, rescission: LedgerEntry): PersonRecord {
  const by = `${rescission.source}/${rescission.eventId}`;
  if (person.raisedBy.includes(by)) return person;

  const until = Math.max(person.voidUntil === undefined ? 0 : toMillis(person.voidUntil), toMillis(recordedAt(rescission)));
  return { ...person, generation: person.generation + 1, voidUntil: toInstant(until), raisedBy: [...person.raisedBy, by] };
}
