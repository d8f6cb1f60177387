import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CreateQueueCommand, DeleteQueueCommand, SQSClient } from '@aws-sdk/client-sqs';
import { CREDENTIALS, REGION } from '../../local/aws/account.ts';
import { startLocalQueues } from '../../local/aws/queues.ts';
import { ENGINE_URL } from './engine.ts';

/** The addresses of the three queues of a stage. */
export interface EmptyQueues {
  endpoint: string;
  leaver: string;
  deadLetter: string;
  quarantine: string;
  close(): Promise<void>;
}

/**
 * Makes the three queues of a stage, empty: on the engine that judges, or on the local SQS. When they are closed, they are gone.
 *
 * @param visibilitySeconds how long a received message stays hidden from other receivers
 */
export const emptyQueues = ({ visibilitySeconds }: { visibilitySeconds: number }): Promise<EmptyQueues> =>
  ENGINE_URL === undefined ? onThisMachine(visibilitySeconds) : onEngine(ENGINE_URL, visibilitySeconds);

async function onThisMachine(visibilitySeconds: number): Promise<EmptyQueues> {
  const dataDir = await mkdtemp(join(tmpdir(), 'queues-'));
  const { endpoint, leaver, deadLetter, quarantine, close } = await startLocalQueues({ dataDir, visibilitySeconds });
  return {
    endpoint,
    leaver: leaver.url,
    deadLetter: deadLetter.url,
    quarantine: quarantine.url,
    async close() {
      await close();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}

async function onEngine(endpoint: string, visibilitySeconds: number): Promise<EmptyQueues> {
  const client = new SQSClient({ endpoint, region: REGION, credentials: CREDENTIALS });
  const run = crypto.randomUUID();
  const made: string[] = [];
  const make = async (name: string) => {
    const Attributes = { VisibilityTimeout: String(visibilitySeconds) };
    const { QueueUrl = '' } = await client.send(new CreateQueueCommand({ QueueName: `${name}-${run}`, Attributes }));
    made.push(QueueUrl);
    return QueueUrl;
  };
  return {
    endpoint,
    leaver: await make('leaver'),
    deadLetter: await make('dead-letter'),
    quarantine: await make('quarantine'),
    async close() {
      for (const QueueUrl of made.splice(0)) await client.send(new DeleteQueueCommand({ QueueUrl }));
      client.destroy();
    },
  };
}
