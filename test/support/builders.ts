import { createHash } from 'node:crypto';
import type { HrEvent, RescissionEvent, TerminationEvent } from '../../lambda/domain/event/hr-event.ts';
import type { Arrival } from '../../lambda/domain/event/leaver-message.ts';
import type { User } from '../../lambda/domain/ports.ts';

export const CUSTOMER = 'c'.repeat(32);

/** Makes a GUID that a person can recognise: 32 hex digits that end in the number. */
export const guid = (number: number): string => number.toString(16).padStart(32, '0');

export function aUser(changes: Partial<User> = {}): User {
  return {
    id: guid(1),
    isActive: true,
    isAdmin: false,
    customerId: CUSTOMER,
    firstName: undefined,
    lastName: undefined,
    emailAddr: 'ana@acme.test',
    username: undefined,
    ssoUsername: undefined,
    extRefID: undefined,
    lastLoginAt: undefined,
    madeAt: '2020-01-01T08:00:00.000Z',
    displayName: undefined,
    customFields: {},
    ...changes,
  };
}

/** Makes a directory: the owner of the credential, then the users given, then more users, so that the tenant is not tiny. */
export function aDirectory(...users: Partial<User>[]): User[] {
  const owner = aUser({ id: guid(0xadd), emailAddr: 'api@acme.test', isAdmin: true });
  const secondAdmin = aUser({ id: guid(0xade), emailAddr: 'admin@acme.test', isAdmin: true });
  const others = Array.from({ length: 200 }, (_, number) => aUser({ id: guid(0xf000 + number), emailAddr: `other${number}@acme.test` }));
  return [owner, secondAdmin, ...users.map((user) => aUser(user)), ...others];
}

export function aTermination(changes: Partial<TerminationEvent> = {}): TerminationEvent {
  return { type: 'employee.terminated', employee: { email: 'ana@acme.test' }, effective: { immediate: true }, ...changes };
}

export function aRescission(changes: Partial<RescissionEvent> = {}): RescissionEvent {
  return { type: 'employee.termination_rescinded', employee: { email: 'ana@acme.test' }, ...changes };
}

export function anArrival(event: HrEvent, changes: Partial<Arrival> = {}): Arrival {
  return {
    kind: 'arrival',
    source: 'acme-hr',
    eventId: 'evt-1',
    digest: createHash('sha256').update(JSON.stringify(event)).digest('hex'),
    receivedAt: '2026-11-24T12:00:00.000Z',
    event,
    ...changes,
  };
}
