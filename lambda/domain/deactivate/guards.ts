import type { TerminationEvent } from '../event/hr-event.ts';
import type { Hold } from '../event/ledger-entry.ts';
import { fold, hasValue, type Match, sameName } from '../person/leaver-match.ts';
import type { Policy } from '../policy.ts';
import type { CredentialOwner, MatchKey, User } from '../ports.ts';
import { DAY, toMillis } from '../time/time.ts';

/** All that a guard may look at. Guards are pure: same view, same answer. */
export interface GuardView {
  event: TerminationEvent;
  /** RFC 3339. */
  effectiveAt: string;
  /** Match keys of the event under the stage's rules. */
  keys: readonly MatchKey[];
  match: Extract<Match, { kind: 'users' }>;
  /** The user meant: the one that a person chose, else the first match. */
  user: User;
  /** A person chose the user among ambiguous ones. */
  chosen: boolean;
  owner: CredentialOwner;
  /** The Workfront customer that this stage is pinned to. */
  pinnedCustomerId: string | undefined;
  /** Known only where the user is an administrator. */
  activeAdministrators: number | undefined;
  policy: Policy;
  /** Why the brake refused, where it was asked and did. */
  brakeRefused: string | undefined;
  /** When an equal event finished that this one may only repeat, RFC 3339. */
  repeats: string | undefined;
  /** Milliseconds since the epoch. */
  now: number;
}

interface Guard {
  name: string;
  /** What it saw, where it holds; ids and facts, nothing personal. */
  saw: (view: GuardView) => string | undefined;
  /** What releasing does, for the person who must decide. */
  releasing: string;
  /** Whether a release may skip it at all. */
  releasable: boolean;
}

const MEND_TENANT = 'does not help: point the credential or workfront.customerId of the stage at the right customer, then release';
const CHOOSE = 'needs --user GUID: deactivates that one user, if every other guard agrees';

/** HR, asked just before, does not say that the employee has left. It comes before the guards on the write. */
export const HR_GUARD = {
  name: 'hr-contradicts',
  releasing:
    'takes your word against that of HR: finds the user by what the event and HR say, and deactivates, if every other guard agrees',
  releasable: true,
} as const;

/** @param saw what HR said, nothing personal */
export const contradiction = (saw: string): Hold => ({ guard: HR_GUARD.name, saw, releasing: HR_GUARD.releasing });

/** Guards on who was found: they come before anything is concluded from the match. */
export const MATCH_GUARDS: readonly Guard[] = [
  {
    name: 'wrong-tenant',
    saw: wrongTenant,
    releasing: MEND_TENANT,
    releasable: false,
  },
  {
    name: 'ambiguous',
    saw: ambiguous,
    releasing: CHOOSE,
    releasable: false,
  },
  {
    name: 'identity-mismatch',
    saw: identityMismatch,
    releasing: 'deactivates the user found although HR and Workfront describe them differently',
    releasable: true,
  },
];

/** Guards on the write itself, in their order; the brake is last, so that only what would really be written counts. */
export const WRITE_GUARDS: readonly Guard[] = [
  {
    name: 'own-goal',
    saw: ownGoal,
    releasing: 'does not help: the product would lock itself or every administrator out; change the credential first, then release',
    releasable: false,
  },
  { name: 'protected', saw: protectedUser, releasing: 'deactivates a user on the protected list', releasable: true },
  { name: 'administrator', saw: administrator, releasing: 'deactivates a Workfront system administrator', releasable: true },
  { name: 'stale', saw: stale, releasing: 'deactivates a user who has logged in since they should have left', releasable: true },
  {
    name: 'repeated',
    saw: ({ repeats }) =>
      repeats === undefined ? undefined : `an equal event, without an id or a time of its own, finished at ${repeats}`,
    releasing: 'takes this for another leaving on the same terms, and deactivates the user',
    releasable: true,
  },
  {
    name: 'brake',
    saw: ({ brakeRefused }) => brakeRefused,
    releasing: 'deactivates this user beyond the limit; the brake itself stays latched',
    releasable: true,
  },
];

/** Whether a release can let an event past the guard at all. What no guard holds, a rescission that came too late, can be released. */
export function isReleasable(guardName: string): boolean {
  const guard = [...MATCH_GUARDS, ...WRITE_GUARDS].find(({ name }) => name === guardName);
  return guard?.releasable ?? true;
}

/** The first guard that holds the event, leaving out those that a person released it from. */
export function firstHold(guards: readonly Guard[], view: GuardView, released: readonly string[]): Hold | undefined {
  for (const { name, saw, releasing, releasable } of guards) {
    if (releasable && released.includes(name)) continue;
    const seen = saw(view);
    if (seen !== undefined) return { guard: name, saw: seen, releasing };
  }
  return undefined;
}

/**
 * Why nothing may be concluded from a search: it found nobody in another customer's Workfront, or the one user whom a
 * person chose matches no more, so that no other may take the place, nor nobody be the answer.
 */
