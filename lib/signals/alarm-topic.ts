import { Stack } from 'aws-cdk-lib';
import { type IPrincipal, PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { EmailSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import { Construct } from 'constructs';

export interface AlarmTopicProps {
  encryptionKey: IKey;
  /** Receives the alarms by e-mail, after confirming to AWS. */
  email?: string | undefined;
}

/** The topic for the stage's alarms: encrypted with its key, TLS only, and open only to alarms of its account. */
export class AlarmTopic extends Construct {
  readonly topic: Topic;

  constructor(scope: Construct, id: string, { encryptionKey, email }: AlarmTopicProps) {
    super(scope, id);
    const { stackName, account } = Stack.of(this);

    this.topic = new Topic(this, 'Topic', {
      displayName: stackName,
      masterKey: encryptionKey,
      // removes the default policy, which lets the account's alarms publish: the statement below allows it again
      enforceSSL: true,
    });
    const alarms = new ServicePrincipal('cloudwatch.amazonaws.com');
    const allow = (actions: string[], resources: string[], principal: IPrincipal) =>
      new PolicyStatement({ actions, resources, principals: [principal], conditions: { StringEquals: { 'aws:SourceAccount': account } } });

    this.topic.addToResourcePolicy(allow(['sns:Publish'], [this.topic.topicArn], alarms));
    // "Notifying users on alarm changes", CloudWatch: a topic encrypted with a customer's key needs both actions
    encryptionKey.addToResourcePolicy(allow(['kms:Decrypt', 'kms:GenerateDataKey*'], ['*'], alarms));
    if (email !== undefined) this.topic.addSubscription(new EmailSubscription(email));
  }
}
