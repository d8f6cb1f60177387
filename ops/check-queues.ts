import type { SQSClient } from '@aws-sdk/client-sqs';
import { type Check, checked, green, red } from './check.ts';
import type { Deployment } from './deployment.ts';
import { depthOf } from './queue-messages.ts';

/** How full each queue is. Counted by SQS, approximately; no message is touched. */
export async function checkQueues(
  { places }: Deployment,
  { client, again }: { client: SQSClient; again: (command: string) => string },
): Promise<Check[]> {
  return [
    await checked('leaver queue', async () => {
      const { visible, hidden, delayed } = await depthOf(client, places.leaverQueueUrl);
      return green(`${visible} to be taken, ${hidden + delayed} being worked on or waiting`);
    }),
    await checked('dead letters', async () => {
      const count = countOf(await depthOf(client, places.deadLetterQueueUrl));
      return count === 0 ? green('none') : red(`${count} messages could not be recorded`, again('dlq list'));
    }),
    await checked('quarantine', async () => {
      const count = countOf(await depthOf(client, places.quarantineQueueUrl));
      return count === 0
        ? green('empty')
        : red(`${count} deliveries were not accepted`, `${again('quarantine list')}; with a mended secret or mapping: quarantine reverify`);
    }),
  ];
}

const countOf = ({ visible, hidden, delayed }: Awaited<ReturnType<typeof depthOf>>) => visible + hidden + delayed;
