import { describe, expect, it } from '@jest/globals';
import { App, Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { WorkfrontOffboarding } from '../../lib/offboarding-stack.ts';
import { exampleStages } from '../support/example-stages.ts';
import { aStack, statementsOf, synthesise } from './synthesise.ts';

const KEY = 'arn:aws:kms:eu-west-1:111122223333:key/0a1b2c3d-0000-4000-8000-000000000000';
const TOPIC = 'arn:aws:sns:eu-west-1:111122223333:on-call';
const BUS = 'arn:aws:events:eu-west-1:444455556666:event-bus/people';
const BOUNDARY = 'arn:aws:iam::111122223333:policy/boundary';

describe('what a customer brings', () => {
  const brought = synthesise('test', {
    encryptionKeyArn: KEY,
    alarmTopicArn: TOPIC,
    tags: { team: 'People IT' },
    outcomeBus: BUS,
    permissionsBoundary: BOUNDARY,
    accessLogClass: 'infrequent-access',
    logRetentionDays: 90,
  });

  it('is used in place of a key and a topic of the stage', () => {
    brought.resourceCountIs('AWS::KMS::Key', 0);
    brought.resourceCountIs('AWS::SNS::Topic', 0);
    brought.allResourcesProperties('AWS::SQS::Queue', { KmsMasterKeyId: KEY });
    brought.hasResourceProperties('AWS::DynamoDB::Table', { SSESpecification: { KMSMasterKeyId: KEY } });
    brought.allResourcesProperties('AWS::SecretsManager::Secret', { KmsKeyId: KEY });
    brought.allResourcesProperties('AWS::CloudWatch::Alarm', { AlarmActions: [TOPIC] });
    brought.hasOutput('AlarmTopicArn', { Value: TOPIC });
  });

  it('are tags on what holds data', () => {
    const tags = Match.arrayWith([{ Key: 'team', Value: 'People IT' }]);
    brought.hasResourceProperties('AWS::DynamoDB::Table', { Tags: tags });
    brought.allResourcesProperties('AWS::SQS::Queue', { Tags: tags });
  });

  it('is a bus by its ARN, also of another account: the worker may announce there and nowhere else', () => {
    brought.hasResourceProperties('AWS::Lambda::Function', { Environment: { Variables: Match.objectLike({ OUTCOME_BUS: BUS }) } });

    const announce = statementsOf(brought, 'WorkerRole').filter(({ Action }) => Action.includes('events:PutEvents'));
    expect(announce.map(({ Resource }) => Resource)).toEqual([[JSON.stringify(BUS)]]);
  });

  it('is a boundary of every role', () => {
    expect(Object.keys(brought.findResources('AWS::IAM::Role')).length).toBeGreaterThan(3);
    brought.allResourcesProperties('AWS::IAM::Role', { PermissionsBoundary: BOUNDARY });
  });

  it('is another class for the log of requests alone: of the others CloudWatch would make no metrics', () => {
    const classes = Object.entries(brought.findResources('AWS::Logs::LogGroup')).map(([id, { Properties }]) => [
      id.replace(/[0-9A-F]{8}$/, ''),
      Properties.LogGroupClass,
      Properties.RetentionInDays,
    ]);

    expect(classes.sort()).toEqual([
      ['ReceiverLogs', undefined, 90],
      ['WebhookApiInfrequentAccessLog', 'INFREQUENT_ACCESS', 90],
      ['WorkerLogs', undefined, 90],
    ]);
  });

  it('is a prefix of every name, and changes no logical id', () => {
    const stack = aStack('test', { namePrefix: 'acme-' });
    const named = Template.fromStack(stack);

    expect(stack.stackName).toBe('acme-workfront-offboarding-test');
    expect(Object.keys(named.toJSON().Resources)).toEqual(expect.arrayContaining(Object.keys(brought.findResources('AWS::SQS::Queue'))));
    named.allResourcesProperties('AWS::SecretsManager::Secret', { Name: Match.stringLikeRegexp('^acme-workfront-offboarding-test/') });
    named.allResourcesProperties('AWS::CloudWatch::Alarm', { AlarmName: Match.stringLikeRegexp('^acme-workfront-offboarding-test-') });
    named.hasOutput('Stage', { Value: 'test' });
    // CloudFormation begins every name that it makes with that of the stack
    for (const { Properties } of Object.values(named.findResources('AWS::IAM::Role'))) expect(Properties.RoleName).toBeUndefined();
  });

  it('is a restored ledger: the own one stays, and the worker reaches the restored one alone', () => {
    const restored = synthesise('production', { restoredLedger: 'ledger-of-monday' });
    const [[own, { DeletionPolicy }] = ['', { DeletionPolicy: '' }]] = Object.entries(restored.findResources('AWS::DynamoDB::Table'));

    expect([own, DeletionPolicy]).toEqual(['LedgerTable9343E4AA', 'Retain']);
    restored.hasOutput('LedgerTable', { Value: 'ledger-of-monday' });
    restored.hasOutput('LedgerRestoredFrom', { Value: { Ref: own } });
    restored.hasResourceProperties('AWS::Lambda::Function', {
      Environment: { Variables: Match.objectLike({ LEDGER_TABLE: 'ledger-of-monday', LEDGER_RESTORED_FROM: { Ref: own } }) },
    });
    const reached = statementsOf(restored, 'WorkerRole')
      .filter(({ Action }) => Action.some((action) => action.startsWith('dynamodb:')))
      .flatMap(({ Resource }) => Resource);
    expect(reached.map((resource) => /table\/ledger-of-monday(\/index\/by-(status|month))?"/.test(resource))).toEqual([true, true, true]);
  });

  it('is refused by the construct too, if it is in another region than the stack', () => {
    const stack = new Stack(new App(), 'ours', { env: { account: '111122223333', region: 'us-east-1' } });
    const stage = { ...exampleStages.test, encryptionKeyArn: KEY };

    expect(() => new WorkfrontOffboarding(stack, 'Offboarding', { stageName: 'test', stage })).toThrow(
      `WorkfrontOffboarding: stages.test.encryptionKeyArn: expected one in the region of the stage, us-east-1, got`,
    );
  });
});

describe('the objective of a stage', () => {
  const OBJECTIVES = 'AWS::ApplicationSignals::ServiceLevelObjective';

  it('is none, if the stage has none: it has a price', () => {
    synthesise('test').resourceCountIs(OBJECTIVES, 0);
  });

  it('counts the leavers who lost access within the time, of all who lost it', () => {
    const [{ Properties, Metadata } = { Properties: {}, Metadata: {} }] = Object.values(
      synthesise('test', { objective: { percent: 99.5, withinMinutes: 30 } }).findResources(OBJECTIVES),
    );
    const counted = (stat: string) => [
      expect.objectContaining({
        MetricStat: {
          Metric: {
            Namespace: 'WorkfrontOffboarding',
            MetricName: 'FromEffective',
            Dimensions: expect.arrayContaining([
              { Name: 'service', Value: 'worker' },
              { Name: 'stage', Value: 'test' },
            ]),
          },
          Stat: stat,
          Period: 60,
        },
      }),
    ];

    expect(Properties).toMatchObject({
      Name: 'workfront-offboarding-test-on-time',
      Goal: { AttainmentGoal: 99.5, Interval: { RollingInterval: { Duration: 30, DurationUnit: 'DAY' } } },
      RequestBasedSli: {
        RequestBasedSliMetric: {
          TotalRequestCountMetric: counted('SampleCount'),
          MonitoredRequestCountMetric: { GoodCountMetric: counted('TC(:1800000)') },
        },
      },
    });
    expect(Metadata).toMatchObject({ 'workfront-offboarding:settings': { OBJECTIVE: { percent: 99.5, withinMinutes: 30 } } });
  });

  it('is 95 % within an hour, if the stage says no more', () => {
    synthesise('test', { objective: {} }).hasResourceProperties(OBJECTIVES, { Goal: Match.objectLike({ AttainmentGoal: 95 }) });
  });
});
