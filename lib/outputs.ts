import { CfnOutput } from 'aws-cdk-lib';
import type { Construct } from 'constructs';

/** The stack outputs by which the ops CLI finds a deployment. The keys are a contract: never rename them. */
export interface Outputs {
  /** The name of the stage: the commands find a stack of another name by it. */
  Stage: string;
  /** The base URL of webhooks: a source delivers to `<url>/<source>`. */
  WebhooksUrl: string;
  LedgerTable: string;
  /** The stage's own table, if the ledger is one that was restored from it. */
  LedgerRestoredFrom?: string;
  LeaverQueueUrl: string;
  DeadLetterQueueUrl: string;
  QuarantineQueueUrl: string;
  ScheduleGroup: string;
  /** The name of the Workfront secret. */
  WorkfrontSecret: string;
  /** The secret names by source, as JSON. */
  SourceSecrets: string;
  ReceiverFunction: string;
  WorkerFunction: string;
  /** The topic that sends alarms to people. */
  AlarmTopicArn: string;
  DashboardName: string;
}

export function publish(scope: Construct, outputs: Outputs): void {
  for (const [key, value] of Object.entries(outputs)) new CfnOutput(scope, key, { value }).overrideLogicalId(key);
}
