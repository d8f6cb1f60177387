import type { Employee } from '../../lambda/domain/event/hr-event.ts';
import { CredentialFailure, PermanentFailure, TransientFailure } from '../../lambda/domain/failures.ts';
import type { Policy } from '../../lambda/domain/policy.ts';
import type { HrRecord } from '../../lambda/domain/ports.ts';
import type { Dice } from '../support/dice.ts';
import type { Fault } from './directory.ts';
import type { Person } from './people.ts';
import { hoursFromUtc, lastInstantOf, type Terminated } from './truth.ts';

/** The one source whose HR system is asked. */
export const ASKED = 'gamma-hr';

/** What HR says of one person; undefined where it knows them no more. */
export type HrFact = { standing: 'employed' | 'left'; lastDay?: string; startedOn?: string; email?: string; number?: string } | undefined;

export type HrTrouble = 'hr-trouble' | 'hr-throttled' | 'hr-credentials';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

export function factOf({ email, number }: Person, from: number, kind: number, throws: Dice): HrFact {
  const day = (days: number) => new Date(from + days * DAY).toISOString().slice(0, 10);
  const keys = { ...(throws.chance(0.9) ? { email } : {}), ...(throws.chance(0.8) ? { number } : {}) };
  if (kind < 0.3) return { ...keys, standing: 'left' };
  if (kind < 0.5) return { ...keys, standing: 'left', lastDay: day(throws.pick([-9, -1, 0])) };
  if (kind < 0.55) return { ...keys, standing: 'left', lastDay: day(6) };
  if (kind < 0.75) return { ...keys, standing: 'employed', lastDay: day(throws.pick([-9, -2, -1, 0, 1, 3])) };
  if (kind < 0.8) return { ...keys, standing: 'employed', lastDay: day(-5), startedOn: day(-1) };
  if (kind < 0.85) return { ...keys, standing: 'left', email: 'someone-else@acme.test' };
  if (kind < 0.9) return undefined;
  return { ...keys, standing: 'employed' };
}

export function recordOf(fact: HrFact, sourceId: string): HrRecord | undefined {
  if (fact === undefined) return undefined;
  const { standing, lastDay, startedOn, email, number } = fact;
  const employee: Employee = { sourceId, ...(email && { email }), ...(number && { employeeNumber: number }) };
  return { employee, standing, lastDay: lastDay === undefined ? undefined : { date: lastDay }, startedOn };
}

/** What goes wrong with a question to HR now. */
export function hrTroubleWith(trouble: ReadonlyMap<HrTrouble, number>, chance: number, now: number, throws: Dice): Fault | undefined {
  const failures = {
    'hr-trouble': () => new TransientFailure('hr-unavailable', 'an outage'),
    'hr-throttled': () => new TransientFailure('hr-throttled', 'too many calls', { retryAfterSeconds: 5 }),
    'hr-credentials': () => new CredentialFailure('hr-credential-refused', 'credential refused'),
    forbidden: () => new PermanentFailure('hr-forbidden', 'not this employee'),
  };
  for (const [mode, until] of trouble) if (until > now) return { failure: failures[mode](), takesEffect: false };
  if (!throws.chance(chance)) return undefined;
  return { failure: failures[throws.pick(['hr-trouble', 'hr-throttled', 'hr-credentials', 'forbidden'] as const)](), takesEffect: false };
}

/** Whether HR's answer says, at that moment, that the employee of this event is gone. Said a second time, as truth.ts does. */
export function hrConfirms(fact: HrFact, { event }: Terminated, policy: Policy, now: number): boolean {
  if (fact === undefined || namesAnother(fact, event.employee)) return false;
  if (fact.lastDay === undefined) return fact.standing === 'left';
  if (fact.standing === 'left') return now >= Date.parse(`${fact.lastDay}T00:00:00Z`) - hoursFromUtc(policy, 14) * HOUR;
  const rehired = fact.startedOn !== undefined && fact.startedOn > fact.lastDay;
  const ended = lastInstantOf(fact.lastDay, undefined, policy);
  return !rehired && now >= ended && now - ended <= 2 * DAY;
}

/** Whether HR has the termination for a day that is still to come. */
export function hrPutsOff(fact: HrFact, { event }: Terminated, policy: Policy, now: number): boolean {
  if (fact?.lastDay === undefined || fact.standing === 'left' || namesAnother(fact, event.employee)) return false;
  return !(fact.startedOn !== undefined && fact.startedOn > fact.lastDay) && now < lastInstantOf(fact.lastDay, undefined, policy);
}

/** Whether an event that never said so is no termination at all. */
export function hrKnowsOfNone(fact: HrFact, { event }: Terminated): boolean {
  if (fact === undefined || event.unconfirmed !== true || fact.standing === 'left') return false;
  return fact.lastDay === undefined || (fact.startedOn !== undefined && fact.startedOn > fact.lastDay);
}

/** Whether not even an empty search means anything: HR would name the employee otherwise. */
export function hrLeavesOpenWho(fact: HrFact, { event: { employee } }: Terminated): boolean {
  return fact === undefined ? employee.email === undefined && employee.ssoUsername === undefined : namesAnother(fact, employee);
}

const namesAnother = (fact: NonNullable<HrFact>, { email, employeeNumber }: Employee): boolean =>
  (fact.email !== undefined && email !== undefined && fact.email.toLowerCase() !== email.toLowerCase()) ||
  (fact.number !== undefined && employeeNumber !== undefined && fact.number !== employeeNumber);

/** The employee as the event and HR name them together. */
export const knownAs = ({ event: { employee } }: Terminated, heard: { fact: HrFact } | undefined): Employee => ({
  ...(heard?.fact?.email && { email: heard.fact.email }),
  ...(heard?.fact?.number && { employeeNumber: heard.fact.number }),
  ...employee,
});
