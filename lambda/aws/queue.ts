import { setTimeout } from 'node:timers/promises';
import {
  ChangeMessageVisibilityCommand,
  SendMessageBatchCommand,
  type SendMessageBatchRequestEntry,
  SendMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import type { LeaverMessage } from '../domain/event/leaver-message.ts';
import { TransientFailure } from '../domain/failures.ts';
import type { LeaverQueue, Random } from '../domain/ports.ts';
import { HOUR, SECOND } from '../domain/time/time.ts';
import { CLIENT_SETTINGS, nameOf } from './client-settings.ts';
import { messageBody } from './message-body.ts';

/** Limits of SQS: entries of a batch, bytes of all its messages together, time a message may be hidden (SQS Developer Guide, "Quotas"). */
const MOST_ENTRIES = 10;
const MOST_BYTES = 1_048_576;
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

/** The leaver queue, for the one who only puts events on it. */
export interface Intake extends LeaverQueue {
  /**
   * Returns when SQS has all of them. Otherwise some may have been taken: what is sent again is a duplicate, known by its event id.
   *
   * @throws TransientFailure `queue-refused` or `queue-unavailable`
   */
  sendAll(messages: readonly LeaverMessage[]): Promise<void>;
}

type Entry = SendMessageBatchRequestEntry & { MessageBody: string };

export const sqsClient = (): SQSClient => new SQSClient(CLIENT_SETTINGS);

export function intakeQueue({ queueUrl, client = sqsClient(), random = Math.random, wait = setTimeout }: QueueOptions): Intake {
  async function sendAll(messages: readonly LeaverMessage[]): Promise<void> {
    const abortSignal = AbortSignal.timeout(WITHIN);
    let left = messages.map((message, index): Entry => ({ Id: String(index), MessageBody: messageBody(message) }));
    for (let tried = 0; tried < TRIES && left.length > 0; tried += 1) {
      if (tried > 0) await wait(random() * FIRST_WAIT * 2 ** tried);
      left = await sendOnce(left, { client, queueUrl, abortSignal });
    }
    if (left.length === 0) return;
    throw new TransientFailure(
      'queue-refused',
      `expected SQS to take ${messages.length} messages, it refused ${left.length} of them ${TRIES} times`,
    );
  }

  return { sendAll, send: (message) => sendAll([message]) };
}

/** The leaver queue and its dead-letter queue, for the worker. */
export function leaverQueue({ deadLetterUrl, client = sqsClient(), ...options }: QueueOptions & { deadLetterUrl: string }) {
  return {
    ...intakeQueue({ client, ...options }),

    /** Hides a message that was received for this many seconds, up to 12 hours. @throws TransientFailure `queue-unavailable` */
    async postpone(receiptHandle: string, seconds: number): Promise<void> {
      const VisibilityTimeout = Math.min(Math.max(Math.ceil(seconds), 0), MOST_HIDDEN);
      await client
        .send(new ChangeMessageVisibilityCommand({ QueueUrl: options.queueUrl, ReceiptHandle: receiptHandle, VisibilityTimeout }))
        .catch(throwUnavailable);
    },

    /** @param why a sentence for the person who looks @throws TransientFailure `queue-unavailable` */
    async toDeadLetter(body: string, why: string): Promise<void> {
      const MessageAttributes = { why: { DataType: 'String', StringValue: why || 'unknown' } };
      await client.send(new SendMessageCommand({ QueueUrl: deadLetterUrl, MessageBody: body, MessageAttributes })).catch(throwUnavailable);
    },
  };
}

/** @returns the entries that SQS did not say it has */
async function sendOnce(
  entries: Entry[],
  { client, queueUrl, abortSignal }: { client: SQSClient; queueUrl: string; abortSignal: AbortSignal },
): Promise<Entry[]> {
  const answers = await Promise.allSettled(
    batchesOf(entries).map((batch) => client.send(new SendMessageBatchCommand({ QueueUrl: queueUrl, Entries: batch }), { abortSignal })),
  );
  const taken = new Set<string | undefined>();
  for (const answer of answers) {
    if (answer.status === 'rejected') return throwUnavailable(answer.reason);
    for (const { Id } of answer.value.Successful ?? []) taken.add(Id);
  }
  return entries.filter(({ Id }) => !taken.has(Id));
}

function batchesOf(entries: readonly Entry[]): Entry[][] {
  const batches: Entry[][] = [];
  let bytes = 0;
  for (const entry of entries) {
    const size = Buffer.byteLength(entry.MessageBody);
    const last = batches.at(-1);
    if (last !== undefined && last.length < MOST_ENTRIES && bytes + size <= MOST_BYTES) {
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
  throw new TransientFailure('queue-unavailable', `expected SQS to do as asked, got ${nameOf(error)}`, { cause: error });
}
