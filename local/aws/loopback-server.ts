import type { Server } from 'node:http';
import { PermanentFailure } from '../../lambda/domain/failures.ts';

export interface LoopbackServer {
  port: number;
  /** Has no slash at the end. */
  url: string;
  /** Stops listening, gives running requests `graceMs` milliseconds to end (default 0), then cuts the rest. May be called again. */
  close(graceMs?: number): Promise<void>;
}

/**
 * Listens on 127.0.0.1 only.
 *
 * @param port 0 for any free port
 * @throws PermanentFailure `port-in-use`
 */
export async function listenOnLoopback(server: Server, port = 0): Promise<LoopbackServer> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => {
      server.off('error', reject);
      resolve();
    });
  }).catch((error: unknown) => {
    throw isPortInUse(error)
      ? new PermanentFailure('port-in-use', `another process has port ${port}; choose another port`, { cause: error })
      : error;
  });

  const listening = portOf(server);
  return { port: listening, url: `http://127.0.0.1:${listening}`, close: (graceMs = 0) => closeServer(server, graceMs) };
}

function closeServer(server: Server, graceMs: number): Promise<void> {
  if (!server.listening) return Promise.resolve();
  return new Promise((resolve, reject) => {
    const cut = setTimeout(() => server.closeAllConnections(), graceMs);
    server.close((error) => {
      clearTimeout(cut);
      if (error) reject(error);
      else resolve();
    });
    server.closeIdleConnections();
  });
}

function portOf(server: Server): number {
  const address = server.address();
  if (address === null || typeof address === 'string') throw new PermanentFailure('no-port', 'the server has no TCP port; listen on one');
  return address.port;
}

const isPortInUse = (error: unknown) => typeof error === 'object' && error !== null && 'code' in error && error.code === 'EADDRINUSE';
