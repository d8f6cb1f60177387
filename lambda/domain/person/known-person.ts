import type { EventRef } from '../event/leaver-message.ts';
import type { LedgerEntry } from '../event/ledger-entry.ts';
import type { Termination } from '../event/termination.ts';
import { Contended } from '../failures.ts';
import type { Desk, User } from '../ports.ts';
import { changeRecord } from '../stage/shared-record.ts';
import {
  accountKey,
  isKept,
  isSameEvent,
  type KnownTermination,
  keptFor,
  keysOfUser,
  letGoBy,
  NEW_PERSON,
  namedKey,
  type PersonRecord,
  personKeys,
  personRecord,
  spokenOf,
  withTermination,
} from './person-record.ts';
import type { FoundRecord } from './standing.ts';

/** What is known of a person, and the other terminations that are known of them. */
export interface Known {
  found: FoundRecord[];
  others: KnownTermination[];
}

/** Changes what is known of a person under one key. */
export const changePerson = (
  key: string,
  decide: (person: PersonRecord | undefined) => PersonRecord | undefined,
  { ledger }: Pick<Desk, 'ledger'>,
): Promise<void> => changeRecord(ledger, { key, schema: personRecord, kept: isKept }, decide);

/** Makes the termination findable for a rescission, under every key that it names. */
export async function registerPerson(entry: Termination, desk: Desk): Promise<Known> {
  const found: FoundRecord[] = [];
  for (const key of personKeys(spokenOf(entry))) {
    await changePerson(
      key,
      (record) => {
        const person = withTermination(record ?? NEW_PERSON, entry);
        found.push(foundUnder(key, person, 'key'));
        return person === record ? undefined : person;
      },
      desk,
    );
  }
  const named = await desk.ledger.readRecord(namedKey(entry), personRecord);
  if (named !== undefined) found.push(foundUnder(namedKey(entry), named.value, 'key'));
  return { found, others: othersIn(found, entry) };
}

/** Makes the termination findable under the account: a rescission may name the person by another key. Mostly the account is new to us. */
export async function registerAccount(entry: EventRef, userId: string, desk: Desk): Promise<void> {
  try {
    const person = withTermination(NEW_PERSON, entry);
    await desk.ledger.writeRecord(accountKey(userId), { value: person, version: 0, kept: isKept(person) });
    return;
  } catch (failure) {
    if (!(failure instanceof Contended)) throw failure;
  }
  await changePerson(
    accountKey(userId),
    (record) => {
      const person = withTermination(record ?? NEW_PERSON, entry);
      return person === record ? undefined : person;
    },
    desk,
  );
}

interface Whom {
  user: User | undefined;
  /** The accounts that matched before. */
  sighted?: readonly string[];
}

/** The keys under which the person may be known: the event's own, those of the user found, and the accounts that matched before. */
export function keysOfPerson(entry: Termination, { user, sighted = [] }: Whom): string[] {
  const ofUser = [...(user === undefined ? [] : keysOfUser(user, entry.source)), ...sighted.map(accountKey)];
  return [...new Set([...personKeys(spokenOf(entry)), namedKey(entry), ...ofUser])];
}

/** Everything that HR said of the person, in one strongly consistent read. */
export async function lookUpPerson(entry: Termination, whom: Whom, { ledger }: Pick<Desk, 'ledger'>): Promise<Known> {
  const own = new Set([...personKeys(spokenOf(entry)), namedKey(entry)]);
  const records = await ledger.readRecords(keysOfPerson(entry, whom), personRecord);
  const found = [...records].map(([key, { value }]) => foundUnder(key, value, own.has(key) ? 'key' : 'user'));
  return { found, others: othersIn(found, entry) };
}

function foundUnder(key: string, record: PersonRecord, reached: 'key' | 'user'): FoundRecord {
  return { record, reached, isAddress: key.startsWith('person/email:') };
}

/** Under one key an outcome may be noted, and under another not. */
function othersIn(found: readonly FoundRecord[], entry: EventRef): KnownTermination[] {
  const others: KnownTermination[] = [];
  for (const ref of found.flatMap(({ record }) => record.events)) {
    const at = others.findIndex((one) => isSameEvent(one, ref));
    if (at >= 0) others[at] = { ...ref, ...others[at] };
    else if (!isSameEvent(ref, entry)) others.push(ref);
  }
  return others;
}

/** The accounts that an event has to do with, each once. */
function accountsOf({ sighted, workfrontUserId, intent, kept = [] }: LedgerEntry): string[] {
  const now = [...(sighted?.users ?? []).map(({ userId }) => userId), workfrontUserId, intent?.userId];
  return [...new Set([...kept, ...now.filter((id) => id !== undefined)])];
}

/** Every key under which an event may be registered. */
const keysOf = (entry: LedgerEntry): string[] => [...personKeys(spokenOf(entry)), ...accountsOf(entry).map(accountKey)];

/** Whether everything that is known of the person is kept by this event already. */
export const isPersonKept = (entry: LedgerEntry): boolean =>
  entry.kept !== undefined && accountsOf(entry).every((id) => entry.kept?.includes(id));

/**
 * Keeps what is known of the person for as long as the event is open: it must outlive the memory of the stage.
 *
 * @returns the accounts, for the entry to remember
 */
export async function keepPerson(entry: LedgerEntry, desk: Pick<Desk, 'ledger'>): Promise<string[]> {
  for (const key of keysOf(entry)) {
    await changePerson(
      key,
      (record) => {
        const person = keptFor(record ?? NEW_PERSON, entry);
        return person === record ? undefined : person;
      },
      desk,
    );
  }
  return accountsOf(entry);
}

/** Lets what is known of the person expire, as far as this event goes: it is finished. */
export async function letPersonGo(entry: LedgerEntry, desk: Pick<Desk, 'ledger'>): Promise<void> {
  const records = await desk.ledger.readRecords(keysOf(entry), personRecord);
  for (const [key, { value }] of records) {
    if (letGoBy(value, entry) === value) continue;
    await changePerson(
      key,
      (record) => {
        const person = record && letGoBy(record, entry);
        return person === record ? undefined : person;
      },
      desk,
    );
  }
}

/**
 * Takes an event under the legal hold of its person, with every key that it names: a hold may be older than the key.
 *
 * @returns the entry as it is to be written; the entry itself if there is no hold
 */
export async function underLegalHold<Entry extends LedgerEntry>(entry: Entry, desk: Pick<Desk, 'ledger'>): Promise<Entry> {
  const keys = personKeys(spokenOf(entry));
  const records = [...(await desk.ledger.readRecords(keys, personRecord)).values()].map(({ value }) => value);
  const legalHold = records.find((record) => record.legalHold !== undefined)?.legalHold;
  if (legalHold === undefined) return entry;
  for (const key of keys) {
    await changePerson(key, (record) => (record?.legalHold ? undefined : { ...(record ?? NEW_PERSON), legalHold }), desk);
  }
  return { ...entry, legalHold };
}
