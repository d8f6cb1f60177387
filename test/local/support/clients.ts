import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { SchedulerClient } from '@aws-sdk/client-scheduler';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { SQSClient } from '@aws-sdk/client-sqs';
import { CREDENTIALS, REGION } from '../../../local/aws/account.ts';
import { closing } from './closing.ts';

const settings = (endpoint: string) => ({ endpoint, region: REGION, credentials: CREDENTIALS, maxAttempts: 1 });
const destroy = (client: { destroy(): void }) => client.destroy();

export const sqsClient = (endpoint: string) => closing(new SQSClient(settings(endpoint)), destroy);
export const dynamoClient = (endpoint: string) => closing(new DynamoDBClient(settings(endpoint)), destroy);
export const secretsClient = (endpoint: string) => closing(new SecretsManagerClient(settings(endpoint)), destroy);
export const schedulerClient = (endpoint: string) => closing(new SchedulerClient(settings(endpoint)), destroy);
