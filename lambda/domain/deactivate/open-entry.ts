import { isFinished } from '../event/event-status.ts';
import type { Arrival, EventRef, LeaverMessage } from '../event/leaver-message.ts';
import type { LedgerEntry } from '../event/ledger-entry.ts';
import { isTermination, type Termination } from '../event/termination.ts';
import { lookUpPerson } from '../person/known-person.ts';
import { orderOf, recordedOf } from '../person/recorded-order.ts';
import { rulesOf } from '../policy.ts';
import type { Desk } from '../ports.ts';
import { DAY, toInstant, toMillis } from '../time/time.ts';

/**
 * Finds the ledger entry of a message, or opens the one of an arrival. A source that uses an id again for something else must not make
 * a leaver vanish behind it: the second event gets an id of its own.
 *
 * @returns undefined if the ledger has no such event; a termination with version 0 is to be written with the first thing that is decided
 */
export async function openEntry(message: LeaverMessage, desk: Desk): Promise<LedgerEntry | undefined> {
  const { ledger, clock } = desk;
  if (message.kind !== 'arrival') return ledger.readEntry(message);

  const { source, eventId, digest } = message;
  const first = await ledger.readEntry({ source, eventId });
  const isFirst = first === undefined || first.digest === digest;
  const ref = { source, eventId: isFirst ? eventId : ofDigest(message) };
  const known = isFirst ? first : await ledger.readEntry(ref);
  if (known === undefined) return openFirst(ref, message, desk);

  const own = { source, eventId: ofReceipt(known.eventId, message) };
  const isSameMessage = message.receivedAt === known.receivedAt && message.event.occurredAt === known.event.occurredAt;
  const opened = isSameMessage ? undefined : await ledger.readEntry(own);
  if (opened !== undefined) return opened;
  const another = await isAnother(message, known, desk);
  if (another === undefined) return receivedFirst(message, known, desk);
  return opening(newEntry(own, message, { now: clock(), ...another }), desk);
}

/**
 * Opens an entry under an id that has none. One message is one event, however often it is delivered: it may have one already, beside an
 * equal event that was finished, and has expired, since.
 */
async function openFirst(ref: EventRef, message: Arrival, desk: Desk): Promise<LedgerEntry> {
  const { ledger, clock } = desk;
  const finished = await ledger.finishedBefore(ref);
  const beside = [ofDigest(message), ofReceipt(ref.eventId, message), ofReceipt(ofDigest(message), message)];
  for (const eventId of finished === undefined ? [] : new Set(beside)) {
    const own = await ledger.readEntry({ ...ref, eventId });
    if (own?.digest === message.digest && own.receivedAt === message.receivedAt) return own;
  }
  return opening(newEntry(ref, message, { now: clock(), repeats: mayRepeat(message) ? finished : undefined }), desk);
}

const opening = async (entry: LedgerEntry, { ledger }: Desk): Promise<LedgerEntry> =>
  isTermination(entry) ? entry : ledger.writeEntry(entry);

const ofDigest = ({ eventId, digest }: Arrival): string => marked(eventId, digest.slice(0, 16));

const ofReceipt = (eventId: string, { receivedAt }: Arrival): string => marked(eventId, receivedAt.replace(/[^0-9]/g, ''));

/** An id for an event that has the id of another: a mark behind HR's, and still no longer than an id may be. */
const marked = (eventId: string, mark: string): string => `${eventId.slice(0, LONGEST_ID - mark.length - 1)}~${mark}`;

const LONGEST_ID = 200;

/** An id that was made of the content, because HR sent none. */
const DERIVED_ID = /^evt_[0-9a-f]{40}$/;

/**
 * Whether an event may be a delivery of long ago, if an equal one is finished of which only what an auditor needs is left. HR's time, if
 * it has one, shows how old the event is (guard `stale`).
 */
function mayRepeat({ event }: Arrival): boolean {
  if (event.type === 'employee.sign_of_life' || event.occurredAt !== undefined) return false;
  return event.type !== 'employee.terminated' || !event.unconfirmed;
}

