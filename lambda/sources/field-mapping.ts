import * as z from 'zod/mini';
import { parse } from '../domain/parse.ts';
import { type EmployeeFields, id } from './hr.ts';

/** A path such as `Worker.Email` or `Report_Entry[0].Employee_ID`: names of an object, places in a list. */
export const path = z.string().check(z.regex(/^[^.[\]]+(\[\d+\])*(\.[^.[\]]+(\[\d+\])*)*$/, 'a path such as Worker.Emails[0].Address'));

/** Where a body that somebody else designed has the person. */
export const personPaths = {
  sourceId: z.optional(path),
  email: z.optional(path),
  employeeNumber: z.optional(path),
  ssoUsername: z.optional(path),
  givenName: z.optional(path),
  familyName: z.optional(path),
};

type PersonPaths = { [Name in keyof typeof personPaths]?: string | undefined };

/** Reads the person. @throws InvalidInput if a value is neither text nor a number */
export function personAt(body: unknown, paths: PersonPaths, where: string): EmployeeFields {
  const read = (name: keyof PersonPaths) => textAt(body, paths[name], `${where}: ${name}`);
  return {
    sourceId: read('sourceId'),
    email: read('email'),
    employeeNumber: read('employeeNumber'),
    ssoUsername: read('ssoUsername'),
    givenName: read('givenName'),
    familyName: read('familyName'),
  };
}

/** The text or number at a path. @returns undefined if nothing is there. @throws InvalidInput if something else is there */
export function textAt(body: unknown, where: string | undefined, what: string): string | undefined {
  const value = where === undefined ? undefined : valueAt(body, where);
  if (value === undefined || value === null || value === '') return undefined;
  return String(parse(id, value, what));
}

/** Whatever is at a path; undefined if nothing is. */
export function valueAt(body: unknown, where: string): unknown {
  let value = body;
  for (const key of where.split(/[.[\]]/).filter((part) => part !== '')) {
    if (typeof value !== 'object' || value === null) return undefined;
    value = Object.getOwnPropertyDescriptor(value, key)?.value;
  }
  return value;
}
