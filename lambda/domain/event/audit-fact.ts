import type { HrEvent } from './hr-event.ts';
import type { HistoryStep, LedgerEntry } from './ledger-entry.ts';

/**
 * The part of a finished event that stays when its entry has expired: ids, times, the outcome, and who decided what. It has no personal
 * data but Workfront's id of the user, and no reason that a person wrote. It is shaped like a ledger entry, with the employee removed.
 */
export function auditFact({ source, eventId, version, status, reason, event, ...entry }: LedgerEntry): LedgerEntry {
  const { receivedAt, updatedAt, effectiveAt, finishedAt, workfrontUserId, matchedBy } = entry;
  return {
    source,
    eventId,
    version,
    status,
    ...(reason !== undefined && { reason }),
    event: withoutPerson(event, eventId),
    digest: '',
    receivedAt,
    updatedAt,
    ...(effectiveAt !== undefined && { effectiveAt }),
    ...(finishedAt !== undefined && { finishedAt }),
    ...(workfrontUserId !== undefined && { workfrontUserId }),
    ...(matchedBy !== undefined && { matchedBy }),
    released: entry.released,
    history: entry.history.map((step) => ({ ...step, why: whatStays(step, source) })),
  };
}

/** Of a deactivation its proof, which names users by id; of what people did the word before the colon, which is ours: `released`. */
function whatStays({ to, by, why }: HistoryStep, source: string): string {
  if (to === 'deactivated' || to === 'already-inactive') return why;
  return [source, 'worker', 'schedule'].includes(by) ? '' : (why.split(':')[0] ?? '');
}

/** An address that nobody can have (RFC 2606, section 2): test events can still be recognized. */
const NOBODY = /^[^@]+@[a-z0-9.-]+\.invalid$/;

function withoutPerson(event: HrEvent, eventId: string): HrEvent {
  const email = event.employee.email ?? '';
  const employee = { sourceId: `expired ${eventId}`.slice(0, 128), ...(NOBODY.test(email) && { email }) };
  if (event.type === 'employee.sign_of_life') return { type: event.type, sign: event.sign, employee };
  if (event.type === 'employee.termination_rescinded') return { type: event.type, employee };
  const { date, at, immediate } = event.effective;
  return { type: event.type, employee, effective: { date, at, immediate } };
}
