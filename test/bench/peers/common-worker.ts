import { BatchProcessor, EventType, processPartialResponse } from '@aws-lambda-powertools/batch';
import { IdempotencyConfig, makeIdempotent } from '@aws-lambda-powertools/idempotency';
import { DynamoDBPersistenceLayer } from '@aws-lambda-powertools/idempotency/dynamodb';
import { Logger } from '@aws-lambda-powertools/logger';
import { injectLambdaContext } from '@aws-lambda-powertools/logger/middleware';
import { Metrics, MetricUnit } from '@aws-lambda-powertools/metrics';
import { logMetrics } from '@aws-lambda-powertools/metrics/middleware';
import { SqsRecordSchema } from '@aws-lambda-powertools/parser/schemas/sqs';
import { Tracer } from '@aws-lambda-powertools/tracer';
import { captureLambdaHandler } from '@aws-lambda-powertools/tracer/middleware';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { DynamoDBDocumentClient, PutCommand } from '@aws-sdk/lib-dynamodb';
import middy from '@middy/core';
import type { SQSEvent, SQSRecord } from 'aws-lambda';
import { z } from 'zod';

/*
 * A worker in the common style of the Powertools documentation: it searches, writes, and records that, without guards, brake and
 * schedule. It stands for no particular product.
 */

const logger = new Logger({ serviceName: 'peer' });
const metrics = new Metrics({ namespace: 'Peer', serviceName: 'peer' });
const tracer = new Tracer({ serviceName: 'peer' });
const documents = DynamoDBDocumentClient.from(tracer.captureAWSv3Client(new DynamoDBClient()));
const secretsManager = tracer.captureAWSv3Client(new SecretsManagerClient());
const persistenceStore = new DynamoDBPersistenceLayer({ tableName: process.env.LEDGER_TABLE ?? '', keyAttr: 'pk', sortKeyAttr: 'sk' });
const TableName = process.env.LEDGER_TABLE;
const users = `${process.env.WORKFRONT_BASE_URL}/attask/api/${process.env.WORKFRONT_API_VERSION}/user`;

const leaver = z.object({ eventId: z.string(), event: z.object({ employee: z.object({ email: z.string() }) }) });
const credential = z.object({ apiKey: z.string() });
const found = z.object({ data: z.array(z.object({ ID: z.string() })) });

const deactivate = makeIdempotent(
  async ({ eventId, event }: z.infer<typeof leaver>) => {
    const { SecretString = '' } = await secretsManager.send(new GetSecretValueCommand({ SecretId: process.env.WORKFRONT_SECRET_ID }));
    const { apiKey } = credential.parse(JSON.parse(SecretString));
    const search = await fetch(`${users}/search?emailAddr=${encodeURIComponent(event.employee.email)}&emailAddr_Mod=cieq`, {
      headers: { apiKey },
    });
    const [user] = found.parse(await search.json()).data;
    if (user === undefined) return { deactivated: false };

    const headers = { apiKey, 'content-type': 'application/json' };
    const answer = await fetch(`${users}/${user.ID}`, { method: 'PUT', headers, body: JSON.stringify({ isActive: false }) });
    if (!answer.ok) throw new Error(`status ${answer.status}`);
    await documents.send(new PutCommand({ TableName, Item: { pk: `peer/${eventId}`, sk: '-', user: user.ID } }));
    return { deactivated: true };
  },
  { persistenceStore, config: new IdempotencyConfig({ eventKeyJmesPath: 'eventId' }) },
);

export const handler = middy<SQSEvent>()
  .use(injectLambdaContext(logger))
  .use(logMetrics(metrics))
  .use(captureLambdaHandler(tracer))
  .handler((event) =>
    processPartialResponse(
      event,
      async (record: SQSRecord) => {
        await deactivate(leaver.parse(JSON.parse(SqsRecordSchema.parse(record).body)));
        metrics.addMetric('Deactivated', MetricUnit.Count, 1);
      },
      new BatchProcessor(EventType.SQS),
    ),
  );
