import { Stack } from 'aws-cdk-lib';
import { type IPrincipal, PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { EmailSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import { Construct } from 'constructs';

export interface AlarmTopicProps {
  encryptionKey: IKey;
  /** Who is told by e-mail; AWS asks them to confirm. */
  email?: string | undefined;
}

/** Where the stage's alarms go: encrypted with its key, by TLS only, and open to its account's alarms alone. */
export class AlarmTopic extends Construct {
  readonly topic: Topic;

  constructor(scope: Construct, id: string, { encryptionKey, email }: AlarmTopicProps) {
    super(scope, id);
    const { stackName, account } = Stack.of(this);

    this.topic = new Topic(this, 'Topic', {
      displayName: stackName,
      masterKey: encryptionKey,
      // by its own statement below as well: with it the default policy, which lets the account's alarms in, is gone
      enforceSSL: true,
    });
    const alarms = new ServicePrincipal('cloudwatch.amazonaws.com');
    const allow = (actions: string[], resources: string[], principal: IPrincipal) =>
      new PolicyStatement({ actions, resources, principals: [principal], conditions: { StringEquals: { 'aws:SourceAccount': account } } });

    this.topic.addToResourcePolicy(allow(['sns:Publish'], [this.topic.topicArn], alarms));
    // "Notifying users on alarm changes", CloudWatch: an encrypted topic needs both, on a key of one's own
    encryptionKey.addToResourcePolicy(allow(['kms:Decrypt', 'kms:GenerateDataKey*'], ['*'], alarms));
    if (email !== undefined) this.topic.addSubscription(new EmailSubscription(email));
  }
}
