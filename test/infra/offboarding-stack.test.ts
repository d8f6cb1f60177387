import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { Match } from 'aws-cdk-lib/assertions';
import * as z from 'zod';
import { readReceiverConfig } from '../../lambda/receiver-config.ts';
import { readWorkerConfig } from '../../lambda/worker-config.ts';
import { exampleStages } from '../support/example-stages.ts';
import { aStack, synthesise } from './synthesise.ts';

const template = synthesise('production');
const testTemplate = synthesise('test');
/** Fixed from 0.2.0 on. An id may be added, with the resource that it is of; none may be changed or taken away. */
const fixedIds: unknown = JSON.parse(readFileSync('test/infra/fixed-ids.json', 'utf8'));
const propertiesOf = (type: string, id: string) =>
  Object.entries(template.findResources(type)).find(([logicalId]) => logicalId.startsWith(id))?.[1].Properties;

const resources = z.object({
  Resources: z.record(
    z.string(),
    z.object({ DeletionPolicy: z.string().optional(), Properties: z.record(z.string(), z.unknown()).default({}) }),
  ),
});

/** The properties by which a template gives a resource a name of its own. */
const NAMES = ['Name', 'AlarmName', 'DashboardName', 'FunctionName', 'LogGroupName', 'QueueName', 'RoleName', 'TableName', 'TopicName'];

/** Types of resources that hold data, or an address that somebody outside knows. */
const STATEFUL = [
  'AWS::ApiGateway::RestApi',
  'AWS::DynamoDB::Table',
  'AWS::KMS::Key',
  'AWS::Logs::LogGroup',
  'AWS::SNS::Topic',
  'AWS::SQS::Queue',
  'AWS::Scheduler::ScheduleGroup',
  'AWS::SecretsManager::Secret',
];

describe('a resource that holds data', () => {
  it('never changes its logical id after 0.2.0: a new id means a new, empty ledger', () => {
    const full = synthesise('production', {
      sources: { ...exampleStages.production.sources, bamboohr: { system: 'bamboohr', lookUp: { companyDomain: 'acme' } } },
      accessLogClass: 'infrequent-access',
    });
    const ids = [template, full].flatMap((one) => STATEFUL.flatMap((type) => Object.keys(one.findResources(type))));

    expect([...new Set(ids)].sort()).toEqual(fixedIds);
  });

  it.each([
    ['AWS::KMS::Key', 'RetainExceptOnCreate'],
    ['AWS::DynamoDB::Table', 'Retain'],
    ['AWS::SQS::Queue', 'RetainExceptOnCreate'],
    ['AWS::SecretsManager::Secret', 'RetainExceptOnCreate'],
    ['AWS::Scheduler::ScheduleGroup', 'RetainExceptOnCreate'],
    ['AWS::Logs::LogGroup', 'RetainExceptOnCreate'],
  ])('survives the stack in production and goes with it in test: %s', (type, DeletionPolicy) => {
    template.allResources(type, { DeletionPolicy, UpdateReplacePolicy: 'Retain' });
    testTemplate.allResources(type, { DeletionPolicy: 'Delete', UpdateReplacePolicy: 'Delete' });
  });

  it('goes with a first deployment that is rolled back, if the next one needs its name', () => {
    const { Resources } = resources.parse(template.toJSON());
    const named = Object.entries(Resources).filter(([, { Properties }]) => NAMES.some((name) => Properties[name] !== undefined));
    const stay = named.filter(([, { DeletionPolicy }]) => DeletionPolicy === 'Retain').map(([id]) => id);

    expect(named.length).toBeGreaterThan(10);
    expect(stay).toEqual([]);
  });

  it('is not deleted with a production stack by mistake', () => {
    expect(aStack('production').terminationProtection).toBe(true);
    expect(aStack('test').terminationProtection).toBe(false);
  });

  it('is in a stack named after the stage, in the account and region of the stage, or in those of the deployment', () => {
    const named = aStack('test', { account: '123456789012', region: 'eu-west-1' });

    expect(named).toMatchObject({ stackName: 'workfront-offboarding-test', account: '123456789012', region: 'eu-west-1' });
    expect(aStack('production').environment).toBe('aws://unknown-account/unknown-region');
  });

  it.each([
    ['AWS::SQS::Queue', { KmsMasterKeyId: { 'Fn::GetAtt': ['Key961B73FD', 'Arn'] } }],
    ['AWS::SecretsManager::Secret', { KmsKeyId: { 'Fn::GetAtt': ['Key961B73FD', 'Arn'] } }],
    ['AWS::DynamoDB::Table', { SSESpecification: { SSEEnabled: true, KMSMasterKeyId: { 'Fn::GetAtt': ['Key961B73FD', 'Arn'] } } }],
    ['AWS::KMS::Key', { EnableKeyRotation: true }],
  ])('is encrypted with the key of the stage, which rotates: %s', (type, properties) => {
    template.allResourcesProperties(type, properties);
  });
});

