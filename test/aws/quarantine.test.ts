import { afterEach, describe, expect, it } from '@jest/globals';
import { quarantineQueue } from '../../lambda/aws/quarantine.ts';
import { type KeptDelivery, keptDelivery } from '../../lambda/domain/event/kept-delivery.ts';
import { TransientFailure } from '../../lambda/domain/failures.ts';
import { parseJson } from '../../lambda/domain/parse.ts';
import { MINUTE } from '../../lambda/domain/time/time.ts';
import { someQueues } from '../support/queues.ts';

const open: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const one of open.splice(0)) await one.close();
});

async function aQuarantine() {
  const queue = await someQueues();
  open.push(queue);
  const clock = { now: 0 };
  return { queue, clock, quarantine: quarantineQueue({ client: queue.client, url: queue.quarantine, clock: () => clock.now }) };
}

function aKept(bytes = 10): KeptDelivery {
  return {
    v: 1,
    why: 'signature',
    source: 'hr',
    receivedAt: '2026-11-24T09:00:00.000Z',
    requestId: 'request-1',
    detail: 'the signature is not valid',
    headers: { 'webhook-id': 'msg_1' },
    bodyBase64: Buffer.alloc(bytes, 'x').toString('base64'),
  };
}

const contentOf = ({ Body = '' }) => parseJson(keptDelivery, Body, 'kept delivery');

const inTurn = async (count: number, act: () => Promise<boolean>) => {
  const kept: boolean[] = [];
  for (let at = 0; at < count; at += 1) kept.push(await act());
  return kept.filter(Boolean).length;
};

describe('a genuine delivery', () => {
  it('is kept whole, with reason and source as attributes of the message', async () => {
    const { queue, quarantine } = await aQuarantine();
    const delivery: KeptDelivery = { ...aKept(512 * 1024), why: 'unreadable', headers: { 'content-type': '\u0001\ufffe\u{1f33b}' } };

    await quarantine.keep(delivery);

    const kept = await queue.take(queue.quarantine);
    expect(kept.map(contentOf)).toEqual([delivery]);
    expect(kept).toMatchObject([{ MessageAttributes: { why: { StringValue: 'unreadable' }, source: { StringValue: 'hr' } } }]);
  });

  it('is kept however many there are', async () => {
    const { queue, quarantine } = await aQuarantine();
    for (let at = 0; at < 50; at += 1) await quarantine.keep(aKept());

    expect(await queue.take(queue.quarantine)).toHaveLength(50);
  });

  it('that cannot be kept is a transient failure', async () => {
    const { queue, quarantine } = await aQuarantine();
    await queue.close();
    open.length = 0;

    await expect(quarantine.keep(aKept())).rejects.toBeInstanceOf(TransientFailure);
  });
});

describe('a forged delivery', () => {
  it('is kept', async () => {
    const { queue, quarantine } = await aQuarantine();

    expect(await quarantine.keepForged(aKept())).toBe(true);
    expect((await queue.take(queue.quarantine)).map(contentOf)).toEqual([aKept()]);
  });

  it.each([
    [64 * 1024, true],
    [64 * 1024 + 1, false],
  ])('of %i bytes is kept: %s', async (bytes, kept) => {
    const { quarantine } = await aQuarantine();

    expect(await quarantine.keepForged(aKept(bytes))).toBe(kept);
  });

  it('is kept twenty times a minute', async () => {
    const { queue, quarantine, clock } = await aQuarantine();

    expect(await inTurn(30, () => quarantine.keepForged(aKept()))).toBe(20);
    clock.now = MINUTE;
    expect(await inTurn(30, () => quarantine.keepForged(aKept()))).toBe(20);
    expect(await queue.take(queue.quarantine)).toHaveLength(40);
  });

  it.each([
    ['900', '99', true],
    ['900', '100', false],
    ['1000', '0', false],
    [undefined, '0', false],
    ['many', '0', false],
  ])('is kept beside %s waiting and %s hidden messages: %s', async (waiting, hidden, kept) => {
    const { queue, quarantine } = await aQuarantine();
    let counts = 0;
    queue.spoil((command) => {
      if (command !== 'GetQueueAttributesCommand') return undefined;
      counts += 1;
      return { Attributes: { ApproximateNumberOfMessages: waiting, ApproximateNumberOfMessagesNotVisible: hidden } };
    });

    expect(await inTurn(5, () => quarantine.keepForged(aKept()))).toBe(kept ? 5 : 0);
    expect(counts).toBe(1);
  });

  it('is kept again as soon as there is room, which is counted every minute', async () => {
    const { queue, quarantine, clock } = await aQuarantine();
    let waiting = '1000';
    queue.spoil((command) =>
      command === 'GetQueueAttributesCommand'
        ? { Attributes: { ApproximateNumberOfMessages: waiting, ApproximateNumberOfMessagesNotVisible: '0' } }
        : undefined,
    );
    expect(await quarantine.keepForged(aKept())).toBe(false);
    waiting = '0';
    expect(await quarantine.keepForged(aKept())).toBe(false);
    clock.now = MINUTE;

    expect(await quarantine.keepForged(aKept())).toBe(true);
  });

  it('is not kept if SQS fails or does not answer', async () => {
    const { queue, quarantine } = await aQuarantine();
    queue.spoil((command) => {
      if (command === 'SendMessageCommand') throw new Error('down');
      return undefined;
    });
    expect(await quarantine.keepForged(aKept())).toBe(false);

    queue.spoil(() => new Promise(() => undefined));
    expect(await quarantine.keepForged(aKept())).toBe(false);
  });
});
