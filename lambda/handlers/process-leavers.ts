import { BatchProcessor, EventType, processPartialResponse } from '@aws-lambda-powertools/batch';
import type { Logger } from '@aws-lambda-powertools/logger';
import { type Metrics, MetricUnit } from '@aws-lambda-powertools/metrics';
import type { Context, SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda';
import pLimit from 'p-limit';
import { backOffSeconds } from '../domain/back-off.ts';
import type { Disposition } from '../domain/disposition.ts';
import { InvalidInput } from '../domain/failures.ts';
import { handleMessage } from '../domain/handle-message.ts';
import { type LeaverMessage, leaverMessage } from '../domain/leaver-message.ts';
import type { LedgerEntry } from '../domain/ledger-entry.ts';
import { parseJson } from '../domain/parse.ts';
import type { Desk, LeaverQueue } from '../domain/ports.ts';
import { DAY, SECOND, toMillis } from '../domain/time.ts';

/** What the worker asks of the leaver queue beside taking messages from it. */
export interface WorkQueue extends LeaverQueue {
  /** Hides a message that was received for this many seconds, up to 12 hours. */
  postpone(receiptHandle: string, seconds: number): Promise<void>;
  /** Moves what cannot be read as a message of ours to where a person looks. */
  toDeadLetter(body: string, why: string): Promise<void>;
}

export interface Worker {
  desk: Desk;
  queue: WorkQueue;
  /** Events worked on at once. */
  eventsAtOnce: number;
  logger: Logger;
  metrics: Metrics;
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
      worker.metrics.publishStoredMetrics();
    }
  };
}

async function processRecord(
  { record, context, needed }: { record: SQSRecord; context: Context; needed: number },
  worker: Worker,
): Promise<void> {
  const message = await readMessage(record, worker);
  if (message === undefined) return;
  if (context.getRemainingTimeInMillis() < needed) return putBack({ record, message, seconds: 1 }, worker);

  const turn = {
    owner: `${context.awsRequestId}/${record.messageId}`,
    leaseUntil: worker.desk.clock() + context.getRemainingTimeInMillis() + SECOND,
  };
  try {
    const disposition = await handleMessage(message, worker.desk, turn);
    report(message, disposition, worker);
    if (disposition.kind === 'wait') await putBack({ record, message, seconds: disposition.seconds }, worker);
  } catch (failure) {
    if (failure instanceof BackToTheQueue) throw failure;
    const { source, eventId } = message;
    worker.logger.error('message could not be worked on', { source, eventId, failure: nameOf(failure) });
    worker.metrics.addMetric('Unexpected', MetricUnit.Count, 1);
    const receives = Number(record.attributes.ApproximateReceiveCount);
    await putBack({ record, message, seconds: backOffSeconds(receives, worker.desk.random()) }, worker);
  }
}

/** A body that is no message of ours would never become one: it goes to a person at once. */
async function readMessage(record: SQSRecord, { queue, logger, metrics }: Worker): Promise<LeaverMessage | undefined> {
  try {
    return parseJson(leaverMessage, record.body, 'leaver message');
  } catch (failure) {
    if (!(failure instanceof InvalidInput)) throw failure;
    await queue.toDeadLetter(record.body, failure.message);
    logger.error('message moved to the dead-letter queue', { messageId: record.messageId, why: failure.message });
    metrics.addMetric('DeadLettered', MetricUnit.Count, 1);
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

function report({ source, eventId, kind }: LeaverMessage, disposition: Disposition, { desk, logger, metrics }: Worker): void {
  const fields = { source, eventId, message: kind };
  switch (disposition.kind) {
    case 'wait':
      metrics.addMetric('Waiting', MetricUnit.Count, 1);
      logger.warn('event waits', { ...fields, code: disposition.code, seconds: disposition.seconds });
      break;
    case 'nothing-to-do':
      metrics.addMetric('Duplicates', MetricUnit.Count, 1);
      logger.info('nothing to do for this message', { ...fields, why: disposition.why });
      break;
    case 'settled':
      reportSettled(disposition.entry, { desk, logger, metrics });
      break;
  }
}

function reportSettled(entry: LedgerEntry, { desk, logger, metrics }: Pick<Worker, 'desk' | 'logger' | 'metrics'>): void {
  const { source, eventId, status, reason, workfrontUserId, effectiveAt, receivedAt } = entry;
  metrics.addMetric(metricOf(status), MetricUnit.Count, 1);
  if (status === 'deactivated' && effectiveAt !== undefined) {
    const now = desk.clock();
    metrics.addMetric('FromEffective', MetricUnit.Milliseconds, Math.max(0, now - Math.max(toMillis(effectiveAt), toMillis(receivedAt))));
    metrics.addMetric('FromReceived', MetricUnit.Milliseconds, Math.max(0, now - toMillis(receivedAt)));
  }
  const level = status === 'failed' ? 'error' : status === 'held' ? 'warn' : 'info';
  logger[level]('event settled', { source, eventId, status, reason, workfrontUserId });
}

/** `already-inactive` is counted as `AlreadyInactive`. */
const metricOf = (status: LedgerEntry['status']): string => status.replace(/(?:^|-)([a-z])/g, (_, letter: string) => letter.toUpperCase());

/** The kind of a failure, for a log: a message of unknown origin may hold anything. */
const nameOf = (failure: unknown): string => (failure instanceof Error ? failure.name : typeof failure);
