import type { SQSRecord } from 'aws-lambda';
import type { ConsoleDesk } from '../domain/console-access/admin-console.ts';
import type { ConsoleAccessMessage, LeaverMessage } from '../domain/event/leaver-message.ts';
import type { Desk, LeaverQueue, Outcomes } from '../domain/ports.ts';
import { backOffSeconds } from '../domain/time/back-off.ts';
import { DAY } from '../domain/time/time.ts';
import type { LeaverSignals } from './leaver-report.ts';

/** What the worker does with the leaver queue, apart from receiving from it. */
export interface WorkQueue extends LeaverQueue {
  /** Hides a received message for this many seconds, at most 12 hours. */
  postpone(receiptHandle: string, seconds: number): Promise<void>;
  /** Moves a message that we cannot read to the dead-letter queue, where a person looks at it. */
  toDeadLetter(body: string, why: string): Promise<void>;
}

export interface Worker extends LeaverSignals {
  desk: Desk;
  queue: WorkQueue;
  /** Undefined if outcomes are not announced. */
  outcomes?: Outcomes | undefined;
  /** Undefined if leavers are not removed in the Admin Console. */
  console?: Pick<ConsoleDesk, 'adminConsole' | 'named'> | undefined;
  /** The name of the ledger's table if it was restored, and put in place of the stage's own. */
  restoredLedger?: string | undefined;
  /** The number of events that are processed at once. */
  eventsAtOnce: number;
}

/**
 * SQS moves a message to the dead-letter queue after 1,000 receives (the queue's redrive policy). A waiting event is received often
 * and must never end there by waiting: long before, it continues as a new message.
 */
const RENEW_AFTER_RECEIVES = 500;

/** SQS deletes a message 14 days after it was sent (the queue's retention period). */
const RENEW_AFTER = 7 * DAY;

/** Tells the batch processor that SQS must deliver the message again. */
export class BackToTheQueue extends Error {}

/** Has SQS deliver a message again after so many seconds, as a new message if it is old. @throws BackToTheQueue, unless it is old */
export async function putBack(
  { record, message, seconds }: { record: SQSRecord; message: LeaverMessage | ConsoleAccessMessage; seconds: number },
  { desk, queue }: Worker,
): Promise<void> {
  const { ApproximateReceiveCount, SentTimestamp } = record.attributes;
  const old = Number(ApproximateReceiveCount) >= RENEW_AFTER_RECEIVES || desk.clock() - Number(SentTimestamp) > RENEW_AFTER;
  if (old) return queue.send(message);
  await queue.postpone(record.receiptHandle, seconds);
  throw new BackToTheQueue(`delivered again in ${seconds} s`);
}

/** How long a message waits after a failure that nobody foresaw, in seconds. */
export const retrySeconds = ({ attributes }: SQSRecord, { desk }: Worker): number =>
  backOffSeconds(Number(attributes.ApproximateReceiveCount), desk.random());
