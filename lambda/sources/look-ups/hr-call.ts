import { CredentialFailure, PermanentFailure, TransientFailure } from '../../domain/failures.ts';
import type { Clock } from '../../domain/ports.ts';
import { secondsUntil } from '../../domain/time/retry-after.ts';
import { SECOND } from '../../domain/time/time.ts';
import { readExactJson } from '../exact-json.ts';
import { limitedText } from './limited-text.ts';

/** One request to the API of an HR system. */
interface HrRequest {
  /** The host is a constant of the look-up, or made of a checked setting: nothing of an event except path and query. */
  url: URL;
  method?: 'GET' | 'POST';
  headers: Record<string, string>;
  body?: string;
  /** Completes "expected ...", for example `the employee`. */
  expected: string;
}

/** Gives the JSON of a success, or undefined if HR has nothing of that name (404). */
export type HrCall = (request: HrRequest) => Promise<unknown>;

/** For all calls about one employee together: with Workfront's calls, well below the worker's timeout. */
const WITHIN = 8 * SECOND;

/**
 * Makes the calls about one employee. Redirects are not followed, and no call is repeated unless its connection broke before an
 * answer: the queue does the back-off of an event.
 *
 * @throws TransientFailure `hr-timed-out`, `hr-unreachable`, `hr-throttled`, `hr-unavailable`, `hr-not-json`; CredentialFailure
 *   `hr-credential-refused`; PermanentFailure `hr-forbidden`, `hr-refused`, `hr-redirected`, `hr-too-large`
 */
export function hrCalls({ fetch, clock, within = WITHIN }: { fetch: typeof globalThis.fetch; clock: Clock; within?: number }): HrCall {
  const signal = AbortSignal.timeout(within);

  async function send({ url, method = 'GET', headers, body }: HrRequest): Promise<Response> {
    const request = {
      method,
      headers: { accept: 'application/json', 'user-agent': 'workfront-offboarding', ...headers },
      redirect: 'manual',
      signal,
      ...(body !== undefined && { body }),
    } as const;
    try {
      return await fetch(url, request);
    } catch {
      // The connection was kept alive while the function was frozen, and HR has closed it. After the timeout nothing is sent.
      return fetch(url, request);
    }
  }

  return async (request) => {
    const { expected } = request;
    try {
      const response = await send(request);
      const text = await limitedText(response);
      return read(response, text, { expected, now: clock() });
    } catch (failure) {
      throw signal.aborted ? noAnswerInTime(expected) : asHrFailure(failure, expected);
    }
  };
}

function read({ status, headers }: Response, text: string, { expected, now }: { expected: string; now: number }): unknown {
  const refused = `expected ${expected} from HR, got status ${status}`;
  const retryAfter = headers.get('retry-after') ?? undefined;
  const retryAfterSeconds = secondsUntil(retryAfter, now) ?? secondsUntilReset(headers.get('x-ratelimit-reset'), now);
  if (status === 404) return undefined;
  if (status === 401) throw new CredentialFailure('hr-credential-refused', `${refused}; set a new credential for the look-up`);
  // BambooHR answers 503 with Retry-After where others answer 429.
  if (status === 429 || (status === 503 && retryAfter !== undefined))
    throw new TransientFailure('hr-throttled', `${refused}, too many calls; wait and try again`, { retryAfterSeconds });
  if (status >= 500 || status === 408)
    throw new TransientFailure('hr-unavailable', `${refused}; wait and try again`, { retryAfterSeconds });
  if (status === 403)
    throw new PermanentFailure('hr-forbidden', `${refused}; give the look-up's credential the right to read this, then replay`);
  if (status >= 400) throw new PermanentFailure('hr-refused', `${refused}; fix the cause, then replay`);
  if (status >= 300) throw new PermanentFailure('hr-redirected', `${refused}; check the settings of the look-up`);
  try {
    return readExactJson(text, expected);
  } catch {
    throw new TransientFailure('hr-not-json', `expected ${expected} from HR as JSON, got other text; wait and try again`);
  }
}

/** HiBob's `X-RateLimit-Reset` is an instant in Unix seconds ("Rate limiting", HiBob API documentation). */
function secondsUntilReset(reset: string | null, now: number): number | undefined {
  if (!reset?.match(/^\d{10}$/)) return undefined;
  return Math.max(0, Math.ceil(Number(reset) - now / SECOND));
}

const noAnswerInTime = (expected: string) =>
  new TransientFailure('hr-timed-out', `expected ${expected} from HR in time, got no answer; wait and try again`);

function asHrFailure(failure: unknown, expected: string): Error {
  const isOurs = failure instanceof TransientFailure || failure instanceof CredentialFailure || failure instanceof PermanentFailure;
  if (isOurs) return failure;
  return new TransientFailure('hr-unreachable', `expected ${expected} from HR, got a broken connection; wait and try again`, {
    cause: failure,
  });
}
