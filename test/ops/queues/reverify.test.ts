import { afterEach, describe, expect, it } from '@jest/globals';
import { quarantineQueue } from '../../../lambda/aws/quarantine.ts';
import { intakeQueue } from '../../../lambda/aws/queue.ts';
import { type KeptDelivery, keptDelivery } from '../../../lambda/domain/event/kept-delivery.ts';
import { parseJson } from '../../../lambda/domain/parse.ts';
import { DAY, MINUTE, toInstant } from '../../../lambda/domain/time/time.ts';
import type { SourceConfigs } from '../../../lambda/sources/systems/registry.ts';
import { browse } from '../../../ops/queues/queue-messages.ts';
import { type Judgement, judgeKept, passOn } from '../../../ops/queues/reverify.ts';
import { NOW, SECRET, STANDARD, standardHeaders, terminationItem } from '../../support/deliveries.ts';
import { someQueues } from '../../support/queues.ts';

const BODY = JSON.stringify(terminationItem());
const sources: SourceConfigs = { hr: { scheme: STANDARD, secretId: 'hr-secret' } };
const read = async () => [SECRET];

/** A delivery that was kept because our secret was wrong. @param signed milliseconds since the epoch */
function aKept({ received = NOW, signed = received }: { received?: number; signed?: number } = {}): KeptDelivery {
  return {
    v: 1,
    why: 'signature',
    source: 'hr',
    receivedAt: toInstant(received),
    requestId: 'request-1',
    detail: 'the signature is not valid',
    headers: standardHeaders(BODY, { at: signed }),
    bodyBase64: Buffer.from(BODY).toString('base64'),
  };
}

const judged = (kept: KeptDelivery): Promise<Judgement> => judgeKept(kept, { sources, secrets: { read } });

describe('a kept delivery is judged as of its receipt', () => {
  it.each([
    ['years before now', NOW - 1000 * DAY],
    ['years after now', NOW + 100_000 * DAY],
    ['days before now', Date.now() - 3 * DAY],
    ['a minute before now', Date.now() - MINUTE],
  ])('%s: what was signed then is genuine', async (_, received) => {
    expect(await judged(aKept({ received }))).toMatchObject({ kind: 'accepted', arrivals: [{ receivedAt: toInstant(received) }] });
  });

  it.each([
    ['a replay of an old signature', NOW, NOW - 6 * MINUTE],
    ['signed for a time to come', NOW, NOW + 6 * MINUTE],
    ['an old receipt with a signature of now', Date.now() - DAY, Date.now()],
  ])('so that %s stays refused', async (_, received, signed) => {
    expect(await judged(aKept({ received, signed }))).toMatchObject({ kind: 'refused', why: expect.stringContaining('forged') });
  });
});

describe('an accepted delivery', () => {
  let queues: Awaited<ReturnType<typeof someQueues>>;
  afterEach(() => queues.close());

  /** Passes on the one delivery of the quarantine, as the command does. */
  async function passOnKept(): Promise<void> {
    const queue = intakeQueue({ queueUrl: queues.leaver, client: queues.client, wait: async () => undefined });
    for await (const message of browse(queues.client, queues.quarantine, { isLocal: true })) {
      const result = await judged(parseJson(keptDelivery, message.body, 'kept delivery'));
      if (result.kind === 'accepted') await passOn(result, { message, queue });
    }
  }

  async function quarantined(): Promise<void> {
    queues = await someQueues();
    await quarantineQueue({ client: queues.client, url: queues.quarantine, clock: Date.now }).keep(aKept());
  }

  /** How many messages are on the leaver queue, and in the quarantine. */
  const counts = async () => [(await queues.take(queues.leaver)).length, (await queues.take(queues.quarantine)).length];

  it('goes to the worker and leaves the quarantine', async () => {
    await quarantined();

    await passOnKept();

    expect(await counts()).toEqual([1, 0]);
  });

  it.each([
    ['refuses it', () => ({ Failed: [{ Id: '0', Code: 'InternalError', SenderFault: false }] })],
    [
      'cannot be reached',
      () => {
        throw new Error('down');
      },
    ],
  ])('stays in the quarantine if the queue %s', async (_, answer) => {
    await quarantined();
    queues.spoil((command) => (command === 'SendMessageBatchCommand' ? answer() : undefined));

    await expect(passOnKept()).rejects.toThrow();

    expect(await counts()).toEqual([0, 1]);
  });

  it('is sent twice rather than lost if it cannot be removed', async () => {
    await quarantined();
    queues.spoil((command) => {
      if (command === 'DeleteMessageCommand') throw new Error('down');
      return undefined;
    });

    await expect(passOnKept()).rejects.toThrow('down');

    expect(await counts()).toEqual([1, 1]);
  });
});
