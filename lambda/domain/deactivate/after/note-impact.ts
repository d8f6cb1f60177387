import type { LedgerEntry } from '../../event/ledger-entry.ts';
import { Contended, isMistake } from '../../failures.ts';
import type { Desk } from '../../ports.ts';
import { stopIfInTrouble } from '../../stage/gate.ts';
import { SECOND, toInstant } from '../../time/time.ts';

/** No more time than this is spent on counts: the next leaver comes first. */
const WITHIN = 10 * SECOND;

/**
 * Counts what the user owns that this event has just deactivated, if the stage wants that. It comes after the write and changes nothing of
 * it: whatever goes wrong, the counts are missing, and `ops impact` gives them later.
 *
 * @returns the entry, with the counts if there are any
 */
export async function noteImpact(entry: LedgerEntry, desk: Desk): Promise<LedgerEntry> {
  const { status, workfrontUserId } = entry;
  const count = desk.directory.countHoldings;
  if (!desk.policy.impactAtDeactivation || status !== 'deactivated' || workfrontUserId === undefined || count === undefined) return entry;
  try {
    await stopIfInTrouble(desk);
    const impact = await count(workfrontUserId, desk.clock() + WITHIN);
    return await desk.ledger.writeEntry({ ...entry, impact: { at: toInstant(desk.clock()), ...impact } });
  } catch (failure) {
    if (isMistake(failure) && !(failure instanceof Contended)) throw failure;
    return entry;
  }
}
