import { CredentialFailure, StageFailure, TransientFailure } from '../domain/failures.ts';
import type { Clock } from '../domain/ports.ts';
import { secondsUntil } from '../domain/time/retry-after.ts';
import { SECOND } from '../domain/time/time.ts';

/** One HTTP request. The URL may hold an address, by the API's own design: it is never shown, and no failure has it. */
interface HttpRequest {
  method: 'GET' | 'POST';
  url: string;
  headers: Record<string, string>;
  body?: string;
}

/** A complete answer with any status that is not trouble. */
export interface HttpAnswer {
  status: number;
  text: string;
}

export type Send = (request: HttpRequest) => Promise<HttpAnswer>;

/** All calls of a turn, and Workfront's, fit into the worker's timeout. */
const WITHIN = 4 * SECOND;
const MOST_BYTES = 1_000_000;

/**
 * Makes one call. Redirects are not followed and nothing is repeated: the queue does the back-off.
 *
 * @throws TransientFailure `console-throttled` for a 429, `console-unavailable` for a 5xx, `console-unreachable`, `console-timed-out`;
 *   StageFailure `console-redirected`, `console-too-large`
 */
export const httpCalls =
  ({ fetch, clock, within = WITHIN }: { fetch: typeof globalThis.fetch; clock: Clock; within?: number }): Send =>
  async ({ url, ...request }) => {
    const signal = AbortSignal.timeout(within);
    try {
      const headers = { accept: 'application/json', 'user-agent': 'workfront-offboarding', ...request.headers };
      const response = await fetch(url, { ...request, headers, redirect: 'manual', signal });
      const text = await limitedText(response);
      throwIfTrouble(response, clock());
      return { status: response.status, text };
    } catch (failure) {
      if (failure instanceof TransientFailure || failure instanceof StageFailure || failure instanceof CredentialFailure) throw failure;
      // Its own message and cause may have the URL.
      if (signal.aborted) throw new TransientFailure('console-timed-out', 'the Admin Console did not answer in time; wait and try again');
      throw new TransientFailure('console-unreachable', 'the Admin Console could not be reached; wait and try again');
    }
  };

function throwIfTrouble({ status, headers }: Response, now: number): void {
  const line = `the Admin Console answered with status ${status}`;
  const retryAfterSeconds = secondsUntil(headers.get('retry-after') ?? undefined, now);
  if (status === 429) throw new TransientFailure('console-throttled', `${line}; wait and try again`, { retryAfterSeconds });
  if (status >= 500) throw new TransientFailure('console-unavailable', `${line}; wait and try again`, { retryAfterSeconds });
  if (status >= 300 && status < 400) throw new StageFailure('console-redirected', `${line}; check adminConsole.baseUrl of the stage`);
}

async function limitedText({ body }: Response): Promise<string> {
  const decoder = new TextDecoder();
  let text = '';
  let size = 0;
  for await (const chunk of body ?? []) {
    size += chunk.length;
    if (size > MOST_BYTES)
      throw new StageFailure('console-too-large', `the Admin Console sent more than ${MOST_BYTES} bytes; check adminConsole.baseUrl`);
    text += decoder.decode(chunk, { stream: true });
  }
  return text + decoder.decode();
}
