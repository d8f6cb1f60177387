import type { EventRef } from '../../lambda/domain/event/leaver-message.ts';
import type { LedgerEntry } from '../../lambda/domain/event/ledger-entry.ts';
import { DAY } from '../../lambda/domain/time/time.ts';
import { type Deployment, KEEP_DAYS } from '../deployment/deployment.ts';
import { periodOf } from './filter.ts';

/**
 * The events whose undo gives a person their access back, if this event is a rescission that came after the deactivation. The person's
 * records have forgotten them by then, so all deactivations are read; only for such an event.
 */
export async function undoableOf({ hold }: LedgerEntry, { ledger, clock }: Pick<Deployment, 'ledger' | 'clock'>): Promise<EventRef[]> {
  if (hold?.guard !== 'rescinded-after-deactivation') return [];
  const users = new Set<string>(hold.saw.match(/\b[0-9a-f]{32}\b/g));
  const found: EventRef[] = [];
  for await (const { source, eventId, workfrontUserId } of ledger.withStatus('deactivated', periodOf({}, clock(), KEEP_DAYS * DAY)))
    if (workfrontUserId !== undefined && users.has(workfrontUserId)) found.push({ source, eventId });
  return found;
}