describe('the queues', () => {
  it('keep messages for 14 days, the longest there is', () => {
    template.allResourcesProperties('AWS::SQS::Queue', { MessageRetentionPeriod: 14 * 24 * 60 * 60 });
  });

  it('refuse what does not come by TLS', () => {
    template.resourceCountIs('AWS::SQS::QueuePolicy', 3);
    template.allResourcesProperties('AWS::SQS::QueuePolicy', {
      PolicyDocument: {
        Statement: Match.arrayWith([
          Match.objectLike({ Effect: 'Deny', Action: 'sqs:*', Condition: { Bool: { 'aws:SecureTransport': 'false' } } }),
        ]),
      },
    });
  });

  it('hide a message for at least six times the time that the worker has', () => {
    const { VisibilityTimeout } = propertiesOf('AWS::SQS::Queue', 'LeaverQueueC4');
    const { Timeout } = propertiesOf('AWS::Lambda::Function', 'WorkerFunction');

    expect(VisibilityTimeout).toBeGreaterThanOrEqual(6 * Timeout);
  });

  it('let an event wait a thousand receives before it goes to the dead-letter queue', () => {
    expect(propertiesOf('AWS::SQS::Queue', 'LeaverQueueC4').RedrivePolicy).toEqual({
      deadLetterTargetArn: { 'Fn::GetAtt': ['LeaverQueueDeadLetter039DC8A0', 'Arn'] },
      maxReceiveCount: 1000,
    });
  });

  it('have no further queue behind dead letters and quarantine', () => {
    expect(propertiesOf('AWS::SQS::Queue', 'LeaverQueueDeadLetter').RedrivePolicy).toBeUndefined();
    expect(propertiesOf('AWS::SQS::Queue', 'LeaverQueueQuarantine').RedrivePolicy).toBeUndefined();
  });
});

describe('the ledger', () => {
  it('can be restored to any point in time', () => {
    template.hasResourceProperties('AWS::DynamoDB::Table', { PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true } });
  });

  it('is protected from deletion in production', () => {
    template.hasResourceProperties('AWS::DynamoDB::Table', { DeletionProtectionEnabled: true });
    testTemplate.hasResourceProperties('AWS::DynamoDB::Table', { DeletionProtectionEnabled: false });
  });

  it('has the keys, indexes and expiry that the code uses', () => {
    const key = (hash: string, range: string) => [
      { AttributeName: hash, KeyType: 'HASH' },
      { AttributeName: range, KeyType: 'RANGE' },
    ];

    template.hasResourceProperties('AWS::DynamoDB::Table', {
      BillingMode: 'PAY_PER_REQUEST',
      KeySchema: key('pk', 'sk'),
      GlobalSecondaryIndexes: [
        { IndexName: 'by-month', KeySchema: key('month', 'receivedSort'), Projection: { ProjectionType: 'KEYS_ONLY' } },
        { IndexName: 'by-status', KeySchema: key('status', 'updatedSort'), Projection: { ProjectionType: 'KEYS_ONLY' } },
      ],
      TimeToLiveSpecification: { AttributeName: 'expiresAt', Enabled: true },
    });
  });
});

