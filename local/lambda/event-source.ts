import { setTimeout as sleep } from 'node:timers/promises';
import { DeleteMessageBatchCommand, type Message, ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import type { Context, SQSBatchResponse, SQSEvent, SQSMessageAttributes, SQSRecord } from 'aws-lambda';
import { PermanentFailure, TransientFailure } from '../../lambda/domain/failures.ts';
import { CREDENTIALS, REGION } from '../aws/account.ts';
import { invoke } from './invocation.ts';

/** Short, so that `stop` does not have to cut a poll: a message given to a cut connection stays hidden for its visibility time. */
const POLL_SECONDS = 1;
const PAUSE_AFTER_TROUBLE_MS = 1_000;

export interface EventSourceOptions {
  /** Endpoint of SQS, such as `AWS_ENDPOINT_URL_SQS`. */
  endpoint: string;
  queueUrl: string;
  queueArn: string;
  handler: (event: SQSEvent, context: Context) => Promise<SQSBatchResponse | undefined>;
  /** The most messages in one event, 1 to 10. */
  batchSize: number;
  /** The most invocations at a time. */
  maximumConcurrency: number;
  /** The time after which an invocation counts as failed. */
  timeoutSeconds: number;
  /** How long a received message stays hidden; at least the time-out, or two invocations would work on one message. */
  visibilitySeconds: number;
  /** Called for a failed invocation, and for an error of the queue; neither stops the event source. */
  onError: (error: unknown) => void;
}

/**
 * Feeds a queue to a handler as Lambda's event source mapping does ("Using Lambda with Amazon SQS", with ReportBatchItemFailures).
 * It deletes the messages that the handler does not report as failed. A reported message stays, and becomes visible again at the end
 * of its visibility time; so does the whole batch of an invocation that throws, takes too long or gives an invalid answer.
 *
 * @throws PermanentFailure `visibility-too-short`
 */
export function startEventSource(options: EventSourceOptions): { stop(): Promise<void> } {
  const { endpoint, maximumConcurrency, timeoutSeconds, visibilitySeconds } = options;
  if (visibilitySeconds < timeoutSeconds)
    throw new PermanentFailure(
      'visibility-too-short',
      `the visibility time of ${visibilitySeconds} s is shorter than the time-out; use at least ${timeoutSeconds} s`,
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
    /** Takes no more messages, and returns when the running invocations have ended. */
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

/** @throws TransientFailure if the answer names a message that was not in the batch: Lambda then counts all as failed */
function succeeded(records: SQSRecord[], answer: SQSBatchResponse | undefined): SQSRecord[] {
  const failed = new Set((answer?.batchItemFailures ?? []).map(({ itemIdentifier }) => itemIdentifier));
  const known = new Set(records.map(({ messageId }) => messageId));
  if (!failed.isSubsetOf(known))
    throw new TransientFailure('unknown-item', 'batchItemFailures has an id that is not in the batch; the whole batch is tried again');

  return records.filter(({ messageId }) => !failed.has(messageId));
}

async function deleteRecords({ client, queueUrl, records }: { client: SQSClient; queueUrl: string; records: SQSRecord[] }): Promise<void> {
  if (records.length === 0) return;
  const Entries = records.map(({ receiptHandle }, index) => ({ Id: String(index), ReceiptHandle: receiptHandle }));
  const { Failed = [] } = await client.send(new DeleteMessageBatchCommand({ QueueUrl: queueUrl, Entries }));
  if (Failed.length > 0)
    throw new TransientFailure(
      'not-deleted',
      `${Failed.length} of ${records.length} messages could not be deleted; they will be delivered again`,
    );
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
