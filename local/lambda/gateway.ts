import { createServer, type IncomingMessage, type ServerResponse, STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import type { APIGatewayProxyEvent, APIGatewayProxyResult, Context } from 'aws-lambda';
import * as z from 'zod';
import { TransientFailure } from '../../lambda/domain/failures.ts';
import { parse } from '../../lambda/domain/parse.ts';
import { listenOnLoopback } from '../aws/loopback-server.ts';
import { findRoute, toProxyEvent } from './gateway-event.ts';
import { invoke } from './invocation.ts';

const TEN_MEGABYTES = 10 * 1024 * 1024;
/** Bytes of a body beyond the limit that are still read, so that its sender gets the answer and not a broken pipe. */
const READ_ON_BYTES = 4 * TEN_MEGABYTES;
/** "Amazon API Gateway quotas": request line and headers together 10,240 bytes; an integration may take 29 s. */
const HEADER_BYTES = 10_240;
const INTEGRATION_SECONDS = 29;
const CLOSING_GRACE_MS = 5_000;

const headerValue = z.union([z.string(), z.number(), z.boolean()]);
const proxyResult = z.object({
  statusCode: z.number().int().min(200).max(599),
  headers: z.record(z.string(), headerValue).default({}),
  multiValueHeaders: z.record(z.string(), z.array(headerValue)).default({}),
  body: z.string().default(''),
  isBase64Encoded: z.boolean().default(false),
});

export interface GatewayOptions {
  /** 0 for any free port. */
  port: number;
  handler: (event: APIGatewayProxyEvent, context: Context) => Promise<APIGatewayProxyResult>;
  /** A larger body gets 413. */
  maxBodyBytes?: number;
  /** The time limit of the handler, at most 29 seconds. */
  timeoutSeconds?: number;
  /** Called with the error that the sender sees only as 502 or 504. */
  onError?: (error: unknown) => void;
}

/**
 * Starts an HTTP endpoint on 127.0.0.1 that calls a handler as a REST API of API Gateway does: `/webhooks/{source}` with any method.
 * Every other path gets 403 `Missing Authentication Token`, as from API Gateway. A handler that throws or gives an invalid proxy
 * result becomes a 502, a handler that takes too long a 504, both as problem+json.
 *
 * @throws PermanentFailure `port-in-use`
 */
export async function startGateway(options: GatewayOptions): Promise<{ url: string; close(): Promise<void> }> {
  const server = createServer(
    // The time limits end the connection of a sender that never ends its headers or its body.
    { maxHeaderSize: HEADER_BYTES, headersTimeout: 10_000, requestTimeout: 30_000, connectionsCheckingInterval: 1_000 },
    (request, response) => {
      respond(request, response, options).catch((error: unknown) => {
        options.onError?.(error);
        response.destroy();
      });
    },
  );
  // Node.js would silently drop the headers after the 2,000th; their size is limited anyway.
  server.maxHeadersCount = 0;
  server.on('clientError', refuse);

  const { url, close } = await listenOnLoopback(server, options.port);
  return { url, close: () => close(CLOSING_GRACE_MS) };
}

async function respond(request: IncomingMessage, response: ServerResponse, options: GatewayOptions): Promise<void> {
  const body = await readBody(request, options.maxBodyBytes ?? TEN_MEGABYTES);
  if (body === 'cut-off') return void response.destroy();

  const route = findRoute(request.url ?? '/');
  if (route === undefined) return missingToken(response);
  if (body === 'too-large') return problem(response, 413);

  const { status, answer } = await callHandler(toProxyEvent(request, route, body), options);
  if (answer === undefined) problem(response, status);
  else sendAnswer(response, answer);
}

async function callHandler(
  event: APIGatewayProxyEvent,
  { handler, timeoutSeconds = INTEGRATION_SECONDS, onError }: GatewayOptions,
): Promise<{ status: number; answer?: z.output<typeof proxyResult> }> {
  try {
    const result = await invoke({ handler, event, functionName: 'receiver', timeoutSeconds });
    const answer = parse(proxyResult, result, 'proxy result');
    return { status: answer.statusCode, answer };
  } catch (error) {
    onError?.(error);
    return { status: error instanceof TransientFailure && error.code === 'function-timed-out' ? 504 : 502 };
  }
}

async function readBody(request: IncomingMessage, maxBytes: number): Promise<Buffer | 'too-large' | 'cut-off'> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  try {
    for await (const chunk of request) {
      bytes += chunk.length;
      if (bytes > maxBytes + READ_ON_BYTES) return 'cut-off';
      if (bytes <= maxBytes) chunks.push(chunk);
    }
  } catch {
    // The sender went away: nobody waits for an answer, and half a body must not look like a complete one.
    return 'cut-off';
  }
  return bytes > maxBytes ? 'too-large' : Buffer.concat(chunks);
}

function sendAnswer(
  response: ServerResponse,
  { statusCode, headers, multiValueHeaders, body, isBase64Encoded }: z.output<typeof proxyResult>,
) {
  const bytes = Buffer.from(body, isBase64Encoded ? 'base64' : 'utf8');
  try {
    response.setHeader('content-type', 'application/json');
    for (const [name, value] of Object.entries(headers).filter(isForeign)) response.setHeader(name, String(value));
    for (const [name, values] of Object.entries(multiValueHeaders).filter(isForeign)) response.setHeader(name, values.map(String));
  } catch {
    for (const name of response.getHeaderNames()) response.removeHeader(name);
    return problem(response, 502);
  }
  // Set here, because Node.js sends none to older clients.
  if (statusCode !== 204) response.setHeader('content-length', bytes.length);
  response.statusCode = statusCode;
  response.end(bytes);
}

/** Leaves the framing of the answer to the gateway: Node.js would close the connection if such a header were set and removed. */
const isForeign = ([name]: [string, unknown]) => !['content-length', 'transfer-encoding', 'connection'].includes(name.toLowerCase());

function problem(response: ServerResponse, status: number): void {
  const text = problemText(status);
  response.writeHead(status, { 'content-type': 'application/problem+json', 'content-length': Buffer.byteLength(text) });
  response.end(text);
}

function missingToken(response: ServerResponse): void {
  response.writeHead(403, { 'content-type': 'application/json', 'x-amzn-errortype': 'MissingAuthenticationTokenException' });
  response.end(JSON.stringify({ message: 'Missing Authentication Token' }));
}

/** Answers before there is a request: to text that is not HTTP, to headers that are too large, and to a sender that takes too long. */
function refuse(error: NodeJS.ErrnoException, socket: Duplex): void {
  if (error.code === 'ECONNRESET' || !socket.writable) return void socket.destroy();
  const status = { HPE_HEADER_OVERFLOW: 431, ERR_HTTP_REQUEST_TIMEOUT: 408 }[error.code ?? ''] ?? 400;
  const text = problemText(status);
  socket.end(
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\ncontent-type: application/problem+json\r\ncontent-length: ${text.length}\r\nconnection: close\r\n\r\n${text}`,
  );
}

const problemText = (status: number) => JSON.stringify({ type: 'about:blank', title: STATUS_CODES[status], status });
