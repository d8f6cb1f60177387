import { afterEach, describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import * as z from 'zod';
import { intakeQueue, leaverQueue } from '../../lambda/aws/queue.ts';
import { leaverMessage } from '../../lambda/domain/event/leaver-message.ts';
import { TransientFailure } from '../../lambda/domain/failures.ts';
import { parseJson } from '../../lambda/domain/parse.ts';
import { anArrival, aTermination } from '../support/builders.ts';
import { someQueues } from '../support/queues.ts';

const bodiesOf = async (queue: Awaited<ReturnType<typeof someQueues>>) => (await queue.take(queue.leaver)).map(({ Body = '' }) => Body);

const batchInput = z.object({ Entries: z.array(z.object({ Id: z.string(), MessageBody: z.string() })) });

const open: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const one of open.splice(0)) await one.close();
});

async function anIntake() {
  const queue = await someQueues();
  open.push(queue);
  const waits: number[] = [];
  const batches: { Id: string; MessageBody: string }[][] = [];
  const watch = (answer: (entries: { Id: string }[], call: number) => object | undefined = () => undefined) =>
    queue.spoil((_, input) => {
      const { Entries } = batchInput.parse(input);
      batches.push(Entries);
      return answer(Entries, batches.length - 1);
    });
  const wait = async (millis: number) => {
    waits.push(millis);
  };
  return { queue, waits, batches, watch, intake: intakeQueue({ queueUrl: queue.leaver, client: queue.client, random: () => 0.5, wait }) };
}

const arrivals = (count: number, size = 0) =>
  Array.from({ length: count }, (_, at) =>
    anArrival(aTermination({ employee: { email: 'ana@acme.test', familyName: 'x'.repeat(size + 1) } }), { eventId: `event-${at}` }),
  );
const idsOf = (bodies: string[]) => bodies.map((body) => parseJson(leaverMessage, body, 'message').eventId).sort();
const refusal = ({ Id }: { Id: string }) => ({ Id, SenderFault: false, Code: 'InternalFailure' });
const success = ({ Id }: { Id: string }) => ({ Id, MessageId: Id, MD5OfMessageBody: '' });

describe('sending', () => {
  it('puts each message on the queue in the form that the worker reads', async () => {
    const { queue, intake } = await anIntake();
    const message = anArrival(aTermination({ employee: { email: 'ana@acme.test', familyName: 'Zoë 🌻' } }));

    await intake.send(message);

    expect((await bodiesOf(queue)).map((body) => parseJson(leaverMessage, body, 'message'))).toEqual([message]);
  });

  it.each([1, 10, 11, 500])('puts all of %i messages on the queue, at most ten in a batch', async (count) => {
    const { queue, intake, batches, watch } = await anIntake();
    watch();

    await intake.sendAll(arrivals(count));

    expect(idsOf(await bodiesOf(queue))).toEqual(idsOf(arrivals(count).map((one) => JSON.stringify(one))));
    expect(Math.max(...batches.map((batch) => batch.length))).toBeLessThanOrEqual(10);
  });

  it('puts at most 1 MiB in a batch', async () => {
    const { queue, intake, batches, watch } = await anIntake();
    watch();

    await intake.sendAll(arrivals(7, 300_000));

    expect(await bodiesOf(queue)).toHaveLength(7);
    expect(batches.map((batch) => batch.length)).toEqual([3, 3, 1]);
  });

  it('writes code points that SQS refuses in ASCII', async () => {
    const { queue, intake } = await anIntake();
    const message = anArrival(aTermination({ employee: { email: 'ana@acme.test', familyName: '\u{20bb7}\ufffe\uffff' } }));

    await intake.send(message);

    const bodies = await bodiesOf(queue);
    expect(bodies.join()).not.toMatch(/[\ufffe\uffff]/);
    expect(bodies.map((body) => parseJson(leaverMessage, body, 'message'))).toEqual([message]);
  });
});

