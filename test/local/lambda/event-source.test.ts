import { GetQueueAttributesCommand, ReceiveMessageCommand, SendMessageCommand } from '@aws-sdk/client-sqs';
import { describe, expect, it } from '@jest/globals';
import type { SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda';
import { startLocalQueues } from '../../../local/aws/queues.ts';
import { type EventSourceOptions, startEventSource } from '../../../local/lambda/event-source.ts';
import { sqsClient } from '../support/clients.ts';
import { closing } from '../support/closing.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

const NONE: SQSBatchResponse = { batchItemFailures: [] };

async function queue() {
  const queues = closing(await startLocalQueues({ dataDir: await temporaryDirectory(), visibilitySeconds: 30 }), ({ close }) => close());
  const client = sqsClient(queues.endpoint);
  const { url, arn } = queues.leaver;
  return {
    arn,
    send: (body: string, attributes = {}) =>
      client.send(new SendMessageCommand({ QueueUrl: url, MessageBody: body, MessageAttributes: attributes })),
    receive: async () => (await client.send(new ReceiveMessageCommand({ QueueUrl: url, WaitTimeSeconds: 3 }))).Messages?.[0]?.Body,
    /** The messages that are waiting or in flight. */
    left: async () => {
      const { Attributes } = await client.send(new GetQueueAttributesCommand({ QueueUrl: url, AttributeNames: ['All'] }));
      return Number(Attributes?.ApproximateNumberOfMessages) + Number(Attributes?.ApproximateNumberOfMessagesNotVisible);
    },
    start: (handler: EventSourceOptions['handler'], changes: Partial<EventSourceOptions> = {}) => {
      const errors: unknown[] = [];
      const source = startEventSource({
        endpoint: queues.endpoint,
        queueUrl: url,
        queueArn: arn,
        handler,
        batchSize: 10,
        maximumConcurrency: 1,
        timeoutSeconds: 1,
        visibilitySeconds: 1,
        onError: (error) => errors.push(error),
        ...changes,
      });
      return { ...closing(source, ({ stop }) => stop()), errors };
    },
  };
}

/** Makes a handler that keeps its events, and a promise that resolves when it has enough of them. */
function recorder(enough: number, answer: (record: SQSRecord) => 'done' | 'failed' = () => 'done') {
  const records: SQSRecord[] = [];
  const { promise, resolve } = Promise.withResolvers<void>();
  const handler = async (event: SQSEvent): Promise<SQSBatchResponse> => {
    records.push(...event.Records);
    if (records.length >= enough) resolve();
    const failed = event.Records.filter((record) => answer(record) === 'failed');
    return { batchItemFailures: failed.map(({ messageId }) => ({ itemIdentifier: messageId })) };
  };
  return { handler, records, given: promise };
}

describe('the event source', () => {
  it('gives the handler a record as Lambda does, and deletes the message when the handler has succeeded', async () => {
    const { send, start, left, arn } = await queue();
    const { handler, records, given } = recorder(1);
    await send('hello', { kind: { DataType: 'String', StringValue: 'x' }, raw: { DataType: 'Binary', BinaryValue: Buffer.from('y') } });

    const source = start(handler);
    await given;
    await source.stop();

    expect(records).toEqual([
      {
        messageId: expect.stringMatching(/^[0-9a-f-]{36}$/),
        receiptHandle: expect.any(String),
        body: 'hello',
        md5OfBody: '5d41402abc4b2a76b9719d911017c592',
        md5OfMessageAttributes: expect.any(String),
        attributes: {
          ApproximateReceiveCount: '1',
          SentTimestamp: expect.stringMatching(/^\d{13}$/),
          SenderId: expect.any(String),
          ApproximateFirstReceiveTimestamp: expect.stringMatching(/^\d{13}$/),
        },
        messageAttributes: {
          kind: { dataType: 'String', stringValue: 'x', stringListValues: [], binaryListValues: [] },
          raw: { dataType: 'Binary', binaryValue: 'eQ==', stringListValues: [], binaryListValues: [] },
        },
        eventSource: 'aws:sqs',
        eventSourceARN: arn,
        awsRegion: 'us-east-1',
      },
    ]);
    expect(await left()).toBe(0);
    expect(source.errors).toEqual([]);
  });

  it('keeps only the messages that the handler reports as failed, until it succeeds', async () => {
    const { send, start, left } = await queue();
    const { handler, records, given } = recorder(4, ({ body, attributes }) =>
      body === 'bad' && attributes.ApproximateReceiveCount === '1' ? 'failed' : 'done',
    );
    for (const body of ['good', 'bad', 'fine']) await send(body);

    const source = start(handler);
    await given;
    await source.stop();

    expect(records.map(({ body, attributes }) => [body, attributes.ApproximateReceiveCount])).toEqual([
      ['good', '1'],
      ['bad', '1'],
      ['fine', '1'],
      ['bad', '2'],
    ]);
    expect(await left()).toBe(0);
  });

  it.each<{ what: string; answer: () => Promise<SQSBatchResponse> }>([
    { what: 'throws', answer: () => Promise.reject(new Error('boom')) },
    { what: 'takes too long', answer: () => new Promise(() => undefined) },
    { what: 'names a message that was not in the batch', answer: async () => ({ batchItemFailures: [{ itemIdentifier: 'other' }] }) },
    { what: 'names an empty id', answer: async () => ({ batchItemFailures: [{ itemIdentifier: '' }] }) },
    { what: 'answers something else', answer: async () => JSON.parse('{"batchItemFailures":"all"}') },
  ])('keeps the whole batch if the handler $what', async ({ answer }) => {
    const { send, start, left, receive } = await queue();
    const { promise: called, resolve } = Promise.withResolvers<void>();
    await send('one');

    const source = start(
      () => {
        resolve();
        return answer();
      },
      { timeoutSeconds: 0.2 },
    );
    await called;
    await source.stop();

    expect(await left()).toBe(1);
    expect(source.errors).toHaveLength(1);
    expect(await receive()).toBe('one');
  });

  it('deletes the batch if the handler answers nothing', async () => {
    const { send, start, left } = await queue();
    const { promise: called, resolve } = Promise.withResolvers<void>();
    await send('one');

    const source = start(async () => {
      resolve();
      return undefined;
    });
    await called;
    await source.stop();

    expect(await left()).toBe(0);
  });

  it('runs as many invocations at a time as allowed, and no more', async () => {
    const { send, start } = await queue();
    const { promise: allRun, resolve } = Promise.withResolvers<void>();
    let running = 0;
    let most = 0;
    let finished = 0;
    for (let index = 0; index < 9; index++) await send(String(index));

    const source = start(
      async () => {
        most = Math.max(most, ++running);
        await new Promise((done) => setTimeout(done, 100));
        running--;
        if (++finished === 9) resolve();
        return NONE;
      },
      { batchSize: 1, maximumConcurrency: 3 },
    );
    await allRun;
    await source.stop();

    expect(most).toBe(3);
  });

  it('waits for running invocations before it stops', async () => {
    const { send, start, left } = await queue();
    const { promise: called, resolve } = Promise.withResolvers<void>();
    const ended: string[] = [];
    await send('slow');

    const source = start(async () => {
      resolve();
      await new Promise((done) => setTimeout(done, 300));
      ended.push('handler');
      return NONE;
    });
    await called;
    await source.stop();
    ended.push('stop');

    expect(ended).toEqual(['handler', 'stop']);
    expect(await left()).toBe(0);
  });

  it('tells the handler how much time is left', async () => {
    const { send, start } = await queue();
    const { promise: remaining, resolve } = Promise.withResolvers<number>();
    await send('one');

    start(
      async (_event, context) => {
        resolve(context.getRemainingTimeInMillis());
        return NONE;
      },
      { timeoutSeconds: 20, visibilitySeconds: 20 },
    );

    const milliseconds = await remaining;
    expect(milliseconds).toBeLessThanOrEqual(20_000);
    expect(milliseconds).toBeGreaterThan(0);
  });

  it('goes on if the queue does not answer', async () => {
    const { start } = await queue();

    const source = start(async () => NONE, { endpoint: 'http://127.0.0.1:9' });
    while (source.errors.length === 0) await new Promise((resolve) => setTimeout(resolve, 20));
    await source.stop();

    expect(source.errors[0]).toBeInstanceOf(Error);
  });

  it('refuses a visibility time below the time-out, as Lambda does', async () => {
    const { start } = await queue();

    expect(() => start(async () => NONE, { timeoutSeconds: 30, visibilitySeconds: 29 })).toThrow(
      expect.objectContaining({ code: 'visibility-too-short' }),
    );
  });
});
