import { CredentialFailure, InvalidInput, PermanentFailure, TransientFailure } from '../domain/failures.ts';
import { readJson } from '../domain/parse.ts';
import { secondsUntil } from '../domain/time/retry-after.ts';
import type { HttpAnswer } from './exchange.ts';
import { type WorkfrontError, workfrontError } from './workfront-error.ts';

/** The purpose of a question, in words that a message may show. */
export interface Purpose {
  /** Completes "expected ...", for example `users by emailAddr`. */
  expected: string;
  /** Whether the question names one user: then "not found" is about that user. */
  aboutOneUser: boolean;
}

/** The content of an answer: a body to parse further, or a refused credential. */
export type Reading = { kind: 'body'; body: object } | { kind: 'unauthenticated'; failure: CredentialFailure };

/**
 * Reads an answer by its status first, then by the class of its error, never by its text: only the texts of 404 and 422 are documented
 * (Workfront API, "API basics", and its OpenAPI description).
 *
 * @param now milliseconds since the epoch, for a Retry-After that is a date
 * @throws TransientFailure `throttled`, `server-error`, `timed-out`, `not-json`; PermanentFailure `forbidden`,
 *   `user-not-found`, `refused`, `api-version-gone`, `redirected`, `unexpected-answer`
 */
export function readAnswer(answer: HttpAnswer, purpose: Purpose, now: number): Reading {
  const { status } = answer;
  const body = jsonOf(answer.text);
  const error = workfrontError(body);
  const line = `expected ${purpose.expected}, got ${inWords(status, error)}`;

  if (status === 401 || error?.class?.endsWith('.AuthenticationException'))
    return { kind: 'unauthenticated', failure: new CredentialFailure('rejected', `${line}; set a new Workfront credential`) };
  if (status >= 300) throw refusal({ answer, purpose, line, now });
  if (error !== undefined) throw new PermanentFailure('refused', `${line}; fix the cause, then replay`);
  if (body === undefined)
    throw new TransientFailure('not-json', `expected ${purpose.expected} as JSON, got ${kindOf(answer)}; wait and try again`);
  if (typeof body !== 'object' || body === null)
    throw new PermanentFailure('unexpected-answer', `expected ${purpose.expected} as an object, got other JSON; check the API version`);
  return { kind: 'body', body };
}

function refusal({ answer, purpose, line, now }: { answer: HttpAnswer; purpose: Purpose; line: string; now: number }): Error {
  const { status } = answer;
  const retryAfterSeconds = secondsUntil(answer.retryAfter, now);

  if (status === 429)
    return new TransientFailure('throttled', `${line}, too many calls at once; wait and try again`, { retryAfterSeconds });
  if (status >= 500) return new TransientFailure('server-error', `${line}; wait and try again`, { retryAfterSeconds });
  if (status === 408) return new TransientFailure('timed-out', `${line}; wait and try again`);
  if (status < 400) return new PermanentFailure('redirected', `${line}; check the base URL`);
  if (status === 410) return new PermanentFailure('api-version-gone', `${line}; configure a newer API version`);
  // Workfront refuses in JSON. A page comes from a system in between (a CDN, maintenance), which knows nothing about the user.
  if (isPage(answer)) return new TransientFailure('not-json', `${line} as a page; wait, then check the base URL`);
  if (status === 403) return new PermanentFailure('forbidden', `${line}; give the credential's user the right to see and edit this user`);
  if (status === 404 && purpose.aboutOneUser) return new PermanentFailure('user-not-found', `${line}; check that the user still exists`);
  return new PermanentFailure('refused', `${line}; fix the cause, then replay`);
}

/** The status, and class and text of the error if they cannot be personal. */
function inWords(status: number, error: WorkfrontError | undefined): string {
  return [`status ${status}`, error?.class, error?.message].filter((part) => part !== undefined).join(' ');
}

function jsonOf(text: string): unknown {
  try {
    return readJson(text, 'answer');
  } catch (failure) {
    if (failure instanceof InvalidInput) return undefined;
    throw failure;
  }
}

export const isPage = ({ contentType, text }: HttpAnswer) => /\bhtml\b/i.test(contentType) || text.trimStart().startsWith('<');

function kindOf(answer: HttpAnswer): string {
  if (isPage(answer)) return 'a page';
  return answer.text === '' ? 'an empty body' : 'other text';
}
