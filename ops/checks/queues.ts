import type { SQSClient } from '@aws-sdk/client-sqs';
import { MINUTE, SECOND } from '../../lambda/domain/time/time.ts';
import type { Signals } from '../deployment/cloudwatch.ts';
import type { Deployment } from '../deployment/deployment.ts';
import { isAlarming, type Stock, stockOf } from '../queues/quarantine.ts';
import { depthOf } from '../queues/queue-messages.ts';
import { lengthOf } from '../terminal/times.ts';
import { amber, type Check, checked, green, type Health, red, unknown } from './check.ts';

/** Checks how many messages each queue has. SQS counts approximately; no message is touched. */
export async function checkQueues(
  deployment: Deployment,
  { client, signals, again }: { client: SQSClient; signals: Signals | undefined; again: (command: string) => string },
): Promise<Check[]> {
  const { places } = deployment;
  return [
    await checked('leaver queue', async () => {
      const { visible, hidden, delayed } = await depthOf(client, places.leaverQueueUrl);
      return green(`${visible} messages ready, ${hidden + delayed} in work or delayed`);
    }),
    await checked('oldest message', async () => {
      const age = await signals?.oldestMessageAge(places.leaverQueueUrl);
      if (age === undefined)
        return unknown(signals === undefined ? 'only CloudWatch counts this' : 'CloudWatch has not counted this lately');
      const text = `${lengthOf(age * SECOND)} old`;
      return age * SECOND > STUCK
        ? red(text, { fix: `${again('status')}; if no event waits there, look at the log of the worker` })
        : green(text);
    }),
    await checked('dead letters', async () => {
      const count = countOf(await depthOf(client, places.deadLetterQueueUrl));
      return count === 0 ? green('none') : red(`${count} messages could not be recorded`, { fix: again('dlq list') });
    }),
    await checked('quarantine', async () => quarantineHealth(await stockOf(deployment), again)),
  ];
}

/** A stray request from the internet is no trouble; what HR proved and nobody understood is, and so is much that is not proven. */
function quarantineHealth(stocks: readonly Stock[], again: (command: string) => string): Health {
  if (stocks.length === 0) return green('empty');
  const saw = stocks
    .map(({ source, why, count }) => `${count} of ${source} ${why === 'unreadable' ? 'proven, and not understood' : 'not proven'}`)
    .join(', ');
  const fix = again('quarantine list');
  return isAlarming(stocks)
    ? red(saw, { fix: `${fix}\nafter you have fixed the secret or mapping: ${again('quarantine reverify --all')}` })
    : amber(saw, { fix: `${fix}\nif nobody needs it, quarantine dismiss ends it` });
}

/** The same as for the alarm `queue-stuck`. */
const STUCK = 30 * MINUTE;

const countOf = ({ visible, hidden, delayed }: Awaited<ReturnType<typeof depthOf>>) => visible + hidden + delayed;
