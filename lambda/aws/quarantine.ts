import { GetQueueAttributesCommand, SendMessageCommand, type SQSClient } from '@aws-sdk/client-sqs';
import type { KeptDelivery } from '../domain/event/kept-delivery.ts';
import { TransientFailure } from '../domain/failures.ts';
import type { Clock } from '../domain/ports.ts';
import { MINUTE, SECOND } from '../domain/time/time.ts';
import { errorClass } from './client-settings.ts';
import { messageBody } from './message-body.ts';

const MOST_FORGED_BYTES = 64 * 1024;
const MOST_FORGED_A_MINUTE = 20;
const MOST_MESSAGES = 1000;
const COUNT_EVERY = MINUTE;
const WITHIN = 4.5 * SECOND;
/** The answer to a forged delivery waits no longer than this for the quarantine. */
const FORGED_WITHIN = SECOND;

/** Keeps deliveries that were not accepted, apart from every path to Workfront. */
export interface Quarantine {
  /** @throws TransientFailure `quarantine-unavailable` */
  keep(delivery: KeptDelivery): Promise<void>;
  /** Keeps a forged delivery if there is room, within about a second. Never throws. @returns whether it was kept */
  keepForged(delivery: KeptDelivery): Promise<boolean>;
}

/** The quarantine on SQS. Anybody can send forged deliveries, so their size, rate and number are limited. */
export function quarantineQueue({ client, url, clock }: { client: SQSClient; url: string; clock: Clock }): Quarantine {
  let minute = { from: Number.NEGATIVE_INFINITY, kept: 0 };
  let counted = { at: Number.NEGATIVE_INFINITY, full: true };

  function isWithinRate(): boolean {
    if (clock() - minute.from >= MINUTE) minute = { from: clock(), kept: 0 };
    minute.kept += 1;
    return minute.kept <= MOST_FORGED_A_MINUTE;
  }

  async function hasRoom(abortSignal: AbortSignal): Promise<boolean> {
    if (clock() - counted.at >= COUNT_EVERY) {
      counted = { at: clock(), full: true };
      // Not ">=": a count that is missing must not count as room.
      counted.full = !((await countMessages(client, url, abortSignal)) < MOST_MESSAGES);
    }
    return !counted.full;
  }

  async function send(delivery: KeptDelivery, abortSignal: AbortSignal): Promise<void> {
    const attributes = {
      why: { DataType: 'String', StringValue: delivery.why },
      source: { DataType: 'String', StringValue: delivery.source },
    };
    await client.send(new SendMessageCommand({ QueueUrl: url, MessageBody: messageBody(delivery), MessageAttributes: attributes }), {
      abortSignal,
    });
  }

  return {
    async keep(delivery) {
      await send(delivery, AbortSignal.timeout(WITHIN)).catch(throwUnavailable);
    },

    async keepForged(delivery) {
      if (Buffer.byteLength(delivery.bodyBase64, 'base64') > MOST_FORGED_BYTES || !isWithinRate()) return false;

      const signal = AbortSignal.timeout(FORGED_WITHIN);
      const tooLate = new Promise<boolean>((resolve) => signal.addEventListener('abort', () => resolve(false), { once: true }));
      const kept = hasRoom(signal).then(async (room) => {
        if (room) await send(delivery, signal);
        return room;
      });
      return Promise.race([kept, tooLate]).catch(() => false);
    },
  };
}

async function countMessages(client: SQSClient, url: string, abortSignal: AbortSignal): Promise<number> {
  const { Attributes } = await client.send(
    new GetQueueAttributesCommand({
      QueueUrl: url,
      AttributeNames: ['ApproximateNumberOfMessages', 'ApproximateNumberOfMessagesNotVisible'],
    }),
    { abortSignal },
  );
  return Number(Attributes?.ApproximateNumberOfMessages) + Number(Attributes?.ApproximateNumberOfMessagesNotVisible);
}

function throwUnavailable(error: unknown): never {
  throw new TransientFailure(
    'quarantine-unavailable',
    `expected the quarantine to accept a delivery, got ${errorClass(error)}; check the quarantine queue and the receiver's rights`,
    { cause: error },
  );
}
