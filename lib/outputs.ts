import { CfnOutput, type Stack } from 'aws-cdk-lib';

/** What the ops CLI finds a deployment by. The keys are a contract: they are never renamed. */
export interface Outputs {
  /** `<url>/<source>` is where a source delivers. */
  WebhooksUrl: string;
  LedgerTable: string;
  LeaverQueueUrl: string;
  DeadLetterQueueUrl: string;
  QuarantineQueueUrl: string;
  ScheduleGroup: string;
  /** Name of the secret. */
  WorkfrontSecret: string;
  /** JSON: secret names by source. */
  SourceSecrets: string;
  ReceiverFunction: string;
  WorkerFunction: string;
  /** The topic that tells people of alarms. */
  AlarmTopicArn: string;
  /** The dashboard. */
  DashboardName: string;
}

export function publish(stack: Stack, outputs: Outputs): void {
  for (const [key, value] of Object.entries(outputs)) new CfnOutput(stack, key, { value });
}
