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
    number: z.string().nullable(),
    /** HR does not know the employee any more. */
    deleted: z.boolean(),
  })
  .partial();

type EmployeeChanges = z.infer<typeof employeeChanges>;

/** An employee of the fake HR systems, which all have the same people under the same ids. */
export interface FakeEmployee {
  id: string;
  email: string | null;
  number: string | null;
  givenName: string | null;
  familyName: string | null;
  standing: 'employed' | 'left';
  lastDay: string | null;
  startedOn: string | null;
}

export interface FakeEmployees {
  find(id: string): FakeEmployee | undefined;
  change(id: string, changes: EmployeeChanges): void;
}

/**
 * The employees of the fake HR systems, with every change on top.
 *
 * @param known the employees before any change
 * @param file keeps the changes for the next start
 */
export function fakeEmployees(known: (id: string) => FakeEmployee | undefined, file?: string): FakeEmployees {
  const changed: Record<string, EmployeeChanges> =
    file !== undefined && existsSync(file) ? parseJson(z.record(z.string(), employeeChanges), readFileSync(file, 'utf8'), file) : {};
  return {
    find(id) {
      const employee = known(id);
      const { deleted, ...changes } = changed[id] ?? {};
      return employee === undefined || deleted ? undefined : Object.assign({ ...employee }, changes);
    },
    change(id, changes) {
      changed[id] = { ...changed[id], ...changes };
      if (file !== undefined) writeFileSync(file, JSON.stringify(changed));
    },
  };
}
