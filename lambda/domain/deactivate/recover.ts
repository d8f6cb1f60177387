import type { LedgerEntry } from '../event/ledger-entry.ts';
import { Blocked, Contended, CredentialFailure, isMistake, PermanentFailure, StageFailure, TransientFailure } from '../failures.ts';
import { isPersonKept, keepPerson } from '../person/known-person.ts';
import type { Desk, Turn } from '../ports.ts';
import { reportFailure } from '../stage/gate.ts';
import { isInDoubt } from '../stage/refusals.ts';
import { whoseRefusal } from '../stage/whose-refusal.ts';
import { backOffSeconds } from '../time/back-off.ts';
import { HOUR, SECOND, toInstant, toMillis } from '../time/time.ts';
import { atRest } from './at-rest.ts';
import { conclude } from './conclude.ts';
import { landsFor } from './cut-short.ts';
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
    // Trouble of AWS may have cut short what follows on the rest, such as a schedule: the message comes again, and does it.
    if (isMistake(failure)) throw failure;
    return resting;
  }
  const isBusy = entry.lease !== undefined && entry.lease.owner !== turn.worker && toMillis(entry.lease.until) > desk.clock();
  if (isBusy) return { kind: 'wait', entry, code: 'busy', seconds: 1 };

  if (failure instanceof CredentialFailure) {
    await reportFailure({ cause: 'credentials', saw: failure.code }, desk);
    return marked(await wait(entry, troubleOf(failure, true), desk), { credentialTrouble: true });
  }
  if (failure instanceof StageFailure) {
    await reportFailure({ cause: 'stage', saw: failure.code }, desk);
    return marked(await wait(entry, troubleOf(failure, true), desk), { stageTrouble: true });
  }
  if (failure instanceof Blocked) {
    const end = await wait(entry, troubleOf(failure, failure.untilRepaired), desk);
    return failure.stageTrouble ? marked(end, { stageTrouble: true }) : end;
  }
  if (failure instanceof TransientFailure) {
    if (!OF_ONE_CALL.includes(failure.code)) await reportFailure({ cause: 'trouble', saw: failure.code }, desk);
    return wait(entry, troubleOf(failure, false), desk);
  }
  if (failure instanceof PermanentFailure) return afterRefusal(entry, failure, desk);
  throw failure;
}

/** Workfront answers, but does not want this very call now: that says nothing of the others. */
const OF_ONE_CALL = ['throttled', 'conflict'];

const marked = (end: TurnEnd, mark: { credentialTrouble: true } | { stageTrouble: true }): TurnEnd =>
  end.kind === 'wait' ? { ...end, ...mark } : end;

/** A refused event looks so soon, in seconds, whether it is still refused: the right may be given, a stale read may have passed. */
const REFUSED_AGAIN_AFTER = 4;

/** An event fails only if it is refused alone, and no earlier write without an answer may still take effect: that would be its outcome. Those who were taken to be alone before go on, once it is known that they were not. */
async function afterRefusal(entry: LedgerEntry, failure: PermanentFailure, desk: Desk): Promise<TurnEnd> {
  const verdict = await whoseRefusal(entry, failure, desk);
  const { code, message: saw } = failure;
  // What is in doubt of this turn's own write stays so: nothing is gained by waiting.
  const landing = isInDoubt(code) ? 0 : landsFor(entry, desk);
  if (verdict === 'alone' && landing > 0) return wait(entry, { code, saw, retryAfterSeconds: landing, untilRepaired: false }, desk);
  if (verdict === 'alone') return conclude(entry, { status: 'failed', reason: code, why: saw }, desk);

  if (verdict === 'waits') return wait(entry, { code, saw, retryAfterSeconds: REFUSED_AGAIN_AFTER, untilRepaired: false }, desk);
  return marked(await wait(entry, { code, saw, untilRepaired: true }, desk), { stageTrouble: true });
}

interface Trouble {
  code: string;
  saw: string;
  retryAfterSeconds?: number | undefined;
  untilRepaired: boolean;
}

function troubleOf(failure: Blocked | TransientFailure | CredentialFailure | StageFailure, untilRepaired: boolean): Trouble {
  const { code, message: saw } = failure;
  return { code, saw, retryAfterSeconds: 'retryAfterSeconds' in failure ? failure.retryAfterSeconds : undefined, untilRepaired };
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
