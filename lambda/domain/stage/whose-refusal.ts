import type { LedgerEntry } from '../event/ledger-entry.ts';
import { withStatus } from '../event/transition.ts';
import { Contended, PermanentFailure } from '../failures.ts';
import type { Desk } from '../ports.ts';
import { MINUTE, toInstant } from '../time/time.ts';
import { reportRefusal } from './gate.ts';
import { isRefusal, type Refusal, type Verdict } from './refusals.ts';

/** A refusal of the main administrator is counted as what Workfront answered: it refuses everybody in that way, if it does. */
const answered = (failure: PermanentFailure): string => (failure.cause instanceof PermanentFailure ? failure.cause.code : failure.code);

/**
 * Whether a refusal is the user's alone, or the stage's trouble. If it is the stage's, events that failed of it before are taken up again.
 *
 * @returns `alone` too for what is no refusal of a user, but a fault of the event itself
 */
export async function whoseRefusal(entry: LedgerEntry, failure: PermanentFailure, desk: Desk): Promise<Verdict> {
  const code = answered(failure);
  if (!isRefusal(code)) return 'alone';

  const { source, eventId, intent, workfrontUserId } = entry;
  const userId = intent?.userId ?? workfrontUserId ?? `${source}/${eventId}`;
  const { verdict, alike } = await reportRefusal({ code, userId, source, eventId }, desk);
  if (verdict === 'stage') for (const one of alike) await takeUpAgain(one, desk);
  return verdict;
}

/** By then the turn that takes an event up again is certainly over, even if its worker died. */
const TURN_IS_OVER = 5 * MINUTE;

/**
 * Brings a failed event back. A schedule for later comes first: if the worker dies before the other is set, the event has a message all
 * the same; one that fired at once could find it still failed.
 */
async function takeUpAgain({ code, source, eventId }: Refusal, { ledger, schedules, clock }: Desk): Promise<void> {
  const entry = await ledger.readEntry({ source, eventId });
  if (entry?.status !== 'failed' || (entry.reason !== code && entry.reason !== MAIN_ADMINISTRATOR)) return;

  const now = clock();
  await schedules.set(entry, toInstant(now + TURN_IS_OVER));
  try {
    await ledger.writeEntry(withStatus(entry, 'processing', { why: `taken up again: Workfront refuses others too (${code})`, now }));
  } catch (failure) {
    // Somebody else has just decided about it.
    if (!(failure instanceof Contended)) throw failure;
    return;
  }
  await schedules.set(entry, toInstant(now));
}

/** The reason of an administrator who cannot be deactivated whatever the right. */
export const MAIN_ADMINISTRATOR = 'main-administrator';
