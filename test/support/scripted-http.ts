import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import { listenOnLoopback } from '../../local/aws/loopback-server.ts';

/** A request; its query is decoded as a Java servlet does: "+" is a space. */
export interface Arrived {
  method: string;
  path: string;
  query: Record<string, string>;
  headers: IncomingMessage['headers'];
  body: string;
  rawUrl: string;
}

/** The reply to a request. The default is status 200 without a body. */
export type Reply =
  | { status?: number; headers?: Record<string, string>; json?: unknown; bytes?: string | Buffer }
  | 'reset'
  | 'never'
  | ((response: ServerResponse) => void);

/**
 * Starts a real HTTP server on loopback that answers by a script, and keeps the requests.
 *
 * @param script makes the reply from the request and its number, which begins at 0
 */
export async function scriptedHttp(script: (request: Arrived, index: number) => Reply | Promise<Reply>) {
  const arrived: Arrived[] = [];
  let connections = 0;
  const server = createServer(async (request, response) => {
    const url = new URL(request.url ?? '/', 'http://loopback');
    const one: Arrived = {
      method: request.method ?? '',
      path: url.pathname,
      query: Object.fromEntries(url.searchParams),
      headers: request.headers,
      body: await text(request),
      rawUrl: request.url ?? '',
    };
    arrived.push(one);
    reply(await script(one, arrived.length - 1), response);
  });
  server.on('connection', () => {
    connections += 1;
  });
  const { url, close } = await listenOnLoopback(server);

  return { url, arrived, connections: () => connections, close: () => close() };
}

function reply(what: Reply, response: ServerResponse): void {
  if (what === 'never') return;
  if (what === 'reset') {
    response.socket?.resetAndDestroy();
    return;
  }
  if (typeof what === 'function') {
    what(response);
    return;
  }
  const json = what.json === undefined ? undefined : JSON.stringify(what.json);
  response.writeHead(what.status ?? 200, { 'content-type': json === undefined ? 'text/plain' : 'application/json', ...what.headers });
  response.end(json ?? what.bytes);
}
