import type { EventRef } from '../event/leaver-message.ts';
import type { Termination } from '../event/termination.ts';
import { type Policy, rulesOf } from '../policy.ts';
import { DAY, toMillis } from '../time/time.ts';
import { fold } from './names.ts';
import { relationOf, type Spoken } from './one-person.ts';
import type { PersonRecord, Word } from './person-record.ts';
import { isSameEvent } from './person-record.ts';
import { isSameTime, orderOf, recordedAt, recordedOf } from './recorded-order.ts';

/** One record that was found for a termination, and how. */
export interface FoundRecord {
  record: PersonRecord;
  /** Under a key that the event itself names, or only under one of the user found. */
  reached: 'key' | 'user';
  /** Whether the key is an address, which may have been another person's. */
  isAddress: boolean;
}

/** What the words of HR mean for one termination. */
export interface Standing {
  /** The rescission that voids it. */
  voidedBy: EventRef | undefined;
  /** Rescissions of which nobody can say whether they speak of this termination. */
  perhapsRescindedBy: Word[];
  /** Hires, transfers and activations that may be of this person, and later than the termination. */
  signsOfLife: Word[];
}

/** What all that HR said of the person, under any key, means for a termination. */
export function standingOf(entry: Termination, { found, policy }: { found: readonly FoundRecord[]; policy: Policy }): Standing {
  const standing: Standing = { voidedBy: undefined, perhapsRescindedBy: [], signsOfLife: [] };
  const seen: Word[] = [];
  const inOrder = [...found].sort((one, other) => rank(one) - rank(other));
  for (const { record, reached, isAddress } of inOrder) {
    for (const word of record.words) {
      if (seen.some((one) => isSameEvent(one, word))) continue;
      seen.push(word);
      const meaning = meaningOf(word, entry, { reached, policy });
      if (meaning === 'void') standing.voidedBy ??= word;
      else if (meaning === 'perhaps') (word.kind === 'rescinded' ? standing.perhapsRescindedBy : standing.signsOfLife).push(word);
    }
    const old = wordOfVersion1(record, entry);
    if (old !== undefined && !isAddress) standing.voidedBy ??= old;
    else if (old !== undefined) standing.perhapsRescindedBy.push(old);
  }
  return standing;
}

/** What the event itself names counts before what only the user's keys lead to. */
const rank = ({ reached }: FoundRecord): number => (reached === 'key' ? 0 : 1);

/** What one word means for one termination. A perhaps never cancels and never acts. */
export function meaningOf(
  word: Word,
  entry: Termination,
  { reached, policy }: { reached: 'key' | 'user'; policy: Policy },
): 'void' | 'perhaps' | 'nothing' {
  if (word.kind === 'rescinded' && names(word, entry)) return 'void';

  const by: Spoken = { source: word.source, employee: word.employee };
  const relation = relationOf(by, { of: { source: entry.source, employee: entry.event.employee }, reached, policy });
  if (relation === 'other') return 'nothing';
  const isTransfer = isOtherRecord(word, entry, policy);
  if (word.kind !== 'rescinded') return isTransfer || isLaterSign({ word, kind: word.kind, entry }) ? 'perhaps' : 'nothing';

  const reach = isTransfer ? 'perhaps' : reachOf(word, entry, policy);
  return reach === 'void' && relation === 'perhaps' ? 'perhaps' : reach;
}

/**
 * Whether a rescission reaches back to a termination of its person. Order is proven between two times of HR's own alone; else what was
 * received before is void, and what was received after may be a late delivery for as long as the source sends again.
 */
function reachOf(word: Word, entry: Termination, policy: Policy): 'void' | 'perhaps' | 'nothing' {
  const order = orderOf(recordedOf(entry), word);
  if (order === 'before') return 'void';
  if (order === 'after') return 'nothing';

  const [received, spoken] = [toMillis(entry.receivedAt), toMillis(word.receivedAt)];
  if (isSameTime(recordedOf(entry), word)) return 'perhaps';
  // The rescission may only repeat one that was received before this termination. One delivery may say both.
  if (received < spoken) return word.repeats !== undefined && received > toMillis(word.repeats) ? 'perhaps' : 'void';
  return received - spoken <= rulesOf(entry.source, policy).sendsAgainForDays * DAY ? 'perhaps' : 'nothing';
}

/**
 * Whether the same source, days before, spoke of another record of this person as active or new: a transfer, or another kind of contract,
 * makes a new record, and then ends the old one. What an identity provider activates is an account, and no record of HR's.
 */
function isOtherRecord(word: Word, { source, event: { employee }, receivedAt }: Termination, policy: Policy): boolean {
  const { sourceId, email } = word.employee;
  if (word.kind === 'activated' || word.source !== source) return false;
  if (sourceId === undefined || employee.sourceId === undefined || sourceId === employee.sourceId) return false;
  if (email !== undefined && employee.email !== undefined && fold(email) !== fold(employee.email)) return false;
  return Math.abs(toMillis(receivedAt) - toMillis(word.receivedAt)) <= rulesOf(source, policy).sendsAgainForDays * DAY;
}

/** Whether HR says of somebody that they are at work, later than it said that they leave. */
function isLaterSign({ word, kind, entry }: { word: Word; kind: Exclude<Word['kind'], 'rescinded'>; entry: Termination }): boolean {
  const spoken = toMillis(recordedAt(word));
  // An identity provider knows of accounts, not of contracts: what it says before the last day says nothing about that day.
  if (kind === 'activated')
    return spoken >= toMillis(entry.effectiveAt ?? entry.receivedAt) && spoken > toMillis(recordedAt(recordedOf(entry)));
  const begins = word.startsOn === undefined ? spoken : Math.max(spoken, toMillis(`${word.startsOn}T00:00:00Z`));
  return begins > toMillis(recordedAt(recordedOf(entry)));
}

/**
 * Whether a rescission names this event as the one that it takes back. An event that was opened again carries a mark behind HR's id, and is
 * later than the first: then order decides, as for any other.
 */
export function names(word: Word, { source, eventId }: EventRef): boolean {
  return word.source === source && word.rescinds === eventId;
}

/** Version 0.1 kept one time for all rescissions of a key: what HR recorded until then is void. */
function wordOfVersion1({ voidUntil }: PersonRecord, entry: Termination): Word | undefined {
  if (voidUntil === undefined || toMillis(recordedAt(recordedOf(entry))) > toMillis(voidUntil)) return undefined;
  return { source: entry.source, eventId: 'before-0.2', kind: 'rescinded', receivedAt: voidUntil, employee: entry.event.employee };
}
