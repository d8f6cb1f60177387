import { isFinished } from '../event/event-status.ts';
import type { Arrival, EventRef, LeaverMessage } from '../event/leaver-message.ts';
import type { LedgerEntry } from '../event/ledger-entry.ts';
import { isTermination } from '../event/termination.ts';
import { withStatus } from '../event/transition.ts';
import { Blocked, Contended, CredentialFailure, PermanentFailure, TransientFailure } from '../failures.ts';
import type { Desk, Turn } from '../ports.ts';
import { reportFailure } from '../stage/stage-state.ts';
import { backOffSeconds } from '../time/back-off.ts';
import { DAY, HOUR, SECOND, toInstant, toMillis } from '../time/time.ts';
import { deactivateLeaver } from './deactivate-leaver.ts';
import type { Disposition } from './disposition.ts';
import { type Rescission, rescind } from './rescind.ts';

/** How often a message is decided anew in one turn, when other workers keep writing first. */
const TURNS = 8;

/**
 * Takes one message as far as it can go now. Whatever happens ends in one of three ways: settled in the ledger, nothing
 * to do, or back to the queue for some seconds.
 *
 * @throws only what is no decision of ours: the ledger or the schedules cannot be reached, or a mistake in the code
 */
export async function handleMessage(message: LeaverMessage, desk: Desk, turn: Turn): Promise<Disposition> {
  for (let tries = 1; ; tries++) {
    try {
      return await handleOnce(message, desk, turn);
    } catch (failure) {
      if (!(failure instanceof Contended)) throw failure;
      if (tries === TURNS) return { kind: 'wait', entry: undefined, code: 'contended', seconds: backOffSeconds(2, desk.random()) };
    }
  }
}

async function handleOnce(message: LeaverMessage, desk: Desk, turn: Turn): Promise<Disposition> {
  const opened = message.kind === 'arrival' ? await openEntry(message, desk) : await desk.ledger.readEntry(message);
  if (opened === undefined) return { kind: 'nothing-to-do', entry: undefined, why: 'the ledger has no such event' };

  const entry = await obeyOperator(opened, message, desk);
  return atRest(entry) ?? advance(entry, desk, turn);
}

/** What is finished, or waits for a person, no worker touches. */
function atRest(entry: LedgerEntry): Disposition | undefined {
  if (isFinished(entry.status)) return { kind: 'nothing-to-do', entry, why: `finished before: ${entry.status}` };
  if (entry.status !== 'held' && entry.status !== 'failed') return undefined;
  return { kind: 'nothing-to-do', entry, why: `${entry.status}: waits for a person` };
}

async function advance(entry: LedgerEntry, desk: Desk, turn: Turn): Promise<Disposition> {
  try {
    return await (isTermination(entry) ? deactivateLeaver(entry, desk, turn) : rescindEntry(entry, desk));
  } catch (failure) {
    return recover(entry, failure, desk, turn);
  }
}

/** Tells trouble apart: what passes by itself, what a person must repair for everybody, and what fails this event alone. */
async function recover(before: LedgerEntry, failure: unknown, desk: Desk, turn: Turn): Promise<Disposition> {
  if (failure instanceof Contended) throw failure;
  const entry = (await desk.ledger.readEntry(before)) ?? before;
  const resting = atRest(entry);
  if (resting !== undefined) return resting;
  const held = entry.lease !== undefined && entry.lease.owner !== turn.owner && toMillis(entry.lease.until) > desk.clock();
  if (held) return { kind: 'wait', entry, code: 'busy', seconds: 1 };

  if (failure instanceof CredentialFailure) {
    await reportFailure('credentials', failure.code, desk);
    const waits = await wait(entry, { code: failure.code, saw: failure.message, untilRepaired: true }, desk);
    return waits.kind === 'wait' ? { ...waits, credentialTrouble: true } : waits;
  }
  if (failure instanceof TransientFailure) {
    if (!(failure instanceof Blocked) && failure.code !== 'throttled') await reportFailure('trouble', failure.code, desk);
    const untilRepaired = failure instanceof Blocked && failure.untilRepaired;
    const { code, message: saw, retryAfterSeconds } = failure;
    return wait(entry, { code, saw, retryAfterSeconds, untilRepaired }, desk);
  }
  if (failure instanceof PermanentFailure) return fail(entry, failure.code, failure.message, desk);
  throw failure;
}

async function wait(
  entry: LedgerEntry,
  {
    code,
    saw,
    retryAfterSeconds,
    untilRepaired,
  }: { code: string; saw: string; retryAfterSeconds?: number | undefined; untilRepaired: boolean },
  desk: Desk,
): Promise<Disposition> {
  const now = desk.clock();
  const before = entry.waiting;
  // Time that only a person could end is not held against the event.
  const since = before === undefined || (before.untilRepaired && !untilRepaired) ? toInstant(now) : before.since;
  if (!untilRepaired && now - toMillis(since) > desk.policy.waitLimitHours * HOUR) {
    return fail(entry, `gave-up-${code}`, `waited since ${since}: ${saw}`, desk);
  }
  const attempts = (before?.attempts ?? 0) + 1;
  const seconds = backOffSeconds(attempts, desk.random(), retryAfterSeconds);
  const until = toInstant(now + seconds * SECOND);
  const waiting = { since, attempts, until, code, saw, ...(untilRepaired && { untilRepaired }) };
  const { lease: _lease, ...free } = entry;
  return { kind: 'wait', entry: await desk.ledger.writeEntry({ ...free, waiting, updatedAt: toInstant(now) }), code, seconds };
}

