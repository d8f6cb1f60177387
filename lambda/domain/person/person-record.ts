import * as z from 'zod/mini';
import type { EventStatus } from '../event/event-status.ts';
import { type Employee, employee, instant } from '../event/hr-event.ts';
import { type EventRef, eventRef } from '../event/leaver-message.ts';
import type { LedgerEntry } from '../event/ledger-entry.ts';
import type { Rescission, SignOfLife } from '../event/termination.ts';
import type { User } from '../ports.ts';
import { toMillis } from '../time/time.ts';
import { fold, foldIdentifier } from './names.ts';
import { recordedAt, recordedOf } from './recorded-order.ts';

/** What HR said of a person that a termination must know of: who said it, when, and about which employee. */
const word = z.object({
  ...eventRef.shape,
  /** `hired`, `transferred` and `activated` are signs of life: they cancel nothing. */
  kind: z.enum(['rescinded', 'hired', 'transferred', 'activated']),
  occurredAt: z.optional(instant),
  receivedAt: instant,
  /** When an equal one without a time of its own was received first: this one may only repeat it. */
  repeats: z.optional(instant),
  startsOn: z.optional(z.iso.date()),
  /** The id of the termination that it names. */
  rescinds: z.optional(z.string()),
  employee,
});

/** A termination of the person. What it came to is noted when it finishes, and outlives its entry. */
const knownTermination = z.object({
  ...eventRef.shape,
  recordedAt: z.optional(instant),
  lastDay: z.optional(instant),
  /** The user that it found inactive, or deactivated. */
  closed: z.optional(z.string()),
});

export type KnownTermination = z.infer<typeof knownTermination>;

/**
 * What is known of one person under one of their keys. The generation counts rescissions; what they void is decided by the words
 * themselves, one for each rescission and sign of life.
 */
export const personRecord = z.object({
  generation: z.number(),
  words: z._default(z.array(word), []),
  /** Terminations of this person, for a rescission to find. */
  events: z.array(knownTermination),
  /** Those of them that are not finished: as long as there is one, the record does not expire. */
  open: z._default(z.array(eventRef), []),
  /** Version 0.1 kept the time of the last rescission alone. */
  voidUntil: z.optional(instant),
  /** Keeps the record from expiring, and everything that is recorded of the person from now on. */
  legalHold: z.optional(z.object({ by: z.string(), at: instant, reason: z.string() })),
});

export type PersonRecord = z.infer<typeof personRecord>;
export type Word = z.infer<typeof word>;

export const NEW_PERSON: PersonRecord = { generation: 0, words: [], events: [], open: [] };

/** Whether the record must outlive the memory of the stage. */
export const isKept = ({ open, legalHold }: PersonRecord): boolean => open.length > 0 || legalHold !== undefined;

/**
 * The keys under which a person is known. An address is the same person in every source; a number, id or name only in its own,
 * since two employers may both have a number 10042. Numbers that differ in leading zeros alone share a key.
 */
export function personKeys({ source, employee }: { source: string; employee: Employee }): string[] {
  const { email, employeeNumber, ssoUsername, sourceId, customFields = {} } = employee;
  const keys = [
    email && `email:${fold(email)}`,
    employeeNumber && `${source}:number:${foldIdentifier(employeeNumber)}`,
    ssoUsername && `${source}:sso:${fold(ssoUsername)}`,
    sourceId && `${source}:id:${sourceId}`,
    ...Object.entries(customFields).map(([field, value]) => `${source}:${field}:${foldIdentifier(value)}`),
  ];
  return keys.flatMap((key) => (key ? [`person/${key}`] : []));
}

/** The key of a Workfront account: HR names a person by a number now and by an address then, the account stays. */
export const accountKey = (userId: string): string => `person/user/${userId}`;

/** The keys under which a source may know the person that Workfront shows as this user. */
export function keysOfUser(user: User, source: string): string[] {
  const { emailAddr, username, extRefID, ssoUsername, customFields } = user;
  const isAddress = username?.includes('@') ?? false;
  const known = (email: string | undefined) =>
    personKeys({
      source,
      employee: {
        ...(email && { email }),
        ...(extRefID && { employeeNumber: extRefID }),
        ...(ssoUsername && { ssoUsername }),
        customFields,
      },
    });
  return [...new Set([...known(emailAddr), ...(isAddress ? known(username) : []), accountKey(user.id)])];
}

