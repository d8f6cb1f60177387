import type { TerminationEvent } from './hr-event.ts';
import type { LedgerEntry } from './ledger-entry.ts';

/** A ledger entry whose event ends somebody's employment. */
export type Termination = LedgerEntry & { event: TerminationEvent };

export function isTermination(entry: LedgerEntry): entry is Termination {
  return entry.event.type === 'employee.terminated';
}
