import { type App, Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { ManagedPolicy, PermissionsBoundary } from 'aws-cdk-lib/aws-iam';
import { lookUpsOf } from '../lambda/sources/look-ups/registry.ts';
import { EncryptionKey } from './encryption-key.ts';
import { LeaverQueue } from './leaver-queue.ts';
import { LedgerTable } from './ledger-table.ts';
import { DailyCanary, LateLook } from './looks.ts';
import { publish } from './outputs.ts';
import { ReceiverFunction } from './receiver-function.ts';
import { ScheduleGroup } from './schedule-group.ts';
import { Secrets } from './secrets.ts';
import { AlarmTopic } from './signals/alarm-topic.ts';
import { Alarms } from './signals/alarms.ts';
import { StageDashboard } from './signals/dashboard.ts';
import { stageMetrics } from './signals/stage-metrics.ts';
import type { Stage } from './stage.ts';
import { WebhookApi } from './webhook-api.ts';
import { WorkerFunction } from './worker-function.ts';
import { WorkerNetwork } from './worker-network.ts';

export interface OffboardingStackProps {
  stageName: string;
  stage: Stage;
}

/** One deployment, as the stack `workfront-offboarding-<stage>`. Never change a construct id: a new id means a new, empty ledger. */
export class OffboardingStack extends Stack {
  constructor(app: App, { stageName, stage }: OffboardingStackProps) {
    super(app, `workfront-offboarding-${stageName}`, {
      description: `Deactivates the Workfront users of leavers (${stageName})`,
      env: { ...(stage.account && { account: stage.account }), ...(stage.region && { region: stage.region }) },
      terminationProtection: !stage.dropResourcesOnDelete,
      tags: { application: 'workfront-offboarding', stage: stageName },
    });
    const { workfront, policy, sources, throttle, access, reserveConcurrency, logRetentionDays: logRetention, outcomeBus } = stage;
    // a first deployment that is rolled back leaves nothing behind whose name the next one needs
    const removalPolicy = stage.dropResourcesOnDelete ? RemovalPolicy.DESTROY : RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE;
    const workerTimeout = Duration.seconds(30);
    if (stage.permissionsBoundary !== undefined) {
      PermissionsBoundary.of(this).apply(ManagedPolicy.fromManagedPolicyArn(this, 'Boundary', stage.permissionsBoundary));
    }

    const encryptionKey = new EncryptionKey(this, 'Key', { removalPolicy });
    const kept = { encryptionKey, removalPolicy };
    const secrets = new Secrets(this, 'Secrets', {
      ...kept,
      sourceNames: Object.keys(sources),
      lookUpNames: Object.keys(lookUpsOf(sources)),
    });
    const leaverQueue = new LeaverQueue(this, 'LeaverQueue', { ...kept, workerTimeout });
    const ledger = new LedgerTable(this, 'Ledger', { encryptionKey, isKept: !stage.dropResourcesOnDelete });
    const schedules = new ScheduleGroup(this, 'Schedules', { leaverQueue, removalPolicy });
    new DailyCanary(this, 'Canary', { schedules, leaverQueue });
    new LateLook(this, 'LateLook', { schedules, leaverQueue });

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
      leaverQueue,
      ledger,
      schedules,
      secrets,
      reserveConcurrency,
      timeout: workerTimeout,
    });
    if (stage.network !== undefined) new WorkerNetwork(this, 'WorkerNetwork', { ...stage.network, worker });
    const { api, webhooksUrl } = new WebhookApi(this, 'WebhookApi', { ...logged, receiver: receiver.function, throttle, access });

    const watched = {
      stageName,
      metrics: stageMetrics(stageName),
      sources,
      announces: outcomeBus !== undefined,
      receiver: receiver.function,
      worker: worker.function,
      api,
      leaverQueue,
    };
    const { topic } = new AlarmTopic(this, 'AlarmTopic', { encryptionKey, email: stage.alarmEmail });
    const { alarms } = new Alarms(this, 'Alarms', { ...watched, topic });
    const { dashboardName } = new StageDashboard(this, 'Dashboard', { ...watched, alarms });

    publish(this, {
      WebhooksUrl: webhooksUrl,
      LedgerTable: ledger.table.tableName,
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
  }
}
