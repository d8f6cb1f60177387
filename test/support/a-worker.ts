import { Logger } from '@aws-lambda-powertools/logger';
import { Metrics } from '@aws-lambda-powertools/metrics';
import { jest } from '@jest/globals';
import type { Context, SQSRecord } from 'aws-lambda';
import { MINUTE } from '../../lambda/domain/time/time.ts';
import { processLeavers } from '../../lambda/handlers/process-leavers.ts';
import type { Worker, WorkQueue } from '../../lambda/handlers/put-back.ts';
import type { TestDesk } from './in-memory-desk.ts';

/** The calls of the worker to the queue. */
interface AskedOfQueue {
  sent: unknown[];
  postponed: { receiptHandle: string; seconds: number }[];
  dead: { body: string; why: string }[];
}

/** Makes a worker over a desk in memory. `lines` has everything that it prints, `metrics` the sums of its counts over all reasons. */
export function aWorker(
  desk: TestDesk,
  {
    queue = {},
    eventsAtOnce = 4,
    outcomes,
    console,
    restoredLedger,
  }: Partial<Pick<Worker, 'eventsAtOnce' | 'outcomes' | 'console' | 'restoredLedger'>> & { queue?: Partial<WorkQueue> } = {},
) {
  const asked: AskedOfQueue = { sent: [], postponed: [], dead: [] };
  const lines: string[] = [];
  for (const stream of [process.stdout, process.stderr]) {
    jest.spyOn(stream, 'write').mockImplementation((chunk) => {
      lines.push(String(chunk));
      return true;
    });
  }
  const invoke = processLeavers({
    desk,
    eventsAtOnce,
    outcomes,
    console,
    restoredLedger,
    queue: {
      send: async (message) => void asked.sent.push(message),
      postpone: async (receiptHandle, seconds) => void asked.postponed.push({ receiptHandle, seconds }),
      toDeadLetter: async (body, why) => void asked.dead.push({ body, why }),
      ...queue,
    },
    logger: new Logger({ serviceName: 'worker' }),
    metrics: new Metrics({ namespace: 'WorkfrontOffboarding', serviceName: 'worker', defaultDimensions: { stage: 'test' } }),
  });
  return {
    asked,
    lines,
    metrics: () => sumsOf(lines),
    /** @returns the ids of the messages that it reports as failed */
    async process(records: SQSRecord[], remainingMillis: () => number = () => MINUTE): Promise<string[]> {
      const { batchItemFailures } = await invoke({ Records: records }, aContext(remainingMillis));
      return batchItemFailures.map(({ itemIdentifier }) => itemIdentifier);
    },
  };
}

/** @param sentAt milliseconds since the epoch */
export function aRecord(
  message: unknown,
  {
    messageId = 'm-1',
    receives = 1,
    sentAt = Date.parse('2026-11-24T12:00:00Z'),
  }: { messageId?: string; receives?: number; sentAt?: number } = {},
): SQSRecord {
  return {
    messageId,
    receiptHandle: `handle of ${messageId}`,
    body: typeof message === 'string' ? message : JSON.stringify(message),
    attributes: {
      ApproximateReceiveCount: String(receives),
      SentTimestamp: String(sentAt),
      SenderId: 'receiver',
      ApproximateFirstReceiveTimestamp: String(sentAt),
    },
    messageAttributes: {},
    md5OfBody: '',
    eventSource: 'aws:sqs',
    eventSourceARN: 'arn:aws:sqs:eu-west-1:123456789012:leavers',
    awsRegion: 'eu-west-1',
  };
}

function aContext(getRemainingTimeInMillis: () => number): Context {
  const nothing = () => undefined;
  return {
    awsRequestId: 'request-1',
    functionName: 'worker',
    functionVersion: '1',
    invokedFunctionArn: 'arn:aws:lambda:eu-west-1:123456789012:function:worker',
    memoryLimitInMB: '512',
    logGroupName: 'worker',
    logStreamName: '1',
    callbackWaitsForEmptyEventLoop: false,
    getRemainingTimeInMillis,
    done: nothing,
    fail: nothing,
    succeed: nothing,
  };
}

/** Sums the counts in EMF ("Specification: Embedded metric format", CloudWatch User Guide). */
function sumsOf(lines: string[]): Record<string, number> {
  const sums: Record<string, number> = {};
  for (const line of lines.filter((text) => text.includes('"_aws"') && !text.includes('"reason"'))) {
    const emf: Record<string, unknown> = JSON.parse(line);
    for (const [name, value] of Object.entries(emf)) {
      const counts = [value].flat().filter((one) => typeof one === 'number');
      if (counts.length > 0) sums[name] = counts.reduce((sum, one) => sum + one, sums[name] ?? 0);
    }
  }
  return sums;
}
