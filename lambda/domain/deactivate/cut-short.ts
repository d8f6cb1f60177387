import type { LedgerEntry } from '../event/ledger-entry.ts';
import { Blocked } from '../failures.ts';
import type { Desk } from '../ports.ts';
import { pinnedCustomer } from '../stage/tenant.ts';
import { MINUTE, SECOND, toMillis } from '../time/time.ts';
import { conclude } from './conclude.ts';
import type { TurnEnd } from './turn-end.ts';

/** An intent without an outcome: the write may have taken effect. Only Workfront knows. */
export type WriteOutcome = 'none' | 'took-effect' | 'not-done';

/** A request that nobody answered may still be carried out: so long after it was sent it is not any more. */
const LANDS_WITHIN = 5 * MINUTE;

/** How long an event waits, at least, for a write that is under way, in seconds. */
const LOOK_AGAIN_AFTER = 5;

/**
 * What became of a write that was cut short. If a person chose another user since, that choice wins.
 *
 * @throws Blocked `wrong-customer` while the credential looks into another Workfront, where "no such user" means nothing
 */
export async function outcomeOfWrite({ intent, chosenUserId }: LedgerEntry, desk: Desk): Promise<WriteOutcome> {
  if (intent === undefined || (chosenUserId !== undefined && chosenUserId !== intent.userId)) return 'none';

  const owner = await desk.directory.owner();
  const pinned = await pinnedCustomer(owner, desk);
  if (owner.customerId !== pinned) {
    const saw = `a write to Workfront was cut short, and the credential is of another customer than ${pinned}; set the right one`;
    throw new Blocked('wrong-customer', saw, { untilRepaired: true });
  }
  const user = await desk.directory.read(intent.userId);
  return user === undefined || user.isActive ? 'not-done' : 'took-effect';
}

/** Seconds for which a write that was sent may still take effect; 0 if there is none, or it cannot any more. */
export function landsFor({ intent }: LedgerEntry, { clock }: Desk): number {
  const landsUntil = intent === undefined ? 0 : toMillis(intent.at) + LANDS_WITHIN;
  return Math.max(0, Math.ceil((landsUntil - clock()) / SECOND));
}

/**
 * As {@link outcomeOfWrite}, for whoever relies on "not done": a write that was sent minutes ago may still take effect.
 *
 * @throws Blocked `write-under-way`
 */
export async function settledWrite(entry: LedgerEntry, desk: Desk): Promise<WriteOutcome> {
  const outcome = await outcomeOfWrite(entry, desk);
  const untilThen = landsFor(entry, desk);
  if (outcome !== 'not-done' || untilThen === 0) return outcome;

  const retryAfterSeconds = entry.lease === undefined ? untilThen : Math.min(untilThen, LOOK_AGAIN_AFTER);
  throw new Blocked('write-under-way', `event ${entry.eventId} is being written`, { retryAfterSeconds });
}

/**
 * Lets the worker that has the event finish first, if its write may be under way.
 *
 * @throws Blocked `write-under-way`
 */
export function stopWhileWritten({ intent, lease, eventId }: LedgerEntry, { clock }: Desk): void {
  if (intent === undefined || lease === undefined || toMillis(lease.until) <= clock()) return;
  throw new Blocked('write-under-way', `event ${eventId} is being written`, { retryAfterSeconds: LOOK_AGAIN_AFTER });
}

/**
 * Lets the worker that undoes a deactivation of the person finish first: a user who is still inactive may be active in a moment.
 *
 * @throws Blocked `write-under-way`
 */
export function stopWhileUndone({ undoing, lease, eventId }: LedgerEntry, { clock }: Desk): void {
  if (undoing === undefined || lease === undefined || toMillis(lease.until) <= clock()) return;
  throw new Blocked('write-under-way', `event ${eventId} is being undone`, { retryAfterSeconds: LOOK_AGAIN_AFTER });
}

/** Records the deactivation that a write cut short has made. */
export function concludeTookEffect(entry: LedgerEntry, desk: Desk): Promise<TurnEnd> {
  const { userId = 'unknown', at = entry.updatedAt } = entry.intent ?? {};
  const why = `user ${userId} is inactive after a write at ${at} that was cut short; Workfront shows isActive false when read again`;
  return conclude(entry, { status: 'deactivated', workfrontUserId: userId, why, write: 'took-effect' }, desk);
}
