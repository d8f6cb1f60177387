import type { Behaviour } from './behaviour.ts';
import type { FakeDirectory } from './directory.ts';
import { Refusal } from './refusal.ts';
import { changesOf, type Update } from './updates.ts';
import type { FakeUser, UserChanges } from './user.ts';
import type { Scope } from './values.ts';

interface WriteContext {
  behaviour: Behaviour;
  scope: Scope;
  /** Told of each user that the write left other than it found it. */
  onChange: (before: FakeUser, after: FakeUser) => void;
}

/**
 * Updates users, who must all exist, by ID: all of them or, where one cannot be, none. A user who is so already is not touched.
 * @returns the users as they are then
 * @throws Refusal 404 for nobody; 403 without the right; the configured status for the main administrator ("Configure basic info": nobody may
 *   deactivate the user tied to Admin Email); 422 where an active user with that address exists already
 */
export function updateUsers(updates: readonly Update[], context: WriteContext): FakeUser[] {
  const planned = updates.map((update) => plan(update, context));
  return planned.map(({ user, changes }) => apply(user, changes, context));
}

function plan({ id, updates }: Update, { behaviour, scope }: WriteContext): { user: FakeUser; changes: UserChanges } {
  if (behaviour.readOnlyCredential || behaviour.blindCredential)
    throw new Refusal(403, 'right', 'You do not have sufficient access to edit this User');
  const user = existing(id, scope.directory, behaviour);
  const changes = changesOf(updates, user, scope);

  if (changes.isActive === false && id === behaviour.mainAdminId)
    throw new Refusal(behaviour.mainAdminStatus, 'right', 'The main administrator cannot be deactivated');
  if (changes.isActive === true && hasActiveTwin(user, scope.directory))
    throw new Refusal(scope.invalidStatus, 'argument', 'Another active user has the same email address');
  return { user, changes };
}

function apply(user: FakeUser, changes: UserChanges, { behaviour, scope: { directory, now }, onChange }: WriteContext): FakeUser {
  if (Object.keys(changes).length === 0 || behaviour.ignoreWrites) return user;

  const { firstName, lastName } = { ...user, ...changes };
  const isRenamed = changes.firstName !== undefined || changes.lastName !== undefined;
  const updated = directory.update(user.ID, {
    ...changes,
    ...(isRenamed && { name: `${firstName} ${lastName}` }),
    ...(changes.isActive !== undefined && { actualDeactivationDate: changes.isActive ? null : instant(now) }),
    lastUpdateDate: instant(now),
    lastUpdatedByID: directory.owner?.ID ?? null,
  });
  onChange(user, updated);
  return updated;
}

/** @throws Refusal `User with primary key value(s) "<id>" not found`, as third parties saw it for another object */
export function existing(id: string, directory: FakeDirectory, { notFoundStatus, blindCredential }: Behaviour): FakeUser {
  const user = directory.byId(id);
  if (user === undefined || blindCredential)
    throw new Refusal(notFoundStatus, 'missing', `User with primary key value(s) "${id}" not found`);
  return user;
}

function hasActiveTwin({ ID, emailAddr }: FakeUser, directory: FakeDirectory): boolean {
  return emailAddr !== null && directory.lookup('emailAddr', emailAddr).some((other) => other.isActive && other.ID !== ID);
}

const instant = (milliseconds: number) => new Date(milliseconds).toISOString();
