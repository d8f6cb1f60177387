import { type EventStatus, mayBeReopened } from '../event/event-status.ts';
import type { LeaverMessage } from '../event/leaver-message.ts';
import type { Hold, LedgerEntry, Release } from '../event/ledger-entry.ts';
import { isRescission } from '../event/termination.ts';
import { withStatus } from '../event/transition.ts';
import type { Desk } from '../ports.ts';
import { toInstant } from '../time/time.ts';
import { conclude } from './conclude.ts';
import { isReleasable } from './guards/order.ts';

/** A release or replay is obeyed once, and only if the event is still as the operator saw it. */
export async function obeyOperator(entry: LedgerEntry, message: LeaverMessage, desk: Desk): Promise<LedgerEntry> {
  if ((message.kind !== 'release' && message.kind !== 'replay') || message.entryVersion !== entry.version) return entry;

  const { by, reason } = message;
  const now = desk.clock();
  const because = reason === undefined ? '' : `: ${reason}`;
  const chosen = message.userId === undefined ? {} : { chosenUserId: message.userId };
  if (message.kind === 'replay') {
    if (entry.status !== 'failed' && entry.status !== 'returned' && !mayBeReopened(entry.status)) return entry;
    const why = `${ORDERED[entry.status] ?? 'replayed'}${because}`;
    // An undo that was begun must not go on after a later order to the contrary.
    const { undoing: _undoing, ...begun } = withStatus(entry, 'processing', { by, why, now });
    return desk.ledger.writeEntry({ ...begun, event: entry.event, ...chosen });
  }
  const { hold } = entry;
  if (hold?.guard !== message.guard) return entry;
  const why = `${message.recheck ? `asks ${message.guard} again` : `released from ${message.guard}`}${because}`;
  if (isRescission(entry)) return (await conclude(entry, { status: 'rescinded', by, why }, desk)).entry ?? entry;
  const released = message.recheck ? entry.released : [...entry.released, ...releasesOf(hold, { now, because: message.because })];
  return desk.ledger.writeEntry({ ...withStatus(entry, 'processing', { by, why, now }), released, ...chosen });
}

/** What a replay is called where it has a name of its own. */
const ORDERED: Partial<Record<EventStatus, string>> = { rejected: 'reopened', returned: 'deactivated again' };

/** One release answers all that the hold showed, each for what it was about. */
function releasesOf(hold: Hold, { now, because }: { now: number; because: Release['because'] }): Release[] {
  const order = { at: toInstant(now), ...(because !== undefined && { because }) };
  const shown = [{ guard: hold.guard, of: hold.of }, ...(hold.also ?? [])];
  return shown.flatMap(({ guard, of }) => (isReleasable(guard) ? [{ guard, ...order, ...(of !== undefined && { of }) }] : []));
}
