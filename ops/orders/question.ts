import type { LedgerEntry } from '../../lambda/domain/event/ledger-entry.ts';
import { isTermination } from '../../lambda/domain/event/termination.ts';
import type { Order } from './order.ts';

/** The question before an order on events: what happens to people, and not to data. */
export function questionOf(kind: Order['kind'], entries: readonly LedgerEntry[]): string {
  const people = peopleIn(entries);
  const verb = `${kind[0]?.toUpperCase()}${kind.slice(1)}?`.replace('-', ' ');
  if (people === 0) return `No access changes: only that a person has decided is recorded. ${verb}`;
  if (kind === 'undo') return `${people} ${people === 1 ? 'person gets' : 'people get'} access again. ${verb}`;
  const who = people === 1 ? '1 person' : `${people} people`;
  if (kind === 'reject' || kind === 'cancel' || kind === 'accept') return `${who} ${people === 1 ? 'keeps' : 'keep'} access. ${verb}`;
  return `${who} ${people === 1 ? 'loses' : 'lose'} access: ${verb.toLowerCase()}`;
}

/** How many people terminations are about, as far as their users are known. */
function peopleIn(entries: readonly LedgerEntry[]): number {
  return new Set(entries.filter(isTermination).map(({ source, eventId, workfrontUserId }) => workfrontUserId ?? `${source} ${eventId}`))
    .size;
}
