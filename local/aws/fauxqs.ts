import { buildApp } from 'fauxqs';
// fauxqs 2.4.1 starts its own server on every network interface and has no option against that. Its parts can be put together
// on 127.0.0.1, but the package does not export them: hence the paths. package.json pins its exact version.
import { PersistenceManager } from '../../node_modules/fauxqs/dist/persistence.js';
import { S3Store } from '../../node_modules/fauxqs/dist/s3/s3Store.js';
import { SnsStore } from '../../node_modules/fauxqs/dist/sns/snsStore.js';
import { type SqsQueue, SqsStore } from '../../node_modules/fauxqs/dist/sqs/sqsStore.js';
import { ACCOUNT, REGION } from './account.ts';

export interface QueueAddress {
  url: string;
  arn: string;
}

export interface Fauxqs {
  endpoint: string;
  /** Opens the queue of that name, and makes it if there is none. */
  openQueue(name: string, attributes: Record<string, string>): QueueAddress;
  close(): Promise<void>;
}

/** Starts fauxqs, an SQS for tests, on 127.0.0.1 alone. It keeps its messages in an SQLite file in the directory. */
export async function startFauxqs(dataDir: string): Promise<Fauxqs> {
  const { store, persistence } = loadStore(dataDir);
  const stores = { snsStore: new SnsStore(), s3Store: new S3Store(), sqsStore: store };
  const app = buildApp({ logger: false, host: '127.0.0.1', defaultRegion: REGION, stores });
  app.addHook('preClose', (done) => {
    persistence.close();
    done();
  });
  const endpoint = (await app.listen({ port: 0, host: '127.0.0.1' })).replace(/\/$/, '');

  return {
    endpoint,
    openQueue(name, attributes) {
      const url = `${endpoint}/${ACCOUNT}/${name}`;
      const arn = `arn:aws:sqs:${REGION}:${ACCOUNT}:${name}`;
      const queue = store.getQueueByName(name) ?? store.createQueue(name, url, arn);
      // The port, and so the URL, changes with each start.
      Object.assign(queue, { url });
      queue.setAttributes(attributes);
      releaseSafely(queue);
      return { url, arn };
    },
    close: () => app.close(),
  };
}

/** Loads in the order that fauxqs itself uses: a store that has its persistence while it loads would write everything again. */
function loadStore(dataDir: string): { store: SqsStore; persistence: PersistenceManager } {
  const persistence = new PersistenceManager(dataDir);
  const store = new SqsStore();
  persistence.loadSqsAndSns(store, new SnsStore());
  store.persistence = persistence;
  for (const queue of store.allQueues()) queue.persistence = persistence;
  return { store, persistence };
}

/**
 * Makes a visibility time-out of 0 safe. fauxqs 2.4.1 loses such a message: it takes it out of memory, then fails to write NULL
 * into a column that allows none. A millisecond has the same effect and avoids that code.
 */
function releaseSafely(queue: SqsQueue): void {
  const change = queue.changeVisibility.bind(queue);
  queue.changeVisibility = (receiptHandle, seconds) => change(receiptHandle, seconds === 0 ? 0.001 : seconds);
}
