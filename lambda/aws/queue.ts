import { setTimeout } from 'node:timers/promises';
import {
  ChangeMessageVisibilityCommand,
  SendMessageBatchCommand,
  type SendMessageBatchRequestEntry,
  SendMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import type { ConsoleAccessMessage, LeaverMessage } from '../domain/event/leaver-message.ts';
import { TransientFailure } from '../domain/failures.ts';
import type { LeaverQueue, Random } from '../domain/ports.ts';
import { HOUR, SECOND } from '../domain/time/time.ts';
import { CLIENT_SETTINGS, errorClass } from './client-settings.ts';
import { messageBody } from './message-body.ts';

/** Limits of SQS (SQS Developer Guide, "Quotas"): messages of a batch, their bytes together, seconds that a message may be hidden. */
const MOST_IN_BATCH = 10;
const MOST_BATCH_BYTES = 1_048_576;
const MOST_HIDDEN = (12 * HOUR) / SECOND;

const TRIES = 4;
const FIRST_WAIT = 100;
const WITHIN = 4.5 * SECOND;

interface QueueOptions {
  queueUrl: string;
  client?: SQSClient;
  random?: Random;
  /** Waits so many milliseconds. */
  wait?: (millis: number) => Promise<unknown>;
}

/** The leaver queue, for a caller who only puts events on it. */
export interface Intake extends LeaverQueue {
  /**
   * Returns when SQS has all of them. After a failure SQS may have some of them: to send all again is safe, because a duplicate is
   * recognised by its event id.
   *
   * @throws TransientFailure `queue-refused` or `queue-unavailable`
   */
  sendAll(messages: readonly (LeaverMessage | ConsoleAccessMessage)[]): Promise<void>;
}

type BatchEntry = SendMessageBatchRequestEntry & { MessageBody: string };

export const sqsClient = (): SQSClient => new SQSClient(CLIENT_SETTINGS);

export function intakeQueue({ queueUrl, client = sqsClient(), random = Math.random, wait = setTimeout }: QueueOptions): Intake {
  async function sendAll(messages: readonly (LeaverMessage | ConsoleAccessMessage)[]): Promise<void> {
    const abortSignal = AbortSignal.timeout(WITHIN);
    let left = messages.map((message, index): BatchEntry => ({ Id: String(index), MessageBody: messageBody(message) }));
    for (let tried = 0; tried < TRIES && left.length > 0; tried += 1) {
      if (tried > 0) await wait(random() * FIRST_WAIT * 2 ** tried);
      left = await sendOnce(left, { client, queueUrl, abortSignal });
    }
    if (left.length === 0) return;
    throw new TransientFailure(
      'queue-refused',
      `expected SQS to accept ${messages.length} messages, got ${left.length} refused after ${TRIES} attempts; send the delivery again`,
    );
  }

  return { sendAll, send: (message) => sendAll([message]) };
}

/** The leaver queue and its dead-letter queue, for the worker. */
export function leaverQueue({ deadLetterUrl, client = sqsClient(), ...options }: QueueOptions & { deadLetterUrl: string }) {
  return {
    ...intakeQueue({ client, ...options }),

    /** Hides a received message for this many seconds, at most 12 hours. @throws TransientFailure `queue-unavailable` */
    async postpone(receiptHandle: string, seconds: number): Promise<void> {
      const VisibilityTimeout = Math.min(Math.max(Math.ceil(seconds), 0), MOST_HIDDEN);
      await client
        .send(new ChangeMessageVisibilityCommand({ QueueUrl: options.queueUrl, ReceiptHandle: receiptHandle, VisibilityTimeout }))
        .catch(throwUnavailable);
    },

    /** @param why a sentence for the person who will look at it @throws TransientFailure `queue-unavailable` */
    async toDeadLetter(body: string, why: string): Promise<void> {
      const MessageAttributes = { why: { DataType: 'String', StringValue: why || 'unknown' } };
      await client.send(new SendMessageCommand({ QueueUrl: deadLetterUrl, MessageBody: body, MessageAttributes })).catch(throwUnavailable);
    },
  };
}

/** @returns the messages that SQS has not confirmed */
async function sendOnce(
  entries: BatchEntry[],
  { client, queueUrl, abortSignal }: { client: SQSClient; queueUrl: string; abortSignal: AbortSignal },
): Promise<BatchEntry[]> {
  const answers = await Promise.allSettled(
    batchesOf(entries).map((batch) => client.send(new SendMessageBatchCommand({ QueueUrl: queueUrl, Entries: batch }), { abortSignal })),
  );
  const confirmed = new Set<string | undefined>();
  for (const answer of answers) {
    if (answer.status === 'rejected') return throwUnavailable(answer.reason);
    for (const { Id } of answer.value.Successful ?? []) confirmed.add(Id);
  }
  return entries.filter(({ Id }) => !confirmed.has(Id));
}

function batchesOf(entries: readonly BatchEntry[]): BatchEntry[][] {
  const batches: BatchEntry[][] = [];
  let bytes = 0;
  for (const entry of entries) {
    const size = Buffer.byteLength(entry.MessageBody);
    const last = batches.at(-1);
    if (last !== undefined && last.length < MOST_IN_BATCH && bytes + size <= MOST_BATCH_BYTES) {
      last.push(entry);
      bytes += size;
    } else {
      batches.push([entry]);
      bytes = size;
    }
  }
  return batches;
}

function throwUnavailable(error: unknown): never {
  throw new TransientFailure('queue-unavailable', `expected an answer from SQS, got ${errorClass(error)}; wait and try again`, {
    cause: error,
  });
}
