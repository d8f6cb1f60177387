import { aUser, type FakeUser, guidOf, type UserChanges } from './user.ts';

const INDEXED = ['emailAddr', 'extRefID', 'username', 'ssoUsername'] as const;

/** A field whose values are found without looking at every user. */
export type IndexedField = (typeof INDEXED)[number];

/** The users of one fake Workfront customer. Users are snapshots: an update replaces one, it never alters one already handed out. */
export interface FakeDirectory extends Iterable<FakeUser> {
  readonly size: number;
  readonly customerId: string;
  /** The user that the credential belongs to: the first one. */
  readonly owner: FakeUser | undefined;
  all(): readonly FakeUser[];
  byId(id: string): FakeUser | undefined;
  /** The first user that the predicate likes; looks at every user. */
  find(predicate: (user: FakeUser) => boolean): FakeUser | undefined;
  /** All users with the value in the field, whatever its case; takes the same time in any directory. */
  lookup(field: IndexedField, value: string): FakeUser[];
  /**
   * Adds a user, however nasty. What is left out is made up: active, not an administrator, `username` as `emailAddr`, a GUID of its own.
   * @throws Error where the GUID is taken
   */
  add(user: Partial<FakeUser>): FakeUser;
  /** @throws Error where there is no such user */
  update(id: string, changes: UserChanges): FakeUser;
  /** Calls the listener with each user that is added or updated from now on, as it is then. */
  onChange(listener: (user: FakeUser) => void): void;
  /** The custom fields that exist for this customer. */
  knowsCustomField(name: string): boolean;
}

/** Whether values of the field are indexed. */
export function isIndexed(field: string): field is IndexedField {
  return INDEXED.some((one) => one === field);
}

/** An empty directory, or one of the users given, the first of which owns the credential. */
export function createDirectory(initial: Iterable<FakeUser> = [], customerId = guidOf('customer')): FakeDirectory {
  const users: FakeUser[] = [];
  const positions = new Map<string, number>();
  const customFields = new Set<string>();
  const indexes: Record<IndexedField, Index> = { emailAddr: anIndex(), extRefID: anIndex(), username: anIndex(), ssoUsername: anIndex() };
  const listeners: ((user: FakeUser) => void)[] = [];

  const at = (position: number) => users[position];

  const insert = (user: FakeUser) => {
    if (positions.has(user.ID)) throw new Error(`expected a new GUID, got ${user.ID}, which another user has`);
    const position = users.push(user) - 1;
    positions.set(user.ID, position);
    for (const field of INDEXED) indexes[field].add(user[field], position);
    for (const name in user.customFields) customFields.add(name);
  };

  for (const user of initial) insert(user);

  return {
    customerId,
    get size() {
      return users.length;
    },
    get owner() {
      return users[0];
    },
    all: () => users,
    byId: (id) => at(positions.get(id) ?? -1),
    find: (predicate) => users.find(predicate),
    lookup: (field, value) =>
      indexes[field]
        .positions(value)
        .map(at)
        .filter((user) => user !== undefined),
    knowsCustomField: (name) => customFields.has(name),
    onChange: (listener) => listeners.push(listener),
    [Symbol.iterator]: () => users[Symbol.iterator](),

    add(given) {
      const user = aUser({ ID: guidOf(`added ${users.length}`), customerID: customerId, ...given });
      insert(user);
      for (const tell of listeners) tell(user);
      return user;
    },

    update(id, changes) {
      const position = positions.get(id);
      const before = at(position ?? -1);
      if (before === undefined || position === undefined) throw new Error(`expected the GUID of a user, got ${id}, which nobody has`);
      const user = { ...before, ...changes };
      users[position] = user;
      for (const field of INDEXED) {
        if (before[field] !== user[field]) {
          indexes[field].remove(before[field], position);
          indexes[field].add(user[field], position);
        }
      }
      for (const name in user.customFields) customFields.add(name);
      for (const tell of listeners) tell(user);
      return user;
    },
  };
}

interface Index {
  add(value: string | null, position: number): void;
  remove(value: string | null, position: number): void;
  positions(value: string): readonly number[];
}

function anIndex(): Index {
  const byValue = new Map<string, number[]>();
  return {
    add(value, position) {
      if (value === null) return;
      const key = value.toLowerCase();
      const there = byValue.get(key);
      if (there === undefined) byValue.set(key, [position]);
      else there.push(position);
    },
    remove(value, position) {
      const there = byValue.get((value ?? '').toLowerCase());
      if (there?.includes(position)) there.splice(there.indexOf(position), 1);
    },
    positions: (value) => byValue.get(value.toLowerCase()) ?? [],
  };
}
