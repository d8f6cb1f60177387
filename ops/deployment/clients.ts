import { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { KMSClient } from '@aws-sdk/client-kms';
import { SchedulerClient } from '@aws-sdk/client-scheduler';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { SNSClient } from '@aws-sdk/client-sns';
import { SQSClient } from '@aws-sdk/client-sqs';
import type { Deployment } from './deployment.ts';

/** A person can wait longer than an HR system. In milliseconds. */
const settingsFor = ({ region }: Pick<Deployment, 'region'>) => ({
  maxAttempts: 4,
  requestHandler: { connectionTimeout: 5000, requestTimeout: 15_000, throwOnRequestTimeout: true },
  ...(region !== undefined && { region }),
});

/** Clients with the operator's own identity, for everything that {@link Deployment} does not do itself. */
export const sqsOf = (deployment: Pick<Deployment, 'region'>) => new SQSClient(settingsFor(deployment));
export const secretsManagerOf = (deployment: Pick<Deployment, 'region'>) => new SecretsManagerClient(settingsFor(deployment));
export const schedulerOf = (deployment: Pick<Deployment, 'region'>) => new SchedulerClient(settingsFor(deployment));
export const kmsOf = (deployment: Pick<Deployment, 'region'>) => new KMSClient(settingsFor(deployment));
export const snsOf = (deployment: Pick<Deployment, 'region'>) => new SNSClient(settingsFor(deployment));
export const dynamoOf = (deployment: Pick<Deployment, 'region'>) => new DynamoDBClient(settingsFor(deployment));
export const cloudWatchOf = (deployment: Pick<Deployment, 'region'>) => new CloudWatchClient(settingsFor(deployment));
