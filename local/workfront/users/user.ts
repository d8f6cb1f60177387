import { createHash } from 'node:crypto';
import * as z from 'zod';

const guid = z.string().regex(/^[0-9a-f]{32}$/, 'a 32-hex GUID');
const text = z.string().nullable();
const instant = z.iso.datetime({ offset: true }).nullable();

/** A USER of the fake, with Workfront's own field names. Instants are RFC 3339 here; answers write them as Workfront does. */
export const fakeUser = z.strictObject({
  ID: guid,
  name: z.string(),
  firstName: text,
  lastName: text,
  emailAddr: text,
  username: text,
  ssoUsername: text,
  extRefID: text,
  isActive: z.boolean(),
  isAdmin: z.boolean(),
  licenseType: text,
  accessLevelID: text,
  customerID: text,
  homeGroupID: text,
  homeTeamID: text,
  companyID: text,
  managerID: text,
  roleID: text,
  title: text,
  phoneNumber: text,
  locale: text,
  timeZone: text,
  workHoursPerDay: z.number(),
  lastLoginDate: instant,
  entryDate: instant,
  enteredByID: text,
  lastUpdateDate: instant,
  lastUpdatedByID: text,
  scheduleDeactivationDate: instant,
  actualDeactivationDate: instant,
  eauthUserID: text,
  /** The values of custom fields, by `DE:` name. */
  customFields: z.record(z.string().startsWith('DE:'), z.string()),
});

export type FakeUser = Readonly<z.infer<typeof fakeUser>>;
export type UserChanges = Partial<Omit<FakeUser, 'ID'>>;

/** Completes a user: active, not an administrator, `username` as `emailAddr`, everything else empty. */
export function aUser(given: Partial<FakeUser> & { ID: string }): FakeUser {
  const { firstName = 'Ana', lastName = 'Silva', emailAddr = null } = given;
  const defaults: Omit<FakeUser, 'ID'> = {
    name: nameOf(firstName, lastName),
    firstName,
    lastName,
    emailAddr,
    username: emailAddr,
    ssoUsername: null,
    extRefID: null,
    isActive: true,
    isAdmin: false,
    licenseType: 'F',
    accessLevelID: null,
    customerID: null,
    homeGroupID: null,
    homeTeamID: null,
    companyID: null,
    managerID: null,
    roleID: null,
    title: null,
    phoneNumber: null,
    locale: null,
    timeZone: null,
    workHoursPerDay: 8,
    lastLoginDate: null,
    entryDate: null,
    enteredByID: null,
    lastUpdateDate: null,
    lastUpdatedByID: null,
    scheduleDeactivationDate: null,
    actualDeactivationDate: null,
    eauthUserID: null,
    customFields: {},
  };
  return { ...defaults, ...given };
}

/** The display name that Workfront makes of first and last name. */
export function nameOf(firstName: string | null, lastName: string | null): string {
  return [firstName, lastName].filter((part) => part !== null).join(' ');
}

/** A GUID in Workfront's form, 32 hex digits; the same text gives the same GUID. */
export function guidOf(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 32);
}
