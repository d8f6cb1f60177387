import type { SQSClient } from '@aws-sdk/client-sqs';
import { MINUTE, SECOND } from '../../lambda/domain/time/time.ts';
import type { Signals } from '../deployment/cloudwatch.ts';
import type { Deployment } from '../deployment/deployment.ts';
import { depthOf } from '../queues/queue-messages.ts';
import { lengthOf } from '../terminal/times.ts';
import { type Check, checked, green, red, unknown } from './check.ts';

/** How full each queue is. Counted by SQS, approximately; no message is touched. */
export async function checkQueues(
  { places }: Deployment,
  { client, signals, again }: { client: SQSClient; signals: Signals | undefined; again: (command: string) => string },
): Promise<Check[]> {
  return [
    await checked('leaver queue', async () => {
      const { visible, hidden, delayed } = await depthOf(client, places.leaverQueueUrl);
      return green(`${visible} to be taken, ${hidden + delayed} being worked on or waiting`);
    }),
    await checked('oldest message', async () => {
      const age = await signals?.oldestMessageAge(places.leaverQueueUrl);
      if (age === undefined) return unknown(signals === undefined ? 'only CloudWatch counts it' : 'CloudWatch has not counted it lately');
      const text = `${lengthOf(age * SECOND)} old`;
      return age * SECOND > STUCK ? red(text, `${again('status')}: unless it waits there, look at the log of the worker`) : green(text);
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

/** As the alarm `queue-stuck` has it. */
const STUCK = 30 * MINUTE;

const countOf = ({ visible, hidden, delayed }: Awaited<ReturnType<typeof depthOf>>) => visible + hidden + delayed;
