import type { EventStatus } from './event-status.ts';

/** Why an event is held: the guard that holds it, or what a rescission found. */
export const HOLD_REASONS = [
  'wrong-tenant',
  'ambiguous',
  'identity-changed',
  'identity-mismatch',
  'number-alone',
  'late-sighting',
  'newcomer',
  'hr-contradicts',
  'unasked',
  'contradicting-delivery',
  'perhaps-rescinded',
  'perhaps-stays',
  'earlier-than-hr',
  'own-goal',
  'protected',
  'administrator',
  'stale',
  'repeated',
  'approval',
  'brake',
  'rescinded-after-deactivation',
  'cancelled-more-than-named',
] as const;

/** Why an event is cancelled. */
export const CANCEL_REASONS = ['operator', 'rescinded', 'superseded', 'not-a-termination'] as const;

/** Why an event may have no account although the employee has one. */
export const NO_ACCOUNT_REASONS = ['limited-sight'] as const;

/** Why an inactive user may become active. */
export const INACTIVE_REASONS = ['pending-approval'] as const;

/** Why a user's return is no question any more, if no person has answered it. */
const ACCEPT_REASONS = ['rescinded', 'superseded'] as const;

/** Why a rescission cancelled nothing. */
export const RESCISSION_REASONS = ['found-nothing'] as const;

/** Why an event failed, besides the reasons that begin with `gave-up-`. */
export const FAILURE_REASONS = [
  'forbidden',
  'refused',
  'main-administrator',
  'user-not-found',
  'not-confirmed',
  'unexpected-answer',
  'filter-dropped',
  'api-version-gone',
  'redirected',
  'too-large',
  'too-long',
  'not-askable',
  'no-match-key',
  'unconfirmed',
  'hr-forbidden',
  'hr-refused',
  'hr-redirected',
  'hr-unexpected-answer',
  'hr-too-large',
] as const;

/** Why an order to undo is refused, besides what a write can be refused for: the event stays as it is. */
export const UNDO_REFUSALS = ['left-again', 'address-taken'] as const;

/** What an event waits for. An event that waited for too long failed for the reason `gave-up-<code>`. */
export const WAIT_REASONS = [
  'server-error',
  'unreachable',
  'timed-out',
  'not-json',
  'throttled',
  'conflict',
  'forbidden',
  'main-administrator',
  'refused',
  'user-not-found',
  'not-confirmed',
  'unexpected-answer',
  'filter-dropped',
  'field-unknown',
  'not-found',
  'api-version-gone',
  'redirected',
  'too-large',
  'circuit-open',
  'rejected',
  'token-refused',
  'blind',
  'secret-missing',
  'secret-unreadable',
  'secret-unusable',
  'credential-replaced',
  'hr-unavailable',
  'hr-unreachable',
  'hr-timed-out',
  'hr-not-json',
  'hr-throttled',
  'hr-credential-refused',
  'hr-blind',
  'hr-in-trouble',
  'paused',
  'write-under-way',
  'brake-busy',
  'wrong-customer',
  'customer-unknown',
] as const;

const GAVE_UP_REASONS = WAIT_REASONS.map((code) => `gave-up-${code}` as const);

/** Every reason that an event of one of these statuses can have. */
export function reasonsOf(statuses: readonly EventStatus[]): string[] {
  return [...new Set(REASONS.flatMap(({ of, reasons }) => (of.some((status) => statuses.includes(status)) ? reasons : [])))];
}

/** A rejected event keeps the reason for which it was held. */
const REASONS: readonly { of: readonly EventStatus[]; reasons: readonly string[] }[] = [
  { of: ['held', 'rejected'], reasons: HOLD_REASONS },
  { of: ['failed'], reasons: FAILURE_REASONS },
  { of: ['cancelled'], reasons: CANCEL_REASONS },
  { of: ['no-account'], reasons: NO_ACCOUNT_REASONS },
  { of: ['already-inactive'], reasons: INACTIVE_REASONS },
  { of: ['accepted'], reasons: ACCEPT_REASONS },
  { of: ['rescinded'], reasons: RESCISSION_REASONS },
  { of: ['received', 'processing'], reasons: WAIT_REASONS },
  { of: ['failed'], reasons: GAVE_UP_REASONS },
];
