import { QueueDoesNotExist, SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { ACCOUNT, CREDENTIALS, REGION } from './account.ts';
import type { Schedule, ScheduleStore } from './schedule-store.ts';

const TICK_MS = 250;
const BATCH = 100;
const LONGEST_WAIT_MS = 60_000;

/** Fires due schedules: sends the input to the queue, then removes the schedule. A failed send is tried again, at growing intervals. */
export function startScheduleClock({
  store,
  sqsEndpoint,
  onError,
  now,
}: {
  store: ScheduleStore;
  sqsEndpoint: string;
  onError: (error: unknown) => void;
  now: () => number;
}): { stop(): Promise<void> } {
  const client = new SQSClient({ endpoint: sqsEndpoint, region: REGION, credentials: CREDENTIALS });
  const send: Send = async ({ queueArn, body }) => {
    const QueueUrl = `${sqsEndpoint}/${ACCOUNT}/${queueArn.split(':').at(-1)}`;
    await client.send(new SendMessageCommand({ QueueUrl, MessageBody: body }));
  };
  let isStopped = false;
  let timer: NodeJS.Timeout | undefined;

  // A short tick instead of a timer for each schedule: a timer is late after the machine slept, and cannot wait more than 24 days.
  const tick = async () => {
    for (const schedule of store.due(now(), BATCH)) {
      if (isStopped) return;
      try {
        await fire(schedule, send);
        store.finish(schedule);
      } catch (error) {
        store.postpone(schedule, now() + Math.min(1000 * 2 ** schedule.attempts, LONGEST_WAIT_MS));
        onError(error);
      }
    }
  };
  const run = () =>
    tick()
      .catch(onError)
      .then(() => {
        if (!isStopped) timer = setTimeout(next, TICK_MS);
      });
  let running = run();
  const next = () => {
    running = run();
  };

  return {
    async stop() {
      isStopped = true;
      clearTimeout(timer);
      await running;
      client.destroy();
    },
  };
}

type Send = (message: { queueArn: string; body: string }) => Promise<void>;

async function fire({ definition: { Target } }: Schedule, send: Send): Promise<void> {
  try {
    await send({ queueArn: Target.Arn, body: Target.Input });
  } catch (error) {
    if (!(error instanceof QueueDoesNotExist) || Target.DeadLetterConfig === undefined) throw error;
    await send({ queueArn: Target.DeadLetterConfig.Arn, body: Target.Input });
  }
}
