import { Refusal } from '../query/refusal.ts';
import type { Scope } from '../query/scope.ts';
import type { FakeDirectory } from '../users/directory.ts';
import type { FakeUser, UserChanges } from '../users/user.ts';
import type { Behaviour } from './behaviour.ts';
import { changesOf, type Update } from './updates.ts';

interface WriteContext {
  behaviour: Behaviour;
  scope: Scope;
  /** Called for each user that the write changed. */
  onChange: (before: FakeUser, after: FakeUser) => void;
  /** Does something later, unless the fake has closed by then. */
  later: (milliseconds: number, then: () => void) => void;
}

/**
 * Updates users by ID. If one of them cannot be updated, none is. A user who already is as asked stays untouched.
 *
 * @returns the users after the update
 * @throws Refusal 404 for an unknown user; 403 without the right; the configured status for the main administrator ("Configure basic
 *   info": nobody may deactivate the user tied to Admin Email); 422 if another active user has the address
 */
export function updateUsers(updates: readonly Update[], context: WriteContext): FakeUser[] {
  const planned = updates.map((update) => plan(update, context));
  return planned.map(({ user, changes }) => apply(user, changes, context));
}

function plan({ id, updates }: Update, { behaviour, scope }: WriteContext): { user: FakeUser; changes: UserChanges } {
  const noRight = new Refusal(403, 'right', 'You do not have sufficient access to edit this User');
  if (behaviour.readOnlyCredential || behaviour.blindCredential) throw noRight;
  const user = scope.directory.byId(id);
  if (user === undefined) throw notFound(id, behaviour);
  if (!scope.sees(user)) throw noRight;
  const changes = changesOf(updates, user, scope);

  if (changes.isActive === false && id === behaviour.mainAdminId)
    throw new Refusal(behaviour.mainAdminStatus, 'right', 'The main administrator cannot be deactivated');
  if (changes.isActive === true && hasActiveTwin(user, scope.directory))
    throw new Refusal(behaviour.invalidStatus, 'argument', 'Another active user has the same email address');
  return { user, changes };
}

function apply(user: FakeUser, changes: UserChanges, context: WriteContext): FakeUser {
  const { behaviour, later } = context;
  if (Object.keys(changes).length === 0 || behaviour.ignoreWrites) return user;
  if (behaviour.staleForMs === null) return change(user, changes, context);
  // Whoever reads the old state for a while cannot tell it from a write that lands later.
  later(behaviour.staleForMs, () => change(user, changes, context));
  return user;
}

function change(user: FakeUser, changes: UserChanges, { behaviour, scope: { directory, now }, onChange }: WriteContext): FakeUser {
  const taken = user.isActive && changes.isActive === false ? behaviour.deactivationTakes : [];
  const updated = directory.update(user.ID, {
    ...Object.fromEntries(taken.map((field) => [field, null])),
    ...changes,
    ...(changes.isActive !== undefined && { actualDeactivationDate: changes.isActive ? null : instant(now) }),
    lastUpdateDate: instant(now),
    lastUpdatedByID: directory.owner?.ID ?? null,
  });
  onChange(user, updated);
  return updated;
}

/** The user with an ID. @throws Refusal if nobody has the ID, or the credential does not see the user */
export function visible(id: string, { directory, sees }: Scope, behaviour: Behaviour): FakeUser {
  const user = directory.byId(id);
  if (user === undefined || !sees(user)) throw notFound(id, behaviour);
  return user;
}

/** The text is the one that third parties report for another object. */
function notFound(id: string, { notFoundStatus }: Behaviour): Refusal {
  return new Refusal(notFoundStatus, 'missing', `User with primary key value(s) "${id}" not found`);
}

function hasActiveTwin({ ID, emailAddr }: FakeUser, directory: FakeDirectory): boolean {
  return emailAddr !== null && directory.lookup('emailAddr', emailAddr).some((other) => other.isActive && other.ID !== ID);
}

const instant = (milliseconds: number) => new Date(milliseconds).toISOString();
