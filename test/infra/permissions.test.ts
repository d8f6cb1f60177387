import { describe, expect, it } from '@jest/globals';
import { Match } from 'aws-cdk-lib/assertions';
import { grantsOf, statementsOf, synthesise } from './synthesise.ts';

const template = synthesise('production');

describe('the receiver', () => {
  it('writes its log, sends, reads the secrets of the sources, and may do nothing else', () => {
    const grants = grantsOf(template, 'ReceiverRole');

    expect(grants).toEqual([
      'kms:Decrypt Key',
      'kms:GenerateDataKey Key',
      'logs:CreateLogStream ReceiverLogs',
      'logs:PutLogEvents ReceiverLogs',
      'secretsmanager:DescribeSecret SecretsSourcehmac',
      'secretsmanager:DescribeSecret SecretsSourcestandardwebhooks',
      'secretsmanager:GetSecretValue SecretsSourcehmac',
      'secretsmanager:GetSecretValue SecretsSourcestandardwebhooks',
      'sqs:GetQueueAttributes LeaverQueueQuarantine',
      'sqs:SendMessage LeaverQueue',
      'sqs:SendMessage LeaverQueueQuarantine',
    ]);
  });

  it.each([
    ['reads no Workfront secret', /SecretsWorkfront/],
    ['has nothing to do with the ledger', /dynamodb|Ledger/],
    ['takes no message from a queue', /sqs:(Receive|Delete|Change|Purge)/],
    ['sets no schedule', /scheduler|iam/],
  ])('%s', (_, forbidden) => {
    expect(grantsOf(template, 'ReceiverRole').filter((grant) => forbidden.test(grant))).toEqual([]);
  });
});

