import { setTimeout as sleep } from 'node:timers/promises';
import { DeleteMessageBatchCommand, type Message, ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import type { Context, SQSBatchResponse, SQSEvent, SQSMessageAttributes, SQSRecord } from 'aws-lambda';
import { PermanentFailure, TransientFailure } from '../../lambda/domain/failures.ts';
import { CREDENTIALS, REGION } from '../aws/account.ts';
import { invoke } from './invocation.ts';

/** Short, so that `stop` need not cut a poll off: a message handed to a cut connection is hidden until its visibility ends. */
const POLL_SECONDS = 1;
const PAUSE_AFTER_TROUBLE_MS = 1_000;

export interface EventSourceOptions {
  /** Endpoint of SQS, such as `AWS_ENDPOINT_URL_SQS`. */
  endpoint: string;
  queueUrl: string;
  queueArn: string;
  handler: (event: SQSEvent, context: Context) => Promise<SQSBatchResponse | undefined>;
  /** Messages in an event at most, 1 to 10. */
  batchSize: number;
  /** Invocations at once. */
  maximumConcurrency: number;
  /** After so long an invocation counts as failed. */
  timeoutSeconds: number;
  /** For how long a received message is hidden; at least the time-out, or two invocations would work on one message. */
  visibilitySeconds: number;
  /** Told of a failed invocation, and of trouble with the queue; neither stops the event source. */
  onError: (error: unknown) => void;
}

/**
 * Feeds a queue to a handler as Lambda's event source mapping does ("Using Lambda with Amazon SQS", with
 * ReportBatchItemFailures): what the handler does not report as failed is deleted; what it does, and the whole batch of an
 * invocation that throws, runs over its time or answers nonsense, stays and is visible again when its visibility time ends.
 */
export function startEventSource(options: EventSourceOptions): { stop(): Promise<void> } {
  const { endpoint, maximumConcurrency, timeoutSeconds, visibilitySeconds } = options;
  if (visibilitySeconds < timeoutSeconds)
    throw new PermanentFailure(
      'visibility-too-short',
      `expected a visibility time of at least ${timeoutSeconds} s, got ${visibilitySeconds} s`,
    );
  const client = new SQSClient({ endpoint, region: REGION, credentials: CREDENTIALS });
  let isStopped = false;

  const poll = async () => {
    while (!isStopped) {
      try {
        await takeBatch(client, options);
      } catch (error) {
        options.onError(error);
        if (!isStopped) await sleep(PAUSE_AFTER_TROUBLE_MS);
      }
    }
  };
  const polls = Array.from({ length: maximumConcurrency }, poll);

  return {
    /** Takes no more messages and returns when the running invocations have ended. */
    async stop() {
      isStopped = true;
      await Promise.all(polls);
      client.destroy();
    },
  };
}

async function takeBatch(client: SQSClient, options: EventSourceOptions): Promise<void> {
  const { queueUrl, queueArn, batchSize, visibilitySeconds, handler, timeoutSeconds, onError } = options;
  const { Messages = [] } = await client.send(
    new ReceiveMessageCommand({
      QueueUrl: queueUrl,
      MaxNumberOfMessages: batchSize,
      WaitTimeSeconds: POLL_SECONDS,
      VisibilityTimeout: visibilitySeconds,
      MessageSystemAttributeNames: ['All'],
      MessageAttributeNames: ['All'],
    }),
  );
  if (Messages.length === 0) return;

  const records = Messages.map((message) => toRecord(message, queueArn));
  try {
    const answer = await invoke({ handler, event: { Records: records }, functionName: 'worker', timeoutSeconds });
    await deleteRecords({ client, queueUrl, records: succeeded(records, answer) });
  } catch (error) {
    onError(error);
  }
}

/** @throws TransientFailure where the answer names a message that was not in the batch: Lambda then counts all as failed */
function succeeded(records: SQSRecord[], answer: SQSBatchResponse | undefined): SQSRecord[] {
  const failed = new Set((answer?.batchItemFailures ?? []).map(({ itemIdentifier }) => itemIdentifier));
  const known = new Set(records.map(({ messageId }) => messageId));
  if (!failed.isSubsetOf(known))
    throw new TransientFailure('unknown-item', 'expected batchItemFailures with ids of the batch, got another, all of it is tried again');

  return records.filter(({ messageId }) => !failed.has(messageId));
}

async function deleteRecords({ client, queueUrl, records }: { client: SQSClient; queueUrl: string; records: SQSRecord[] }): Promise<void> {
  if (records.length === 0) return;
  const Entries = records.map(({ receiptHandle }, index) => ({ Id: String(index), ReceiptHandle: receiptHandle }));
  const { Failed = [] } = await client.send(new DeleteMessageBatchCommand({ QueueUrl: queueUrl, Entries }));
  if (Failed.length > 0)
    throw new TransientFailure('not-deleted', `expected ${records.length} messages deleted, ${Failed.length} were not and come again`);
}

function toRecord(message: Message, queueArn: string): SQSRecord {
  const { Attributes = {}, MD5OfMessageAttributes } = message;
  return {
    messageId: message.MessageId ?? '',
    receiptHandle: message.ReceiptHandle ?? '',
    body: message.Body ?? '',
    md5OfBody: message.MD5OfBody ?? '',
    ...(MD5OfMessageAttributes === undefined ? {} : { md5OfMessageAttributes: MD5OfMessageAttributes }),
    attributes: {
      ...Attributes,
      ApproximateReceiveCount: Attributes.ApproximateReceiveCount ?? '1',
      SentTimestamp: Attributes.SentTimestamp ?? '',
      SenderId: Attributes.SenderId ?? '',
      ApproximateFirstReceiveTimestamp: Attributes.ApproximateFirstReceiveTimestamp ?? '',
    },
    messageAttributes: toAttributes(message.MessageAttributes ?? {}),
    eventSource: 'aws:sqs',
    eventSourceARN: queueArn,
    awsRegion: REGION,
  };
}

function toAttributes(attributes: NonNullable<Message['MessageAttributes']>): SQSMessageAttributes {
  return Object.fromEntries(
    Object.entries(attributes).map(([name, { DataType = 'String', StringValue, BinaryValue }]) => [
      name,
      {
        dataType: DataType,
        stringListValues: [],
        binaryListValues: [],
        ...(StringValue === undefined ? {} : { stringValue: StringValue }),
        ...(BinaryValue === undefined ? {} : { binaryValue: Buffer.from(BinaryValue).toString('base64') }),
      },
    ]),
  );
}
