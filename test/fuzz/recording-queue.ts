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
  /** Records that an answer promised these events to be in the queue. */
  promise(source: string, events: readonly IdentifiedEvent[]): void;
  /** The number of messages so far. */
  taken(): number;
  /** Compares the queue with the promises, after the last answer. @returns each event that is only in one of them */
  differences(): string[];
  close(): Promise<void>;
}

/**
 * Starts the part of SQS that the receiver uses. It refuses the same messages as SQS, and records the events of the leaver queue instead
 * of keeping messages: the local queues write each message to disk, which takes most of the time of a request.
 */
export async function startRecordingQueue(): Promise<RecordingQueue> {
  const promised = new Set<string>();
  const found = new Set<string>();
  let taken = 0;
  const keyOf = (source: string, { eventId, digest }: Pick<IdentifiedEvent, 'eventId' | 'digest'>) => `${source} ${eventId} ${digest}`;

  function take(queueUrl: string, body: string) {
    if (Buffer.byteLength(body) > MOST_BYTES)
      throw new AwsError(400, 'InvalidParameterValue', 'the message is longer than 1048576 bytes; send a shorter one');
    if (REFUSED.test(body))
      throw new AwsError(400, 'InvalidMessageContents', 'the message has characters that SQS does not allow; leave them out');
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
        throw new AwsError(400, 'InvalidAction', `the recording queue does not have ${operation}`);
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
      ...[...found.difference(promised)].map((key) => `in the queue without proof: ${key}`),
      ...[...promised.difference(found)].map((key) => `promised, but not in the queue: ${key}`),
    ],
    close: () => close(),
  };
}
