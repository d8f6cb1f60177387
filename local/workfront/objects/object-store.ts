import { guidOf } from '../users/user.ts';
import { objectTypeOf } from './object-types.ts';

/** An object beside USER: its ID, and what it has in its fields. */
export type FakeObject = Readonly<Record<string, string | null>> & { ID: string };

/** Projects, teams and all else that a user may own. */
export interface ObjectStore {
  /** @throws Error if there is no such type, or it has no such field */
  add(type: string, fields: Record<string, string | null>): FakeObject;
  of(type: string): readonly FakeObject[];
}

export function createObjectStore(): ObjectStore {
  const all = new Map<string, FakeObject[]>();
  return {
    add(part, fields) {
      const type = objectTypeOf(part);
      if (type === undefined) throw new Error(`there is no object type ${part}; use one of docs/fake-workfront.md`);
      const strange = Object.keys(fields).find((field) => !(field in type.fields));
      if (strange !== undefined) throw new Error(`${type.label} has no field ${strange}; leave it out`);
      const there = all.get(type.name) ?? [];
      const object = { ID: guidOf(`${type.name} ${there.length}`), ...fields };
      all.set(type.name, [...there, object]);
      return object;
    },
    of: (name) => all.get(name) ?? [],
  };
}
