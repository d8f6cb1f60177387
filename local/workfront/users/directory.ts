import { aUser, type FakeUser, guidOf, nameOf, type UserChanges } from './user.ts';

const INDEXED = ['emailAddr', 'extRefID', 'username', 'ssoUsername'] as const;

/** A field whose values are found without reading every user. */
export type IndexedField = (typeof INDEXED)[number];

/** One change of the directory: a user as it is now, or the GUID of a user who was deleted. */
type DirectoryChange = { user: FakeUser } | { deleted: string };

/** The users of one fake Workfront customer. Users are snapshots: an update replaces one and never alters one that a caller already has. */
export interface FakeDirectory extends Iterable<FakeUser> {
  readonly size: number;
  readonly customerId: string;
  /** The owner of the credential: the first user. */
  readonly owner: FakeUser | undefined;
  all(): readonly FakeUser[];
  byId(id: string): FakeUser | undefined;
  /** The first user that fits; reads every user. */
  find(predicate: (user: FakeUser) => boolean): FakeUser | undefined;
  /** All users with the value in the field, in any case; takes the same time in a directory of any size. */
  lookup(field: IndexedField, value: string): FakeUser[];
  /**
   * Adds any user, however odd. It fills in what is missing: active, not an administrator, `username` as `emailAddr`, entered now, a GUID of its own.
   *
   * @throws Error if another user has the GUID
   */
  add(user: Partial<FakeUser>): FakeUser;
  /**
   * Changes a user, who keeps their GUID. The display name follows first and last name, unless the changes name it.
   *
   * @throws Error if nobody has the GUID
   */
  update(id: string, changes: UserChanges): FakeUser;
  /** Deletes a user, as an administrator can in Workfront. @throws Error if nobody has the GUID, or the owner of the credential has it */
  remove(id: string): void;
  /** Calls the listener after each change from now on. */
  onChange(listener: (change: DirectoryChange) => void): void;
  /** Whether the customer has a custom field of that name. */
  knowsCustomField(name: string): boolean;
}

/** Whether values of the field are indexed. */
export function isIndexed(field: string): field is IndexedField {
  return INDEXED.some((one) => one === field);
}

/** An empty directory, or one with the users given; the first of them owns the credential. */
export function createDirectory(initial: Iterable<FakeUser> = [], customerId = guidOf('customer')): FakeDirectory {
  const users: FakeUser[] = [];
  const positions = new Map<string, number>();
  const customFields = new Set<string>();
  const indexes: Record<IndexedField, Index> = { emailAddr: anIndex(), extRefID: anIndex(), username: anIndex(), ssoUsername: anIndex() };
  const listeners: ((change: DirectoryChange) => void)[] = [];
  let added = 0;
  let ownerId: string | undefined;

  const byId = (id: string) => users[positions.get(id) ?? -1];
  const existing = (id: string) => {
    const user = byId(id);
    if (user === undefined) throw new Error(`no user has the GUID ${id}; use the GUID of a user in the directory`);
    return user;
  };
  const tell = (change: DirectoryChange) => {
    for (const listener of listeners) listener(change);
  };

  const insert = (user: FakeUser) => {
    if (positions.has(user.ID)) throw new Error(`another user has the GUID ${user.ID}; use a new one`);
    positions.set(user.ID, users.push(user) - 1);
    ownerId ??= user.ID;
    added += 1;
    for (const field of INDEXED) indexes[field].add(user[field], user.ID);
    for (const name in user.customFields) customFields.add(name);
  };

  for (const user of initial) insert(user);

  return {
    customerId,
    get size() {
      return users.length;
    },
    get owner() {
      return byId(ownerId ?? '');
    },
    all: () => users,
    byId,
    find: (predicate) => users.find(predicate),
    lookup: (field, value) =>
      indexes[field]
        .idsOf(value)
        .map(byId)
        .filter((user) => user !== undefined),
    knowsCustomField: (name) => customFields.has(name),
    onChange: (listener) => listeners.push(listener),
    [Symbol.iterator]: () => users[Symbol.iterator](),

    add(given) {
      const user = aUser({ ID: guidOf(`added ${added}`), customerID: customerId, entryDate: new Date().toISOString(), ...given });
      insert(user);
      tell({ user });
      return user;
    },

    update(id, changes) {
      const before = existing(id);
      const user = { ...before, ...newName(before, changes), ...changes };
      users[positions.get(id) ?? -1] = user;
      for (const field of INDEXED) {
        if (before[field] !== user[field]) {
          indexes[field].remove(before[field], id);
          indexes[field].add(user[field], id);
        }
      }
      for (const name in user.customFields) customFields.add(name);
      tell({ user });
      return user;
    },

    remove(id) {
      const user = existing(id);
      if (id === ownerId) throw new Error('the owner of the credential cannot be deleted; deactivate the user instead');
      const position = positions.get(id) ?? -1;
      users.splice(position, 1);
      positions.delete(id);
      for (let moved = position; moved < users.length; moved++) positions.set(users[moved]?.ID ?? '', moved);
      for (const field of INDEXED) indexes[field].remove(user[field], id);
      tell({ deleted: id });
    },
  };
}

function newName(before: FakeUser, changes: UserChanges): { name?: string } {
  if (changes.firstName === undefined && changes.lastName === undefined) return {};
  const { firstName, lastName } = { ...before, ...changes };
  return { name: nameOf(firstName, lastName) };
}

/** Finds the GUIDs of users by a value, in any case. */
interface Index {
  add(value: string | null, id: string): void;
  remove(value: string | null, id: string): void;
  idsOf(value: string): readonly string[];
}

function anIndex(): Index {
  const byValue = new Map<string, string[]>();
  return {
    add(value, id) {
      if (value === null) return;
      const key = value.toLowerCase();
      const there = byValue.get(key);
      if (there === undefined) byValue.set(key, [id]);
      else there.push(id);
    },
    remove(value, id) {
      const there = byValue.get((value ?? '').toLowerCase());
      if (there?.includes(id)) there.splice(there.indexOf(id), 1);
    },
    idsOf: (value) => byValue.get(value.toLowerCase()) ?? [],
  };
}
