import { createServer } from 'node:http';
import type { World } from './http/answer.ts';
import { type Behaviour, DEFAULT_BEHAVIOUR } from './http/behaviour.ts';
import { type CallLog, createCallLog } from './http/call-log.ts';
import { control } from './http/control.ts';
import { serve } from './http/serve.ts';
import { createSessions } from './http/tokens.ts';
import { hangUp } from './http/wire.ts';
import { createObjectStore, type ObjectStore } from './objects/object-store.ts';
import type { FakeDirectory } from './users/directory.ts';
import { keepJournal } from './users/journal.ts';
import { generateDirectory } from './users/population.ts';

/** A Workfront customer on this machine, over real HTTP. */
export interface FakeWorkfront {
  /** `http://127.0.0.1:<port>`, without `/attask`. */
  url: string;
  /** The first of the keys that the fake accepts; it belongs to the owner. */
  apiKey: string;
  directory: FakeDirectory;
  /** What users own: projects, teams and the like. */
  objects: ObjectStore;
  /** The switches: assign to them at any time. */
  behaviour: Behaviour;
  calls: CallLog;
  /** Cuts every connection and frees the port. */
  close(): Promise<void>;
}

export interface FakeWorkfrontOptions {
  /** Default: any free port. */
  port?: number;
  /** The number of users to generate if there is no `directory`. Default 100. */
  users?: number;
  /** Custom fields in which those users have their employee number too, by `DE:` name. */
  numberFields?: readonly string[];
  directory?: FakeDirectory;
  /** Default `fake-api-key`. */
  apiKey?: string;
  behaviour?: Partial<Behaviour>;
  /** The clock, in milliseconds since the epoch. Default: that of this machine. */
  now?: () => number;
  /** A journal of all changes to users, which makes them survive `kill -9` and a new start. */
  dataFile?: string;
}

/**
 * Starts the fake Workfront on the loopback interface. docs/fake-workfront.md describes what it answers, and every switch.
 *
 * @throws Error if another process has the port
 */
export async function startFakeWorkfront(options: FakeWorkfrontOptions = {}): Promise<FakeWorkfront> {
  const { port = 0, users = 100, numberFields, apiKey = 'fake-api-key', now = Date.now, dataFile } = options;
  const directory = options.directory ?? generateDirectory({ users, numberFields });
  if (dataFile !== undefined) keepJournal(directory, dataFile);

  const mainAdminId = options.directory === undefined ? (directory.all()[1]?.ID ?? null) : null;
  const behaviour = { ...structuredClone(DEFAULT_BEHAVIOUR), apiKeys: [apiKey], mainAdminId, ...options.behaviour };
  const calls = createCallLog();
  const closing = new AbortController();
  const objects = createObjectStore();
  const world: World = { directory, objects, behaviour, sessions: createSessions(now), now, returns: new Map(), closing: closing.signal };

  const server = createServer({ maxHeaderSize: 65_536, keepAliveTimeout: 65_000 }, (request, response) => {
    const served = request.url?.startsWith('/_fake/')
      ? control({ request, response }, { behaviour, calls, directory, objects })
      : serve({ request, response }, { world, calls });
    // A caller who hung up in the meantime gets no answer.
    served.catch(() => hangUp(request));
  });
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(port, '127.0.0.1', resolve)).catch((cause: unknown) => {
    throw new Error(`the fake Workfront cannot have port ${port}; choose another port`, { cause });
  });
  const address = server.address();

  return {
    url: `http://127.0.0.1:${typeof address === 'object' ? address?.port : port}`,
    apiKey,
    directory,
    objects,
    behaviour,
    calls,
    async close() {
      closing.abort();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
