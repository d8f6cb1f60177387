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
import { browse } from './queue-messages.ts';

interface Queues {
  client: SQSClient;
  deadLetterQueueUrl: string;
  leaverQueueUrl: string;
}

/** What came of a redrive. `finished` is false where SQS goes on with it by itself. */
export interface Redriven {
  moved: number;
  finished: boolean;
}

/**
 * Has SQS move every message of the dead-letter queue to the leaver queue, whoever put it there ("StartMessageMoveTask", SQS API
 * Reference), and waits for it.
 *
 * @param seconds how long at most
 * @throws PermanentFailure `not-moved` where SQS gave up, with its reason
 */
export async function moveAll(
  queues: Queues,
  { seconds, onStep }: { seconds: number; onStep: (moved: number) => void },
): Promise<Redriven> {
  const { client, deadLetterQueueUrl, leaverQueueUrl } = queues;
  const SourceArn = await arnOf(client, deadLetterQueueUrl);
  // named, since what the worker or the scheduler put there has no queue that it came from
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
      throw new PermanentFailure('not-moved', `expected all moved, SQS moved ${moved} and ended: ${task.FailureReason ?? task.Status}`);
    if (Date.now() > deadline) return { moved, finished: false };
    await sleep(SECOND);
  }
}

/** The same by hand, for the local queue, which knows no such task. A message is sent before it is removed: never lost. */
export async function moveByHand({ client, deadLetterQueueUrl, leaverQueueUrl }: Queues): Promise<Redriven> {
  const began = toInstant(Date.now());
  let moved = 0;
  for await (const { body, sentAt, remove } of browse(client, deadLetterQueueUrl, { isLocal: true })) {
    // what comes back meanwhile, since it cannot be read, is not sent round and round
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
