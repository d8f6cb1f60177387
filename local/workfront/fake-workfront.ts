import { createServer } from 'node:http';
import type { World } from './answer.ts';
import { type Behaviour, DEFAULT_BEHAVIOUR } from './behaviour.ts';
import { type CallLog, createCallLog } from './call-log.ts';
import { control } from './control.ts';
import type { FakeDirectory } from './directory.ts';
import { keepJournal } from './journal.ts';
import { generateDirectory } from './population.ts';
import { serve } from './serve.ts';
import { createSessions } from './tokens.ts';
import { hangUp } from './wire.ts';

/** A Workfront customer on this machine, over real HTTP. */
export interface FakeWorkfront {
  /** `http://127.0.0.1:<port>`, without `/attask`. */
  url: string;
  /** The first of the keys it accepts; the owner's. */
  apiKey: string;
  directory: FakeDirectory;
  /** The switches, live: assign to them at any time. */
  behaviour: Behaviour;
  calls: CallLog;
  /** Hangs up on everyone and frees the port. */
  close(): Promise<void>;
}

export interface FakeWorkfrontOptions {
  /** Default: any that is free. */
  port?: number;
  /** How many users to generate where no directory is given. Default 100. */
  users?: number;
  directory?: FakeDirectory;
  /** Default `fake-api-key`. */
  apiKey?: string;
  behaviour?: Partial<Behaviour>;
  /** A journal of all changes to users: with it they survive `kill -9` and a new start. */
  dataFile?: string;
}

/**
 * Starts the fake Workfront on the loopback interface. docs/fake-workfront.md says what it does, row by row and switch by switch.
 * @throws Error where the port is taken
 */
export async function startFakeWorkfront(options: FakeWorkfrontOptions = {}): Promise<FakeWorkfront> {
  const { port = 0, users = 100, apiKey = 'fake-api-key', dataFile } = options;
  const directory = options.directory ?? generateDirectory({ users });
  if (dataFile !== undefined) keepJournal(directory, dataFile);

  const mainAdminId = options.directory === undefined ? (directory.all()[1]?.ID ?? null) : null;
  const behaviour = { ...structuredClone(DEFAULT_BEHAVIOUR), apiKeys: [apiKey], mainAdminId, ...options.behaviour };
  const calls = createCallLog();
  const closing = new AbortController();
  const world: World = { directory, behaviour, sessions: createSessions(Date.now), now: Date.now, closing: closing.signal };

  const server = createServer({ maxHeaderSize: 65_536, keepAliveTimeout: 65_000 }, (request, response) => {
    const served = request.url?.startsWith('/_fake/')
      ? control({ request, response }, { behaviour, calls })
      : serve({ request, response }, world, calls);
    // Whoever hung up while we waited gets no answer.
    served.catch(() => hangUp(request));
  });
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(port, '127.0.0.1', resolve));
  const address = server.address();

  return {
    url: `http://127.0.0.1:${typeof address === 'object' ? address?.port : port}`,
    apiKey,
    directory,
    behaviour,
    calls,
    async close() {
      closing.abort();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
