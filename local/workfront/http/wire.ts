import type { IncomingMessage, ServerResponse } from 'node:http';
import { gzipSync } from 'node:zlib';

export interface Answer {
  status: number;
  /** Sent as JSON; a string is sent as HTML, bytes as they are. */
  body: unknown;
  headers?: Record<string, string>;
}

export interface Spelling {
  jsonEscapes: boolean;
  gzip: boolean;
}

/** Sends an answer. With gzip it is compressed even if nobody asked, as third parties report. */
export function send(response: ServerResponse, { status, body, headers }: Answer, spelling: Spelling): void {
  response.writeHead(status, { ...headers, ...headersOf(body, spelling) });
  response.end(bytesOf(body, spelling));
}

/** Announces the whole answer, sends half of it and hangs up. */
export function sendHalf(response: ServerResponse, { status, body, headers }: Answer, spelling: Spelling): void {
  const bytes = bytesOf(body, spelling);
  response.writeHead(status, { ...headers, ...headersOf(body, spelling), 'content-length': bytes.length });
  response.write(bytes.subarray(0, bytes.length / 2), () => response.destroy());
}

/** Resets the connection: the caller gets no answer at all. */
export function hangUp(request: IncomingMessage): void {
  request.socket.resetAndDestroy();
}

/** Writes JSON as Workfront does ("Escaped characters in API responses"): `/` as `\/` and `<` as `\u003c`. */
function bytesOf(body: unknown, { jsonEscapes, gzip }: Spelling): Buffer {
  if (Buffer.isBuffer(body)) return body;
  const plain = typeof body === 'string' ? body : JSON.stringify(body);
  const text = jsonEscapes && typeof body !== 'string' ? plain.replaceAll('/', '\\/').replaceAll('<', '\\u003c') : plain;
  return gzip ? gzipSync(text) : Buffer.from(text);
}

function headersOf(body: unknown, { gzip }: Spelling): Record<string, string> {
  return {
    'content-type': typeof body === 'string' ? 'text/html;charset=UTF-8' : 'application/json;charset=UTF-8',
    ...(gzip && { 'content-encoding': 'gzip' }),
  };
}