export function inconclusive({
  match,
  chosenUserId,
  ...tenant
}: Pick<GuardView, 'owner' | 'pinnedCustomerId'> & { match: Match; chosenUserId: string | undefined }): Hold | undefined {
  const elsewhere = match.kind === 'none' ? wrongTenant(tenant) : undefined;
  if (elsewhere !== undefined) return { guard: 'wrong-tenant', saw: elsewhere, releasing: MEND_TENANT };

  const users = match.kind === 'none' ? [] : match.users;
  if (chosenUserId === undefined || users.some(({ id }) => id === chosenUserId)) return undefined;
  if (users.length > 0 && users.every(({ isActive }) => !isActive)) return undefined;
  const others = users.map(({ id }) => id).join(', ') || 'nobody';
  return {
    guard: 'ambiguous',
    saw: `user ${chosenUserId}, whom a person chose, does not match any more, but ${others}`,
    releasing: CHOOSE,
  };
}

function wrongTenant({
  owner,
  user,
  pinnedCustomerId,
}: Pick<GuardView, 'owner' | 'pinnedCustomerId'> & { user?: User }): string | undefined {
  if (pinnedCustomerId === undefined) return undefined;
  const seen = [owner.customerId, user?.customerId].find((id) => id !== undefined && id !== pinnedCustomerId);
  return seen === undefined ? undefined : `Workfront customer ${seen}, this stage is pinned to ${pinnedCustomerId}`;
}

function ambiguous({ match, chosen }: GuardView): string | undefined {
  if (match.users.length === 1 || chosen) return undefined;
  return `${match.users.length} users match by ${match.matchedBy}: ${match.users.map(({ id }) => id).join(', ')}`;
}

function identityMismatch({ event: { employee }, keys, user, policy }: GuardView): string | undefined {
  const contradicted = keys.filter((key) => present(user, key.field) && !hasValue(user, key)).map(({ field }) => field);
  if (contradicted.length > 0) return `user ${user.id} has another ${contradicted.join(' and ')} than HR says`;
  if (namesContradict(employee, user)) return `user ${user.id} has another name than HR says`;

  const onlyAddress = keys.filter((key) => hasValue(user, key)).every(({ field }) => field === 'emailAddr' || field === 'username');
  if (!policy.emailAloneIsEnough && onlyAddress && !namesAgree(employee, user)) {
    return `user ${user.id} is known by an e-mail address alone, and nothing else agrees`;
  }
  return undefined;
}

function ownGoal({ user, owner, activeAdministrators }: GuardView): string | undefined {
  if (user.id === owner.userId) return `user ${user.id} owns the Workfront credential`;
  if (user.isAdmin && activeAdministrators !== undefined && activeAdministrators <= 1) {
    return `user ${user.id} is the last active administrator`;
  }
  return undefined;
}

function protectedUser({ event: { employee }, user, policy }: GuardView): string | undefined {
  const names = [
    user.id,
    user.emailAddr,
    user.username,
    user.ssoUsername,
    user.extRefID,
    employee.email,
    employee.employeeNumber,
    employee.ssoUsername,
  ];
  const listed = new Set(policy.protected.map(fold));
  return names.some((name) => name !== undefined && listed.has(fold(name))) ? `user ${user.id} is on the protected list` : undefined;
}

function administrator({ user, policy }: GuardView): string | undefined {
  return policy.holdAdministrators && user.isAdmin ? `user ${user.id} is a system administrator` : undefined;
}

function stale({ effectiveAt, user, policy, now }: GuardView): string | undefined {
  const late = now - toMillis(effectiveAt) > policy.staleAfterDays * DAY;
  if (!late || user.lastLoginAt === undefined || toMillis(user.lastLoginAt) <= toMillis(effectiveAt)) return undefined;
  return `effective ${effectiveAt}, more than ${policy.staleAfterDays} days ago, and user ${user.id} has logged in since`;
}

function present(user: User, field: string): boolean {
  const value = fieldOf(user, field);
  return value !== undefined && value.trim() !== '';
}

function fieldOf(user: User, field: string): string | undefined {
  switch (field) {
    case 'emailAddr':
    case 'username':
    case 'ssoUsername':
    case 'extRefID':
      return user[field];
    default:
      return user.customFields[field];
  }
}

/** Nicknames and marriages are common: names contradict only when no part that both sides know agrees. */
function namesContradict(employee: TerminationEvent['employee'], user: User): boolean {
  const known = knownNames(employee, user);
  return known.length > 0 && !known.some(([one, other]) => looselyEqual(one, other));
}

function namesAgree(employee: TerminationEvent['employee'], user: User): boolean {
  return knownNames(employee, user).some(([one, other]) => looselyEqual(one, other));
}

function knownNames(employee: TerminationEvent['employee'], user: User): [string, string][] {
  const pairs: [string | undefined, string | undefined][] = [
    [employee.givenName, user.firstName],
    [employee.familyName, user.lastName],
  ];
  return pairs.flatMap(([one, other]): [string, string][] => (one && other ? [[one, other]] : []));
}

/** `José` and `Jose`, `Anna Maria` and `Anna`: the same, as far as a contradiction goes. */
function looselyEqual(one: string, other: string): boolean {
  const [a, b] = [plain(one), plain(other)];
  return sameName(a, b) || a.split(' ').includes(b) || b.split(' ').includes(a);
}

const plain = (name: string): string =>
  fold(name.normalize('NFD').replace(/\p{M}/gu, ''))
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim();
