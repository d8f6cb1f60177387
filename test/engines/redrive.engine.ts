import { GetQueueAttributesCommand, SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Command } from 'commander';
import { addDlq } from '../../ops/commands/dlq.ts';
import type { Deployment } from '../../ops/deployment/deployment.ts';
import { aDeployment } from '../ops/a-deployment.ts';
import { silent } from '../ops/run-in-process.ts';
import { someQueues } from '../support/queues.ts';

/** The command on a stage, with an SQS that has StartMessageMoveTask: neither the local one nor ministack has it. */
describe('dlq redrive', () => {
  let queues: Awaited<ReturnType<typeof someQueues>>;
  const sqs = new SQSClient();
  beforeAll(async () => {
    queues = await someQueues();
  });
  afterAll(() => queues.close());

  async function redrive(): Promise<{ printed: unknown; exitCode: unknown }> {
    const stage: Deployment = aDeployment({ users: [] });
    stage.places = { ...stage.places, leaverQueueUrl: queues.leaver, deadLetterQueueUrl: queues.deadLetter, workerFunction: 'worker' };
    const printed: string[] = [];
    const terminal = { ...silent(), print: async (line: string) => void printed.push(line) };
    const program = new Command();
    addDlq(program, { deployment: async () => stage, again: (command) => command, terminal, clock: Date.now });

    const before = process.exitCode;
    try {
      await program.parseAsync(['dlq', 'redrive', '--yes', '--json', '--wait', '30'], { from: 'user' });
      return { printed: JSON.parse(printed.join('')), exitCode: process.exitCode };
    } finally {
      process.exitCode = before;
    }
  }
  const waiting = async (QueueUrl: string) => {
    const { Attributes } = await sqs.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['ApproximateNumberOfMessages'] }));
    return Number(Attributes?.ApproximateNumberOfMessages);
  };

  it('puts every dead letter back on the leaver queue, whoever put it there, as it was', async () => {
    const bodies = Array.from({ length: 25 }, (_, number) => `dead letter ${number}, Zoë 🌻`);
    for (const MessageBody of bodies) await sqs.send(new SendMessageCommand({ QueueUrl: queues.deadLetter, MessageBody }));

    const { printed, exitCode } = await redrive();

    expect(printed).toEqual({ moved: 25, finished: true });
    expect(exitCode).toBe(0);
    const moved = await queues.take(queues.leaver);
    expect(moved.map(({ Body }) => Body).sort()).toEqual(bodies.toSorted());
    expect(await waiting(queues.deadLetter)).toBe(0);
  });

  it('moves nothing if there is nothing', async () => {
    expect(await redrive()).toEqual({ printed: { moved: 0, finished: true }, exitCode: 0 });
  });
});
