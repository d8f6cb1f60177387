import * as z from 'zod/mini';
import { adminConsoleSettings } from '../lambda/admin-console/settings.ts';
import { sourceName } from '../lambda/domain/event/leaver-message.ts';
import { type Policy, policy } from '../lambda/domain/policy.ts';
import { fitsLookUp, lookUpSettings } from '../lambda/sources/look-ups/registry.ts';
import { fitsSystem, sourceShape, withSourceRules } from '../lambda/sources/systems/registry.ts';
import { access } from './access.ts';
import { unworkable } from './settings/can-work.ts';
import { parseSettings } from './settings/parse-settings.ts';

/** Far below the 1 MB of a template, which has the settings twice: "CloudFormation quotas". */
const MOST_BYTES = 200_000;

const fitsTemplate = (value: unknown) => Buffer.byteLength(JSON.stringify(value)) <= MOST_BYTES;
const tooLong = `at most ${MOST_BYTES} bytes as JSON, since a template holds 1 MB`;

/** Ends a wait before the queue drops the message, after 14 days: the event must be recorded as failed while it is there. */
const LONGEST_WAIT_HOURS = 13 * 24;

/**
 * The periods of CloudWatch Logs; 9999 keeps logs for ever. Written here, because the constructs of the CDK take a second to load and
 * the commands read stages too.
 */
const RETENTION_DAYS = [
  1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653, 9999,
] as const;

const pattern = (regex: RegExp, what: string) => z.string().check(z.regex(regex, what));
const atLeastOne = z.number().check(z.int('a whole number'), z.gte(1, 'at least 1'));

const workfront = z.strictObject({
  /** Only domains of Workfront, so that the credential is sent nowhere else: "Configure your firewall's allowlist", Workfront administration. */
  baseUrl: pattern(
    /^https:\/\/([a-z0-9-]+\.)+workfront(\.adobe)?\.com$/,
    'an https origin below workfront.com or workfront.adobe.com, without a path, such as https://acme.my.workfront.com',
  ),
  /** Starts at v16.0 because v15.0 was withdrawn on 2025-12-18: "API version and support schedule", Workfront developer documentation. */
  apiVersion: z._default(pattern(/^v(1[6-9]|[2-9]\d)\.0$/, 'an API version of v16.0 or later, such as v21.0'), 'v21.0'),
  /** Days until an API key expires, for the warnings before that: a month, unless Workfront's customer settings differ. */
  keyLifetimeDays: z._default(z.union([atLeastOne, z.literal('never')], { error: 'a number of days, or "never"' }), 30),
  /**
   * Most Workfront calls in flight in the whole deployment, one for each worker. Workfront limits them per customer, and other
   * integrations need some of them. At least two, because Lambda polls a queue with two workers or more ("Maximum concurrency",
   * Amazon SQS event sources).
   */
  callsInFlight: z._default(z.number().check(z.int('a whole number'), z.gte(2, 'at least 2'), z.lte(100, 'at most 100')), 4),
});

/**
 * Days without a delivery from a source after which an alarm is raised. At most a week, because an alarm cannot look back
 * further ("Evaluating an alarm", Amazon CloudWatch).
 */
const silentAfterDays = z.optional(z.number().check(z.int('whole days'), z.gte(1), z.lte(7)));

/** A source. With `lookUp`, the worker asks the HR system who a leaver is, and whether they left, before it acts. */
const source = z.strictObject({ ...sourceShape, silentAfterDays, lookUp: z.optional(lookUpSettings) }).check(fitsSystem, fitsLookUp);

/**
 * Subnets with a way to the internet by NAT gateways, whose addresses stay the same: the worker calls from there. At most 16 ("VpcConfig",
 * AWS::Lambda::Function).
 */
const network = z.strictObject({
  vpcId: pattern(/^vpc-[0-9a-f]{8,17}$/, 'the id of a VPC, such as vpc-0a1b2c3d4e5f60718'),
  subnetIds: z.array(pattern(/^subnet-[0-9a-f]{8,17}$/, 'the id of a subnet, such as subnet-0a1b2c3d4e5f60718')).check(
    z.minLength(1, 'at least one subnet'),
    z.maxLength(16, 'at most 16 subnets'),
    z.refine((ids) => new Set(ids).size === ids.length, 'each subnet once'),
  ),
});

interface Brought {
  region?: string | undefined;
  encryptionKeyArn?: string | undefined;
  alarmTopicArn?: string | undefined;
  outcomeBus?: string | undefined;
}

