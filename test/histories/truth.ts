import type { Employee, RescissionEvent, TerminationEvent } from '../../lambda/domain/event/hr-event.ts';
import type { LedgerEntry } from '../../lambda/domain/event/ledger-entry.ts';
import type { Policy } from '../../lambda/domain/policy.ts';
import type { MatchKey, User } from '../../lambda/domain/ports.ts';

/**
 * What is right, said a second time and on purpose not with the code under test: the invariants judge by this.
 */
export type Terminated = LedgerEntry & { event: TerminationEvent };
export type Rescinding = LedgerEntry & { event: RescissionEvent };

const HOUR = 3_600_000;

/** Winter offsets in hours; a date without a zone lasts longest at UTC-12. */
export const ZONES: Readonly<Record<string, number>> = { 'Europe/Amsterdam': 1, 'America/New_York': -5, 'Asia/Tokyo': 9, UTC: 0 };
export const OFFSETS: Readonly<Record<string, number>> = { PT0S: 0, PT2H: 2 * HOUR, '-PT1H': -HOUR };

export const isTerminated = (entry: LedgerEntry): entry is Terminated => entry.event.type === 'employee.terminated';
export const isRescinding = (entry: LedgerEntry): entry is Rescinding => entry.event.type !== 'employee.terminated';

/** The instant before which nobody may be deactivated, in milliseconds. */
export function effectiveMillis({ event, putOff, receivedAt }: Terminated, policy: Policy): number {
  const { at, date, timeZone } = putOff ?? event.effective;
  if (at !== undefined) return Date.parse(at);
  return date === undefined ? Date.parse(receivedAt) : lastInstantOf(date, timeZone, policy);
}

/** When a date is over, or begins: as the policy says. */
export function lastInstantOf(date: string, timeZone: string | undefined, policy: Policy): number {
  const { dateMeans } = policy;
  const midnight =
    Date.parse(`${date}T00:00:00Z`) - (timeZone === undefined ? hoursFromUtc(policy, -12) : (ZONES[timeZone] ?? Number.NaN)) * HOUR;
  return midnight + (dateMeans.moment === 'end-of-day' ? 24 * HOUR : 0) + (OFFSETS[dateMeans.offset] ?? Number.NaN);
}

export const hoursFromUtc = ({ defaultTimeZone: zone }: Policy, unknown: number): number =>
  zone === undefined ? unknown : (ZONES[zone] ?? Number.NaN);

export function recordedMillis({ event, receivedAt }: LedgerEntry): number {
  return Math.min(Date.parse(event.occurredAt ?? receivedAt), Date.parse(receivedAt));
}

/** Whether two events speak of one person: an address in any source, anything else in the same source. */
export function shareKey(one: LedgerEntry, other: LedgerEntry): boolean {
  const [a, b] = [one.event.employee, other.event.employee];
  if (a.email !== undefined && a.email.toLowerCase() === b.email?.toLowerCase()) return true;
  if (one.source !== other.source) return false;
  return (
    (a.employeeNumber !== undefined && a.employeeNumber === b.employeeNumber) ||
    (a.sourceId !== undefined && a.sourceId === b.sourceId) ||
    (a.ssoUsername !== undefined && a.ssoUsername.toLowerCase() === b.ssoUsername?.toLowerCase())
  );
}

export function takesBack(rescission: Rescinding, termination: Terminated): boolean {
  if (rescission.source === termination.source && rescission.event.rescinds === termination.eventId) return true;
  return shareKey(rescission, termination) && recordedMillis(termination) <= recordedMillis(rescission);
}

export function keysOf(employee: Employee, rules: Policy['matchKeys']): MatchKey[] {
  const keys: MatchKey[] = [];
  for (const { field, from } of rules) {
    const value = from === 'customField' ? undefined : employee[from];
    if (value !== undefined) keys.push({ field, value });
  }
  return keys;
}

function valueIn(user: User, field: string): string | undefined {
  switch (field) {
    case 'emailAddr':
      return user.emailAddr;
    case 'ssoUsername':
      return user.ssoUsername;
    default:
      return user.extRefID;
  }
}

export function agrees(user: User, { field, value }: MatchKey): boolean {
  const own = valueIn(user, field);
  return field === 'extRefID' ? own === value : own?.toLowerCase() === value.toLowerCase();
}

/** Whether HR and Workfront say different things about the same attribute, given name included. */
export function contradicts(user: User, employee: Employee, keys: readonly MatchKey[]): boolean {
  if (keys.some((key) => valueIn(user, key.field) !== undefined && !agrees(user, key))) return true;
  return employee.givenName !== undefined && user.firstName !== undefined && employee.givenName !== user.firstName;
}

/** Whether nothing but an address, and no name, ties the user to the employee. */
export function addressAlone(user: User, employee: Employee, keys: readonly MatchKey[]): boolean {
  const named = employee.givenName !== undefined && employee.givenName === user.firstName;
  return !named && !keys.some((key) => key.field !== 'emailAddr' && agrees(user, key));
}

export function isProtected(user: User, { email, employeeNumber, ssoUsername }: Employee, list: readonly string[]): boolean {
  const names = [user.id, user.emailAddr, user.ssoUsername, user.extRefID, email, employeeNumber, ssoUsername];
  return names.some((name) => list.some((one) => one.toLowerCase() === name?.toLowerCase()));
}
