import type { LedgerEntry } from '../event/ledger-entry.ts';
import type { Termination } from '../event/termination.ts';
import { withStatus } from '../event/transition.ts';
import type { Desk } from '../ports.ts';
import type { Disposition } from './disposition.ts';

/** Writes where the event rests now. */
export async function settle(entry: LedgerEntry, { ledger }: Desk): Promise<Disposition> {
  return { kind: 'settled', entry: await ledger.writeEntry(entry) };
}

/** Stops at a guard, for a person. */
export async function hold(
  entry: Termination,
  held: NonNullable<LedgerEntry['hold']>,
  desk: Desk,
  found: Partial<LedgerEntry>,
): Promise<Disposition> {
  const next = withStatus(entry, 'held', { ...found, why: `${held.guard}: ${held.saw}`, now: desk.clock() });
  return settle({ ...next, hold: held, reason: held.guard }, desk);
}

/** Cancels; unless a write cut short had taken effect already, which then is the truth. */
export async function cancel(entry: Termination, reason: string, why: string, desk: Desk): Promise<Disposition> {
  const crashed = await finishAfterCrash(entry, desk);
  if (crashed !== undefined) return crashed;

  const cancelled = await settle({ ...withStatus(entry, 'cancelled', { why, now: desk.clock() }), reason }, desk);
  if (entry.effectiveAt !== undefined) await desk.schedules.remove(entry, entry.effectiveAt);
  return cancelled;
}

/** An intent without an outcome: the write may have taken effect. Workfront knows. */
export async function finishAfterCrash(entry: Termination, desk: Desk): Promise<Disposition | undefined> {
  if (entry.intent === undefined) return undefined;

  const user = await desk.directory.read(entry.intent.userId);
  if (user === undefined || user.isActive) return undefined;
  const why = `user ${user.id} is inactive after a write at ${entry.intent.at} that was cut short; Workfront shows isActive false when read again`;
  return settle(withStatus(entry, 'deactivated', { workfrontUserId: user.id, why, now: desk.clock() }), desk);
}