/** SQS, CloudWatch alarms and EventBridge use keys, topics and buses of their own region only. */
const sameRegion = z.check<Brought>(({ value, issues }) => {
  for (const name of ['encryptionKeyArn', 'alarmTopicArn', 'outcomeBus'] as const) {
    const region = regionOf(value[name]);
    if (value.region === undefined || region === undefined || region === value.region) continue;
    issues.push({ code: 'custom', path: [name], input: value[name], message: `one in the region of the stage, ${value.region}` });
  }
});

const regionOf = (arn: string | undefined): string | undefined => (arn?.startsWith('arn:') ? arn.split(':')[3] : undefined);

/** One deployment, as a file of stages describes it. Refuses unknown keys: a mistyped rule must not silently become a default. */
export const stage = z
  .strictObject({
    workfront,
    /** The rules for leavers. A rule that is left out has the safe default of `lambda/domain/policy.ts`. */
    policy: z.prefault(policy, {}).check(
      z.refine(({ waitLimitHours }) => waitLimitHours <= LONGEST_WAIT_HOURS, {
        error: `at most ${LONGEST_WAIT_HOURS} hours, since the queue keeps a message for 14 days`,
        path: ['waitLimitHours'],
      }),
      z.refine(fitsTemplate, tooLong),
    ),
    /** The HR systems by name. The name is the last part of the URL and of the secret's name. */
    sources: z.record(sourceName, source).check(
      z.refine((sources) => Object.keys(sources).length > 0, 'at least one source'),
      z.refine(fitsTemplate, tooLong),
    ),
    /** Which product profiles and user groups leavers lose in the Adobe Admin Console, after the deactivation; without it none. */
    adminConsole: z.optional(adminConsoleSettings),
    /** The rate of deliveries that API Gateway accepts; beyond it the answer is 503 with Retry-After. */
    throttle: z._default(z.strictObject({ ratePerSecond: atLeastOne, burst: atLeastOne }), { ratePerSecond: 20, burst: 50 }),
    /** Who may reach the endpoint at all; by default everybody, and only signed deliveries are accepted. */
    access: z.prefault(access, {}),
    /** Where the worker calls Workfront and HR systems from, if they accept certain addresses only; by default any address of AWS. */
    network: z.optional(network),
    /**
     * Reserves a share of the account's concurrency for each function, which is also its upper limit: `throttle.burst` for the
     * receiver, `callsInFlight` for the worker. Lambda refuses if fewer than 100 would be left to other functions.
     */
    reserveConcurrency: z._default(z.boolean(), false),
    /** The managed policy used as permissions boundary of every role, if the account requires one. */
    permissionsBoundary: z.optional(pattern(/^arn:aws[a-z-]*:iam::(\d{12}|aws):policy\/.+$/, 'the ARN of a managed policy')),
    /** A key of yours in place of one that the stage makes. Its policy must allow what docs/settings.md says. */
    encryptionKeyArn: z.optional(pattern(/^arn:aws[a-z-]*:kms:[a-z0-9-]+:\d{12}:key\/[\w-]+$/, 'the ARN of a KMS key, not of an alias')),
    /** A topic of yours in place of one that the stage makes. */
    alarmTopicArn: z.optional(pattern(/^arn:aws[a-z-]*:sns:[a-z0-9-]+:\d{12}:[\w-]{1,256}$/, 'the ARN of a topic of SNS')),
    /** Tags of every resource: "Tag naming limits and requirements", AWS General Reference. */
    tags: z._default(
      z.record(
        pattern(/^(?!aws:)[\p{L}\p{Z}\p{N}_.:/=+@-]{1,128}$/iu, 'the name of a tag, at most 128 characters and not beginning with aws:'),
        pattern(/^[\p{L}\p{Z}\p{N}_.:/=+@-]{0,256}$/u, 'the value of a tag, at most 256 characters'),
      ),
      {},
    ),
    /**
     * Comes before `workfront-offboarding-<stage>` in the name of the stack, with which the names of roles, secrets, alarms and all else
     * begin.
     */
    namePrefix: z.optional(pattern(/^[a-z][a-z0-9-]{0,18}-$/, 'at most 20 lower-case letters, digits and hyphens that end with a hyphen')),
    /**
     * How the log of requests is stored. The logs of the functions stay standard: CloudWatch makes no metrics of the others, and so no
     * alarm would ring ("Log classes", Amazon CloudWatch Logs).
     */
    accessLogClass: z._default(z.enum(['standard', 'infrequent-access']), 'standard'),
    /** Days that logs are kept: one of the periods that CloudWatch Logs offers. */
    logRetentionDays: z._default(z.literal(RETENTION_DAYS, 'a period that CloudWatch Logs offers, such as 30, 90, 400 or 731'), 400),
    /**
     * The event bus on which outcomes are announced: `default`, or the name of an existing one in the same account and region, or the
     * ARN of one in the same region. Without it they are not announced.
     */
    outcomeBus: z.optional(
      pattern(
        /^([\w./-]{1,256}|arn:aws[a-z-]*:events:[a-z0-9-]+:\d{12}:event-bus\/[\w./-]{1,256})$/,
        'the name of an event bus, such as default, or its ARN',
      ),
    ),
    /**
     * Share of leavers who lose access within a time from the moment that HR names, as a service level objective of CloudWatch. Between 0
     * and 100 excluded: "Goal", Application Signals API Reference.
     */
    objective: z.optional(
      z.strictObject({
        percent: z._default(z.number().check(z.gt(0, 'above 0'), z.lt(100, 'below 100')), 95),
        withinMinutes: z._default(atLeastOne, 60),
      }),
    ),
    /** The address that receives alarms. */
    alarmEmail: z.optional(z.email('an e-mail address')),
    /**
     * A table that was restored from the stage's own ledger, in the same account and region, to use in its place: docs/runbook.md. The
     * stage's own table stays.
     */
    restoredLedger: z.optional(pattern(/^[\w.-]{3,255}$/, 'the name of a table, as DynamoDB has it')),
    /** Deletes the ledger, the queues, the secrets and the key together with the stack. */
    dropResourcesOnDelete: z.boolean(),
    /** The account of the stack. Set `account` and `region` both or neither; without them the AWS credentials of the deployment decide. */
    account: z.optional(pattern(/^\d{12}$/, 'an AWS account id of 12 digits')),
    region: z.optional(pattern(/^[a-z]{2}(-[a-z]+)+-\d$/, 'an AWS region such as eu-west-1')),
  })
  .check(
    z.refine(({ alarmEmail, alarmTopicArn }) => alarmEmail === undefined || alarmTopicArn === undefined, {
      error: 'no address beside a topic of yours: subscribe it to the topic',
      path: ['alarmEmail'],
    }),
    z.refine(({ account, region }) => (account === undefined) === (region === undefined), 'account and region both or neither'),
    sameRegion,
    z.check<{ policy: Policy; sources: Record<string, object> }>(({ value: { policy: rules, sources }, issues }) => {
      const message = `a source of the stage: ${Object.keys(sources).join(', ')}`;
      const refuse = (input: unknown, path: (string | number)[]) =>
        issues.push({ code: 'custom', path: ['policy', 'sources', ...path], input, message });
      for (const [name, { speaksFor }] of Object.entries(rules.sources)) {
        if (!Object.hasOwn(sources, name)) refuse(name, [name]);
        for (const [place, other] of speaksFor.entries()) if (!Object.hasOwn(sources, other)) refuse(other, [name, 'speaksFor', place]);
      }
    }),
  );

