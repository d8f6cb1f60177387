import { QueueDoesNotExist, SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { ACCOUNT, CREDENTIALS, REGION } from './account.ts';
import type { Schedule, ScheduleStore } from './schedule-store.ts';

const TICK_MS = 250;
const BATCH = 100;
const LONGEST_WAIT_MS = 60_000;

/** Fires what is due: sends its input to its queue, then removes it. What can't be sent is tried again, ever more slowly. */
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
  const send = async (arn: string, body: string) => {
    await client.send(new SendMessageCommand({ QueueUrl: queueUrl(sqsEndpoint, arn), MessageBody: body }));
  };
  let isStopped = false;
  let timer: NodeJS.Timeout | undefined;

  // A short tick, not a timer per schedule: a timer is late after the machine slept, and ends at 24 days.
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

async function fire({ definition: { Target } }: Schedule, send: (arn: string, body: string) => Promise<void>): Promise<void> {
  try {
    await send(Target.Arn, Target.Input);
  } catch (error) {
    if (!(error instanceof QueueDoesNotExist) || Target.DeadLetterConfig === undefined) throw error;
    await send(Target.DeadLetterConfig.Arn, Target.Input);
  }
}

const queueUrl = (endpoint: string, arn: string) => `${endpoint}/${ACCOUNT}/${arn.split(':').at(-1)}`;
