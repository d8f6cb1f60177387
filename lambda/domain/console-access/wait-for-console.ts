import { Blocked, CredentialFailure, PermanentFailure, StageFailure, TransientFailure } from '../failures.ts';
import { reportFailure } from '../stage/gate.ts';
import { backOffSeconds } from '../time/back-off.ts';
import { HOUR, SECOND, toInstant, toMillis } from '../time/time.ts';
import { type AccessRecord, movedTo, type StoredAccess } from './access-record.ts';
import type { ConsoleDesk } from './admin-console.ts';
import { writeAccess } from './open-access.ts';

/** How a turn about somebody's console access ended, as for an event. */
export type AccessEnd =
  | { kind: 'settled'; record: AccessRecord }
  | { kind: 'nothing-to-do'; why: string }
  /** `trouble`: the Console refuses everybody alike until a person repairs it. */
  | { kind: 'wait'; code: string; seconds: number; trouble?: true };

/** The Console's own circuit: its trouble is nobody else's. */
export const CONSOLE_CIRCUIT = 'stage/console-circuit';

/** So many errors inside of Adobe are no accident: they are not waited out as long as an outage. */
const MOST_INTERNAL_ERRORS = 10;

interface Wait {
  code: string;
  saw: string;
  retryAfterSeconds?: number | undefined;
  untilRepaired?: boolean;
  /** The Console refuses everybody alike. */
  trouble?: boolean;
}

/**
 * Distinguishes trouble as for an event: what passes, what a person must repair for everybody, and what fails this one alone.
 *
 * @throws Contended, and what is no failure of ours
 */
export async function recoverAccess(stored: StoredAccess, failure: unknown, desk: ConsoleDesk): Promise<AccessEnd> {
  if (failure instanceof CredentialFailure || failure instanceof StageFailure) {
    const cause = failure instanceof StageFailure ? 'stage' : 'credentials';
    await reportFailure({ cause, saw: failure.code }, desk, CONSOLE_CIRCUIT);
    return waitFor(stored, { code: failure.code, saw: failure.message, untilRepaired: true, trouble: true }, desk);
  }
  if (failure instanceof Blocked) {
    const { code, message: saw, retryAfterSeconds, untilRepaired } = failure;
    const trouble = code === IN_TROUBLE && untilRepaired;
    return waitFor(stored, { code, saw, retryAfterSeconds, untilRepaired, trouble }, desk);
  }
  if (failure instanceof TransientFailure) {
    if (failure.code !== 'console-throttled') await reportFailure({ cause: 'trouble', saw: failure.code }, desk, CONSOLE_CIRCUIT);
    const wait = { code: failure.code, saw: failure.message, retryAfterSeconds: failure.retryAfterSeconds };
    return failure.code === 'console-internal' ? afterInternalError(stored, wait, desk) : waitFor(stored, wait, desk);
  }
  if (failure instanceof PermanentFailure) return settle(stored, { to: 'failed', code: failure.code, why: failure.message }, desk);
  throw failure;
}

/** The code of an event that waits because the Console's circuit is open. */
export const IN_TROUBLE = 'console-in-trouble';

function afterInternalError({ value, version }: StoredAccess, wait: Wait, desk: ConsoleDesk): Promise<AccessEnd> {
  const internalErrors = value.internalErrors + 1;
  const next = { value: { ...value, internalErrors }, version };
  if (internalErrors <= MOST_INTERNAL_ERRORS) return waitFor(next, wait, desk);
  return settle(next, { to: 'failed', code: `gave-up-${wait.code}`, why: `${internalErrors} times: ${wait.saw}` }, desk);
}

/** Records that it waits, or that it has waited long enough. */
export async function waitFor({ value, version }: StoredAccess, wait: Wait, desk: ConsoleDesk): Promise<AccessEnd> {
  const { code, saw, retryAfterSeconds, untilRepaired = false, trouble = false } = wait;
  const now = desk.clock();
  const before = value.waiting;
  const since = before === undefined || (before.untilRepaired && !untilRepaired) ? toInstant(now) : before.since;
  const attempts = (before?.attempts ?? 0) + 1;
  if (!untilRepaired && now - toMillis(since) > desk.policy.waitLimitHours * HOUR) {
    return settle({ value, version }, { to: 'failed', code: `gave-up-${code}`, why: `waited since ${since}: ${saw}` }, desk);
  }
  const seconds = backOffSeconds(attempts, desk.random(), retryAfterSeconds);
  const waiting = { since, attempts, until: toInstant(now + seconds * SECOND), code, saw, ...(untilRepaired && { untilRepaired }) };
  await writeAccess({ value: { ...value, waiting, updatedAt: toInstant(now) }, version }, desk.ledger);
  return { kind: 'wait', code, seconds, ...(trouble && { trouble }) };
}

/** Records where it ends, or that a person must act. */
export async function settle(
  { value, version }: StoredAccess,
  { lookAgainAt, ...step }: { to: AccessRecord['status']; why: string; code?: string; lookAgainAt?: string },
  desk: Pick<ConsoleDesk, 'ledger' | 'clock'>,
): Promise<AccessEnd> {
  const next = { ...movedTo(value, { ...step, now: desk.clock() }), lookAgainAt };
  return { kind: 'settled', record: (await writeAccess({ value: next, version }, desk.ledger)).value };
}
