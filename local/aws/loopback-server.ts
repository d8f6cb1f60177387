import type { Server } from 'node:http';
import { PermanentFailure } from '../../lambda/domain/failures.ts';

export interface LoopbackServer {
  port: number;
  /** Without a slash at the end. */
  url: string;
  /** Stops listening, lets running requests end for at most `graceMs` milliseconds (default none), then cuts what is left. May be repeated. */
  close(graceMs?: number): Promise<void>;
}

/**
 * Listens on 127.0.0.1 and nowhere else.
 *
 * @param port 0 for any free one
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
      ? new PermanentFailure('port-in-use', `expected port ${port}, another process has it, choose another`, { cause: error })
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
  if (address === null || typeof address === 'string') throw new PermanentFailure('no-port', 'expected a TCP port, the server has none');
  return address.port;
}

const isPortInUse = (error: unknown) => typeof error === 'object' && error !== null && 'code' in error && error.code === 'EADDRINUSE';
