import { createHash } from 'node:crypto';
import * as z from 'zod';
import { leaverMessage } from '../../lambda/domain/event/leaver-message.ts';
import { parse, parseJson } from '../../lambda/domain/parse.ts';
import type { IdentifiedEvent } from '../../lambda/sources/source.ts';
import { type AwsCall, AwsError, awsEndpoint } from '../../local/aws/aws-endpoint.ts';
import { listenOnLoopback } from '../../local/aws/loopback-server.ts';

const one = z.object({ QueueUrl: z.string(), MessageBody: z.string().min(1) });
const batch = z.object({
  QueueUrl: z.string(),
  Entries: z
    .array(z.object({ Id: z.string(), MessageBody: z.string().min(1) }))
    .min(1)
    .max(10),
});

const MOST_BYTES = 1_048_576;
/** "SendMessage", Amazon SQS API Reference. */
const REFUSED = /[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/u;

export interface RecordingQueue {
  endpoint: string;
  leaverUrl: string;
  quarantineUrl: string;
  /** That an answer said that these are on the queue. */
  promise(source: string, events: readonly IdentifiedEvent[]): void;
  /** Messages taken so far. */
  taken(): number;
  /** Call it when all answers have come. @returns what is on the queue and should not be, or should be and is not */
  differences(): string[];
  close(): Promise<void>;
}

/**
 * SQS as far as the receiver sends to it: it refuses what SQS refuses, and instead of keeping messages remembers which events were on
 * the leaver queue. The local queues write each message to disk, which is most of the time of a request.
 */
export async function startRecordingQueue(): Promise<RecordingQueue> {
  const promised = new Set<string>();
  const found = new Set<string>();
  let taken = 0;
  const keyOf = (source: string, { eventId, digest }: Pick<IdentifiedEvent, 'eventId' | 'digest'>) => `${source} ${eventId} ${digest}`;

  function take(queueUrl: string, body: string) {
    if (Buffer.byteLength(body) > MOST_BYTES) throw new AwsError(400, 'InvalidParameterValue', 'longer than 1048576 bytes');
    if (REFUSED.test(body)) throw new AwsError(400, 'InvalidMessageContents', 'characters outside the allowed set');
    if (queueUrl === leaverUrl) {
      const message = parseJson(leaverMessage, body, 'message');
      found.add(message.kind === 'arrival' ? keyOf(message.source, message) : `a ${message.kind}`);
      taken += 1;
    }
    return { MessageId: crypto.randomUUID(), MD5OfMessageBody: createHash('md5').update(body).digest('hex') };
  }

  function answer({ operation, body }: AwsCall): object {
    switch (operation) {
      case 'SendMessage': {
        const { QueueUrl, MessageBody } = parse(one, body, 'SendMessage');
        return take(QueueUrl, MessageBody);
      }
      case 'SendMessageBatch': {
        const { QueueUrl, Entries } = parse(batch, body, 'SendMessageBatch');
        return { Successful: Entries.map(({ Id, MessageBody }) => ({ Id, ...take(QueueUrl, MessageBody) })), Failed: [] };
      }
      case 'GetQueueAttributes':
        return { Attributes: { ApproximateNumberOfMessages: '0', ApproximateNumberOfMessagesNotVisible: '0' } };
      default:
        throw new AwsError(400, 'InvalidAction', 'not offered');
    }
  }

  const server = awsEndpoint(answer, 'InvalidParameterValue');
  const { url, close } = await listenOnLoopback(server);
  const leaverUrl = `${url}/leaver`;
  return {
    endpoint: url,
    leaverUrl,
    quarantineUrl: `${url}/quarantine`,
    promise(source, events) {
      for (const event of events) promised.add(keyOf(source, event));
    },
    taken: () => taken,
    differences: () => [
      ...[...found.difference(promised)].map((key) => `on the queue, but proven by nobody: ${key}`),
      ...[...promised.difference(found)].map((key) => `promised, but not on the queue: ${key}`),
    ],
    close: () => close(),
  };
}
