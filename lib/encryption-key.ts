import { Duration, type RemovalPolicy } from 'aws-cdk-lib';
import { Key } from 'aws-cdk-lib/aws-kms';
import type { Construct } from 'constructs';

/** The one key of a stage: events, ledger and secrets are unreadable without it. IAM policies decide who may use it. */
export class EncryptionKey extends Key {
  constructor(scope: Construct, id: string, { removalPolicy }: { removalPolicy: RemovalPolicy }) {
    super(scope, id, {
      description: 'Encrypts the queues, ledger and secrets of the Workfront offboarding',
      enableKeyRotation: true,
      pendingWindow: Duration.days(30),
      removalPolicy,
    });
  }
}
