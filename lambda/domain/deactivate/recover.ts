import { isFinished } from '../event/event-status.ts';
import type { LedgerEntry } from '../event/ledger-entry.ts';
import { Blocked, Contended, CredentialFailure, PermanentFailure, TransientFailure } from '../failures.ts';
import { isPersonKept, keepPerson, letPersonGo } from '../person/known-person.ts';
import type { Desk, Turn } from '../ports.ts';
import { reportFailure } from '../stage/gate.ts';
import { backOffSeconds } from '../time/back-off.ts';
import { HOUR, SECOND, toInstant, toMillis } from '../time/time.ts';
import { atRest } from './at-rest.ts';
import { conclude } from './conclude.ts';
import type { TurnEnd } from './turn-end.ts';

/**
 * Distinguishes trouble: what passes by itself, what a person must repair for everybody, and what fails this event alone.
 *
 * @throws Contended, and what is no failure of ours
 */
export async function recover(before: LedgerEntry, failure: unknown, { desk, turn }: { desk: Desk; turn: Turn }): Promise<TurnEnd> {
  if (failure instanceof Contended) throw failure;
  const entry = (await desk.ledger.readEntry(before)) ?? before;
  const resting = atRest(entry);
  if (resting !== undefined) {
    // The answer to the last write was lost: what follows on it is still to be done.
    if (isFinished(entry.status)) await letPersonGo(entry, desk);
    return resting;
  }
  const isBusy = entry.lease !== undefined && entry.lease.owner !== turn.worker && toMillis(entry.lease.until) > desk.clock();
  if (isBusy) return { kind: 'wait', entry, code: 'busy', seconds: 1 };

  if (failure instanceof CredentialFailure) {
    await reportFailure({ cause: 'credentials', saw: failure.code }, desk);
    const waits = await wait(entry, { code: failure.code, saw: failure.message, untilRepaired: true }, desk);
    return waits.kind === 'wait' ? { ...waits, credentialTrouble: true } : waits;
  }
  if (failure instanceof Blocked) return wait(entry, troubleOf(failure, failure.untilRepaired), desk);
  if (failure instanceof TransientFailure) {
    if (failure.code !== 'throttled') await reportFailure({ cause: 'trouble', saw: failure.code }, desk);
    return wait(entry, troubleOf(failure, false), desk);
  }
  if (failure instanceof PermanentFailure) return conclude(entry, { status: 'failed', reason: failure.code, why: failure.message }, desk);
  throw failure;
}

interface Trouble {
  code: string;
  saw: string;
  retryAfterSeconds?: number | undefined;
  untilRepaired: boolean;
}

function troubleOf({ code, message: saw, retryAfterSeconds }: Blocked | TransientFailure, untilRepaired: boolean): Trouble {
  return { code, saw, retryAfterSeconds, untilRepaired };
}

async function wait(entry: LedgerEntry, { code, saw, retryAfterSeconds, untilRepaired }: Trouble, desk: Desk): Promise<TurnEnd> {
  const now = desk.clock();
  const before = entry.waiting;
  // Time that only a person could end is not held against the event.
  const since = before === undefined || (before.untilRepaired && !untilRepaired) ? toInstant(now) : before.since;
  if (!untilRepaired && now - toMillis(since) > desk.policy.waitLimitHours * HOUR) {
    return conclude(entry, { status: 'failed', reason: `gave-up-${code}`, why: `waited since ${since}: ${saw}` }, desk);
  }
  const kept = isPersonKept(entry) ? entry.kept : await keepPerson(entry, desk);
  const attempts = (before?.attempts ?? 0) + 1;
  const seconds = backOffSeconds(attempts, desk.random(), retryAfterSeconds);
  const until = toInstant(now + seconds * SECOND);
  const waiting = { since, attempts, until, code, saw, ...(untilRepaired && { untilRepaired }) };
  const { lease: _lease, ...free } = entry;
  const next = await desk.ledger.writeEntry({ ...free, kept, waiting, updatedAt: toInstant(now) });
  return { kind: 'wait', entry: next, code, seconds };
}
