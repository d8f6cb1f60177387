import { DescribeTableCommand, type DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { GetKeyPolicyCommand, type KMSClient } from '@aws-sdk/client-kms';
import { GetTopicAttributesCommand, type SNSClient } from '@aws-sdk/client-sns';
import type { Deployment } from '../deployment/deployment.ts';
import { amber, type Check, checked, green, type Health, red, unknown } from './check.ts';
import { allows } from './resource-policy.ts';

interface Clients {
  dynamo: DynamoDBClient;
  kms: KMSClient;
  sns: SNSClient;
}

const ALARMS = 'cloudwatch.amazonaws.com';
/** "Notifying users on alarm changes", Amazon CloudWatch: what an encrypted topic needs of its key. */
const TO_ENCRYPT = ['kms:Decrypt', 'kms:GenerateDataKey'];

/** Checks the policies of the key and of the topic: a customer may have brought them, and then nobody else looks at them. */
export async function checkBrought({ places }: Pick<Deployment, 'places'>, clients: Clients): Promise<Check[]> {
  const { alarmTopic } = places;
  if (alarmTopic === undefined) return [];
  return [
    await checked('encryption key', () => keyHealth(places.ledgerTable, clients)),
    await checked('alarm topic', () => topicHealth(alarmTopic, clients)),
  ];
}

/** Roles get their rights to the key by IAM: only if its policy lets the account decide ("Default key policy", AWS KMS). */
async function keyHealth(table: string, { dynamo, kms }: Clients): Promise<Health> {
  const { Table } = await dynamo.send(new DescribeTableCommand({ TableName: table }));
  const key = Table?.SSEDescription?.KMSMasterKeyArn;
  const account = Table?.TableArn?.split(':')[4] ?? '';
  if (key === undefined) return unknown('DynamoDB does not say which key the table has');
  const partition = key.split(':')[1];
  const request = { principal: `arn:${partition}:iam::${account}:root`, action: 'kms:Decrypt', account };
  if (allows(await policyOf(key, kms), request)) return green(`${idOf(key)} leaves it to IAM who may use it`);
  return red(`${idOf(key)} does not let IAM of the account decide: receiver and worker can read nothing`, {
    fix: `add to the policy of the key: allow kms:* to ${request.principal}`,
  });
}

async function topicHealth(topic: string, { kms, sns }: Clients): Promise<Health> {
  const { Attributes = {} } = await sns.send(new GetTopicAttributesCommand({ TopicArn: topic }));
  const { Policy: policy = '{"Statement":[]}', KmsMasterKeyId: key, SubscriptionsConfirmed: subscribed } = Attributes;
  const account = topic.split(':')[4] ?? '';
  if (!allows(policy, { principal: ALARMS, action: 'sns:Publish', account })) {
    return red('its policy does not let CloudWatch publish: no alarm arrives', {
      fix: `add to the policy of the topic: allow sns:Publish to ${ALARMS}`,
    });
  }
  if (key !== undefined && key !== '') {
    // the key of AWS for SNS cannot be opened to CloudWatch: "Notifying users on alarm changes"
    const text = key.startsWith('alias/aws/') ? '{"Statement":[]}' : await policyOf(key, kms);
    const missing = TO_ENCRYPT.filter((action) => !allows(text, { principal: ALARMS, action, account }));
    if (missing.length > 0) {
      return red(`its key does not allow CloudWatch ${missing.join(' and ')}: no alarm arrives`, {
        fix: `add to the policy of the key: allow kms:Decrypt and kms:GenerateDataKey* to ${ALARMS}`,
      });
    }
  }
  if (subscribed === '0') return amber('nobody is subscribed: no alarm reaches a person', { fix: `subscribe somebody to ${topic}` });
  return green(`CloudWatch may publish; ${subscribed ?? 'some'} confirmed subscriptions`);
}

async function policyOf(key: string, kms: KMSClient): Promise<string> {
  const { Policy = '{"Statement":[]}' } = await kms.send(new GetKeyPolicyCommand({ KeyId: key, PolicyName: 'default' }));
  return Policy;
}

const idOf = (key: string): string => key.split('/').at(-1) ?? key;
