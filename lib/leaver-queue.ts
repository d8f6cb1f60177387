import { Duration, type RemovalPolicy } from 'aws-cdk-lib';
import type { IGrantable } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { type DeadLetterQueue, type IQueue, Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { acknowledge } from './acknowledge.ts';

export interface LeaverQueueProps {
  encryptionKey: IKey;
  removalPolicy: RemovalPolicy;
  /** The time limit of the worker that reads the queue. */
  workerTimeout: Duration;
}

/**
 * The leaver queue, and the two queues whose messages wait for a person: the dead-letter queue for messages that could not even
 * be recorded, and the quarantine for deliveries that were not accepted.
 */
export class LeaverQueue extends Construct {
  readonly queue: IQueue;
  readonly deadLetterQueue: IQueue;
  readonly quarantineQueue: IQueue;
  readonly #encryptionKey: IKey;

  constructor(scope: Construct, id: string, { encryptionKey, removalPolicy, workerTimeout }: LeaverQueueProps) {
    super(scope, id);
    this.#encryptionKey = encryptionKey;

    const aQueue = (queueId: string, props: { visibilityTimeout?: Duration; deadLetterQueue?: DeadLetterQueue } = {}) =>
      new Queue(this, queueId, {
        encryption: QueueEncryption.KMS,
        encryptionMasterKey: encryptionKey,
        enforceSSL: true,
        retentionPeriod: Duration.days(14),
        removalPolicy,
        ...props,
      });

    this.quarantineQueue = aQueue('Quarantine');
    acknowledge(this.quarantineQueue, 'SQS3', 'only a person takes messages from it, so there are no failed messages to keep');
    this.deadLetterQueue = aQueue('DeadLetter');
    this.queue = aQueue('Queue', {
      // "at least six times the timeout of your function": AWS Lambda, "Configuring a queue to use with Lambda"
      visibilityTimeout: Duration.seconds(6 * workerTimeout.toSeconds()),
      // uses the highest count SQS accepts: a waiting event is received often, and the worker itself moves unreadable messages at once
      deadLetterQueue: { queue: this.deadLetterQueue, maxReceiveCount: 1000 },
    });
  }

  /** Allows sending to these queues, and nothing else. */
  grantSend(grantee: IGrantable, ...queues: IQueue[]): void {
    for (const queue of queues) queue.grant(grantee, 'sqs:SendMessage');
    // needs both actions: "Enable compatibility between AWS services and encrypted queues", Amazon SQS
    this.#encryptionKey.grant(grantee, 'kms:GenerateDataKey', 'kms:Decrypt');
  }
}
