import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { Match, type Template } from 'aws-cdk-lib/assertions';
import * as z from 'zod';
import { metricKey } from '../../support/emitted.ts';
import { synthesise } from '../synthesise.ts';
import { everythingEmitted } from './everything-emitted.ts';

const OURS = 'WorkfrontOffboarding';
const SOURCES = {
  hr: { scheme: { kind: 'standard-webhooks' }, silentAfterDays: 3 },
  rare: { scheme: { kind: 'standard-webhooks' } },
  directory: { system: 'entra', lookUp: { tenantId: '5df911a0-e8e9-412d-8aaf-a46ad193dd96' } },
} as const;

const template = synthesise('production', {
  sources: SOURCES,
  outcomeBus: 'default',
  alarmEmail: 'ops@acme.test',
  adminConsole: { profiles: ['Workfront'] },
});

const metric = z.object({
  Namespace: z.string(),
  MetricName: z.string(),
  Dimensions: z.array(z.object({ Name: z.string(), Value: z.unknown() })),
  Statistic: z.string(),
  Period: z.number(),
});

/** An alarm on a calculation has the metric that it begins with in place of its own. */
const calculated = z.looseObject({
  Metrics: z.array(
    z.object({
      Expression: z.string().optional(),
      MetricStat: z
        .object({ Metric: metric.pick({ Namespace: true, MetricName: true, Dimensions: true }), Period: z.number(), Stat: z.string() })
        .optional(),
    }),
  ),
});

const alarm = z.object({
  AlarmName: z.string(),
  AlarmDescription: z.string(),
  AlarmActions: z.array(z.unknown()),
  OKActions: z.array(z.unknown()).default([]),
  ...metric.shape,
  EvaluationPeriods: z.number(),
  DatapointsToAlarm: z.number(),
  Threshold: z.number(),
  ComparisonOperator: z.string(),
  TreatMissingData: z.string(),
});
const alarmsOf = (from: Template) =>
  Object.values(from.findResources('AWS::CloudWatch::Alarm')).map(({ Properties }) => {
    const { AlarmName, ...rest } = alarm.parse({ ...firstMetricOf(Properties), ...Properties });
    return { name: AlarmName.replace('workfront-offboarding-production-', ''), ...rest };
  });
const alarms = alarmsOf(template);
const calculations = Object.values(template.findResources('AWS::CloudWatch::Alarm')).flatMap(({ Properties }) => statsOf(Properties));
const alarmOf = (name: string) => alarms.find((one) => one.name === name);

/** Commands of the ops CLI, as written in docs/runbook.md. */
const COMMANDS = [
  'list',
  'brake status',
  'status',
  'todo',
  'doctor',
  'dlq list',
  'quarantine list',
  'report',
  'console-access list',
  'secret rotate workfront',
];

