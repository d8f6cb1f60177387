import * as z from 'zod/mini';
import { instant } from '../domain/event/hr-event.ts';
import { InvalidInput } from '../domain/failures.ts';
import { parse } from '../domain/parse.ts';
import type { User } from '../domain/ports.ts';
import { toInstant, toMillis } from '../domain/time/time.ts';
import { misread, type Purpose } from './refusals.ts';

/** In lower case, so that ids of two answers can be compared. */
const id = z.pipe(
  z.string().check(z.regex(/^[0-9a-f]{32}$/i, 'an id of 32 hex digits')),
  z.transform((text: string) => text.toLowerCase()),
);

const text = z.pipe(
  z.nullish(z.string()),
  z.transform((value: string | null | undefined) => value || undefined),
);

/** `2020-05-18T17:00:00:000-0600`: a colon before the milliseconds, none in the offset ("API sync data" in Adobe's documentation). */
const date = z.pipe(
  z.pipe(
    z.nullish(z.string()),
    z.transform((value: string | null | undefined) =>
      value ? value.replace(/(T\d\d:\d\d:\d\d):/, '$1.').replace(/([+-]\d\d)(\d\d)$/, '$1:$2') : undefined,
    ),
  ),
  z.optional(instant),
);

/**
 * Only a real `false` counts as inactive. A field that cannot be read counts as missing; a missing `isAdmin` is not "no administrator",
 * but unknown.
 */
const user = z.looseObject({
  ID: id,
  isActive: z.boolean(),
  isAdmin: z.catch(z.optional(z.boolean()), undefined),
  customerID: z.pipe(
    z.nullish(id),
    z.transform((value: string | null | undefined) => value ?? undefined),
  ),
  firstName: z.catch(text, undefined),
  lastName: z.catch(text, undefined),
  emailAddr: z.catch(text, undefined),
  username: z.catch(text, undefined),
  ssoUsername: z.catch(text, undefined),
  extRefID: z.catch(text, undefined),
  lastLoginDate: z.catch(date, undefined),
  entryDate: z.catch(date, undefined),
  name: z.catch(text, undefined),
  accessLevelID: z.catch(z.optional(id), undefined),
  homeGroupID: z.catch(z.optional(id), undefined),
  homeTeamID: z.catch(z.optional(id), undefined),
  roleID: z.catch(z.optional(id), undefined),
  managerID: z.catch(z.optional(id), undefined),
});

/** The fields of a user that we always need. No others, because a field that Workfront does not know fails the whole call. */
const USER_FIELDS = [
  'ID',
  'name',
  'firstName',
  'lastName',
  'emailAddr',
  'username',
  'extRefID',
  'isActive',
  'isAdmin',
  'customerID',
  'lastLoginDate',
  'entryDate',
] as const;

/**
 * What an undo needs to know: ids that Adobe lists among the fields of a user ("Event subscription resource fields").
 */
export const PLACEMENT_FIELDS = ['accessLevelID', 'homeGroupID', 'homeTeamID', 'roleID', 'managerID'] as const;

/** Fields to read with every user, apart from those that we always need. */
export interface FurtherFields {
  /** `DE:` names. */
  customFields: readonly string[];
  extraFields: readonly string[];
}

/** The value of `fields` for users. @param more the fields of a search */
export const fieldList = ({ customFields, extraFields }: FurtherFields, more: readonly string[] = []): string =>
  [...new Set([...USER_FIELDS, ...extraFields, ...customFields, ...more])].join(',');

const userState = z.object({ ID: id, isActive: z.boolean() });

export const usersAnswer = z.object({ data: z.array(user) });
export const userAnswer = one(user);
export const userStateAnswer = one(userState);
export const userStatesAnswer = z.object({ data: z.array(userState) });
export const administratorsAnswer = z.object({ data: z.array(z.object({ ...userState.shape, isAdmin: z.boolean() })) });
export const ownUserAnswer = z.object({
  data: z.array(
    z.object({ ...userState.shape, customerID: user.shape.customerID, isAdmin: z.catch(z.optional(z.nullable(z.boolean())), undefined) }),
  ),
});

/** One user is `{data: {...}}`; Adobe's "API basics" also shows `{data: [{...}]}` and the user alone. */
function one<Schema extends z.core.$ZodType>(schema: Schema) {
  return z.pipe(z.transform(unwrapped), z.object({ data: schema }));
}

function unwrapped(body: unknown): unknown {
  if (typeof body !== 'object' || body === null) return body;
  if (!('data' in body)) return { data: body };
  const { data } = body;
  return Array.isArray(data) && data.length === 1 ? { data: data[0] } : body;
}

const count = z.number().check(z.int('a whole number'), z.gte(0));

/** Adobe's client has `{data: {count}}`, its "API basics" page `{count}`. */
export const countAnswer = z.pipe(
  z.union([z.object({ data: z.object({ count }) }), z.object({ count })]),
  z.transform((answer: { data: { count: number } } | { count: number }) => ('data' in answer ? answer.data.count : answer.count)),
);

/** The fields that a tenant has for an object: `{data: {fields: {<name>: ...}}}` in Adobe's client and in third parties' tests. */
export const metadataAnswer = z.object({ data: z.object({ fields: z.record(z.string(), z.unknown()) }) });
export const idsAnswer = z.object({ data: z.array(z.looseObject({ ID: id })) });

/** @throws StageFailure or PermanentFailure `unexpected-answer` that names the first wrong place, without its value */
export function parseAnswer<Schema extends z.core.$ZodType>(schema: Schema, body: unknown, { expected, call }: Purpose): z.output<Schema> {
  try {
    return parse(schema, body, expected);
  } catch (cause) {
    if (!(cause instanceof InvalidInput)) throw cause;
    throw misread('unexpected-answer', call, { line: cause.message, cause });
  }
}

/** Makes the domain's user, with the custom fields of these names. A value that is not text, a number or a boolean is left out. */
export function toUser(record: z.output<typeof user>, customFields: readonly string[]): User {
  const { ID, isActive, isAdmin, customerID, firstName, lastName, emailAddr, username, ssoUsername, extRefID } = record;
  const placement = PLACEMENT_FIELDS.flatMap((field) => (record[field] === undefined ? [] : [[field, record[field]]]));
  return {
    id: ID,
    isActive,
    isAdmin,
    customerId: customerID,
    firstName,
    lastName,
    emailAddr,
    username,
    ssoUsername,
    extRefID,
    lastLoginAt: record.lastLoginDate,
    // In UTC, because the day on which a user was made is compared.
    madeAt: record.entryDate && toInstant(toMillis(record.entryDate)),
    displayName: record.name,
    ...(placement.length > 0 && { placement: Object.fromEntries(placement) }),
    customFields: Object.fromEntries(customFields.flatMap((name) => textOf(record[name]).map((value) => [name, value]))),
  };
}

function textOf(value: unknown): string[] {
  if (typeof value === 'string') return value === '' ? [] : [value];
  return typeof value === 'number' || typeof value === 'boolean' ? [String(value)] : [];
}
