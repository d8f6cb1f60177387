import { mkdirSync } from 'node:fs';
import { buildApp } from 'fauxqs';
// fauxqs 2.4.1 starts its own server on every network interface and cannot be told otherwise. Its parts can be put together
// on 127.0.0.1, but it does not export them: hence the paths. package.json pins its exact version.
import { PersistenceManager } from '../../node_modules/fauxqs/dist/persistence.js';
import { S3Store } from '../../node_modules/fauxqs/dist/s3/s3Store.js';
import { SnsStore } from '../../node_modules/fauxqs/dist/sns/snsStore.js';
import { type SqsQueue, SqsStore } from '../../node_modules/fauxqs/dist/sqs/sqsStore.js';
import { ACCOUNT, REGION } from './account.ts';

const FOURTEEN_DAYS = 14 * 24 * 60 * 60;

interface QueueAddress {
  url: string;
  arn: string;
}

export interface LocalQueues {
  endpoint: string;
  leaver: QueueAddress;
  deadLetter: QueueAddress;
  quarantine: QueueAddress;
  close(): Promise<void>;
}

/**
 * SQS on 127.0.0.1 with the three queues of a stage, kept in an SQLite file. A message may have 1 MiB, as in AWS.
 * What is in flight when the process dies is visible again when its visibility time is over.
 *
 * @param visibilitySeconds for how long a received message is hidden from other receivers
 */
export async function startLocalQueues({
  dataDir,
  visibilitySeconds,
}: {
  dataDir: string;
  visibilitySeconds: number;
}): Promise<LocalQueues> {
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  const { store, persistence } = loadStore(dataDir);
  const app = buildApp({ logger: false, host: '127.0.0.1', defaultRegion: REGION, stores: { ...otherStores(), sqsStore: store } });
  app.addHook('preClose', (done) => {
    persistence.close();
    done();
  });
  const endpoint = (await app.listen({ port: 0, host: '127.0.0.1' })).replace(/\/$/, '');

  const queue = (name: string, attributes: Record<string, string>) => openQueue({ store, endpoint, name, attributes });
  const retention = { MessageRetentionPeriod: String(FOURTEEN_DAYS), VisibilityTimeout: String(visibilitySeconds) };
  const deadLetter = queue('leaver-dead-letter', retention);
  const redrive = { RedrivePolicy: JSON.stringify({ deadLetterTargetArn: deadLetter.arn, maxReceiveCount: 1000 }) };

  return {
    endpoint,
    leaver: queue('leaver', { ...retention, ...redrive }),
    deadLetter,
    quarantine: queue('quarantine', retention),
    close: () => app.close(),
  };
}

/** The order is fauxqs's own: what is loaded must not be written again while it loads. */
function loadStore(dataDir: string): { store: SqsStore; persistence: PersistenceManager } {
  const persistence = new PersistenceManager(dataDir);
  const store = new SqsStore();
  persistence.loadSqsAndSns(store, new SnsStore());
  store.persistence = persistence;
  for (const queue of store.allQueues()) queue.persistence = persistence;
  return { store, persistence };
}

const otherStores = () => ({ snsStore: new SnsStore(), s3Store: new S3Store() });

function openQueue({
  store,
  endpoint,
  name,
  attributes,
}: {
  store: SqsStore;
  endpoint: string;
  name: string;
  attributes: Record<string, string>;
}): QueueAddress {
  const url = `${endpoint}/${ACCOUNT}/${name}`;
  const arn = `arn:aws:sqs:${REGION}:${ACCOUNT}:${name}`;
  const queue = store.getQueueByName(name) ?? store.createQueue(name, url, arn);
  // The port, and so the URL, is another one at each start.
  Object.assign(queue, { url });
  queue.setAttributes(attributes);
  releaseSafely(queue);
  return { url, arn };
}

/**
 * fauxqs 2.4.1 loses a message whose visibility time-out is set to 0: it takes it out of memory, then fails to write NULL
 * into a column that allows none. A millisecond does the same without that path.
 */
function releaseSafely(queue: SqsQueue): void {
  const change = queue.changeVisibility.bind(queue);
  queue.changeVisibility = (receiptHandle, seconds) => change(receiptHandle, seconds === 0 ? 0.001 : seconds);
}