describe('an alarm', () => {
  it('is there for each thing that a person must act on', () => {
    expect(alarms.map(({ name }) => name).sort()).toEqual([
      'answers-5xx',
      'brake-latched',
      'canary-missing',
      'console-access',
      'console-trouble',
      'credential-trouble',
      'dead-letters',
      'failed',
      'findings',
      'forged',
      'held',
      'key-expires-in-1',
      'key-expires-in-3',
      'key-expires-in-7',
      'late-look-missing',
      'ledger-restored',
      'limited-sight',
      'no-account-share',
      'overdue',
      'pending-approval',
      'queue-stuck',
      'receiver-errors',
      'receiver-throttled',
      'rescinded-too-late',
      'returned',
      'schedule-lost',
      'silence-directory',
      'silence-hr',
      'stage-trouble',
      'sweep-missing',
      'unannounced',
      'unexpected',
      'unreadable',
      'worker-errors',
      'worker-throttled',
    ]);
  });

  it.each(alarms)('tells the topic: $name', ({ AlarmActions, OKActions }) => {
    const topic = { Ref: expect.stringMatching(/^AlarmTopic/) };

    expect(AlarmActions).toEqual([topic]);
    expect(OKActions).toEqual(OKActions.length === 0 ? [] : [topic]);
  });

  it.each(alarms)('says in at most two sentences what it means for the leaver, and what to run: $name', ({ name, AlarmDescription }) => {
    const [, means = '', command = '', heading = ''] =
      /^(.*\.) Run: npm run ops -- --stage production (.*) - more in docs\/runbook\.md, "(.*)"$/.exec(AlarmDescription) ?? [];

    expect(means).toMatch(/leaver|deactivated|HR/i);
    expect(means.match(/[.!?](\s|$)/g)?.length).toBeLessThanOrEqual(2);
    expect(COMMANDS.some((known) => command === known || command.startsWith(`${known} --`))).toBe(true);
    expect(heading).toBe(name);
  });

  it.each(alarms)('has its place in the runbook: $name', ({ name }) => {
    const headings = readFileSync('docs/runbook.md', 'utf8').match(/^#+ .*$/gm) ?? [];

    expect(headings.join('\n')).toContain(`\`${name.replace(/^silence-.*/, 'silence').replace(/^(key-expires-in)-.*/, '$1')}`);
  });

  it('on an event that stays until a person settles it sends no mail that it has ended', () => {
    const silent = alarms.filter(({ OKActions }) => OKActions.length === 0).map(({ name }) => name);

    expect(silent).toEqual(
      expect.arrayContaining(['failed', 'held', 'brake-latched', 'rescinded-too-late', 'returned', 'forged', 'unreadable']),
    );
  });

  it('on the key stays as it is while nobody reads the secret', () => {
    expect(['key-expires-in-7', 'key-expires-in-3', 'key-expires-in-1'].map(alarmOf)).toEqual(
      [7, 3, 1].map((Threshold) =>
        expect.objectContaining({ Threshold, ComparisonOperator: 'LessThanThreshold', Statistic: 'Minimum', TreatMissingData: 'ignore' }),
      ),
    );
  });

  it('on the silence of a source needs every hour of its days to be silent', () => {
    expect(alarmOf('silence-hr')).toMatchObject({
      MetricName: 'Accepted',
      Dimensions: expect.arrayContaining([{ Name: 'source', Value: 'hr' }]),
      Period: 3600,
      EvaluationPeriods: 72,
      DatapointsToAlarm: 72,
      Threshold: 1,
      ComparisonOperator: 'LessThanThreshold',
      TreatMissingData: 'breaching',
    });
  });

  it('on the silence of Entra is there although the stage does not ask for it: its subscription ends without a word', () => {
    expect(alarmOf('silence-directory')).toMatchObject({ EvaluationPeriods: 72 });
  });

  it.each(alarms)('looks back no further than CloudWatch does, a week: $name', ({ Period, EvaluationPeriods }) => {
    expect(Period * EvaluationPeriods).toBeLessThanOrEqual((Period < 3600 ? 1 : 7) * 24 * 3600);
  });

  it('on leavers without an account compares them with all of the day, if there are ten or more', () => {
    const [{ Properties } = { Properties: {} }] = Object.values(
      template.findResources('AWS::CloudWatch::Alarm', { Properties: { AlarmName: 'workfront-offboarding-production-no-account-share' } }),
    );
    const all = 'FILL(nNoAccount, 0) + FILL(nDeactivated, 0) + FILL(nAlreadyInactive, 0) + FILL(nWouldDeactivate, 0)';

    expect(calculated.parse(Properties).Metrics.flatMap(({ Expression }) => Expression ?? [])).toEqual([
      `IF(${all} >= 10, 100 * FILL(nNoAccount, 0) / (${all}), 0)`,
    ]);
    expect(alarmOf('no-account-share')).toMatchObject({ Threshold: 50, Period: 86_400, ComparisonOperator: 'GreaterThanThreshold' });
  });

  it('on outcomes exists only if they are announced', () => {
    expect(alarmsOf(synthesise('production', { outcomeBus: undefined })).map(({ name }) => name)).not.toContain('unannounced');
  });
});

describe('the topic of the alarms', () => {
  it('is encrypted with the key of the stage, which lets the alarms of the account use it', () => {
    template.hasResourceProperties('AWS::SNS::Topic', { KmsMasterKeyId: { 'Fn::GetAtt': ['Key961B73FD', 'Arn'] } });
    template.hasResourceProperties('AWS::KMS::Key', {
      KeyPolicy: {
        Statement: Match.arrayWith([
          {
            Effect: 'Allow',
            Principal: { Service: 'cloudwatch.amazonaws.com' },
            Action: ['kms:Decrypt', 'kms:GenerateDataKey*'],
            Resource: '*',
            Condition: { StringEquals: { 'aws:SourceAccount': { Ref: 'AWS::AccountId' } } },
          },
        ]),
      },
    });
  });

  it("accepts messages from the account's alarms by TLS, and nothing else", () => {
    template.hasResourceProperties('AWS::SNS::TopicPolicy', {
      PolicyDocument: {
        Statement: [
          Match.objectLike({ Effect: 'Deny', Action: 'sns:Publish', Condition: { Bool: { 'aws:SecureTransport': 'false' } } }),
          Match.objectLike({
            Effect: 'Allow',
            Action: 'sns:Publish',
            Principal: { Service: 'cloudwatch.amazonaws.com' },
            Condition: { StringEquals: { 'aws:SourceAccount': { Ref: 'AWS::AccountId' } } },
          }),
        ],
      },
    });
  });

  it('writes to the address of the stage, if it has one', () => {
    template.hasResourceProperties('AWS::SNS::Subscription', { Protocol: 'email', Endpoint: 'ops@acme.test' });
    synthesise('test').resourceCountIs('AWS::SNS::Subscription', 0);
  });
});

describe('the dashboard', () => {
  const { widgets } = dashboardOf(template);

  it('shows from the top what needs a person, outcomes and reasons, delays, deliveries, and trouble', () => {
    expect(widgets.map(({ type, properties }) => properties.title ?? type)).toEqual([
      'text',
      'Needs a person',
      'Outcomes',
      'Outcomes, over time',
      'Held, by guard',
      'Failed, by reason',
      'Retried, by reason',
      'Retried, ordered by operators, nothing to do',
      'Outcomes not announced',
      'No account, and the credential does not see every user',
      'From effective time to deactivation, ms',
      'From receipt to deactivation, ms (includes the time until due)',
      'Longest overdue leaver, s',
      'Deliveries from HR',
      'Accepted, by source',
      'Rejected, by reason',
      'Workfront calls',
      'Workfront latency, ms',
      'Days until the Workfront key expires',
      'Admin Console',
      'Messages in queues',
      'Oldest message of the leaver queue, s',
      'Errors',
      'Ledger and schedules',
      'Read again after the end',
      'Run time of the functions, ms',
    ]);
  });

  it('shows every alarm', () => {
    expect(widgets.find(({ properties }) => properties.title === 'Needs a person')?.properties.alarms).toHaveLength(alarms.length);
  });
});

describe('the metrics', () => {
  let emitted = new Set<string>();
  const watched = new Set(
    [...alarms, ...calculations]
      .filter(({ Namespace }) => Namespace === OURS)
      .map(({ MetricName, Dimensions }) => metricKey(OURS, MetricName, valuesOf(Dimensions))),
  );
  const shown = new Set(
    dashboardOf(template)
      .widgets.flatMap(({ properties }) => properties.metrics ?? [])
      .flatMap(keysOf),
  );

  beforeAll(async () => {
    emitted = await everythingEmitted();
  });

  it('that alarms watch are those that the code emits', () => {
    expect(watched.size).toBeGreaterThan(10);
    expect([...watched].filter((key) => !emitted.has(key))).toEqual([]);
  });

  it('that the dashboard shows are those that the code emits', () => {
    expect(shown.size).toBeGreaterThan(25);
    expect([...shown].filter((key) => !emitted.has(key))).toEqual([]);
  });

  it('that the code emits are all watched or shown', () => {
    expect([...emitted].filter((key) => !watched.has(key) && !shown.has(key))).toEqual([]);
  });
});

/** The metrics of a calculation, as an alarm on one metric names its own. */
function statsOf(properties: unknown): z.infer<typeof metric>[] {
  const { data } = calculated.safeParse(properties);
  return (data?.Metrics ?? []).flatMap(({ MetricStat }) =>
    MetricStat === undefined ? [] : [{ ...MetricStat.Metric, Statistic: MetricStat.Stat, Period: MetricStat.Period }],
  );
}

function firstMetricOf(properties: unknown): object {
  return statsOf(properties)[0] ?? {};
}

function valuesOf(dimensions: readonly { Name: string; Value: unknown }[]): Record<string, string> {
  return Object.fromEntries(dimensions.map(({ Name, Value }) => [Name, String(Value)]).sort());
}

/** The dashboard with every reference to another resource replaced by text, as CloudFormation does. */
function dashboardOf(from: Template) {
  const [{ Properties } = { Properties: {} }] = Object.values(from.findResources('AWS::CloudWatch::Dashboard'));
  const { DashboardBody } = z
    .object({ DashboardBody: z.object({ 'Fn::Join': z.tuple([z.literal(''), z.array(z.unknown())]) }) })
    .parse(Properties);
  const [, parts] = DashboardBody['Fn::Join'];
  const widget = z.object({
    type: z.string(),
    properties: z.looseObject({
      title: z.string().optional(),
      metrics: z.array(z.array(z.unknown())).optional(),
      alarms: z.array(z.string()).optional(),
    }),
  });
  const text = parts.map((part) => (typeof part === 'string' ? part : 'reference')).join('');
  return z.object({ widgets: z.array(widget) }).parse(JSON.parse(text));
}

/** The metrics of ours that a row of a widget shows: one metric, or all that a search finds. */
function keysOf(row: readonly unknown[]): string[] {
  const [first, name, ...rest] = row;
  if (first === OURS) {
    const pairs = rest.filter((one) => typeof one === 'string');
    const dimensions = pairs.flatMap((one, index) => (index % 2 === 0 ? [[one, pairs[index + 1] ?? '']] : []));
    return [metricKey(OURS, String(name), Object.fromEntries(dimensions.sort()))];
  }
  const { expression } = z
    .object({ expression: z.string().default('') })
    .catch({ expression: '' })
    .parse(first);
  const [, service = '', found = ''] = [
    ...(/service="(\w+)"/.exec(expression) ?? []),
    ...(/MetricName="(\w+)"/.exec(expression)?.slice(1) ?? []),
  ];
  const [, schema = ''] = /\{([^}]+)\}/.exec(expression) ?? [];
  const [namespace = '', ...names] = schema.split(',');
  if (namespace !== OURS) return [];
  return [metricKey(OURS, found, Object.fromEntries(names.sort().map((one) => [one, one === 'service' ? service : 'any'])))];
}
