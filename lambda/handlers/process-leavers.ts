import { BatchProcessor, EventType, processPartialResponse } from '@aws-lambda-powertools/batch';
import type { Context, SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda';
import pLimit from 'p-limit';
import { consoleMessage } from '../domain/console-access/follow-up.ts';
import { accessToContinue } from '../domain/console-access/open-access.ts';
import { noteImpact } from '../domain/deactivate/after/note-impact.ts';
import { handleMessage } from '../domain/deactivate/handle-message.ts';
import type { TurnEnd } from '../domain/deactivate/turn-end.ts';
import type { LeaverMessage } from '../domain/event/leaver-message.ts';
import type { LedgerEntry } from '../domain/event/ledger-entry.ts';
import { testOutcome } from '../domain/event/test-outcome.ts';
import { InvalidInput } from '../domain/failures.ts';
import { parseJson } from '../domain/parse.ts';
import { askCanary, type QueuedMessage, queuedMessage } from '../domain/stage/canary.ts';
import { lookAtStage } from '../domain/stage/daily-look.ts';
import { lookForLate } from '../domain/stage/late-look.ts';
import { pauseIfRestored } from '../domain/stage/restored-ledger.ts';
import { DAY, MINUTE, SECOND } from '../domain/time/time.ts';
import { orLater } from '../domain/watch/after-trouble.ts';
import { type Compared, compareWithHr } from '../domain/watch/compare.ts';
import { readFindings } from '../domain/watch/findings.ts';
import { type Looked, lookAgain } from '../domain/watch/look-again.ts';
import { beginNightlySweep } from '../domain/watch/sweep.ts';
import { reportCanary, reportDailyLook, reportLateLook } from './canary-report.ts';
import { continueInConsole, followUp } from './console-follow-up.ts';
import { reportDeadLetter, reportTurnEnd, reportUnannounced, reportUnexpected } from './leaver-report.ts';
import { BackToTheQueue, putBack, retrySeconds, type Worker } from './put-back.ts';
import { reportLook, reportSweep } from './watch-report.ts';

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
      // What a leaver owns is counted only while nobody in the batch waits for their own turn.
      const isAlone = () => inTurn.activeCount + inTurn.pendingCount <= 1;
      const handle = (record: SQSRecord) => inTurn(() => processRecord({ record, context, needed, isAlone }, worker));
      return await processPartialResponse(event, handle, processor, { throwOnFullBatchFailure: false });
    } finally {
      if (worker.metrics.hasStoredMetrics()) worker.metrics.publishStoredMetrics();
    }
  };
}

async function processRecord(
  { record, context, needed, isAlone }: { record: SQSRecord; context: Context; needed: number; isAlone: () => boolean },
  worker: Worker,
): Promise<void> {
  const message = await readMessage(record, worker);
  if (message === undefined) return;
  if (message.kind === 'canary') return lookAtTheStage(message.rememberedAt, worker);
  if (message.kind === 'sweep') return sweep(record, worker);
  if (message.kind === 'late-look') return reportLateLook(await lookForLate(worker.desk), worker);
  if (message.kind === 'test-outcome') return announce(testOutcome(message), { record, message }, worker);
  if (context.getRemainingTimeInMillis() < needed) return putBack({ record, message, seconds: 1 }, worker);

  const turn = {
    worker: `${context.awsRequestId}/${record.messageId}`,
    leaseUntil: worker.desk.clock() + context.getRemainingTimeInMillis() + SECOND,
  };
  try {
    if (message.kind === 'console-access') return await continueInConsole(message, record, worker);
    if (message.kind === 'watch' || message.kind === 'compare') return await lookAtUser({ record, message }, worker);
    const end = await handleMessage(message, worker.desk, turn);
    reportTurnEnd({ message, end }, worker);
    if (end.kind === 'wait') return await putBack({ record, message, seconds: end.seconds }, worker);
    const mayCount = end.kind === 'settled' && isAlone() && context.getRemainingTimeInMillis() > needed;
    const entry = mayCount ? await noteImpact(end.entry, worker.desk) : end.entry;
    if (entry !== undefined) await announce(entry, { record, message }, worker).finally(() => followUp(entry, worker));
  } catch (failure) {
    if (failure instanceof BackToTheQueue) throw failure;
    reportUnexpected(message, failure, worker);
    await putBack({ record, message, seconds: retrySeconds(record, worker) }, worker);
  }
}

/** Looks again after the end: what was announced before is not announced again, unless the user came back. */
async function lookAtUser({ record, message }: { record: SQSRecord; message: LeaverMessage }, worker: Worker): Promise<void> {
  const { desk } = worker;
  const look = (): Promise<TurnEnd | Looked | Compared> => (message.kind === 'watch' ? lookAgain : compareWithHr)(message, desk);
  const end = await orLater(look, desk);
  if (end.kind === 'looked' || end.kind === 'compared') return reportLook({ message, end }, worker);
  reportTurnEnd({ message, end }, worker);
  if (end.kind === 'wait') return putBack({ record, message, seconds: end.seconds }, worker);
  if (end.entry?.status === 'returned') await announce(end.entry, { record, message }, worker);
}

/** Every night: what it has to look at goes to the queue, each event by itself. After half a day of trouble the next night begins again. */
async function sweep({ attributes, receiptHandle }: SQSRecord, worker: Worker): Promise<void> {
  const { desk, queue } = worker;
  const swept = await orLater(() => beginNightlySweep(desk), desk);
  const inTurn = pLimit(SENT_AT_ONCE);
  if (swept.kind === 'swept') await Promise.all(swept.messages.map((message) => inTurn(() => queue.send(message))));
  reportSweep({ swept, findings: await readFindings(desk) }, worker);
  if (swept.kind === 'swept' || desk.clock() - Number(attributes.SentTimestamp) > DAY / 2) return;
  await queue.postpone(receiptHandle, SWEEP_AGAIN_AFTER);
  throw new BackToTheQueue('the sweep waits');
}

const SENT_AT_ONCE = 10;
const SWEEP_AGAIN_AFTER = (5 * MINUTE) / SECOND;

/** Once a day, and half a day later with what is remembered outside of the ledger. */
async function lookAtTheStage(rememberedAt: string | undefined, worker: Worker): Promise<void> {
  reportCanary(await askCanary(worker.desk), worker);
  reportDailyLook(await lookAtStage(rememberedAt, worker.desk), worker);
  if (worker.console === undefined) return;
  for (const ref of await accessToContinue(worker.desk.ledger, worker.desk.clock())) await worker.queue.send(consoleMessage(ref));
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