describe('the worker', () => {
  const grants = grantsOf(template, 'WorkerRole');

  it('reads the Workfront secret and no secret of a source', () => {
    expect(grants.filter((grant) => grant.includes('Secrets'))).toEqual([
      'secretsmanager:DescribeSecret SecretsWorkfront',
      'secretsmanager:GetSecretValue SecretsWorkfront',
    ]);
  });

  it('takes from the leaver queue, sends to it and to the dead-letter queue, and has nothing to do with the quarantine', () => {
    expect(grants.filter((grant) => grant.startsWith('sqs:'))).toEqual([
      'sqs:ChangeMessageVisibility LeaverQueue',
      'sqs:DeleteMessage LeaverQueue',
      'sqs:GetQueueAttributes LeaverQueue',
      'sqs:GetQueueUrl LeaverQueue',
      'sqs:ReceiveMessage LeaverQueue',
      'sqs:SendMessage LeaverQueue',
      'sqs:SendMessage LeaverQueueDeadLetter',
    ]);
  });

  it('reads and writes items of the ledger by key, and lists those of one status or month: no scan, no deletion', () => {
    expect(grants.filter((grant) => grant.startsWith('dynamodb:'))).toEqual([
      'dynamodb:BatchGetItem LedgerTable',
      'dynamodb:GetItem LedgerTable',
      'dynamodb:PutItem LedgerTable',
      'dynamodb:Query LedgerTable/index/by-month',
      'dynamodb:Query LedgerTable/index/by-status',
    ]);
  });

  it('sets and removes schedules of its group only', () => {
    const schedules = statementsOf(template, 'WorkerRole').filter(({ Action }) => Action.some((action) => action.startsWith('scheduler:')));

    expect(schedules.flatMap(({ Action }) => Action).sort()).toEqual([
      'scheduler:CreateSchedule',
      'scheduler:DeleteSchedule',
      'scheduler:UpdateSchedule',
    ]);
    for (const resource of schedules.flatMap(({ Resource }) => Resource)) {
      expect(resource).toMatch(/:schedule\/workfrontoffboardingproduction-Schedules-Group-\w+\/\*"/);
    }
  });

  it('passes the schedule role to EventBridge Scheduler and to nothing else', () => {
    const passing = statementsOf(template, 'WorkerRole').filter(({ Action }) => Action.includes('iam:PassRole'));

    expect(passing).toEqual([
      {
        Effect: 'Allow',
        Action: ['iam:PassRole'],
        Resource: [expect.stringContaining('SchedulesRole')],
        Condition: { StringEquals: { 'iam:PassedToService': 'scheduler.amazonaws.com' } },
      },
    ]);
  });
});

describe('the look-up of a source', () => {
  const asked = { system: 'bamboohr', lookUp: { companyDomain: 'acme' } } as const;
  const withLookUp = synthesise('production', { sources: { bamboohr: asked, hibob: { system: 'hibob' } } });
  const secretsOf = (role: string) => grantsOf(withLookUp, role).filter((grant) => grant.startsWith('secretsmanager:GetSecretValue'));

  it('has a secret of its own, which the worker reads and the receiver does not', () => {
    expect(secretsOf('WorkerRole')).toEqual([
      'secretsmanager:GetSecretValue SecretsLookUpbamboohr',
      'secretsmanager:GetSecretValue SecretsWorkfront',
    ]);
    expect(secretsOf('ReceiverRole')).toEqual([
      'secretsmanager:GetSecretValue SecretsSourcebamboohr',
      'secretsmanager:GetSecretValue SecretsSourcehibob',
    ]);
    withLookUp.hasResourceProperties('AWS::SecretsManager::Secret', { Name: 'workfront-offboarding-production/look-up/bamboohr' });
  });
});

describe('the Admin Console', () => {
  const secretsOf = (role: string, changes: Parameters<typeof synthesise>[1]) =>
    grantsOf(synthesise('production', changes), role).filter((grant) => grant.includes('AdminConsole'));
  const adminConsole = { profiles: ['Workfront'] };

  it('has a secret of its own, which the worker reads and the receiver does not', () => {
    expect(secretsOf('WorkerRole', { adminConsole })).toEqual([
      'secretsmanager:DescribeSecret SecretsAdminConsole',
      'secretsmanager:GetSecretValue SecretsAdminConsole',
    ]);
    expect(secretsOf('ReceiverRole', { adminConsole })).toEqual([]);
  });

  it('has no secret and no right if the stage does not remove leavers there', () => {
    expect(secretsOf('WorkerRole', {})).toEqual([]);
    template.resourcePropertiesCountIs('AWS::SecretsManager::Secret', { Name: 'workfront-offboarding-production/admin-console' }, 0);
  });
});

describe('announcing outcomes', () => {
  const announcing = (outcomeBus: string | undefined) =>
    statementsOf(synthesise('production', { outcomeBus }), 'WorkerRole').filter(({ Action }) =>
      Action.some((action) => action.startsWith('events:')),
    );

  it.each(['default', 'hr-outcomes'])('is allowed on one bus, for our own event only: %s', (bus) => {
    expect(announcing(bus)).toEqual([
      {
        Effect: 'Allow',
        Action: ['events:PutEvents'],
        Resource: [expect.stringMatching(new RegExp(`:event-bus/${bus}"`))],
        Condition: { StringEquals: { 'events:source': 'workfront-offboarding', 'events:detail-type': 'Leaver outcome' } },
      },
    ]);
  });

  it('is not allowed if no bus is named', () => {
    expect(announcing(undefined)).toEqual([]);
  });
});

describe('the schedule role', () => {
  it('sends to the leaver queue and the dead-letter queue, and may do nothing else', () => {
    expect(grantsOf(template, 'SchedulesRole')).toEqual([
      'kms:Decrypt Key',
      'kms:GenerateDataKey Key',
      'sqs:SendMessage LeaverQueue',
      'sqs:SendMessage LeaverQueueDeadLetter',
    ]);
  });

  it('is the role that the worker gives to the schedules of leavers, which send to the leaver queue', () => {
    template.hasResourceProperties('AWS::Lambda::Function', {
      Environment: {
        Variables: {
          WORKFRONT_BASE_URL: Match.anyValue(),
          SCHEDULE_ROLE_ARN: { 'Fn::GetAtt': [Match.stringLikeRegexp('^SchedulesRole'), 'Arn'] },
          SCHEDULE_GROUP: Match.stringLikeRegexp('^workfrontoffboardingproduction-Schedules-Group-'),
          LEAVER_QUEUE_ARN: { 'Fn::GetAtt': ['LeaverQueueC4C010E6', 'Arn'] },
          SCHEDULE_DEAD_LETTER_ARN: { 'Fn::GetAtt': ['LeaverQueueDeadLetter039DC8A0', 'Arn'] },
        },
      },
    });
  });

  it('has the role for both looks too, and no other role sends for a schedule', () => {
    const schedules = Object.values(template.findResources('AWS::Scheduler::Schedule'));

    expect(schedules.map(({ Properties }) => Properties.Target.RoleArn)).toEqual(
      schedules.map(() => ({ 'Fn::GetAtt': [expect.stringMatching(/^SchedulesRole/), 'Arn'] })),
    );
  });

  it('is used by schedules of its group alone', () => {
    template.hasResourceProperties('AWS::IAM::Role', {
      AssumeRolePolicyDocument: {
        Statement: [
          {
            Principal: { Service: 'scheduler.amazonaws.com' },
            Condition: {
              StringEquals: {
                'aws:SourceAccount': { Ref: 'AWS::AccountId' },
                'aws:SourceArn': { 'Fn::GetAtt': ['SchedulesGroupD276B6F4', 'Arn'] },
              },
            },
          },
        ],
      },
    });
  });
});

describe('every role', () => {
  it.each(['ReceiverRole', 'WorkerRole', 'SchedulesRole'])('has no bare * among actions or resources: %s', (role) => {
    const statements = statementsOf(template, role);

    expect(statements.length).toBeGreaterThan(0);
    for (const { Action, Resource } of statements) {
      expect(Action.filter((action) => action.includes('*'))).toEqual([]);
      expect(Resource).not.toContain('"*"');
    }
  });

  it("has no policy that AWS manages, except for the log of API Gateway, which is the account's", () => {
    const managed = Object.entries(template.findResources('AWS::IAM::Role'))
      .filter(([, { Properties }]) => Properties.ManagedPolicyArns !== undefined)
      .map(([id]) => id);

    expect(managed).toEqual([expect.stringMatching(/^WebhookApiCloudWatchRole/)]);
  });
});
