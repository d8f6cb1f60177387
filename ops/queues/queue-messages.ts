import {
  ChangeMessageVisibilityBatchCommand,
  DeleteMessageCommand,
  GetQueueAttributesCommand,
  type Message,
  ReceiveMessageCommand,
  type SQSClient,
} from '@aws-sdk/client-sqs';
import { MINUTE, SECOND, toInstant } from '../../lambda/domain/time/time.ts';

/** A message that a command looks at. */
export interface QueueMessage {
  id: string;
  body: string;
  /** Message attributes of the sender. */
  attributes: Record<string, string>;
  /** Attributes that SQS adds. */
  system: Partial<Record<string, string>>;
  sentAt: string;
  /** Deletes it from the queue. */
  remove(): Promise<void>;
}

/** How long a message is hidden from other readers while a command looks at it, in seconds. */
const HIDDEN = (2 * MINUTE) / SECOND;
const MOST_ENTRIES = 10;

/**
 * Yields every message of a queue once, with ten in memory at a time. When it ends, the messages that were not removed are on the queue
 * again. Only for queues that no worker reads, because SQS counts each look as a receive.
 */
export async function* browse(client: SQSClient, queueUrl: string, { isLocal }: { isLocal: boolean }): AsyncGenerator<QueueMessage> {
  const handles = new Map<string, string>();
  try {
    for (;;) {
      // With a wait, SQS asks all its servers and misses no message (SQS Developer Guide, "Short and long polling"). The local queue has one.
      const { Messages = [] } = await client.send(
        new ReceiveMessageCommand({
          QueueUrl: queueUrl,
          MaxNumberOfMessages: MOST_ENTRIES,
          WaitTimeSeconds: isLocal ? 0 : 1,
          VisibilityTimeout: HIDDEN,
          MessageAttributeNames: ['All'],
          MessageSystemAttributeNames: ['All'],
        }),
      );
      const fresh = Messages.filter(({ MessageId }) => !handles.has(MessageId ?? ''));
      for (const { MessageId, ReceiptHandle } of Messages) handles.set(MessageId ?? '', ReceiptHandle ?? '');
      if (fresh.length === 0) return;

      for (const message of fresh) {
        yield readMessage(message, async () => {
          await client.send(new DeleteMessageCommand({ QueueUrl: queueUrl, ReceiptHandle: message.ReceiptHandle ?? '' }));
          handles.set(message.MessageId ?? '', '');
        });
      }
    }
  } finally {
    await release(
      [...handles.values()].filter((handle) => handle !== ''),
      { client, queueUrl },
    );
  }
}

function readMessage({ MessageId, Body, MessageAttributes, Attributes }: Message, remove: QueueMessage['remove']): QueueMessage {
  return {
    id: MessageId ?? '',
    body: Body ?? '',
    attributes: Object.fromEntries(Object.entries(MessageAttributes ?? {}).map(([name, { StringValue }]) => [name, StringValue ?? ''])),
    system: Attributes ?? {},
    sentAt: toInstant(Number(Attributes?.SentTimestamp ?? 0)),
    remove,
  };
}

/** Puts messages back. A message that is already back cannot be released, and needs no release. */
async function release(handles: readonly string[], { client, queueUrl }: { client: SQSClient; queueUrl: string }): Promise<void> {
  for (let from = 0; from < handles.length; from += MOST_ENTRIES) {
    const Entries = handles
      .slice(from, from + MOST_ENTRIES)
      .map((ReceiptHandle, index) => ({ Id: String(index), ReceiptHandle, VisibilityTimeout: 0 }));
    await client.send(new ChangeMessageVisibilityBatchCommand({ QueueUrl: queueUrl, Entries }));
  }
}

/** How many messages a queue has. SQS counts approximately. */
export async function depthOf(client: SQSClient, queueUrl: string): Promise<{ visible: number; hidden: number; delayed: number }> {
  const { Attributes } = await client.send(
    new GetQueueAttributesCommand({
      QueueUrl: queueUrl,
      AttributeNames: ['ApproximateNumberOfMessages', 'ApproximateNumberOfMessagesNotVisible', 'ApproximateNumberOfMessagesDelayed'],
    }),
  );
  return {
    visible: Number(Attributes?.ApproximateNumberOfMessages ?? 0),
    hidden: Number(Attributes?.ApproximateNumberOfMessagesNotVisible ?? 0),
    delayed: Number(Attributes?.ApproximateNumberOfMessagesDelayed ?? 0),
  };
}
