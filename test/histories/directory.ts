import { CredentialFailure, PermanentFailure, TransientFailure } from '../../lambda/domain/failures.ts';
import type { CredentialOwner, MatchKey, User } from '../../lambda/domain/ports.ts';
import type { Dice } from '../support/dice.ts';
import type { Scenario, TroubleMode } from './scenario.ts';
import { agrees } from './truth.ts';

/** A call that does not answer: the failure, and whether what was asked for happened all the same. */
export interface Fault {
  failure: Error;
  takesEffect: boolean;
}

/** Workfront: its users, every version of them, and its present troubles. */
export interface Directory {
  users: Map<string, User>;
  me: string;
  /** All that any user ever was: what may have been seen by somebody. */
  versions: User[];
  /** When any user last changed, and each. */
  changedAt: number;
  userChangedAt: Map<string, number>;
  trouble: Map<TroubleMode, { from: number; until: number; userId: string }>;
}

export type DirectoryCall = 'owner' | 'search' | 'read' | 'count' | 'deactivate';

export const OTHER_TENANT = 'e'.repeat(32);
/** Users that play no part: a tenant is never so small that one deactivation is a large share of it. */
const OTHERS = 200;

export function aTroubledDirectory({ users }: Scenario): Directory {
  return {
    users: new Map(users.map((user) => [user.id, user])),
    me: users[0]?.id ?? '',
    versions: [...users],
    changedAt: 0,
    userChangedAt: new Map(),
    trouble: new Map(),
  };
}

export function changeUser(directory: Directory, userId: string, changes: Partial<User>, now: number): void {
  const before = directory.users.get(userId);
  if (before === undefined) return;
  const after = { ...before, ...changes };
  directory.users.set(userId, after);
  directory.versions.push(after);
  directory.changedAt = now;
  directory.userChangedAt.set(userId, now);
}

export function ownerOf(directory: Directory, now: number): CredentialOwner {
  const active = [...directory.users.values()].filter(({ isActive }) => isActive).length;
  return { userId: directory.me, customerId: tenantOf(directory, now), activeUsers: active + OTHERS };
}

/** In another customer's Workfront nobody is known; just after a copy, everybody is. */
export function search(directory: Directory, key: MatchKey, now: number): User[] {
  const strange = directory.trouble.get('other-tenant');
  if (strange !== undefined && strange.until > now && strange.userId.endsWith('1')) return [];
  const hits = [...directory.users.values()].filter((user) => agrees(user, key)).map((user) => seen(directory, user, now));
  return hits.sort((one, other) => Number(other.isActive) - Number(one.isActive)).slice(0, 2);
}

export function readUser(directory: Directory, userId: string, now: number): User | undefined {
  const user = directory.users.get(userId);
  return user && seen(directory, user, now);
}

export function activeAdministrators({ users }: Directory): number {
  return [...users.values()].filter(({ isAdmin, isActive }) => isAdmin && isActive).length;
}

/** Whether there is this trouble now, and was there at an earlier time already. */
export function hasTrouble({ trouble }: Directory, mode: TroubleMode, now: number, earlier = now): boolean {
  const one = trouble.get(mode);
  return one !== undefined && one.from <= earlier && one.until > now;
}

/** What goes wrong with a call now, by the trouble there is. */
export function troubleWith(directory: Directory, call: DirectoryCall, userId: string, now: number, throws: Dice): Fault | undefined {
  if (directory.trouble.size === 0) return undefined;
  const has = (mode: TroubleMode) => hasTrouble(directory, mode, now);
  if (has('trouble')) return { failure: new TransientFailure('unavailable', 'an outage'), takesEffect: throws.chance(0.1) };
  if (has('throttled')) return { failure: throttled(), takesEffect: false };
  if (has('credentials')) return { failure: new CredentialFailure('refused', 'credential refused'), takesEffect: false };
  if (has('blind') && call === 'owner') return { failure: new CredentialFailure('blind', 'sees nobody'), takesEffect: false };
  if (has('user-refused') && directory.trouble.get('user-refused')?.userId === userId) {
    return { failure: new PermanentFailure('forbidden', 'not this user'), takesEffect: false };
  }
  return undefined;
}

/** A call that fails out of the blue. */
export function randomFault(throws: Dice): Fault {
  const failure = throws.pick([
    new TransientFailure('timed-out', 'no answer'),
    new TransientFailure('reset', 'connection reset'),
    throttled(),
    new CredentialFailure('refused', 'credential refused'),
    new PermanentFailure('unexpected-answer', 'neither yes nor no'),
  ]);
  return { failure, takesEffect: throws.chance(0.5) };
}

const throttled = () => new TransientFailure('throttled', 'too many calls', { retryAfterSeconds: 5 });

const tenantOf = (directory: Directory, now: number): string | undefined =>
  hasTrouble(directory, 'other-tenant', now) ? OTHER_TENANT : directory.users.get(directory.me)?.customerId;

const seen = (directory: Directory, user: User, now: number): User => ({ ...user, customerId: tenantOf(directory, now) });
