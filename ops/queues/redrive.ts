import { setTimeout as sleep } from 'node:timers/promises';
import {
  GetQueueAttributesCommand,
  ListMessageMoveTasksCommand,
  SendMessageCommand,
  type SQSClient,
  StartMessageMoveTaskCommand,
} from '@aws-sdk/client-sqs';
import { PermanentFailure } from '../../lambda/domain/failures.ts';
import { SECOND, toInstant } from '../../lambda/domain/time/time.ts';
import { sqsOf } from '../deployment/clients.ts';
import type { Deployment } from '../deployment/deployment.ts';
import { isLocal } from '../deployment/function-settings.ts';
import { browse } from './queue-messages.ts';

interface Queues {
  client: SQSClient;
  deadLetterQueueUrl: string;
  leaverQueueUrl: string;
}

/** The result of a redrive. `finished` is false if SQS is still moving messages. */
export interface Redriven {
  moved: number;
  finished: boolean;
}

/** Puts every message of the dead-letter queue back on the leaver queue. As {@link moveAll} */
export function redrive(deployment: Deployment, waiting: Parameters<typeof moveAll>[1]): Promise<Redriven> {
  const queues = { client: sqsOf(deployment), ...deployment.places };
  return isLocal(deployment) ? moveByHand(queues) : moveAll(queues, waiting);
}

/**
 * Lets SQS move every message of the dead-letter queue to the leaver queue, whoever put it there ("StartMessageMoveTask", SQS API
 * Reference), and waits until it is done.
 *
 * @param seconds how long to wait at most
 * @throws PermanentFailure `not-moved` with the reason of SQS, if SQS gave up
 */
export async function moveAll(
  queues: Queues,
  { seconds, onStep }: { seconds: number; onStep: (moved: number) => void },
): Promise<Redriven> {
  const { client, deadLetterQueueUrl, leaverQueueUrl } = queues;
  const SourceArn = await arnOf(client, deadLetterQueueUrl);
  // Messages that the worker or the scheduler put there have no queue of origin, so the destination is named.
  const DestinationArn = await arnOf(client, leaverQueueUrl);
  await client.send(new StartMessageMoveTaskCommand({ SourceArn, DestinationArn }));

  const deadline = Date.now() + seconds * SECOND;
  for (let moved = 0; ; ) {
    const { Results = [] } = await client.send(new ListMessageMoveTasksCommand({ SourceArn, MaxResults: 1 }));
    const [task] = Results;
    moved = task?.ApproximateNumberOfMessagesMoved ?? moved;
    onStep(moved);
    if (task?.Status === 'COMPLETED') return { moved, finished: true };
    if (task?.Status === 'FAILED' || task?.Status === 'CANCELLED')
      throw new PermanentFailure(
        'not-moved',
        `SQS moved ${moved} messages and ended: ${task.FailureReason ?? task.Status}; fix the cause, then redrive again`,
      );
    if (Date.now() > deadline) return { moved, finished: false };
    await sleep(SECOND);
  }
}

/** Does the same message by message, because the local queue has no such task. Sends a message before it removes it, so that none is lost. */
export async function moveByHand({ client, deadLetterQueueUrl, leaverQueueUrl }: Queues): Promise<Redriven> {
  const began = toInstant(Date.now());
  let moved = 0;
  for await (const { body, sentAt, remove } of browse(client, deadLetterQueueUrl, { isLocal: true })) {
    // A message that came back in the meantime cannot be read: sending it again would never end.
    if (sentAt >= began) continue;
    await client.send(new SendMessageCommand({ QueueUrl: leaverQueueUrl, MessageBody: body }));
    await remove();
    moved += 1;
  }
  return { moved, finished: true };
}

async function arnOf(client: SQSClient, QueueUrl: string): Promise<string> {
  const { Attributes } = await client.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['QueueArn'] }));
  return Attributes?.QueueArn ?? '';
}
