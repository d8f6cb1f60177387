import type { FakeUser } from './user.ts';

/** A field of USER, without the custom fields. */
export type FieldName = Exclude<keyof FakeUser, 'customFields'>;

interface Field {
  kind: 'text' | 'id' | 'boolean' | 'date' | 'number';
  writable: boolean;
  /** The first API version that knows the field, if the fake also serves older ones. */
  since?: number;
}

const read = (kind: Field['kind']): Field => ({ kind, writable: false });
const write = (kind: Field['kind']): Field => ({ kind, writable: true });

const FIELDS: Readonly<Record<FieldName, Field>> = {
  ID: read('id'),
  name: read('text'),
  firstName: write('text'),
  lastName: write('text'),
  emailAddr: write('text'),
  username: write('text'),
  ssoUsername: write('text'),
  extRefID: write('text'),
  isActive: write('boolean'),
  isAdmin: read('boolean'),
  licenseType: read('text'),
  accessLevelID: write('id'),
  customerID: read('id'),
  homeGroupID: write('id'),
  homeTeamID: write('id'),
  companyID: write('id'),
  managerID: write('id'),
  roleID: write('id'),
  title: write('text'),
  phoneNumber: write('text'),
  locale: write('text'),
  timeZone: write('text'),
  workHoursPerDay: read('number'),
  lastLoginDate: read('date'),
  entryDate: read('date'),
  enteredByID: read('id'),
  lastUpdateDate: read('date'),
  lastUpdatedByID: read('id'),
  scheduleDeactivationDate: read('date'),
  actualDeactivationDate: read('date'),
  // "What's new in API version 22": field eauthUserID added to USER.
  eauthUserID: { ...read('text'), since: 22 },
};

/** The fields of USER in an API version. */
export function fieldsOf(version: number): FieldName[] {
  return Object.keys(FIELDS)
    .filter(isFieldName)
    .filter((name) => (FIELDS[name].since ?? 0) <= version);
}

/** @returns undefined if the API version has no such field; names are case-sensitive, as in Workfront */
export function fieldOf(name: string, version: number): { name: FieldName; field: Field } | undefined {
  if (!isFieldName(name)) return undefined;
  const field = FIELDS[name];
  return (field.since ?? 0) <= version ? { name, field } : undefined;
}

function isFieldName(name: string): name is FieldName {
  return Object.hasOwn(FIELDS, name);
}
