import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { KMSClient } from '@aws-sdk/client-kms';
import { SNSClient } from '@aws-sdk/client-sns';
import { afterEach, describe, expect, it } from '@jest/globals';
import { checkBrought } from '../../../ops/checks/brought.ts';
import { aDeployment } from '../a-deployment.ts';
import { type AwsOnLoopback, startAws } from '../aws-on-loopback.ts';

const ACCOUNT = '111122223333';
const TOPIC = `arn:aws:sns:eu-west-1:${ACCOUNT}:on-call`;
const KEY = `arn:aws:kms:eu-west-1:${ACCOUNT}:key/0a1b2c3d`;
const CLOUDWATCH = { Service: 'cloudwatch.amazonaws.com' };
const ROOT = { AWS: `arn:aws:iam::${ACCOUNT}:root` };

const allow = (Principal: object | string, Action: string | string[], Condition = {}) => ({
  Effect: 'Allow',
  Principal,
  Action,
  Resource: '*',
  Condition,
});
const IAM_DECIDES = allow(ROOT, 'kms:*');
const ALARMS_ENCRYPT = allow(CLOUDWATCH, ['kms:Decrypt', 'kms:GenerateDataKey*'], { StringEquals: { 'aws:SourceAccount': ACCOUNT } });
const ALARMS_PUBLISH = allow(CLOUDWATCH, 'sns:Publish');

interface Brought {
  ofKey?: object[];
  ofTopic?: object[];
  /** The key of the topic. */
  key?: string;
  subscribed?: number;
}

describe('the key and the topic of a stage', () => {
  let aws: AwsOnLoopback;
  afterEach(() => aws.close());

  async function checked({ ofKey = [IAM_DECIDES], ofTopic = [ALARMS_PUBLISH], key = '', subscribed = 1 }: Brought) {
    const attributes = { Policy: JSON.stringify({ Statement: ofTopic }), KmsMasterKeyId: key, SubscriptionsConfirmed: String(subscribed) };
    const entries = Object.entries(attributes).map(
      ([name, value]) => `<entry><key>${name}</key><value>${value.replaceAll('"', '&quot;')}</value></entry>`,
    );
    aws = await startAws((operation) => {
      if (operation === 'DescribeTable') {
        return JSON.stringify({
          Table: { TableArn: `arn:aws:dynamodb:eu-west-1:${ACCOUNT}:table/ledger`, SSEDescription: { KMSMasterKeyArn: KEY } },
        });
      }
      if (operation === 'GetKeyPolicy') return JSON.stringify({ Policy: JSON.stringify({ Statement: ofKey }) });
      return `<GetTopicAttributesResponse><GetTopicAttributesResult><Attributes>${entries.join('')}</Attributes></GetTopicAttributesResult></GetTopicAttributesResponse>`;
    });
    const settings = { endpoint: aws.url, region: 'eu-west-1', credentials: { accessKeyId: 'AKIA', secretAccessKey: 'secret' } };
    const { places } = aDeployment({ users: [] });
    return checkBrought(
      { places: { ...places, alarmTopic: TOPIC } },
      { dynamo: new DynamoDBClient(settings), kms: new KMSClient(settings), sns: new SNSClient(settings) },
    );
  }
  const healthOf = async (brought: Brought) => (await checked(brought)).map(({ health }) => health);

  it.each<[string, Brought, string[]]>([
    ['both are well', {}, ['green', 'green']],
    [
      'the policy of the key names a single role',
      { ofKey: [allow({ AWS: `arn:aws:iam::${ACCOUNT}:role/us` }, 'kms:*')] },
      ['red', 'green'],
    ],
    ['the policy of the key lets IAM decide about another action', { ofKey: [allow(ROOT, 'kms:DescribeKey')] }, ['red', 'green']],
    [
      'a statement of the key denies everybody',
      { ofKey: [IAM_DECIDES, { ...allow('*', 'kms:Decrypt'), Effect: 'Deny' }] },
      ['red', 'green'],
    ],
    ['the topic lets nobody publish', { ofTopic: [] }, ['green', 'red']],
    [
      'the topic lets CloudWatch publish for another account',
      { ofTopic: [allow(CLOUDWATCH, 'sns:Publish', { StringEquals: { 'aws:SourceAccount': '999' } })] },
      ['green', 'red'],
    ],
    [
      'the topic has the policy that SNS gives it',
      { ofTopic: [allow({ AWS: '*' }, ['SNS:Publish', 'SNS:Subscribe'], { StringEquals: { 'AWS:SourceOwner': ACCOUNT } })] },
      ['green', 'green'],
    ],
    ['the key of the topic does not let CloudWatch encrypt', { key: KEY }, ['green', 'red']],
    [
      'the key of the topic lets CloudWatch decrypt only',
      { key: KEY, ofKey: [IAM_DECIDES, allow(CLOUDWATCH, 'kms:Decrypt')] },
      ['green', 'red'],
    ],
    ['the key of the topic lets CloudWatch encrypt', { key: KEY, ofKey: [IAM_DECIDES, ALARMS_ENCRYPT] }, ['green', 'green']],
    ['the topic has the key of AWS, which nobody can open', { key: 'alias/aws/sns' }, ['green', 'red']],
    ['nobody is subscribed', { subscribed: 0 }, ['green', 'amber']],
  ])('are looked at: %s', async (_, brought, health) => {
    expect(await healthOf(brought)).toEqual(health);
  });

  it('say what to add to a policy', async () => {
    const [, topic] = await checked({ key: KEY });

    expect(topic).toEqual({
      check: 'alarm topic',
      health: 'red',
      saw: 'its key does not allow CloudWatch kms:Decrypt and kms:GenerateDataKey: no alarm arrives',
      cure: 'add to the policy of the key: allow kms:Decrypt and kms:GenerateDataKey* to cloudwatch.amazonaws.com',
    });
  });
});
