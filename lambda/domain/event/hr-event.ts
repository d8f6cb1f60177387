import * as z from 'zod/mini';

const VISIBLE = /^[^\p{Cc}]+$/u;
/** A zero-width space or a direction mark (Unicode general category Cf) in an identifier matches nobody, and nobody sees why. */
const PLAIN = /^[^\p{Cc}\p{Cf}]+$/u;

const text = (max: number) =>
  z.string().check(z.trim(), z.minLength(1), z.maxLength(max), z.regex(VISIBLE, 'text without control characters'));

const identifier = (max: number) => text(max).check(z.regex(PLAIN, 'text without invisible characters'));

/** An instant as RFC 3339 writes it, offset included. */
export const instant = z.iso.datetime({ offset: true, error: 'an instant as in RFC 3339, such as 2026-11-30T17:00:00Z' });

/** An IANA time zone that this runtime knows. */
export const timeZone = z.string().check(z.refine(isTimeZone, 'an IANA time zone such as Europe/Amsterdam'));

/** The leaver as HR names them, by at least one of: e-mail, employee number, SSO name, a custom field, the HR system's own id. */
export const employee = z
  .object({
    email: z.optional(identifier(254).check(z.regex(/^[^\s@]+@[^\s@]+$/, 'an e-mail address'))),
    employeeNumber: z.optional(identifier(128)),
    ssoUsername: z.optional(identifier(254)),
    /** The HR system's own id of the employee: it matches nobody in Workfront, but HR can be asked about it. */
    sourceId: z.optional(identifier(128)),
    givenName: z.optional(text(256)),
    familyName: z.optional(text(256)),
    /** The whole name, where HR does not say which part is which. */
    displayName: z.optional(text(256)),
    customFields: z.optional(
      z.record(z.string().check(z.regex(/^DE:[^\p{Cc}]{1,128}$/u, 'a Workfront custom field name such as "DE:HR ID"')), identifier(256)),
    ),
  })
  .check(
    z.refine(
      ({ email, employeeNumber, ssoUsername, sourceId, customFields = {} }) =>
        [email, employeeNumber, ssoUsername, sourceId, ...Object.values(customFields)].some((key) => key !== undefined),
      'one of email, employeeNumber, ssoUsername, customFields or sourceId',
    ),
  );

/** When the leaver must be inactive: a local date, an instant, or now. Exactly one. */
export const effective = z
  .object({
    date: z.optional(z.iso.date('a date such as 2026-11-30')),
    timeZone: z.optional(timeZone),
    at: z.optional(instant),
    immediate: z.optional(z.literal(true)),
  })
  .check(
    z.refine(
      ({ date, at, immediate }) => [date, at, immediate].filter((one) => one !== undefined).length === 1,
      'exactly one of date, at or immediate',
    ),
    z.refine(({ date, timeZone: zone }) => zone === undefined || date !== undefined, 'timeZone only beside date'),
  );

/** The source's own id of an event. It becomes the event id, so it has no spaces and is short enough to be named on a command line. */
export const sourceEventId = z.string().check(z.regex(/^[\x21-\x7e]{1,200}$/, 'an id of 1 to 200 visible ASCII characters'));

/** One employee, one termination. */
const terminationEvent = z.object({
  type: z.literal('employee.terminated'),
  /** When HR recorded it, where the source says so: it decides between a termination and a rescission that overtake each other. */
  occurredAt: z.optional(instant),
  employee,
  effective,
  /** HR said only that something about the employment changed: nothing is done before HR was asked whether it is a termination. */
  unconfirmed: z.optional(z.literal(true)),
  /**
   * Why the event alone does not prove, when it is due, that the person leaves: its source can withdraw it without another event, or it
   * ends one of perhaps several employments. If HR cannot be asked, a person is.
   */
  doubt: z.optional(z.enum(['withdrawable', 'one-employment'])),
  /** Access is to end before the last day, as HR says expressly: a last day still to come is no contradiction. */
  beforeLastDay: z.optional(z.literal(true)),
});

/** HR withdraws a termination, or rehires the person. */
const rescissionEvent = z.object({
  type: z.literal('employee.termination_rescinded'),
  occurredAt: z.optional(instant),
  employee,
  /** The source's id of the termination that is withdrawn, where HR knows it. */
  rescinds: z.optional(sourceEventId),
});

/**
 * A hire, a transfer or an activation: the person is, or will be, at work. It cancels nothing, since HR did not say that a termination
 * was a mistake; it holds what it reaches.
 */
const signOfLifeEvent = z.object({
  type: z.literal('employee.sign_of_life'),
  /** `activated` is an identity provider's word, and weaker: it says nothing about a last day still to come. */
  sign: z.enum(['hired', 'transferred', 'activated']),
  occurredAt: z.optional(instant),
  employee,
  /** The first day, if HR names one. */
  startsOn: z.optional(z.iso.date('a date such as 2026-11-30')),
});

/** What HR can tell us: every source maps its payloads to these. */
export const hrEvent = z.discriminatedUnion('type', [terminationEvent, rescissionEvent, signOfLifeEvent]);

export type Employee = z.infer<typeof employee>;
export type Effective = z.infer<typeof effective>;
export type TerminationEvent = z.infer<typeof terminationEvent>;
export type RescissionEvent = z.infer<typeof rescissionEvent>;
export type SignOfLifeEvent = z.infer<typeof signOfLifeEvent>;
export type HrEvent = z.infer<typeof hrEvent>;

function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return !/^[+-]/.test(name);
  } catch {
    return false;
  }
}
