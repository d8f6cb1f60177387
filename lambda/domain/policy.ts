import * as z from 'zod/mini';
import { timeZone } from './event/hr-event.ts';

const count = z.number().check(z.int('a whole number'), z.gte(0, 'a number of 0 or more'));

/** Which Workfront field is compared with which value of the event, in the order of trust. */
const matchKey = z.strictObject({
  field: z
    .string()
    .check(
      z.regex(
        /^(emailAddr|extRefID|ssoUsername|username|DE:[^\p{Cc}]{1,128})$/u,
        'emailAddr, extRefID, ssoUsername, username or "DE:<custom field>"',
      ),
    ),
  from: z.enum(['email', 'employeeNumber', 'ssoUsername', 'customField']),
});

/** The rules of a stage, as far as they decide about leavers. The defaults are the safe ones. */
export const policy = z.strictObject({
  /** Everything but the write; outcome `would-deactivate`. */
  dryRun: z._default(z.boolean(), false),
  matchKeys: z._default(z.array(matchKey).check(z.minLength(1)), [
    { field: 'emailAddr', from: 'email' },
    { field: 'extRefID', from: 'employeeNumber' },
    { field: 'ssoUsername', from: 'ssoUsername' },
  ]),
  /** Whether an e-mail address alone identifies a leaver; if not, a second attribute must agree. */
  emailAloneIsEnough: z._default(z.boolean(), true),
  /** What a date without a time means; `offset` is an ISO 8601 duration added to it. */
  dateMeans: z._default(
    z.strictObject({
      moment: z._default(z.enum(['end-of-day', 'start-of-day']), 'end-of-day'),
      offset: z._default(
        z
          .string()
          .check(z.regex(/^-?P(?=\d|T\d)(\d{1,3}D)?(T(?=\d)(\d{1,4}H)?(\d{1,5}M)?(\d{1,6}S)?)?$/, 'an ISO 8601 duration such as PT2H')),
        'PT0S',
      ),
    }),
    { moment: 'end-of-day', offset: 'PT0S' },
  ),
  /** The zone of a date whose event names none. Without it the latest instant that the date can mean is used. */
  defaultTimeZone: z.optional(timeZone),
  /** 0 means none, never "no limit". */
  brake: z._default(
    z.strictObject({
      perHour: z._default(count.check(z.lte(500, 'at most 500')), 20),
      shareOfActivePerDay: z._default(z.number().check(z.gte(0, 'a share from 0 to 1'), z.lte(1, 'a share from 0 to 1')), 0.05),
      floorPerDay: z._default(count, 5),
    }),
    { perHour: 20, shareOfActivePerDay: 0.05, floorPerDay: 5 },
  ),
  /** GUIDs, e-mail addresses, employee numbers or SSO names that are never deactivated without a person. */
  protected: z._default(z.array(z.string().check(z.minLength(1))), []),
  holdAdministrators: z._default(z.boolean(), true),
  staleAfterDays: z._default(count, 7),
  /** How long an event waits out trouble that may end by itself before it is recorded as failed. */
  waitLimitHours: z._default(z.number().check(z.gte(1, 'at least 1 hour'), z.lte(8760, 'at most a year')), 240),
  /** How long finished events, and what is known of a person, stay in the ledger. */
  rememberDays: z._default(z.number().check(z.gte(14, 'at least 14 days: HR systems resend for up to 6')), 400),
  /** The Workfront customer that this stage may touch; without it the first one seen is pinned. */
  customerId: z.optional(z.string().check(z.regex(/^[0-9a-f]{32}$/, 'a 32-hex customer ID'))),
});

export type MatchKeyRule = z.infer<typeof matchKey>;
export type Policy = z.infer<typeof policy>;
