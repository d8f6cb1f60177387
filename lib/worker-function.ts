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
  leaverQueue: LeaverQueue;
  ledger: LedgerTable;
  schedules: ScheduleGroup;
  secrets: Secrets;
  /** Whether it has a share of the account's concurrency for itself: as many runs as it takes messages at once. */
  reserveConcurrency: boolean;
  timeout: Duration;
  logRetention: RetentionDays;
  removalPolicy: RemovalPolicy;
}

/** The worker: takes messages from the leaver queue, records in the ledger, sets schedules, and reads Workfront's secret and those of look-ups. */
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
      entry: 'worker.ts',
      description: 'Deactivates the Workfront users of leavers, exactly those and on time',
      // for its share of a CPU: a quarter of what one event needs is computing
      memorySize: 512,
      reservedConcurrentExecutions: reserveConcurrency ? workfront.callsInFlight : undefined,
      // a waiting event is sent to its own queue again; the default stops such a chain after about 16 rounds
      recursiveLoop: RecursiveLoop.ALLOW,
      environment: {
        STAGE: stageName,
        POLICY: JSON.stringify(policy),
        LEDGER_TABLE: ledger.table.tableName,
        LEAVER_QUEUE_URL: queue.queueUrl,
        LEAVER_QUEUE_ARN: queue.queueArn,
        DEAD_LETTER_QUEUE_URL: deadLetterQueue.queueUrl,
        SCHEDULE_GROUP: schedules.group.scheduleGroupName,
        SCHEDULE_ROLE_ARN: schedules.role.roleArn,
        SCHEDULE_DEAD_LETTER_ARN: deadLetterQueue.queueArn,
        WORKFRONT_SECRET_ID: secrets.workfrontSecretName,
        WORKFRONT_BASE_URL: workfront.baseUrl,
        WORKFRONT_API_VERSION: workfront.apiVersion,
        // as many workers as calls may be in flight, with one each: docs/decisions/one-workfront-call-for-each-worker.md
        CALLS_IN_FLIGHT: '1',
        LOOK_UPS: JSON.stringify(lookUpsOf(sources)),
        LOOK_UP_SECRETS: secrets.lookUpSecretName(''),
        ...(workfront.keyLifetimeDays !== 'never' && { WORKFRONT_KEY_LIFETIME_DAYS: String(workfront.keyLifetimeDays) }),
        ...(outcomeBus !== undefined && { OUTCOME_BUS: outcomeBus }),
      },
    });

    queue.grantConsumeMessages(this);
    leaverQueue.grantSend(this, queue, deadLetterQueue);
    ledger.grantReadAndRecord(this);
    schedules.grantManage(this);
    secrets.grantReadWorkfront(this);
    secrets.grantReadLookUps(this);
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

/** Putting our own event on one bus: no other bus, source or kind of event. */
function grantAnnounce(worker: NodeFunction, outcomeBus: string): void {
  const bus = EventBus.fromEventBusName(worker, 'OutcomeBus', outcomeBus);
  worker.grantPrincipal.addToPrincipalPolicy(
    new PolicyStatement({
      actions: ['events:PutEvents'],
      resources: [bus.eventBusArn],
      conditions: { StringEquals: { 'events:source': 'workfront-offboarding', 'events:detail-type': 'Leaver outcome' } },
    }),
  );
}
