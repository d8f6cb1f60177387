import type { Duration, RemovalPolicy } from 'aws-cdk-lib';
import { EventBus } from 'aws-cdk-lib/aws-events';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { EventSourceMapping, RecursiveLoop } from 'aws-cdk-lib/aws-lambda';
import type { RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';
import { lookUpsOf } from '../lambda/sources/look-ups/registry.ts';
import type { LeaverQueue } from './leaver-queue.ts';
import type { LedgerTable } from './ledger-table.ts';
import { NodeFunction } from './node-function.ts';
import type { ScheduleGroup } from './schedule-group.ts';
import type { Secrets } from './secrets.ts';
import type { Stage } from './stage.ts';

export interface WorkerFunctionProps {
  stageName: string;
  workfront: Stage['workfront'];
  policy: Stage['policy'];
  sources: Stage['sources'];
  outcomeBus: Stage['outcomeBus'];
  adminConsole: Stage['adminConsole'];
  leaverQueue: LeaverQueue;
  ledger: LedgerTable;
  schedules: ScheduleGroup;
  secrets: Secrets;
  /** Reserves as much of the account's concurrency as the worker processes batches at once. */
  reserveConcurrency: boolean;
  timeout: Duration;
  logRetention: RetentionDays;
  removalPolicy: RemovalPolicy;
}

/** The worker: takes messages from the leaver queue, writes the ledger, sets schedules, and reads the secrets of Workfront, of look-ups and of the Admin Console. */
export class WorkerFunction extends NodeFunction {
  constructor(
    scope: Construct,
    id: string,
    {
      stageName,
      workfront,
      policy,
      sources,
      outcomeBus,
      adminConsole,
      leaverQueue,
      ledger,
      schedules,
      secrets,
      reserveConcurrency,
      ...rest
    }: WorkerFunctionProps,
  ) {
    const { queue, deadLetterQueue } = leaverQueue;
    super(scope, id, {
      ...rest,
      name: 'worker',
      description: 'Deactivates the Workfront users of leavers',
      // measured by test/bench/warm: the process takes 161 MB after 20,000 events; most of an event is waiting, which costs by memory
      memorySize: 256,
      reservedConcurrentExecutions: reserveConcurrency ? workfront.callsInFlight : undefined,
      // lets a waiting event return to its own queue: the default stops such a chain after about 16 rounds
      recursiveLoop: RecursiveLoop.ALLOW,
      environment: {
        STAGE: stageName,
        LEDGER_TABLE: ledger.table.tableName,
        ...(ledger.table !== ledger.own && { LEDGER_RESTORED_FROM: ledger.own.tableName }),
        LEAVER_QUEUE_URL: queue.queueUrl,
        LEAVER_QUEUE_ARN: queue.queueArn,
        DEAD_LETTER_QUEUE_URL: deadLetterQueue.queueUrl,
        SCHEDULE_GROUP: schedules.group.scheduleGroupName,
        SCHEDULE_ROLE_ARN: schedules.role.roleArn,
        SCHEDULE_DEAD_LETTER_ARN: deadLetterQueue.queueArn,
        WORKFRONT_SECRET_ID: secrets.workfrontSecretName,
        WORKFRONT_BASE_URL: workfront.baseUrl,
        WORKFRONT_API_VERSION: workfront.apiVersion,
        // allows one call in each worker, since there are as many workers as calls may be in flight: docs/decisions/0010-one-workfront-call-for-each-worker.md
        CALLS_IN_FLIGHT: '1',
        LOOK_UP_SECRETS: secrets.lookUpSecretName(''),
        ...(workfront.keyLifetimeDays !== 'never' && { WORKFRONT_KEY_LIFETIME_DAYS: String(workfront.keyLifetimeDays) }),
        ...(outcomeBus !== undefined && { OUTCOME_BUS: outcomeBus }),
        ...(adminConsole !== undefined && { ADMIN_CONSOLE_SECRET_ID: secrets.adminConsoleSecretName }),
      },
      settings: { POLICY: policy, LOOK_UPS: lookUpsOf(sources), ...(adminConsole !== undefined && { ADMIN_CONSOLE: adminConsole }) },
    });

    queue.grantConsumeMessages(this);
    leaverQueue.grantSend(this, queue, deadLetterQueue);
    ledger.grantReadAndRecord(this);
    schedules.grantManage(this);
    secrets.grantReadWorkfront(this);
    secrets.grantReadLookUps(this);
    secrets.grantReadAdminConsole(this);
    if (outcomeBus !== undefined) grantAnnounce(this, outcomeBus);

    new EventSourceMapping(this, 'LeaverMessages', {
      target: this.function,
      eventSourceArn: queue.queueArn,
      batchSize: 10,
      maxConcurrency: workfront.callsInFlight,
      reportBatchItemFailures: true,
    });
  }
}

/** Allows putting our own event on one bus: no other bus, source or kind of event. */
function grantAnnounce(worker: NodeFunction, outcomeBus: string): void {
  const bus = outcomeBus.startsWith('arn:')
    ? EventBus.fromEventBusArn(worker, 'OutcomeBus', outcomeBus)
    : EventBus.fromEventBusName(worker, 'OutcomeBus', outcomeBus);
  worker.grantPrincipal.addToPrincipalPolicy(
    new PolicyStatement({
      actions: ['events:PutEvents'],
      resources: [bus.eventBusArn],
      conditions: { StringEquals: { 'events:source': 'workfront-offboarding', 'events:detail-type': 'Leaver outcome' } },
    }),
  );
}