/** Refuses what passes every other check and finds nobody. */
const canWork = z.check<{ policy: Policy; sources: Record<string, z.output<typeof source>> }>(
  ({ value: { policy: rules, sources }, issues }) => {
    for (const [name, one] of Object.entries(sources)) {
      const wrong = unworkable(name, one, rules);
      if (wrong !== undefined) issues.push({ code: 'custom', path: ['sources', name, ...wrong.path], input: one, message: wrong.expected });
    }
  },
);

const writtenSources = z.looseObject({
  sources: z.record(
    z.string(),
    z.looseObject({
      system: sourceShape.system,
      settings: sourceShape.settings,
      lookUp: z.optional(lookUpSettings),
    }),
  ),
});

/** Adds the rules that follow from the systems of the sources, before defaults are filled in: afterwards nobody knows what was written. */
const withKnownRules = z.transform((written: unknown) => {
  const read = z.safeParse(writtenSources, written);
  return read.success ? { ...read.data, policy: withSourceRules(read.data.policy, read.data.sources) } : written;
});

export const stageName = pattern(/^[a-z][a-z0-9-]{0,20}$/, 'a stage name of lower-case letters, digits and hyphens');

export const stagesFile = z.strictObject({ stages: z.record(stageName, z.pipe(withKnownRules, stage.check(canWork))) });

export type Stage = z.output<typeof stage>;
export type StageInput = z.input<typeof stage>;

/**
 * Checks one stage and fills in every default.
 *
 * @throws InvalidInput one line that names the wrong place
 */
export function checkedStage(name: string, written: StageInput): Stage {
  const { [name]: stage } = parseSettings(stagesFile, { stages: { [name]: written } }, 'WorkfrontOffboarding').stages;
  if (stage === undefined) throw new Error('expected the stage that was checked, got none; report this');
  return stage;
}
