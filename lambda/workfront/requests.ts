import { PermanentFailure } from '../domain/failures.ts';
import type { Clock } from '../domain/ports.ts';
import type { Credential, CredentialSource } from './credentials.ts';
import type { Answer, Question } from './exchange.ts';
import { type Asked, type Reading, readAnswer } from './refusals.ts';

/** One question to the API. `path` is relative to the version, such as `user/search`. */
export interface ApiRequest extends Asked {
  method: 'GET' | 'PUT';
  path: string;
  query: Record<string, string>;
  /** Sent as JSON. */
  body?: object;
}

/** The limit of the CDN before Workfront (Adobe, "API basics"). */
const MAX_URL_BYTES = 8_892;

/**
 * Asks the Workfront API and gives back the JSON body of a success, still to be parsed. A credential that is refused is
 * read again and the request repeated once: nothing else is, because the event's back-off is the queue's business.
 *
 * @throws CredentialFailure `rejected` after the second refusal; the failures of the exchange, the credential source and
 *   {@link readAnswer}; PermanentFailure `too-long` for a URL above 8,892 bytes
 */
export function apiRequests(options: {
  baseUrl: string;
  apiVersion: string;
  credential: CredentialSource;
  exchange: (question: Question) => Promise<Answer>;
  clock: Clock;
}): (request: ApiRequest) => Promise<object> {
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
    return readAnswer(await exchange({ method: request.method, url, headers, body }), request, clock());
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

function urlOf(root: URL, { path, query, expected }: ApiRequest): URL {
  const parts = Object.entries(query);
  if (!parts.flat().every((part) => part.isWellFormed()))
    throw new PermanentFailure('not-askable', `expected ${expected}, got a value that is no valid unicode, correct it at its source`);

  // Not URLSearchParams: it writes a space as "+", which only a form decoder reads back.
  const search = parts.map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`).join('&');
  const url = new URL(`${path}?${search}`, root);
  if (url.href.length > MAX_URL_BYTES)
    throw new PermanentFailure(
      'too-long',
      `expected ${expected} by a url of at most ${MAX_URL_BYTES} bytes, got ${url.href.length}, shorten the value`,
    );
  return url;
}
