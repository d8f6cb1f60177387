import { createHmac, timingSafeEqual } from 'node:crypto';
import { IdempotencyConfig, makeIdempotent } from '@aws-lambda-powertools/idempotency';
import { DynamoDBPersistenceLayer } from '@aws-lambda-powertools/idempotency/dynamodb';
import { Logger } from '@aws-lambda-powertools/logger';
import { injectLambdaContext } from '@aws-lambda-powertools/logger/middleware';
import { Metrics, MetricUnit } from '@aws-lambda-powertools/metrics';
import { logMetrics } from '@aws-lambda-powertools/metrics/middleware';
import { APIGatewayProxyEventSchema } from '@aws-lambda-powertools/parser/schemas/api-gateway';
import { Tracer } from '@aws-lambda-powertools/tracer';
import { captureLambdaHandler } from '@aws-lambda-powertools/tracer/middleware';
import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import middy from '@middy/core';
import { z } from 'zod';

/*
 * A receiver in the common style of the Powertools documentation. It does less than ours: one source, one scheme. It stands for no
 * particular product.
 */

const logger = new Logger({ serviceName: 'peer' });
const metrics = new Metrics({ namespace: 'Peer', serviceName: 'peer' });
const tracer = new Tracer({ serviceName: 'peer' });
const sqs = tracer.captureAWSv3Client(new SQSClient());
const secretsManager = tracer.captureAWSv3Client(new SecretsManagerClient());
const persistenceStore = new DynamoDBPersistenceLayer({
  tableName: process.env.LEDGER_TABLE ?? '',
  keyAttr: 'pk',
  sortKeyAttr: 'sk',
});

const termination = z.object({
  type: z.literal('employee.terminated'),
  data: z.object({ employee: z.object({ email: z.email() }), effective: z.object({ immediate: z.boolean() }) }),
});

const enqueue = makeIdempotent(
  async (event: z.infer<typeof termination>) => {
    await sqs.send(new SendMessageCommand({ QueueUrl: process.env.LEAVER_QUEUE_URL, MessageBody: JSON.stringify(event) }));
    return { accepted: true };
  },
  { persistenceStore, config: new IdempotencyConfig({}) },
);

export const handler = middy()
  .use(injectLambdaContext(logger))
  .use(logMetrics(metrics))
  .use(captureLambdaHandler(tracer))
  .handler(async (received: unknown) => {
    const { headers, body } = APIGatewayProxyEventSchema.parse(received);
    const { SecretString = '' } = await secretsManager.send(new GetSecretValueCommand({ SecretId: process.env.PEER_SECRET_ID }));
    const header = (name: string) => headers?.[name] ?? '';
    const text = Buffer.from(body ?? '', 'base64').toString();
    const signed = `${header('webhook-id')}.${header('webhook-timestamp')}.${text}`;
    const key = Buffer.from(SecretString.replace('whsec_', ''), 'base64');
    const expected = Buffer.from(`v1,${createHmac('sha256', key).update(signed).digest('base64')}`);
    const given = Buffer.from(header('webhook-signature'));
    if (given.length !== expected.length || !timingSafeEqual(given, expected)) return { statusCode: 401, body: '' };

    await enqueue(termination.parse(JSON.parse(text)));
    metrics.addMetric('Accepted', MetricUnit.Count, 1);
    logger.info('accepted');
    return { statusCode: 202, body: '' };
  });
