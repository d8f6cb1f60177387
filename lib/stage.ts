import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import * as z from 'zod/mini';
import { sourceName } from '../lambda/domain/event/leaver-message.ts';
import { policy } from '../lambda/domain/policy.ts';
import { fitsLookUp, lookUpSettings } from '../lambda/sources/look-ups/registry.ts';
import { fitsSystem, sourceShape } from '../lambda/sources/systems/registry.ts';
import { access } from './access.ts';

/** A function's environment holds 4 KB in all (AWS Lambda, "Lambda quotas"); the rest is left to names and URLs. */
const ENVIRONMENT_BYTES = 2000;

/** The worker's environment holds the policy, too. */
const LOOK_UP_BYTES = 800;

const fitsEnvironment = (value: unknown) => Buffer.byteLength(JSON.stringify(value)) <= ENVIRONMENT_BYTES;
const lookUpsFit = (sources: Record<string, { lookUp?: object | undefined }>) =>
  Buffer.byteLength(JSON.stringify(Object.entries(sources).filter(([, { lookUp }]) => lookUp !== undefined))) <= LOOK_UP_BYTES;
const tooLong = `at most ${ENVIRONMENT_BYTES} bytes as JSON, since Lambda's environment holds 4 KB`;

/** The queue keeps a message for 14 days: an event must be recorded as failed before its message is gone. */
const LONGEST_WAIT_HOURS = 13 * 24;

const pattern = (regex: RegExp, what: string) => z.string().check(z.regex(regex, what));
const atLeastOne = z.number().check(z.int('a whole number'), z.gte(1, 'at least 1'));

const workfront = z.strictObject({
  /** The domains of Workfront: "Configure your firewall's allowlist", Workfront administration. The credential goes nowhere else. */
  baseUrl: pattern(
    /^https:\/\/([a-z0-9-]+\.)+workfront(\.adobe)?\.com$/,
    'an https origin below workfront.com or workfront.adobe.com, without a path, such as https://acme.my.workfront.com',
  ),
  /** v15.0 was withdrawn on 2025-12-18: "API version and support schedule", Workfront developer documentation. */
  apiVersion: z._default(pattern(/^v(1[6-9]|[2-9]\d)\.0$/, 'an API version from v16.0 on, such as v21.0'), 'v21.0'),
  /** How long an API key lives, for the warnings before it ends: a month, unless Workfront's customer settings say otherwise. */
  keyLifetimeDays: z._default(z.union([atLeastOne, z.literal('never')], { error: 'a number of days, or "never"' }), 30),
  /**
   * Workfront calls in flight of the whole deployment, one for each worker. Workfront limits them per customer, and other
   * integrations need some of them. Lambda polls a queue with at least two workers ("Maximum concurrency", Amazon SQS event sources).
   */
  callsInFlight: z._default(z.number().check(z.int('a whole number'), z.gte(2, 'at least 2'), z.lte(100, 'at most 100')), 4),
});

/**
 * Days without a delivery of a source after which a person is told. A week is the furthest that an alarm looks back
 * ("Evaluating an alarm", Amazon CloudWatch).
 */
const silentAfterDays = z.optional(z.number().check(z.int('whole days'), z.gte(1), z.lte(7)));

/** A source; with `lookUp` its HR system is asked, before anything is done, who a leaver is and whether they left. */
const source = z.strictObject({ ...sourceShape, silentAfterDays, lookUp: z.optional(lookUpSettings) }).check(fitsSystem, fitsLookUp);

/** One deployment, as `stages.ts` describes it. Unknown keys are refused: a mistyped rule must not be a silent default. */
const stage = z
  .strictObject({
    workfront,
    /** What decides about leavers; whatever is left out has the safe default of `lambda/domain/policy.ts`. */
    policy: z.prefault(policy, {}).check(
      z.refine(({ waitLimitHours }) => waitLimitHours <= LONGEST_WAIT_HOURS, {
        error: `at most ${LONGEST_WAIT_HOURS} hours, since the queue keeps a message for 14 days`,
        path: ['waitLimitHours'],
      }),
      z.refine(fitsEnvironment, tooLong),
    ),
    /** The HR systems by name: the name is the last part of the URL and of the secret's name. */
    sources: z.record(sourceName, source).check(
      z.refine((sources) => Object.keys(sources).length > 0, 'at least one source'),
      z.refine(fitsEnvironment, tooLong),
      z.refine(lookUpsFit, `look-ups of at most ${LOOK_UP_BYTES} bytes as JSON, since Lambda's environment holds 4 KB`),
    ),
    /** Deliveries that API Gateway lets through; more are told to come back later. */
    throttle: z.strictObject({ ratePerSecond: atLeastOne, burst: atLeastOne }),
    /** Who may reach the endpoint at all; left out, whoever can sign. */
    access: z.prefault(access, {}),
    /**
     * Whether the functions have a share of the account's concurrency for themselves, and never more than it: the receiver as many
     * runs as `throttle.burst`, the worker what `callsInFlight` needs. Lambda refuses where fewer than 100 would be left to others.
     */
    reserveConcurrency: z._default(z.boolean(), false),
    /** The managed policy that bounds every role of the stage, where the account asks for one. */
    permissionsBoundary: z.optional(pattern(/^arn:aws[a-z-]*:iam::(\d{12}|aws):policy\/.+$/, 'the ARN of a managed policy')),
    /** One of the periods that CloudWatch Logs has. */
    logRetentionDays: z._default(
      z.enum(RetentionDays, 'a period that CloudWatch Logs has, such as 30, 90, 400 or 731'),
      RetentionDays.THIRTEEN_MONTHS,
    ),
    /**
     * The event bus of the same account and region on which outcomes are announced: `default`, or the name of one that is there.
     * Without it they are announced nowhere.
     */
    outcomeBus: z.optional(pattern(/^[\w./-]{1,256}$/, 'the name of an event bus, such as default')),
    /** Who is told when a person must act. */
    alarmEmail: z.optional(z.email('an e-mail address')),
    /** Whether deleting the stack deletes the ledger, the queues, the secrets and the key with it. */
    dropResourcesOnDelete: z.boolean(),
    /** Both or neither; without them the stack goes where the AWS credentials of the deployment point. */
    account: z.optional(pattern(/^\d{12}$/, 'an AWS account id of 12 digits')),
    region: z.optional(pattern(/^[a-z]{2}(-[a-z]+)+-\d$/, 'an AWS region such as eu-west-1')),
  })
  .check(z.refine(({ account, region }) => (account === undefined) === (region === undefined), 'account and region, both or neither'));

const stageName = pattern(/^[a-z][a-z0-9-]{0,20}$/, 'a stage name of lower-case letters, digits and hyphens');

export const stagesFile = z.strictObject({ stages: z.record(stageName, stage) });

export type Stage = z.output<typeof stage>;
export type StageInput = z.input<typeof stage>;