describe('a secret', () => {
  it('is created without a value, so that an unset one cannot be mistaken for a real one', () => {
    template.resourceCountIs('AWS::SecretsManager::Secret', 3);
    template.allResourcesProperties('AWS::SecretsManager::Secret', { SecretString: Match.absent(), GenerateSecretString: Match.absent() });
  });
});

describe('the functions', () => {
  it('run on Node.js 24 on ARM', () => {
    template.resourceCountIs('AWS::Lambda::Function', 2);
    template.allResourcesProperties('AWS::Lambda::Function', { Runtime: 'nodejs24.x', Architectures: ['arm64'] });
  });

  it('have the memory, and with it the share of a CPU, that each needs', () => {
    const sizes = ['ReceiverFunction', 'WorkerFunction'].map((id) => propertiesOf('AWS::Lambda::Function', id).MemorySize);

    expect(sizes).toEqual([256, 256]);
  });

  it('log JSON into a group of their own', () => {
    const groups = ['ReceiverFunction', 'WorkerFunction'].map((id) => propertiesOf('AWS::Lambda::Function', id).LoggingConfig);

    expect(groups).toEqual([
      { LogFormat: 'JSON', LogGroup: { Ref: expect.stringMatching(/^ReceiverLogs/) } },
      { LogFormat: 'JSON', LogGroup: { Ref: expect.stringMatching(/^WorkerLogs/) } },
    ]);
  });

  it('have logs that end: on each log group the retention of the stage', () => {
    template.resourceCountIs('AWS::Logs::LogGroup', 3);
    template.allResourcesProperties('AWS::Logs::LogGroup', { RetentionInDays: 400 });
    synthesise('test', { logRetentionDays: 30 }).allResourcesProperties('AWS::Logs::LogGroup', { RetentionInDays: 30 });
  });

  it('give the receiver the configuration that it reads', () => {
    const config = readReceiverConfig(environmentOf('ReceiverFunction'));

    expect(config.STAGE).toBe('production');
    expect(config.SOURCES['standard-webhooks']).toEqual({
      scheme: { kind: 'standard-webhooks' },
      secretId: 'workfront-offboarding-production/source/standard-webhooks',
    });
  });

  it('give the worker the configuration that it reads', () => {
    const config = readWorkerConfig(environmentOf('WorkerFunction'));

    expect(config).toMatchObject({
      STAGE: 'production',
      WORKFRONT_BASE_URL: 'https://acme.my.workfront.com',
      WORKFRONT_API_VERSION: 'v21.0',
      WORKFRONT_SECRET_ID: 'workfront-offboarding-production/workfront',
      CALLS_IN_FLIGHT: 1,
      WORKFRONT_KEY_LIFETIME_DAYS: 30,
      OUTCOME_BUS: 'default',
      POLICY: { dryRun: false, brake: { perHour: 20, shareOfActivePerDay: 0.05, floorPerDay: 5 }, holdAdministrators: true },
    });
  });

  it('have room for everything that a stage may say: hundreds of protected people and dozens of sources', () => {
    const people = Array.from({ length: 500 }, (_, index) => `person-${index}@acme.test`);
    const sources = Object.fromEntries(
      Array.from({ length: 40 }, (_, index) => [`hr-${index}`, { system: 'bamboohr' as const, lookUp: { companyDomain: 'acme' } }]),
    );
    const changed = synthesise('production', { sources, policy: { protected: people, sources: { 'hr-1': { approval: true } } } });
    const functions = Object.values(changed.findResources('AWS::Lambda::Function'));
    const read = (timeout: number) => {
      const found = functions.find(({ Properties: { Timeout } }) => Timeout === timeout);
      const folder = mkdtempSync(join(tmpdir(), 'settings-'));
      writeFileSync(join(folder, 'settings.json'), JSON.stringify(found?.Metadata['workfront-offboarding:settings']));
      return { ...asText(found?.Properties.Environment.Variables), LAMBDA_TASK_ROOT: folder };
    };

    expect(Object.keys(readReceiverConfig(read(10)).SOURCES)).toHaveLength(40);
    const { POLICY: rules, LOOK_UPS: lookUps } = readWorkerConfig(read(30));
    expect(rules).toMatchObject({ protected: people, sources: { 'hr-1': { approval: true } } });
    expect(Object.keys(lookUps)).toHaveLength(40);
    for (const { Properties } of functions) expect(JSON.stringify(Properties.Environment).length).toBeLessThan(3000);
  });
});

