import type { RescissionEvent, SignOfLifeEvent, TerminationEvent } from './hr-event.ts';
import type { LedgerEntry } from './ledger-entry.ts';

/** A ledger entry whose event ends somebody's employment. */
export type Termination = LedgerEntry & { event: TerminationEvent };

/** A ledger entry whose event withdraws a termination. */
export type Rescission = LedgerEntry & { event: RescissionEvent };

/** A ledger entry whose event says that somebody is, or will be, at work. */
export type SignOfLife = LedgerEntry & { event: SignOfLifeEvent };

export function isTermination(entry: LedgerEntry): entry is Termination {
  return entry.event.type === 'employee.terminated';
}

export function isRescission(entry: LedgerEntry): entry is Rescission {
  return entry.event.type === 'employee.termination_rescinded';
}

export function isSignOfLife(entry: LedgerEntry): entry is SignOfLife {
  return entry.event.type === 'employee.sign_of_life';
}
