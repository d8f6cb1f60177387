import { Duration, type RemovalPolicy } from 'aws-cdk-lib';
import type { RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';
import type { SourceConfigs } from '../lambda/sources/systems/registry.ts';
import type { LeaverQueue } from './leaver-queue.ts';
import { NodeFunction } from './node-function.ts';
import type { Secrets } from './secrets.ts';
import type { Stage } from './stage.ts';

export interface ReceiverFunctionProps {
  stageName: string;
  sources: Stage['sources'];
  leaverQueue: LeaverQueue;
  secrets: Secrets;
  /** Concurrent runs reserved for the receiver, also its upper limit; undefined: no reservation. */
  reservedConcurrency: number | undefined;
  logRetention: RetentionDays;
  removalPolicy: RemovalPolicy;
}

/** The receiver: may read the sources' secrets and send to the leaver queue and the quarantine, and nothing else. */
export class ReceiverFunction extends NodeFunction {
  constructor(
    scope: Construct,
    id: string,
    { stageName, sources, leaverQueue, secrets, reservedConcurrency, ...rest }: ReceiverFunctionProps,
  ) {
    const { queue, quarantineQueue } = leaverQueue;
    super(scope, id, {
      ...rest,
      name: 'receiver',
      description: 'Verifies the deliveries of HR systems and puts their events on the leaver queue',
      timeout: Duration.seconds(10),
      memorySize: 256,
      reservedConcurrentExecutions: reservedConcurrency,
      environment: {
        STAGE: stageName,
        LEAVER_QUEUE_URL: queue.queueUrl,
        QUARANTINE_QUEUE_URL: quarantineQueue.queueUrl,
      },
      settings: { SOURCES: withSecrets(sources, secrets) },
    });

    secrets.grantReadSources(this);
    leaverQueue.grantSend(this, queue, quarantineQueue);
    // the receiver counts the quarantine before it sends to it, because it is capped
    quarantineQueue.grant(this, 'sqs:GetQueueAttributes');
  }
}

function withSecrets(sources: Stage['sources'], secrets: Secrets): SourceConfigs {
  return Object.fromEntries(
    Object.entries(sources).map(([name, { system, scheme, settings }]) => [
      name,
      { system, scheme, settings, secretId: secrets.sourceSecretName(name) },
    ]),
  );
}
