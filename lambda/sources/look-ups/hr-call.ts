import { CredentialFailure, PermanentFailure, TransientFailure } from '../../domain/failures.ts';
import type { Clock } from '../../domain/ports.ts';
import { secondsUntil } from '../../domain/time/retry-after.ts';
import { SECOND } from '../../domain/time/time.ts';
import { limitedText } from './limited-text.ts';

/** One question to an HR system's API. */
interface HrQuestion {
  /** Its host is a constant of the look-up, or made of a checked setting: nothing of an event but path and query. */
  url: URL;
  method?: 'GET' | 'POST';
  headers: Record<string, string>;
  body?: string;
  /** Completes "expected ...", for example `the employee`. */
  expected: string;
}

/** The JSON of a success; undefined where HR knows nothing of that name (404). */
export type HrCall = (question: HrQuestion) => Promise<unknown>;

/** All questions about one employee together: together with Workfront's calls well below the worker's time-out. */
const WITHIN = 8 * SECOND;

/**
 * The calls about one employee. Redirects are not followed, and nothing is retried but a call whose connection broke before an
 * answer: the event's back-off is the queue's business.
 *
 * @throws TransientFailure `hr-timed-out`, `hr-unreachable`, `hr-throttled`, `hr-unavailable`, `hr-not-json`; CredentialFailure
 *   `hr-credential-refused`; PermanentFailure `hr-forbidden`, `hr-refused`, `hr-redirected`, `hr-too-large`
 */
export function hrCalls({ fetch, clock, within = WITHIN }: { fetch: typeof globalThis.fetch; clock: Clock; within?: number }): HrCall {
  const signal = AbortSignal.timeout(within);

  async function send({ url, method = 'GET', headers, body }: HrQuestion): Promise<Response> {
    const question = {
      method,
      headers: { accept: 'application/json', 'user-agent': 'workfront-offboarding', ...headers },
      redirect: 'manual',
      signal,
      ...(body !== undefined && { body }),
    } as const;
    try {
      return await fetch(url, question);
    } catch {
      // a connection that was kept alive while the function was frozen; once the time is up nothing is sent
      return fetch(url, question);
    }
  }

  return async (question) => {
    try {
      const response = await send(question);
      const text = await limitedText(response);
      return read(response, text, question.expected, clock());
    } catch (failure) {
      throw signal.aborted ? timedOut(question.expected) : translated(failure, question.expected);
    }
  };
}

function read({ status, headers }: Response, text: string, expected: string, now: number): unknown {
  const came = `expected ${expected} from HR, got status ${status}`;
  const retryAfter = headers.get('retry-after') ?? undefined;
  const retryAfterSeconds = secondsUntil(retryAfter, now) ?? secondsUntilReset(headers.get('x-ratelimit-reset'), now);
  if (status === 404) return undefined;
  if (status === 401) throw new CredentialFailure('hr-credential-refused', `${came}: HR refuses the look-up's credential, set a new one`);
  // BambooHR says 503 with Retry-After where others say 429
  if (status === 429 || (status === 503 && retryAfter !== undefined))
    throw new TransientFailure('hr-throttled', `${came}: too many calls, wait and try again`, { retryAfterSeconds });
  if (status >= 500 || status === 408) throw new TransientFailure('hr-unavailable', `${came}, wait and try again`, { retryAfterSeconds });
  if (status === 403)
    throw new PermanentFailure('hr-forbidden', `${came}, give the look-up's credential the right to read this, and replay`);
  if (status >= 400) throw new PermanentFailure('hr-refused', `${came}, mend its cause and replay`);
  if (status >= 300) throw new PermanentFailure('hr-redirected', `${came}, check the settings of the look-up`);
  try {
    return JSON.parse(text);
  } catch {
    throw new TransientFailure('hr-not-json', `expected ${expected} from HR as json, got other text, wait and try again`);
  }
}

/** HiBob's `X-RateLimit-Reset` is an instant in Unix seconds ("Rate limiting", HiBob API documentation). */
function secondsUntilReset(reset: string | null, now: number): number | undefined {
  if (reset === null || !/^\d{10}$/.test(reset)) return undefined;
  return Math.max(0, Math.ceil(Number(reset) - now / SECOND));
}

const timedOut = (expected: string) =>
  new TransientFailure('hr-timed-out', `expected ${expected} from HR in time, got no answer, wait and try again`);

function translated(failure: unknown, expected: string): Error {
  const isOurs = failure instanceof TransientFailure || failure instanceof CredentialFailure || failure instanceof PermanentFailure;
  if (isOurs) return failure;
  return new TransientFailure('hr-unreachable', `expected to reach HR for ${expected}, got a broken connection, wait and try again`, {
    cause: failure,
  });
}