/** Of two deliveries of an open event the earlier one counts, whichever was worked on first: it decides which word came before which. */
async function receivedFirst({ receivedAt }: Arrival, known: LedgerEntry, { ledger }: Desk): Promise<LedgerEntry> {
  if (isFinished(known.status) || toMillis(receivedAt) >= toMillis(known.receivedAt)) return known;
  return ledger.writeEntry({ ...known, receivedAt });
}

/**
 * Whether an event that equals a known one is another. What an earlier equal event proves depends on what it was: word that something
 * changed says nothing of today, a rescission may be said twice of two terminations, and HR's own later time is another event. Without an
 * id and a time of its own nothing tells another leaving from a repetition: a person must (guard `repeated`).
 *
 * @returns undefined if it is the same event; `repeats` if a person must say
 */
async function isAnother(arrival: Arrival, known: LedgerEntry, desk: Desk): Promise<{ repeats?: string | undefined } | undefined> {
  const { event, receivedAt } = arrival;
  const { finishedAt } = known;
  if (receivedAt === known.receivedAt || finishedAt === undefined) {
    if (isLaterWord(arrival, known)) return {};
    return (await wasTakenBackBetween(known, arrival, desk)) ? { repeats: known.receivedAt } : undefined;
  }
  if (event.type === 'employee.terminated' && event.unconfirmed) return {};

  const hasOwnId = !DERIVED_ID.test(arrival.eventId);
  const takenBack = toMillis(receivedAt) > toMillis(finishedAt) && (await wasTakenBack(known, finishedAt, desk));
  if (isLaterWord(arrival, known)) return takenBack ? { repeats: finishedAt } : {};
  if (event.type !== 'employee.terminated') return hasOwnId || event.occurredAt !== undefined ? undefined : { repeats: known.receivedAt };
  if (hasOwnId || event.occurredAt !== undefined) return undefined;

  const late = toMillis(receivedAt) - toMillis(known.receivedAt) > rulesOf(arrival.source, desk.policy).sendsAgainForDays * DAY;
  return late || takenBack ? { repeats: finishedAt } : undefined;
}

/** HR's own time is later than that of the known one, by more than its resolution. */
function isLaterWord({ event, receivedAt }: Arrival, known: LedgerEntry): boolean {
  return orderOf(recordedOf({ event, receivedAt }), recordedOf(known)) === 'after';
}

/** Whether the person was back since: HR withdrew the known termination, before or after it was done, or a person let them be active. */
async function wasTakenBack(known: LedgerEntry, finishedAt: string, desk: Desk): Promise<boolean> {
  if (known.reason === 'rescinded' || known.status === 'accepted' || known.status === 'undone') return true;
  if (!isTermination(known)) return false;
  const finished = toMillis(finishedAt);
  const words = await wordsOf(known, desk);
  return words.some(({ kind, receivedAt }) => kind === 'rescinded' && toMillis(receivedAt) > finished);
}

/** Whether HR withdrew an open termination before it said the same again, without an id and a time of its own. */
async function wasTakenBackBetween(known: LedgerEntry, { eventId, event, receivedAt }: Arrival, desk: Desk): Promise<boolean> {
  const [first, again] = [toMillis(known.receivedAt), toMillis(receivedAt)];
  if (!isTermination(known) || again <= first || event.occurredAt !== undefined || !DERIVED_ID.test(eventId)) return false;
  const words = await wordsOf(known, desk);
  return words.some((word) => word.kind === 'rescinded' && toMillis(word.receivedAt) > first && toMillis(word.receivedAt) < again);
}

async function wordsOf(known: Termination, desk: Desk) {
  const sighted = known.workfrontUserId === undefined ? [] : [known.workfrontUserId];
  const { found } = await lookUpPerson(known, { user: undefined, sighted }, desk);
  return found.flatMap(({ record }) => record.words);
}

function newEntry(
  ref: EventRef,
  { event, digest, receivedAt }: Arrival,
  { now, repeats }: { now: number; repeats?: string | undefined },
): LedgerEntry {
  const at = toInstant(now);
  const history = [{ at: receivedAt, to: 'received' as const, by: ref.source, why: 'a verified delivery' }];
  const entry = { ...ref, version: 0, status: 'received' as const, event, digest, receivedAt, updatedAt: at, released: [], history };
  return { ...entry, ...(repeats !== undefined && { repeats }) };
}
