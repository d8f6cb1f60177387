import * as z from 'zod/mini';
import { InvalidInput, PermanentFailure } from '../domain/failures.ts';
import { parse } from '../domain/parse.ts';
import type { User } from '../domain/ports.ts';
import { instant } from '../domain/termination-event.ts';

/** Lower case, so that ids from two answers can be compared. */
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
      value ? value.replace(/(T\d\d:\d\d:\d\d):(\d+)/, '$1.$2').replace(/([+-]\d\d)(\d\d)$/, '$1:$2') : undefined,
    ),
  ),
  z.optional(instant),
);

/** Only a real `false` may ever count as inactive, and a missing `isAdmin` must not count as "no administrator". */
const user = z.looseObject({
  ID: id,
  isActive: z.boolean(),
  isAdmin: z.boolean(),
  customerID: z.pipe(
    z.nullish(id),
    z.transform((value: string | null | undefined) => value ?? undefined),
  ),
  firstName: text,
  lastName: text,
  emailAddr: text,
  username: text,
  ssoUsername: text,
  extRefID: text,
  lastLoginDate: date,
});

/** The fields of a user that we always need. One that Workfront does not know fails the whole call, so no others. */
export const USER_FIELDS = [
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
] as const;

const userState = z.object({ ID: id, isActive: z.boolean() });

export const usersAnswer = z.object({ data: z.array(user) });
export const userAnswer = z.object({ data: user });
export const userStateAnswer = z.object({ data: userState });
export const administratorsAnswer = z.object({ data: z.array(z.object({ ...userState.shape, isAdmin: z.boolean() })) });
export const ownUserAnswer = z.object({ data: z.array(z.object({ ...userState.shape, customerID: user.shape.customerID })) });

const count = z.number().check(z.int('a whole number'), z.gte(0, 'a number of 0 or more'));

/** Adobe's client has `{data: {count}}`, its "API basics" page `{count}`. */
export const countAnswer = z.pipe(
  z.union([z.object({ data: z.object({ count }) }), z.object({ count })]),
  z.transform((answer: { data: { count: number } } | { count: number }) => ('data' in answer ? answer.data.count : answer.count)),
);

/** @throws PermanentFailure `unexpected-answer` that names the first wrong place, without its value */
export function parseAnswer<Schema extends z.core.$ZodType>(schema: Schema, body: unknown, what: string): z.output<Schema> {
  try {
    return parse(schema, body, what);
  } catch (cause) {
    if (!(cause instanceof InvalidInput)) throw cause;
    throw new PermanentFailure('unexpected-answer', `${cause.message}, check the api version`, { cause });
  }
}

/** The domain's user, with the values of the custom fields named; a value that is no text, number or truth value is left out. */
export function toUser(record: z.output<typeof user>, customFields: readonly string[]): User {
  const { ID, isActive, isAdmin, customerID, firstName, lastName, emailAddr, username, ssoUsername, extRefID, lastLoginDate } = record;
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
    lastLoginAt: lastLoginDate,
    customFields: Object.fromEntries(customFields.flatMap((name) => textOf(record[name]).map((value) => [name, value]))),
  };
}

function textOf(value: unknown): string[] {
  if (typeof value === 'string') return value === '' ? [] : [value];
  return typeof value === 'number' || typeof value === 'boolean' ? [String(value)] : [];
}

/** What Workfront says went wrong, as far as it may be shown. */
export interface WorkfrontError {
  class: string | undefined;
  message: string | undefined;
}

const errorBody = z.object({
  error: z.union([z.string(), z.looseObject({ class: z.optional(z.unknown()), message: z.optional(z.unknown()) })]),
});

/** @returns undefined where the body reports no error, whatever status it came with */
export function workfrontError(body: unknown): WorkfrontError | undefined {
  const parsed = z.safeParse(errorBody, body);
  if (!parsed.success) return undefined;
  const { error } = parsed.data;
  if (typeof error === 'string') return { class: undefined, message: harmless(error) };
  return {
    class: typeof error.class === 'string' && /^[\w.$]{1,200}$/.test(error.class) ? error.class : undefined,
    message: harmless(error.message),
  };
}

/** Workfront's texts may name people or repeat what was searched for: only those known to name none are shown. */
const HARMLESS = [
  /^APIModel V\d+_\d+ does not support (field|action) [\w:. -]{1,140} \(\w{1,40}\)$/,
  /^You are not currently logged in\.?$/,
  /^Invalid session ID\.?$/,
  /^(429 )?Too many concurrent API requests\.?$/,
];

function harmless(message: unknown): string | undefined {
  if (typeof message !== 'string' || !HARMLESS.some((known) => known.test(message))) return undefined;
  return `(${message.replace(/\.$/, '')})`;
}
