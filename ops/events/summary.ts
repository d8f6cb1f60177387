import type { LedgerEntry } from '../../lambda/domain/event/ledger-entry.ts';
import type { Style } from '../terminal/terminal.ts';

/** An event as the commands print it in JSON, without the leaver. */
export function summary(entry: LedgerEntry) {
  const { eventId, source, status, reason, effectiveAt, receivedAt, updatedAt, workfrontUserId, history } = entry;
  const { hold, waiting, finishedAt, matchedBy, released, undoing, impact } = entry;
  return {
    eventId,
    source,
    status,
    reason,
    effectiveAt,
    receivedAt,
    updatedAt,
    workfrontUserId,
    history,
    hold,
    waiting,
    finishedAt,
    matchedBy,
    released,
    undoing,
    impact,
  };
}

export function styleOf(status: string): Style | undefined {
  switch (status) {
    case 'held':
    case 'returned':
    case 'refused':
      return 'yellow';
    case 'failed':
      return 'red';
    case 'deactivated':
      return 'green';
    default:
      return undefined;
  }
}
