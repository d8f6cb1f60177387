import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { InvalidInput } from '../../lambda/domain/failures.ts';
import { readJson } from '../../lambda/domain/parse.ts';

const MAX_BODY_BYTES = 2 * 1024 * 1024;

/** One call of an AWS SDK, as its JSON protocols send it. */
export interface AwsCall {
  method: string;
  /** Decoded parts of the path. */
  path: string[];
  query: URLSearchParams;
  /** The operation of a JSON 1.1 service: what follows the dot in `x-amz-target`. */
  operation: string | undefined;
  body: unknown;
}

/** An answer that the SDK turns into the exception of the same name. */
export class AwsError extends Error {
  readonly status: number;
  readonly code: string;

  constructor(status: number, code: string, message: string) {
    super(message);
    this.name = 'AwsError';
    this.status = status;
    this.code = code;
  }
}

/**
 * An HTTP server that speaks both AWS JSON protocols: JSON 1.1 (operation in a header) and REST-JSON (operation in the path).
 *
 * @param invalid the name of the exception for an input that is not what was expected
 */
export function awsEndpoint(answer: (call: AwsCall) => object, invalid: string): Server {
  return createServer((request, response) => {
    readCall(request).then(
      (call) => {
        try {
          send(response, 200, answer(call));
        } catch (error) {
          sendError(response, error, invalid);
        }
      },
      (error: unknown) => sendError(response, error, invalid),
    );
  });
}

async function readCall(request: IncomingMessage): Promise<AwsCall> {
  const url = URL.parse(request.url ?? '/', `http://${request.headers.host}`);
  // A page in a browser can make its own name point to 127.0.0.1; the name it then sends gives it away.
  if (url === null || !['127.0.0.1', 'localhost'].includes(url.hostname)) throw new AwsError(403, 'AccessDeniedException', 'not this host');

  const text = await readText(request);
  const target = request.headers['x-amz-target'];
  return {
    method: request.method ?? 'GET',
    path: url.pathname.split('/').filter(Boolean).map(decode),
    query: url.searchParams,
    operation: typeof target === 'string' ? target.split('.').at(-1) : undefined,
    body: text === '' ? {} : readJson(text, 'request body'),
  };
}

async function readText(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request) {
    bytes += chunk.length;
    if (bytes > MAX_BODY_BYTES) throw new AwsError(413, 'RequestEntityTooLargeException', `more than ${MAX_BODY_BYTES} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    throw new InvalidInput('expected a path, got one with a broken percent sign');
  }
}

function sendError(response: ServerResponse, error: unknown, invalid: string): void {
  const { status, code, message } = translate(error, invalid);
  response.setHeader('x-amzn-errortype', code);
  // The SDKs read `message` or `Message`, each service its own.
  send(response, status, { __type: code, message, Message: message });
}

function translate(error: unknown, invalid: string): { status: number; code: string; message: string } {
  if (error instanceof AwsError) return error;
  if (error instanceof InvalidInput) return { status: 400, code: invalid, message: error.message };
  return { status: 500, code: 'InternalServerException', message: error instanceof Error ? error.message : 'unknown' };
}

function send(response: ServerResponse, status: number, body: object): void {
  const text = JSON.stringify(body);
  response.writeHead(status, { 'content-type': 'application/x-amz-json-1.1', 'content-length': Buffer.byteLength(text) });
  response.end(text);
}
