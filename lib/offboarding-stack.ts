import { type App, Duration, RemovalPolicy, Stack, Tags, Token } from 'aws-cdk-lib';
import type { ITable, Table } from 'aws-cdk-lib/aws-dynamodb';
import { ManagedPolicy, PermissionsBoundary } from 'aws-cdk-lib/aws-iam';
import { type IKey, Key } from 'aws-cdk-lib/aws-kms';
import { type ITopic, Topic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import { lookUpsOf } from '../lambda/sources/look-ups/registry.ts';
import { EncryptionKey } from './encryption-key.ts';
import { LeaverQueue } from './leaver-queue.ts';
import { LedgerTable } from './ledger-table.ts';
import { DailyCanary, LateLook, NightlySweep } from './looks.ts';
import { Objective } from './objective.ts';
import { publish } from './outputs.ts';
import { ReceiverFunction } from './receiver-function.ts';
import { ScheduleGroup } from './schedule-group.ts';
import { Secrets } from './secrets.ts';
import { AlarmTopic } from './signals/alarm-topic.ts';
import { Alarms } from './signals/alarms.ts';
import { StageDashboard } from './signals/dashboard.ts';
import { stageMetrics } from './signals/stage-metrics.ts';
import { checkedStage, type Stage, type StageInput } from './stage.ts';
import { WebhookApi } from './webhook-api.ts';
import { WorkerFunction } from './worker-function.ts';
import { WorkerNetwork } from './worker-network.ts';

export interface OffboardingStackProps {
  stageName: string;
  stage: Stage;
}

/** One deployment, as the stack `workfront-offboarding-<stage>`, behind the prefix of the stage. */
export class OffboardingStack extends Stack {
  constructor(app: App, { stageName, stage }: OffboardingStackProps) {
    super(app, `${stage.namePrefix ?? ''}workfront-offboarding-${stageName}`, {
      description: `Deactivates the Workfront users of leavers (${stageName})`,
      env: { ...(stage.account && { account: stage.account }), ...(stage.region && { region: stage.region }) },
      terminationProtection: !stage.dropResourcesOnDelete,
      tags: { application: 'workfront-offboarding', stage: stageName },
    });
    // `Default` is no part of logical ids: they are as if everything were in the stack itself
    new WorkfrontOffboarding(this, 'Default', { stageName, stage });
  }
}

/** The account and region of a stack, if they are known at synthesis. */
const whereOf = ({ account, region }: Stack): { account?: string; region?: string } =>
  Token.isUnresolved(account) || Token.isUnresolved(region) ? {} : { account, region };

export interface WorkfrontOffboardingProps {
  /** Names secrets, alarms, dashboard and metrics: `production`. */
  stageName: string;
  /** Everything else: docs/settings.md. `account` and `region` are those of the stack. */
  stage: StageInput;
}

/**
 * The whole product: receiver, queues, worker, ledger, secrets, alarms. One of them in a stack, because the commands find it by the
 * stack's outputs. Never change a construct id: a new id means a new, empty ledger.
 *
 * @throws InvalidInput one line that names the wrong setting
 */
export class WorkfrontOffboarding extends Construct {
  /** The base URL of webhooks: a source delivers to `<url>/<source>`. */
  readonly webhooksUrl: string;
  readonly ledger: Table | ITable;
  readonly alarmTopic: ITopic;

  constructor(scope: Construct, id: string, { stageName, stage: written }: WorkfrontOffboardingProps) {
    super(scope, id);
    const stage = checkedStage(stageName, { ...written, ...whereOf(Stack.of(this)) });
    const { workfront, policy, sources, throttle, access, reserveConcurrency, logRetentionDays: logRetention, outcomeBus } = stage;
    // a first deployment that is rolled back leaves nothing behind whose name the next one needs
    const removalPolicy = stage.dropResourcesOnDelete ? RemovalPolicy.DESTROY : RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE;
    const workerTimeout = Duration.seconds(30);
    if (stage.permissionsBoundary !== undefined) {
      PermissionsBoundary.of(this).apply(ManagedPolicy.fromManagedPolicyArn(this, 'Boundary', stage.permissionsBoundary));
    }

    for (const [key, value] of Object.entries(stage.tags)) Tags.of(this).add(key, value);

    const { encryptionKeyArn, alarmTopicArn } = stage;
    const encryptionKey: IKey =
      encryptionKeyArn === undefined ? new EncryptionKey(this, 'Key', { removalPolicy }) : Key.fromKeyArn(this, 'Key', encryptionKeyArn);
    const kept = { encryptionKey, removalPolicy };
    const secrets = new Secrets(this, 'Secrets', {
      ...kept,
      sourceNames: Object.keys(sources),
      lookUpNames: Object.keys(lookUpsOf(sources)),
      hasAdminConsole: stage.adminConsole !== undefined,
    });
    const leaverQueue = new LeaverQueue(this, 'LeaverQueue', { ...kept, workerTimeout });
    const ledger = new LedgerTable(this, 'Ledger', {
      encryptionKey,
      isKept: !stage.dropResourcesOnDelete,
      restored: stage.restoredLedger,
    });
    const schedules = new ScheduleGroup(this, 'Schedules', { leaverQueue, removalPolicy });
    new DailyCanary(this, 'Canary', { schedules, leaverQueue });
    new LateLook(this, 'LateLook', { schedules, leaverQueue });
    if (policy.watch.sweepDays > 0) new NightlySweep(this, 'NightlySweep', { schedules, leaverQueue });

    const logged = { logRetention, removalPolicy };
    const receiver = new ReceiverFunction(this, 'Receiver', {
      ...logged,
      stageName,
      sources,
      leaverQueue,
      secrets,
      reservedConcurrency: reserveConcurrency ? throttle.burst : undefined,
    });
    const worker = new WorkerFunction(this, 'Worker', {
      ...logged,
      stageName,
      workfront,
      policy,
      sources,
      outcomeBus,
      adminConsole: stage.adminConsole,
      leaverQueue,
      ledger,
      schedules,
      secrets,
      reserveConcurrency,
      timeout: workerTimeout,
    });
    if (stage.network !== undefined) new WorkerNetwork(this, 'WorkerNetwork', { ...stage.network, worker });
    const { api, webhooksUrl } = new WebhookApi(this, 'WebhookApi', {
      ...logged,
      receiver: receiver.function,
      throttle,
      access,
      accessLogClass: stage.accessLogClass,
    });

    const watched = {
      stageName,
      metrics: stageMetrics(stageName),
      sources,
      announces: outcomeBus !== undefined,
      sweeps: policy.watch.sweepDays > 0,
      removesInConsole: stage.adminConsole !== undefined,
      receiver: receiver.function,
      worker: worker.function,
      api,
      leaverQueue,
    };
    const topic =
      alarmTopicArn === undefined
        ? new AlarmTopic(this, 'AlarmTopic', { encryptionKey, email: stage.alarmEmail }).topic
        : Topic.fromTopicArn(this, 'AlarmTopic', alarmTopicArn);
    const { alarms } = new Alarms(this, 'Alarms', { ...watched, topic });
    const { dashboardName } = new StageDashboard(this, 'Dashboard', { ...watched, alarms });
    if (stage.objective !== undefined) {
      new Objective(this, 'Objective', { ...stage.objective, delays: (which) => watched.metrics.worker('FromEffective', which) });
    }

    publish(this, {
      Stage: stageName,
      WebhooksUrl: webhooksUrl,
      LedgerTable: ledger.table.tableName,
      ...(stage.restoredLedger !== undefined && { LedgerRestoredFrom: ledger.own.tableName }),
      LeaverQueueUrl: leaverQueue.queue.queueUrl,
      DeadLetterQueueUrl: leaverQueue.deadLetterQueue.queueUrl,
      QuarantineQueueUrl: leaverQueue.quarantineQueue.queueUrl,
      ScheduleGroup: schedules.group.scheduleGroupName,
      WorkfrontSecret: secrets.workfrontSecretName,
      SourceSecrets: JSON.stringify(secrets.sourceSecretNames),
      ReceiverFunction: receiver.function.functionName,
      WorkerFunction: worker.function.functionName,
      AlarmTopicArn: topic.topicArn,
      DashboardName: dashboardName,
    });
    this.webhooksUrl = webhooksUrl;
    this.ledger = ledger.table;
    this.alarmTopic = topic;
  }
}
