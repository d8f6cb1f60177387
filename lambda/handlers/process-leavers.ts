import { BatchProcessor, EventType, processPartialResponse } from '@aws-lambda-powertools/batch';
import type { Context, SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda';
import pLimit from 'p-limit';
import { handleMessage } from '../domain/deactivate/handle-message.ts';
import type { LeaverMessage } from '../domain/event/leaver-message.ts';
import type { LedgerEntry } from '../domain/event/ledger-entry.ts';
import { InvalidInput } from '../domain/failures.ts';
import { parseJson } from '../domain/parse.ts';
import type { Desk, LeaverQueue, Outcomes } from '../domain/ports.ts';
import { askCanary, type QueuedMessage, queuedMessage } from '../domain/stage/canary.ts';
import { backOffSeconds } from '../domain/time/back-off.ts';
import { DAY, SECOND } from '../domain/time/time.ts';
import { reportCanary } from './canary-report.ts';
import { reportDeadLetter, reportDisposition, reportUnannounced, reportUnexpected, type Signals } from './leaver-report.ts';

/** What the worker asks of the leaver queue beside taking messages from it. */
export interface WorkQueue extends LeaverQueue {
  /** Hides a message that was received for this many seconds, up to 12 hours. */
  postpone(receiptHandle: string, seconds: number): Promise<void>;
  /** Moves what cannot be read as a message of ours to where a person looks. */
  toDeadLetter(body: string, why: string): Promise<void>;
}

export interface Worker extends Signals {
  desk: Desk;
  queue: WorkQueue;
  /** Undefined where nobody is told. */
  outcomes?: Outcomes | undefined;
  /** Events worked on at once. */
  eventsAtOnce: number;
}

/**
 * SQS counts receives and moves a message to the dead-letter queue after 1,000 (the queue's redrive policy). A waiting event
 * is received often and must never get there by waiting: long before, it continues as a new message.
 */
const RENEW_AFTER_RECEIVES = 500;

/** SQS drops a message 14 days after it was sent, whatever became of it (the queue's retention period). */
const RENEW_AFTER = 7 * DAY;

class BackToTheQueue extends Error {}

/** Handles one SQS batch: each message for itself, and what has to wait is reported as not processed. */
export function processLeavers(worker: Worker): (event: SQSEvent, context: Context) => Promise<SQSBatchResponse> {
  return async (event, context) => {
    // It keeps the batch's state: one for each invocation.
    const processor = new BatchProcessor(EventType.SQS);
    const inTurn = pLimit(worker.eventsAtOnce);
    // An event begun late in the batch may take two calls to their time limits: that much must be left.
    const needed = context.getRemainingTimeInMillis() / 2;
    try {
      return await processPartialResponse(
        event,
        (record: SQSRecord) => inTurn(() => processRecord({ record, context, needed }, worker)),
        processor,
        {
          throwOnFullBatchFailure: false,
        },
      );
    } finally {
      if (worker.metrics.hasStoredMetrics()) worker.metrics.publishStoredMetrics();
    }
  };
}

async function processRecord(
  { record, context, needed }: { record: SQSRecord; context: Context; needed: number },
  worker: Worker,
): Promise<void> {
  const message = await readMessage(record, worker);
  if (message === undefined) return;
  if (message.kind === 'canary') return reportCanary(await askCanary(worker.desk), worker);
  if (context.getRemainingTimeInMillis() < needed) return putBack({ record, message, seconds: 1 }, worker);

  const turn = {
    owner: `${context.awsRequestId}/${record.messageId}`,
    leaseUntil: worker.desk.clock() + context.getRemainingTimeInMillis() + SECOND,
  };
  try {
    const disposition = await handleMessage(message, worker.desk, turn);
    reportDisposition(message, disposition, worker.desk.clock(), worker);
    if (disposition.kind === 'wait') return await putBack({ record, message, seconds: disposition.seconds }, worker);
    if (disposition.entry !== undefined) await announce(disposition.entry, { record, message }, worker);
  } catch (failure) {
    if (failure instanceof BackToTheQueue) throw failure;
    reportUnexpected(message, failure, worker);
    await putBack({ record, message, seconds: againIn(record, worker) }, worker);
  }
}

/**
 * Tells others before the message is deleted, and whenever a message finds the event where it rests: at least once, without
 * a note of what was told. The ledger was written before, so a bus in trouble delays the news and nothing else.
 */
async function announce(
  entry: LedgerEntry,
  { record, message }: { record: SQSRecord; message: LeaverMessage },
  worker: Worker,
): Promise<void> {
  try {
    await worker.outcomes?.publish(entry);
  } catch (failure) {
    reportUnannounced(entry, failure, worker);
    await putBack({ record, message, seconds: againIn(record, worker) }, worker);
  }
}

/** A body that is no message of ours would never become one: it goes to a person at once. */
async function readMessage(record: SQSRecord, worker: Worker): Promise<QueuedMessage | undefined> {
  try {
    return parseJson(queuedMessage, record.body, 'leaver message');
  } catch (failure) {
    if (!(failure instanceof InvalidInput)) throw failure;
    await worker.queue.toDeadLetter(record.body, failure.message);
    reportDeadLetter({ messageId: record.messageId, why: failure.message }, worker);
    return undefined;
  }
}

async function putBack(
  { record, message, seconds }: { record: SQSRecord; message: LeaverMessage; seconds: number },
  { desk, queue }: Worker,
): Promise<void> {
  const { ApproximateReceiveCount, SentTimestamp } = record.attributes;
  const old = Number(ApproximateReceiveCount) >= RENEW_AFTER_RECEIVES || desk.clock() - Number(SentTimestamp) > RENEW_AFTER;
  if (old) return queue.send(message);
  await queue.postpone(record.receiptHandle, seconds);
  throw new BackToTheQueue(`again in ${seconds} s`);
}

const againIn = ({ attributes }: SQSRecord, { desk }: Worker): number =>
  backOffSeconds(Number(attributes.ApproximateReceiveCount), desk.random());
