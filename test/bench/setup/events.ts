import { createHash } from 'node:crypto';
import { Webhook } from 'standardwebhooks';
import type { Arrival } from '../../../lambda/domain/event/leaver-message.ts';
import { SOURCE, SOURCE_SECRET } from './stand-ins.ts';

/** Makes the body of one termination that is due at once. */
export const aTermination = (email: string): string =>
  JSON.stringify({ type: 'employee.terminated', data: { employee: { email }, effective: { immediate: true } } });

/** Makes the headers of a delivery, with the reference library of Standard Webhooks. */
export function signedHeaders(body: string, id = `msg_${crypto.randomUUID()}`, at = new Date()): Record<string, string> {
  return {
    'content-type': 'application/json',
    'webhook-id': id,
    'webhook-timestamp': String(Math.floor(at.getTime() / 1000)),
    'webhook-signature': new Webhook(SOURCE_SECRET).sign(id, at, body),
  };
}

/** Makes a delivery as API Gateway gives it to the receiver ("Set up Lambda proxy integrations in API Gateway"). */
export function gatewayEvent(body: string, now = new Date()) {
  const headers = signedHeaders(body, undefined, now);
  const requestId = crypto.randomUUID();
  const path = `/webhooks/${SOURCE}`;
  return {
    resource: '/webhooks/{source}',
    path,
    httpMethod: 'POST',
    headers,
    multiValueHeaders: Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, [value]])),
    queryStringParameters: null,
    multiValueQueryStringParameters: null,
    pathParameters: { source: SOURCE },
    stageVariables: null,
    requestContext: {
      accountId: '123456789012',
      apiId: 'bench',
      authorizer: null,
      httpMethod: 'POST',
      identity: { sourceIp: '127.0.0.1', userAgent: null },
      path,
      protocol: 'HTTP/1.1',
      requestId,
      requestTime: now.toISOString(),
      requestTimeEpoch: now.getTime(),
      resourceId: 'bench',
      resourcePath: '/webhooks/{source}',
      stage: 'bench',
    },
    body: Buffer.from(body).toString('base64'),
    isBase64Encoded: true,
  };
}

/** Makes the message of a termination that the receiver accepted. */
export function anArrival({ email, eventId }: { email: string; eventId: string }, now = new Date()): Arrival {
  return {
    kind: 'arrival',
    source: SOURCE,
    eventId,
    digest: createHash('sha256').update(eventId).digest('hex'),
    receivedAt: now.toISOString(),
    event: { type: 'employee.terminated', employee: { email }, effective: { immediate: true } },
  };
}

/** Makes a batch of SQS as Lambda gives it to the worker ("Using Lambda with Amazon SQS"). */
export function queueEvent(messages: readonly object[], now = Date.now()) {
  return {
    Records: messages.map((message) => ({
      messageId: crypto.randomUUID(),
      receiptHandle: crypto.randomUUID(),
      body: JSON.stringify(message),
      attributes: {
        ApproximateReceiveCount: '1',
        SentTimestamp: String(now),
        SenderId: 'bench',
        ApproximateFirstReceiveTimestamp: String(now),
      },
      messageAttributes: {},
      md5OfBody: '00000000000000000000000000000000',
      eventSource: 'aws:sqs',
      eventSourceARN: 'arn:aws:sqs:eu-west-1:123456789012:leaver',
      awsRegion: 'eu-west-1',
    })),
  };
}
