import * as z from 'zod/mini';
import { timeZone } from './event/hr-event.ts';
import { sourceName } from './event/leaver-message.ts';

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

const matchKeys = z.array(matchKey).check(z.minLength(1));

/** What holds for one source alone. A source that is not listed has the defaults. */
const sourceRules = z.strictObject({
  /** Match keys of this source, in place of the stage's. */
  matchKeys: z.optional(matchKeys),
  /** How long its HR system goes on sending a delivery again. 7 days is longer than any that we know: Personio does for up to 6. */
  sendsAgainForDays: z._default(z.number().check(z.gte(1, 'at least 1 day'), z.lte(30, 'at most 30 days')), 7),
  /** Other sources whose terminations this one may withdraw and replace, as if they were its own. */
  speaksFor: z._default(z.array(sourceName), []),
  /** Whether its termination may come before the last day that another source has on record. */
  mayEndEarlier: z._default(z.boolean(), false),
  /** Whether it sends employee numbers at all. */
  sendsNumbers: z._default(z.boolean(), true),
  /** Whether a person must approve each of its leavers. */
  approval: z._default(z.boolean(), false),
});

/** The rules of a stage, as far as they decide about leavers. The defaults are the safe ones. */
export const policy = z.strictObject({
  /** Everything but the write; outcome `would-deactivate`. */
  dryRun: z._default(z.boolean(), false),
  matchKeys: z._default(matchKeys, [
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
  /**
   * How long finished events, and what is known of a person, stay in the ledger. At least as long as an event can be on its way: 7 days
   * in which HR sends again, 14 in the dead-letter queue and 14 in the quarantine.
   */
  rememberDays: z._default(
    z
      .number()
      .check(
        z.gte(35, 'at least 35 days: an event can be on its way for 7 days, then 14 in the dead-letter queue and 14 in the quarantine'),
      ),
    400,
  ),
  /** The Workfront customer that this stage may touch; without it the first one seen is pinned. */
  customerId: z.optional(z.string().check(z.regex(/^[0-9a-f]{32}$/, 'a 32-hex customer ID'))),
  /** The Workfront field that shows that an inactive user is pending approval: an assumption, since no page names it. */
  pendingApprovalField: z._default(
    z.string().check(z.regex(/^\w{1,60}(:\w{1,60})?$/, 'a field of a user such as userApproval:ID')),
    'userApproval:ID',
  ),
  /** Whether a person must approve each leaver. */
  approval: z._default(z.boolean(), false),
  /** Whether what a leaver owns is counted after the write, for the outcome event: up to 12 counts more for each, dropped if Workfront is busy. */
  impactAtDeactivation: z._default(z.boolean(), false),
  /** The one test user that `ops rehearse` may deactivate and activate again, by a termination of this source. */
  rehearsal: z.optional(
    z.strictObject({ user: z.string().check(z.regex(/^[0-9a-f]{32}$/, "a test user's 32-hex GUID")), source: sourceName }),
  ),
  /** More events than this are released only by a plan that somebody else applies. */
  secondPersonAbove: z._default(count, 20),
  /** Whether the employee numbers of all sources come from one register. If not, a number alone is not enough when several send them. */
  sharedNumbers: z._default(z.boolean(), false),
  /** After the write: when an inactive user is read again, and who the nightly sweep compares. */
  watch: z._default(
    z.strictObject({
      /** Lengths of time after the end of the event; none: nobody is read again by a schedule. */
      after: z._default(z.array(z.string().check(z.regex(/^[1-9]\d?[hd]$/, 'hours or days such as 1h or 7d'))).check(z.maxLength(6)), [
        '1h',
        '1d',
        '7d',
      ]),
      /** The sweep looks at events of so many days; 0 means no sweep. 35 is the shortest memory of a stage. */
      sweepDays: z._default(count.check(z.lte(35, 'at most 35 days')), 30),
    }),
    { after: ['1h', '1d', '7d'], sweepDays: 30 },
  ),
  /** The sources of the stage, each with the rules that are its own. */
  sources: z._default(z.record(sourceName, z.prefault(sourceRules, {})), {}),
});

export type MatchKeyRule = z.infer<typeof matchKey>;
export type Policy = z.infer<typeof policy>;
export type SourceRules = z.infer<typeof sourceRules>;

/** Whether it is the stage's own test user: a rehearsal counts nothing on the brake, and may come again and again. */
export const isRehearsed = ({ source, userId }: { source: string; userId: string }, { rehearsal }: Pick<Policy, 'rehearsal'>): boolean =>
  rehearsal?.user === userId && rehearsal.source === source;

const DEFAULT_RULES: SourceRules = sourceRules.parse({});

/** The rules of one source; the defaults, if the stage lists none. */
export const rulesOf = (source: string, { sources }: Pick<Policy, 'sources'>): SourceRules => sources[source] ?? DEFAULT_RULES;

/** The match keys of one source: its own, else the stage's. */
export const matchKeyRules = (source: string, policy: Policy): readonly MatchKeyRule[] =>
  rulesOf(source, policy).matchKeys ?? policy.matchKeys;

/** Whether one source may withdraw and replace the terminations of the other. */
export const mayWithdraw = ({ by, of }: { by: string; of: string }, policy: Pick<Policy, 'sources'>): boolean =>
  by === of || rulesOf(by, policy).speaksFor.includes(of);

/** Every match key of the stage and its sources. */
export const allMatchKeys = ({ matchKeys, sources }: Policy): MatchKeyRule[] => [
  ...matchKeys,
  ...Object.values(sources).flatMap((source) => source.matchKeys ?? []),
];