describe('the worker', () => {
  it('reports which messages of a batch failed, so that one never harms its neighbours', () => {
    template.hasResourceProperties('AWS::Lambda::EventSourceMapping', {
      FunctionName: { Ref: Match.stringLikeRegexp('^WorkerFunction') },
      EventSourceArn: { 'Fn::GetAtt': ['LeaverQueueC4C010E6', 'Arn'] },
      FunctionResponseTypes: ['ReportBatchItemFailures'],
      BatchSize: 10,
    });
  });

  it.each([2, 3, 10, 100])('keeps up to %i Workfront calls in flight if that is the limit', (callsInFlight) => {
    const limited = synthesise('test', { workfront: { baseUrl: 'https://acme.my.workfront.com', callsInFlight } });
    const [mapping] = Object.values(limited.findResources('AWS::Lambda::EventSourceMapping'));
    const [worker] = Object.values(limited.findResources('AWS::Lambda::Function', { Properties: { Timeout: 30 } }));

    const perWorker = Number(worker?.Properties.Environment.Variables.CALLS_IN_FLIGHT);

    expect(mapping?.Properties.ScalingConfig.MaximumConcurrency * perWorker).toBe(callsInFlight);
  });

  it('may send to its own queue without being stopped as a loop', () => {
    expect(propertiesOf('AWS::Lambda::Function', 'WorkerFunction').RecursiveLoop).toBe('Allow');
    expect(propertiesOf('AWS::Lambda::Function', 'ReceiverFunction').RecursiveLoop).toBeUndefined();
  });
});

describe('the outputs', () => {
  it('are those by which the ops CLI finds a deployment', () => {
    const contract = [
      'WebhooksUrl',
      'LedgerTable',
      'LeaverQueueUrl',
      'DeadLetterQueueUrl',
      'QuarantineQueueUrl',
      'ScheduleGroup',
      'WorkfrontSecret',
      'SourceSecrets',
      'ReceiverFunction',
      'WorkerFunction',
      'AlarmTopicArn',
      'DashboardName',
    ];

    expect(Object.keys(template.findOutputs('*'))).toEqual(expect.arrayContaining(contract));
    template.hasOutput('SourceSecrets', {
      Value: JSON.stringify({
        'standard-webhooks': 'workfront-offboarding-production/source/standard-webhooks',
        hmac: 'workfront-offboarding-production/source/hmac',
      }),
    });
  });
});

/** The function's environment and settings, with every reference replaced by text, as CloudFormation does. */
function environmentOf(id: string): Record<string, string> {
  const [, found] = Object.entries(template.findResources('AWS::Lambda::Function')).find(([name]) => name.startsWith(id)) ?? [];
  const { SETTINGS_FILE: _, ...variables } = found?.Properties.Environment.Variables ?? {};
  return asText({ ...variables, ...found?.Metadata['workfront-offboarding:settings'] });
}

const asText = (values: object): Record<string, string> =>
  Object.fromEntries(Object.entries(values).map(([name, value]) => [name, typeof value === 'string' ? value : JSON.stringify(value)]));
