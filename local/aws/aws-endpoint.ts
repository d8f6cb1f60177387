import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { InvalidInput } from '../../lambda/domain/failures.ts';
import { readJson } from '../../lambda/domain/parse.ts';

const MAX_BODY_BYTES = 2 * 1024 * 1024;

/** One call of an AWS SDK, as it arrives by one of the SDK's JSON protocols. */
export interface AwsCall {
  method: string;
  /** The decoded parts of the path. */
  path: string[];
  query: URLSearchParams;
  /** The operation of a JSON 1.1 service: the part of `x-amz-target` after the dot. */
  operation: string | undefined;
  body: unknown;
}

/** An answer that the SDK turns into an exception of the same name. */
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
 * Makes an HTTP server that speaks both AWS JSON protocols: JSON 1.1 (operation in a header) and REST-JSON (operation in the path).
 *
 * @param invalid the name of the exception for an invalid input
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
  // A page in a browser can make its own name point to 127.0.0.1, but it then sends that name.
  if (url === null || !['127.0.0.1', 'localhost'].includes(url.hostname))
    throw new AwsError(403, 'AccessDeniedException', 'another host is meant; call 127.0.0.1 or localhost');

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
    if (bytes > MAX_BODY_BYTES)
      throw new AwsError(413, 'RequestEntityTooLargeException', `the body is too large; send at most ${MAX_BODY_BYTES} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    throw new InvalidInput('the path has a broken percent sign; encode it as %25');
  }
}

function sendError(response: ServerResponse, error: unknown, invalid: string): void {
  const { status, code, message } = translate(error, invalid);
  response.setHeader('x-amzn-errortype', code);
  // Some services' SDKs read `message`, others `Message`.
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