async function fail(entry: LedgerEntry, code: string, why: string, desk: Desk): Promise<Disposition> {
  const failed = { ...withStatus(entry, 'failed', { why, now: desk.clock() }), reason: code };
  return { kind: 'settled', entry: await desk.ledger.writeEntry(failed) };
}

async function rescindEntry(entry: LedgerEntry, desk: Desk): Promise<Disposition> {
  if (!isRescission(entry)) throw new Error('an event is a termination or a rescission');
  return rescind(entry, desk);
}

function isRescission(entry: LedgerEntry): entry is Rescission {
  return entry.event.type === 'employee.termination_rescinded';
}

/**
 * Opens the ledger entry of an arrival, or finds the one there is. A source that uses an id again for something else must
 * not make a leaver vanish behind it: the second event gets an id of its own.
 */
async function openEntry(arrival: Arrival, { ledger, clock }: Desk): Promise<LedgerEntry> {
  const ref: EventRef = { source: arrival.source, eventId: arrival.eventId };
  const known = await ledger.readEntry(ref);
  if (known === undefined) return ledger.writeEntry(newEntry(ref, arrival, clock()));
  const mayBeNew = mayBeAnother(arrival, known);
  if (known.digest === arrival.digest && !mayBeNew) return known;

  const mark = mayBeNew ? arrival.receivedAt.slice(0, 10) : arrival.digest.slice(0, 16);
  const own = { ...ref, eventId: `${ref.eventId.slice(0, 180)}~${mark}` };
  const repeats = mayBeNew && known.finishedAt !== undefined ? { repeats: known.finishedAt } : {};
  return (await ledger.readEntry(own)) ?? ledger.writeEntry({ ...newEntry(own, arrival, clock()), ...repeats });
}

/** Longer than any HR system that we know sends a delivery again: Personio does for up to 6 days. */
const SENT_AGAIN_WITHIN = 7 * DAY;

/**
 * Whether an event that equals a finished one may be another leaving on the same terms. Without an id and a time of its own
 * nothing tells it from a repetition: long after, or after HR took the first one back, a person must (guard `repeated`).
 */
function mayBeAnother({ event, eventId, receivedAt, digest }: Arrival, known: LedgerEntry): boolean {
  if (known.digest !== digest || known.finishedAt === undefined) return false;
  if (event.occurredAt !== undefined || !/^evt_[0-9a-f]{40}$/.test(eventId)) return false;

  const late = toMillis(receivedAt) - toMillis(known.receivedAt) > SENT_AGAIN_WITHIN;
  const tookBack = known.reason === 'rescinded' && toMillis(receivedAt) > toMillis(known.finishedAt);
  return late || tookBack;
}

function newEntry(ref: EventRef, { event, digest, receivedAt }: Arrival, now: number): LedgerEntry {
  const at = toInstant(now);
  const history = [{ at: receivedAt, to: 'received' as const, by: ref.source, why: 'a verified delivery' }];
  return { ...ref, version: 0, status: 'received', event, digest, receivedAt, updatedAt: at, released: [], history };
}

/** A release or replay is obeyed once, and only if the event is still as the operator saw it. */
async function obeyOperator(entry: LedgerEntry, message: LeaverMessage, { ledger, clock }: Desk): Promise<LedgerEntry> {
  if ((message.kind !== 'release' && message.kind !== 'replay') || message.entryVersion !== entry.version) return entry;

  const now = clock();
  const { by, reason } = message;
  if (message.kind === 'replay' && entry.status === 'failed') {
    return ledger.writeEntry(resume(entry, by, `replayed${reason === undefined ? '' : `: ${reason}`}`, now));
  }
  if (message.kind === 'release' && entry.status === 'held' && entry.hold?.guard === message.guard) {
    const deed = message.recheck ? `asks ${message.guard} again` : `released from ${message.guard}`;
    const why = `${deed}${reason === undefined ? '' : `: ${reason}`}`;
    if (isRescission(entry)) return ledger.writeEntry(withStatus(entry, 'rescinded', { by, why, now }));
    const released = message.recheck ? entry.released : [...new Set([...entry.released, message.guard])];
    return ledger.writeEntry({ ...resume(entry, by, why, now), released, ...(message.userId && { chosenUserId: message.userId }) });
  }
  return entry;
}

function resume(entry: LedgerEntry, by: string, why: string, now: number): LedgerEntry {
  return withStatus(entry, 'processing', { by, why, now });
}
