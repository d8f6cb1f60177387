import { mkdirSync } from 'node:fs';
import { type QueueAddress, startFauxqs } from './fauxqs.ts';

const FOURTEEN_DAYS = 14 * 24 * 60 * 60;

export interface LocalQueues {
  endpoint: string;
  leaver: QueueAddress;
  deadLetter: QueueAddress;
  quarantine: QueueAddress;
  close(): Promise<void>;
}

/**
 * SQS on 127.0.0.1 with the three queues of a stage, kept in an SQLite file. A message may have 1 MiB, as in AWS.
 * If the process dies, its messages in flight become visible again at the end of their visibility time.
 *
 * @param visibilitySeconds how long a received message stays hidden from other receivers
 */
export async function startLocalQueues({
  dataDir,
  visibilitySeconds,
}: {
  dataDir: string;
  visibilitySeconds: number;
}): Promise<LocalQueues> {
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  const { endpoint, openQueue, close } = await startFauxqs(dataDir);
  const retention = { MessageRetentionPeriod: String(FOURTEEN_DAYS), VisibilityTimeout: String(visibilitySeconds) };
  const deadLetter = openQueue('leaver-dead-letter', retention);
  const redrive = { RedrivePolicy: JSON.stringify({ deadLetterTargetArn: deadLetter.arn, maxReceiveCount: 1000 }) };

  return {
    endpoint,
    leaver: openQueue('leaver', { ...retention, ...redrive }),
    deadLetter,
    quarantine: openQueue('quarantine', retention),
    close,
  };
}
