import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { APIGatewayProxyResult } from 'aws-lambda';
import { keptDelivery } from '../../lambda/domain/event/kept-delivery.ts';
import { leaverMessage } from '../../lambda/domain/event/leaver-message.ts';
import { parseJson } from '../../lambda/domain/parse.ts';
import { CREDENTIALS, REGION } from '../../local/aws/account.ts';
import { aSignedEvent, SECRET, terminationItem } from '../support/deliveries.ts';
import { startSecretsManager } from '../support/fake-secrets-manager.ts';
import { someQueues } from '../support/queues.ts';

let queues: Awaited<ReturnType<typeof someQueues>>;
let secrets: Awaited<ReturnType<typeof startSecretsManager>>;
let receive: (event: object) => Promise<APIGatewayProxyResult>;

beforeAll(async () => {
  queues = await someQueues();
  secrets = await startSecretsManager({ 'secret/hr': JSON.stringify({ secrets: [SECRET] }) });
  Object.assign(process.env, {
    STAGE: 'test',
    SOURCES: JSON.stringify({
      hr: { scheme: { kind: 'standard-webhooks' }, secretId: 'secret/hr' },
      unset: { scheme: { kind: 'hmac', header: 'X-Signature' }, secretId: 'secret/unset' },
    }),
    LEAVER_QUEUE_URL: queues.leaver,
    QUARANTINE_QUEUE_URL: queues.quarantine,
    AWS_REGION: REGION,
    AWS_ACCESS_KEY_ID: CREDENTIALS.accessKeyId,
    AWS_SECRET_ACCESS_KEY: CREDENTIALS.secretAccessKey,
    AWS_ENDPOINT_URL_SQS: queues.leaver.replace(/\/\d+\/.*/, ''),
    AWS_ENDPOINT_URL_SECRETS_MANAGER: secrets.url,
    POWERTOOLS_LOG_LEVEL: 'SILENT',
    POWERTOOLS_METRICS_DISABLED: 'true',
  });
  const { handler } = await import('../../lambda/receiver.ts');
  // Lambda passes on whatever was sent: nothing enforces the types of its events.
  receive = (event) => Reflect.apply(handler, undefined, [event, { getRemainingTimeInMillis: () => 10_000 }]);
});

afterAll(async () => {
  await queues.close();
  await secrets.close();
});

describe('the receiver as deployed', () => {
  const now = () => ({ at: Date.now() });

  it('puts a signed delivery on the leaver queue', async () => {
    const { statusCode, body } = await receive(aSignedEvent([terminationItem(), terminationItem({ data: { id: 'hr-7' } })], now()));

    expect({ statusCode, body }).toEqual({ statusCode: 202, body: '{"eventIds":["msg_1.0","hr-7"]}' });
    const taken = await queues.take(queues.leaver);
    expect(taken.map(({ Body = '' }) => parseJson(leaverMessage, Body, 'message').eventId).sort()).toEqual(['hr-7', 'msg_1.0']);
  });

  it('keeps deliveries that it cannot read or prove in the quarantine', async () => {
    expect((await receive(aSignedEvent([], now()))).statusCode).toBe(422);
    expect((await receive(aSignedEvent(terminationItem()))).statusCode).toBe(401);

    const kept = (await queues.take(queues.quarantine)).map(({ Body = '' }) => parseJson(keptDelivery, Body, 'kept delivery').why);
    expect(kept.sort()).toEqual(['signature', 'unreadable']);
    expect(await queues.take(queues.leaver)).toEqual([]);
  });

  it('answers 503 for a source whose secret nobody has set', async () => {
    expect((await receive(aSignedEvent(terminationItem(), { source: 'unset', ...now() }))).statusCode).toBe(503);
  });
});
