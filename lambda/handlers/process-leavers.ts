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
import { lookAtStage } from '../domain/stage/daily-look.ts';
import { lookForLate } from '../domain/stage/late-look.ts';
import { pauseIfRestored } from '../domain/stage/restored-ledger.ts';
import { backOffSeconds } from '../domain/time/back-off.ts';
import { DAY, SECOND } from '../domain/time/time.ts';
import { reportCanary, reportDailyLook, reportLateLook } from './canary-report.ts';
import { type LeaverSignals, reportDeadLetter, reportTurnEnd, reportUnannounced, reportUnexpected } from './leaver-report.ts';

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
class BackToTheQueue extends Error {}

/** Handles one SQS batch, each message on its own. Messages that have to wait are reported as not processed. */
export function processLeavers(worker: Worker): (event: SQSEvent, context: Context) => Promise<SQSBatchResponse> {
  const { restoredLedger } = worker;
  let isFirst = restoredLedger !== undefined;
  return async (event, context) => {
    // If it fails, SQS delivers the whole batch again.
    if (isFirst && restoredLedger !== undefined) await pauseIfRestored(restoredLedger, worker.desk);
    isFirst = false;
    // The processor keeps the state of the batch, so each invocation has its own.
    const processor = new BatchProcessor(EventType.SQS);
    const inTurn = pLimit(worker.eventsAtOnce);
    // An event that begins late in the batch may need two calls up to their time limits: that much time must be left.
    const needed = context.getRemainingTimeInMillis() / 2;
    try {
      const handle = (record: SQSRecord) => inTurn(() => processRecord({ record, context, needed }, worker));
      return await processPartialResponse(event, handle, processor, { throwOnFullBatchFailure: false });
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
  if (message.kind === 'canary') return lookAtTheStage(message.rememberedAt, worker);
  if (message.kind === 'late-look') return reportLateLook(await lookForLate(worker.desk), worker);
  if (context.getRemainingTimeInMillis() < needed) return putBack({ record, message, seconds: 1 }, worker);

  const turn = {
    worker: `${context.awsRequestId}/${record.messageId}`,
    leaseUntil: worker.desk.clock() + context.getRemainingTimeInMillis() + SECOND,
  };
  try {
    const end = await handleMessage(message, worker.desk, turn);
    reportTurnEnd({ message, end }, worker);
    if (end.kind === 'wait') return await putBack({ record, message, seconds: end.seconds }, worker);
    if (end.entry !== undefined) await announce(end.entry, { record, message }, worker);
  } catch (failure) {
    if (failure instanceof BackToTheQueue) throw failure;
    reportUnexpected(message, failure, worker);
    await putBack({ record, message, seconds: retrySeconds(record, worker) }, worker);
  }
}

/** Once a day, and half a day later with what is remembered outside of the ledger. */
async function lookAtTheStage(rememberedAt: string | undefined, worker: Worker): Promise<void> {
  reportCanary(await askCanary(worker.desk), worker);
  reportDailyLook(await lookAtStage(rememberedAt, worker.desk), worker);
}

/**
 * Announces an outcome before its message is deleted, and again whenever a message finds the event at rest: at least once, without a
 * record of it. The ledger was written before, so trouble of the bus delays the announcement and nothing else.
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
    await putBack({ record, message, seconds: retrySeconds(record, worker) }, worker);
  }
}

/** Reads a message. A body that is not one of ours goes to a person at once, because trying again would not help. */
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
  throw new BackToTheQueue(`delivered again in ${seconds} s`);
}

const retrySeconds = ({ attributes }: SQSRecord, { desk }: Worker): number =>
  backOffSeconds(Number(attributes.ApproximateReceiveCount), desk.random());
