import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import * as z from 'zod';
import { parseJson } from '../../lambda/domain/parse.ts';

const date = z.iso.date();

/** The changes that a test or a person can make to an employee. */
export const employeeChanges = z
  .strictObject({
    standing: z.enum(['employed', 'left']),
    lastDay: date.nullable(),
    startedOn: date.nullable(),
    email: z.string().nullable(),
    privateEmail: z.string().nullable(),
    number: z.string().nullable(),
    givenName: z.string(),
    familyName: z.string(),
    /** HR does not know the employee any more. */
    deleted: z.boolean(),
  })
  .partial();

type EmployeeChanges = z.infer<typeof employeeChanges>;

/** An employee of the fake HR systems, which all have the same people under the same ids. */
export interface FakeEmployee {
  id: string;
  email: string | null;
  privateEmail: string | null;
  number: string | null;
  givenName: string | null;
  familyName: string | null;
  standing: 'employed' | 'left';
  lastDay: string | null;
  startedOn: string | null;
}

export interface FakeEmployees {
  find(id: string): FakeEmployee | undefined;
  all(): FakeEmployee[];
  /** A new id makes a new record. */
  change(id: string, changes: EmployeeChanges): void;
}

/**
 * The employees of the fake HR systems, with every change on top.
 *
 * @param known the employees before any change
 * @param file keeps the changes for the next start
 */
export function fakeEmployees(known: () => readonly FakeEmployee[], file?: string): FakeEmployees {
  const changed: Record<string, EmployeeChanges> =
    file !== undefined && existsSync(file) ? parseJson(z.record(z.string(), employeeChanges), readFileSync(file, 'utf8'), file) : {};
  const asChanged = (employee: FakeEmployee): FakeEmployee[] => {
    const { deleted, ...changes } = changed[employee.id] ?? {};
    return deleted ? [] : [Object.assign({ ...employee }, changes)];
  };
  const all = () => {
    const before = known();
    const ids = new Set(before.map(({ id }) => id));
    return [...before, ...Object.keys(changed).flatMap((id) => (ids.has(id) ? [] : [anybody(id)]))];
  };
  return {
    find: (id) =>
      all()
        .filter((one) => one.id === id)
        .flatMap(asChanged)[0],
    all: () => all().flatMap(asChanged),
    change(id, changes) {
      changed[id] = { ...changed[id], ...changes };
      if (file !== undefined) writeFileSync(file, JSON.stringify(changed));
    },
  };
}

const anybody = (id: string): FakeEmployee => ({
  id,
  email: null,
  privateEmail: null,
  number: null,
  givenName: null,
  familyName: null,
  standing: 'employed',
  lastDay: null,
  startedOn: null,
});