describe('a message that SQS refuses', () => {
  it('is sent again alone, after a wait', async () => {
    const { intake, batches, waits, watch } = await anIntake();
    watch((entries, call) =>
      call === 0
        ? { Successful: entries.slice(1).map(success), Failed: entries.slice(0, 1).map(refusal) }
        : { Successful: entries.map(success) },
    );

    await intake.sendAll(arrivals(3));

    expect(batches.map((batch) => batch.length)).toEqual([3, 1]);
    expect(idsOf((batches[1] ?? []).map(({ MessageBody }) => MessageBody))).toEqual(['event-0']);
    expect(waits).toHaveLength(1);
  });

  it('is sent again if SQS says nothing about it', async () => {
    const { intake, batches, watch } = await anIntake();
    watch((entries, call) => (call === 0 ? {} : { Successful: entries.map(success) }));

    await intake.sendAll(arrivals(2));

    expect(batches).toHaveLength(2);
  });

  it('is a failure after four attempts with growing waits of less than a second in all', async () => {
    const { intake, batches, waits, watch } = await anIntake();
    watch((entries) => ({ Failed: entries.map(refusal) }));

    await expect(intake.sendAll(arrivals(1))).rejects.toMatchObject({ code: 'queue-refused', name: 'TransientFailure' });

    expect(batches).toHaveLength(4);
    expect(waits).toEqual([100, 200, 400]);
  });

  it('is a failure at once if the call itself fails', async () => {
    const { intake, watch } = await anIntake();
    watch(() => {
      throw Object.assign(new Error('ana@acme.test'), { name: 'AccessDenied' });
    });

    const failure = await intake.sendAll(arrivals(20)).catch((error: unknown) => error);

    expect(failure).toBeInstanceOf(TransientFailure);
    expect(failure).toMatchObject({
      code: 'queue-unavailable',
      message: 'expected an answer from SQS, got AccessDenied; wait and try again',
    });
  });

  it('never lets sending succeed before SQS has all messages', async () => {
    const { intake, watch } = await anIntake();
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 25 }), fc.infiniteStream(fc.boolean()), async (count, luck) => {
        const has = new Set<string>();
        watch((entries) => {
          const lucky = entries.filter(() => luck.next().value === true);
          for (const entry of batchInput.shape.Entries.parse(lucky))
            has.add(parseJson(leaverMessage, entry.MessageBody, 'message').eventId);
          return { Successful: lucky.map(success), Failed: entries.filter((entry) => !lucky.includes(entry)).map(refusal) };
        });

        const succeeded = await intake.sendAll(arrivals(count)).then(
          () => true,
          () => false,
        );

        expect(succeeded).toBe(has.size === count);
      }),
    );
  });
});

describe('the worker', () => {
  async function aWorkQueue() {
    const queue = await someQueues();
    open.push(queue);
    return { queue, work: leaverQueue({ queueUrl: queue.leaver, deadLetterUrl: queue.deadLetter, client: queue.client }) };
  }

  it('hides a message for as long as it says', async () => {
    const { queue, work } = await aWorkQueue();
    await work.send(anArrival(aTermination()));
    const [message] = await queue.take(queue.leaver);

    await work.postpone(message?.ReceiptHandle ?? '', 0);
    const [again] = await queue.take(queue.leaver);
    await work.postpone(again?.ReceiptHandle ?? '', 3_600.5);

    expect(again?.MessageId).toBe(message?.MessageId);
    expect(await queue.take(queue.leaver)).toEqual([]);
  });

  it.each([
    [1e9, 43_200],
    [-1, 0],
    [0.2, 1],
  ])('asks to hide a message for %d seconds as %d', async (seconds, asked) => {
    const { queue, work } = await aWorkQueue();
    const inputs: object[] = [];
    queue.spoil((_, input) => {
      inputs.push(input);
      return {};
    });

    await work.postpone('handle', seconds);

    expect(inputs).toMatchObject([{ VisibilityTimeout: asked }]);
  });

  it('moves a message that it cannot read to the dead-letter queue, unchanged, and says why', async () => {
    const { queue, work } = await aWorkQueue();

    await work.toDeadLetter('no JSON of ours', 'expected JSON');

    expect(await queue.take(queue.deadLetter)).toMatchObject([
      { Body: 'no JSON of ours', MessageAttributes: { why: { StringValue: 'expected JSON' } } },
    ]);
    expect(await bodiesOf(queue)).toEqual([]);
  });

  it('gets a transient failure if the queue cannot be reached', async () => {
    const { queue, work } = await aWorkQueue();
    await queue.close();
    open.length = 0;

    await expect(work.toDeadLetter('x', 'y')).rejects.toBeInstanceOf(TransientFailure);
    await expect(work.postpone('x', 1)).rejects.toBeInstanceOf(TransientFailure);
    await expect(work.send(anArrival(aTermination()))).rejects.toBeInstanceOf(TransientFailure);
  });
});
