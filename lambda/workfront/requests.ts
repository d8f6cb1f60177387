import { PermanentFailure } from '../domain/failures.ts';
import type { Clock } from '../domain/ports.ts';
import type { Credential, CredentialSource } from './credentials.ts';
import type { HttpAnswer, HttpQuestion } from './exchange.ts';
import { misread, type Purpose, type Reading, readAnswer } from './refusals.ts';

/** One question to the API. `path` is relative to the version, such as `user/search`. */
export interface ApiRequest extends Purpose {
  method: 'GET' | 'PUT';
  path: string;
  /** A list is a parameter that occurs several times. */
  query: Record<string, string | readonly string[]>;
  /** Sent as JSON. */
  body?: object;
}

/** Asks the API. @returns the JSON body of a success, not yet parsed */
export type Ask = (request: ApiRequest) => Promise<object>;

/** The limit of the CDN in front of Workfront (Adobe, "API basics"). */
const MAX_URL_BYTES = 8_892;

/**
 * Asks the Workfront API. If it refuses the credential, the secret is read again and the request repeated once. No other request is
 * repeated, because the queue does the back-off of an event.
 *
 * @throws CredentialFailure `rejected` after the second refusal; the failures of the exchange, the credential source and
 *   {@link readAnswer}; PermanentFailure `too-long` for a URL above 8,892 bytes
 */
export function apiRequests(options: {
  baseUrl: string;
  apiVersion: string;
  credential: CredentialSource;
  exchange: (question: HttpQuestion) => Promise<HttpAnswer>;
  clock: Clock;
}): Ask {
  const { credential, exchange, clock } = options;
  const root = new URL(`/attask/api/${options.apiVersion}/`, options.baseUrl);

  async function ask(request: ApiRequest, url: URL, using: Credential): Promise<Reading> {
    const body = request.body && JSON.stringify(request.body);
    const headers = {
      ...using.headers,
      accept: 'application/json',
      'accept-encoding': 'gzip',
      'user-agent': 'workfront-offboarding',
      ...(body !== undefined && { 'content-type': 'application/json', 'content-length': String(Buffer.byteLength(body)) }),
    };
    const answer = await exchange({ method: request.method, url, headers, body }).catch((failure: unknown) => {
      throw failure instanceof PermanentFailure ? misread('too-large', request.call, { line: lineOf(failure), cause: failure }) : failure;
    });
    return readAnswer(answer, request, clock());
  }

  return async (request) => {
    const url = urlOf(root, request);
    const first = await credential.current();
    const reading = await ask(request, url, first);
    if (reading.kind === 'body') return reading.body;

    const again = await ask(request, url, await credential.refresh(first));
    if (again.kind === 'body') return again.body;
    throw again.failure;
  };
}

const lineOf = ({ message }: Error) => message.replace(/;.*/s, '');

function urlOf(root: URL, { path, query, expected }: ApiRequest): URL {
  const parts = Object.entries(query).flatMap(([name, value]) => [value].flat().map((one): [string, string] => [name, one]));
  if (!parts.flat().every((part) => part.isWellFormed()))
    throw new PermanentFailure('not-askable', `expected ${expected}, got a value that is not valid Unicode; correct it at its source`);

  // Not URLSearchParams: it writes a space as "+", which only a decoder of forms reads as a space.
  const search = parts.map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`).join('&');
  const url = new URL(`${path}?${search}`, root);
  if (url.href.length > MAX_URL_BYTES)
    throw new PermanentFailure(
      'too-long',
      `expected ${expected} by a URL of at most ${MAX_URL_BYTES} bytes, got ${url.href.length}; shorten the value`,
    );
  return url;
}
