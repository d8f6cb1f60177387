import type { EventRef } from '../../lambda/domain/event/leaver-message.ts';
import type { LedgerEntry } from '../../lambda/domain/event/ledger-entry.ts';
import type { Desk } from '../../lambda/domain/ports.ts';
import { DAY } from '../../lambda/domain/time/time.ts';
import { KEEP_DAYS } from '../deployment/deployment.ts';
import { periodOf } from './filter.ts';

type Read = Pick<Desk, 'clock'> & { ledger: Pick<Desk['ledger'], 'withStatus'> };

/** An event of the same user that a person undid. */
export interface UndoneBefore extends EventRef {
  by: string;
  /** RFC 3339. */
  at: string;
}

/**
 * The events whose undo gives a person their access back, if this event is a rescission that came after the deactivation. The person's
 * records have forgotten them by then, so all deactivations are read; only for such an event.
 */
export async function undoableOf({ hold }: LedgerEntry, { ledger, clock }: Read): Promise<EventRef[]> {
  if (hold?.guard !== 'rescinded-after-deactivation') return [];
  const users = new Set<string>(hold.saw.match(/\b[0-9a-f]{32}\b/g));
  const found: EventRef[] = [];
  for await (const { source, eventId, workfrontUserId } of ledger.withStatus('deactivated', periodOf({}, clock(), KEEP_DAYS * DAY)))
    if (workfrontUserId !== undefined && users.has(workfrontUserId)) found.push({ source, eventId });
  return found;
}

/**
 * Who of us activated the user, if this event is of a user who is active again: the same leaving may have come as two events, and an undo
 * ends one of them. All that were undone are read; only for such an event.
 */
export async function undoneOf(entry: LedgerEntry, { ledger, clock }: Read): Promise<UndoneBefore[]> {
  if (entry.status !== 'returned' || entry.workfrontUserId === undefined) return [];
  const inactiveSince = entry.history.at(-2)?.at ?? entry.receivedAt;
  const found: UndoneBefore[] = [];
  for await (const { source, eventId, workfrontUserId, history } of ledger.withStatus('undone', periodOf({}, clock(), KEEP_DAYS * DAY))) {
    const undo = history.at(-1);
    if (workfrontUserId !== entry.workfrontUserId || undo === undefined || undo.at < inactiveSince) continue;
    found.push({ source, eventId, by: undo.by, at: undo.at });
  }
  return found;
}