/** The key of a rescission that names its termination. An event that was opened again carries a mark behind the id of HR's. */
export const namedKey = ({ source, eventId }: EventRef): string => `rescinded/${source}/${eventId.split('~')[0]}`;

/** What a rescission or a sign of life leaves for the terminations of its person. */
export function wordOf(entry: Rescission | SignOfLife): Word {
  const { source: by, eventId, event, receivedAt, repeats } = entry;
  return {
    source: by,
    eventId,
    kind: event.type === 'employee.sign_of_life' ? event.sign : 'rescinded',
    ...(event.occurredAt !== undefined && { occurredAt: event.occurredAt }),
    receivedAt,
    ...(repeats !== undefined && { repeats }),
    ...('startsOn' in event && event.startsOn !== undefined && { startsOn: event.startsOn }),
    ...('rescinds' in event && event.rescinds !== undefined && { rescinds: event.rescinds }),
    employee: event.employee,
  };
}

export const isSameEvent = (one: EventRef, other: EventRef): boolean => one.source === other.source && one.eventId === other.eventId;

const without = (refs: readonly EventRef[], ref: EventRef): EventRef[] => refs.filter((one) => !isSameEvent(one, ref));

const refOf = ({ source, eventId }: EventRef): EventRef => ({ source, eventId });

/** @returns the record itself if it knows the event */
export function withTermination(person: PersonRecord, entry: EventRef): PersonRecord {
  if (person.events.some((one) => isSameEvent(one, entry))) return person;
  return { ...person, events: [...person.events, refOf(entry)] };
}

/** The record, kept from expiring until the event is finished. */
export function keptFor(person: PersonRecord, entry: EventRef): PersonRecord {
  if (person.open.some((one) => isSameEvent(one, entry))) return person;
  return { ...withTermination(person, entry), open: [...person.open, refOf(entry)] };
}

/**
 * The record, free to expire as far as this finished event goes. If another one keeps it, that one must know what this came to when its
 * entry has expired.
 */
export function letGoBy(person: PersonRecord, entry: LedgerEntry): PersonRecord {
  const open = without(person.open, entry);
  const known = person.events.find((one) => isSameEvent(one, entry));
  const isNews = open.length > 0 && known !== undefined && known.recordedAt === undefined && entry.status !== 'cancelled';
  if (open.length === person.open.length && !isNews) return person;
  return { ...person, open, ...(isNews && { events: person.events.map((one) => (one === known ? outcomeOf(entry) : one)) }) };
}

function outcomeOf(entry: LedgerEntry): KnownTermination {
  const { effectiveAt: lastDay, workfrontUserId } = entry;
  const closed = CLOSED.includes(entry.status) ? workfrontUserId : undefined;
  const recorded = recordedAt(recordedOf(entry));
  return { ...refOf(entry), recordedAt: recorded, ...(lastDay && { lastDay }), ...(closed && { closed }) };
}

/** The statuses of a termination that found its user inactive, or made them so: that this was the person's account stays true. */
export const CLOSED: readonly EventStatus[] = ['deactivated', 'already-inactive', 'returned', 'accepted'];

/** More words than this are of no use: the last ones decide. The record has to fit into one item of the ledger. */
const MOST_WORDS = 50;

/** Of two deliveries of a word the earlier one counts, whichever was worked on first. @returns the record itself if it was left before */
export function withWord(person: PersonRecord, word: Word): PersonRecord {
  const known = person.words.find((one) => isSameEvent(one, word));
  if (known !== undefined && toMillis(known.receivedAt) <= toMillis(word.receivedAt)) return person;
  if (known !== undefined) return { ...person, words: person.words.map((one) => (one === known ? word : one)) };
  const generation = word.kind === 'rescinded' ? person.generation + 1 : person.generation;
  return { ...person, generation, words: [...person.words, word].slice(-MOST_WORDS) };
}

/** The terminations that a rescission has dealt with are no news to the next one: the person came back in between. */
export function forgetting(person: PersonRecord, past: readonly EventRef[]): PersonRecord {
  const events = person.events.filter((ref) => !past.some((one) => isSameEvent(one, ref)));
  return events.length === person.events.length ? person : { ...person, events };
}

/** Whose entry it is, for {@link personKeys}. */
export const spokenOf = ({ source, event }: Pick<LedgerEntry, 'source' | 'event'>) => ({ source, employee: event.employee });
