import { CredentialFailure, InvalidInput, PermanentFailure, TransientFailure } from '../domain/failures.ts';
import { readJson } from '../domain/parse.ts';
import { secondsUntil } from '../domain/time/retry-after.ts';
import type { Answer } from './exchange.ts';
import { type WorkfrontError, workfrontError } from './workfront-error.ts';

/** What was asked, in words that a message may show. */
export interface Asked {
  /** Completes "expected ...", for example `users by emailAddr`. */
  expected: string;
  /** The question names one user, so "not found" is about that user. */
  aboutOneUser: boolean;
}

/** What an answer says: a body to parse further, or that the credential was refused. */
export type Reading = { kind: 'body'; body: object } | { kind: 'unauthenticated'; failure: CredentialFailure };

/**
 * Reads an answer by its status first, then by its error's class, never by its text: only 404 and 422 are known to come
 * with a fixed one (Workfront API, "API basics", and its OpenAPI description).
 *
 * @param now milliseconds since the epoch, for a Retry-After that names a date
 * @throws TransientFailure `throttled`, `server-error`, `timed-out`, `not-json`; PermanentFailure `forbidden`,
 *   `user-not-found`, `refused`, `api-version-gone`, `redirected`, `unexpected-answer`
 */
export function readAnswer(answer: Answer, asked: Asked, now: number): Reading {
  const { status } = answer;
  const body = jsonOf(answer.text);
  const error = workfrontError(body);
  const saw = inWords(status, error);

  if (status === 401 || error?.class?.endsWith('.AuthenticationException'))
    return { kind: 'unauthenticated', failure: rejected(asked, saw) };
  if (status >= 300) throw refusal({ answer, asked, saw, now });
  if (error !== undefined) throw new PermanentFailure('refused', `expected ${asked.expected}, got ${saw}, mend its cause and replay`);
  if (body === undefined)
    throw new TransientFailure('not-json', `expected ${asked.expected} as json, got ${kindOf(answer)}, wait and try again`);
  if (typeof body !== 'object' || body === null)
    throw new PermanentFailure('unexpected-answer', `expected ${asked.expected} as an object, got other json, check the api version`);
  return { kind: 'body', body };
}

function refusal({ answer, asked, saw, now }: { answer: Answer; asked: Asked; saw: string; now: number }): Error {
  const { status } = answer;
  const retryAfterSeconds = secondsUntil(answer.retryAfter, now);
  const expected = `expected ${asked.expected}, got ${saw}`;

  if (status === 429)
    return new TransientFailure('throttled', `${expected}: too many calls at once, wait and try again`, { retryAfterSeconds });
  if (status >= 500) return new TransientFailure('server-error', `${expected}, wait and try again`, { retryAfterSeconds });
  if (status === 408) return new TransientFailure('timed-out', `${expected}, wait and try again`);
  if (status < 400) return new PermanentFailure('redirected', `${expected}, check the base url`);
  if (status === 410) return new PermanentFailure('api-version-gone', `${expected}, configure a newer api version`);
  // Workfront refuses in JSON. A page is from something in between (a CDN, maintenance), which knows nothing of the user.
  if (isPage(answer)) return new TransientFailure('not-json', `${expected} as a page, wait and check the base url`);
  if (status === 403)
    return new PermanentFailure('forbidden', `${expected}, give the credential's user the right to see and edit this user`);
  if (status === 404 && asked.aboutOneUser) return new PermanentFailure('user-not-found', `${expected}, check that the user still exists`);
  return new PermanentFailure('refused', `${expected}, mend its cause and replay`);
}

function rejected(asked: Asked, saw: string): CredentialFailure {
  return new CredentialFailure('rejected', `expected ${asked.expected}, got ${saw}: workfront refuses the credential, set a new one`);
}

/** Status, class and text, where these cannot be personal. */
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

export const isPage = ({ contentType, text }: Answer) => /\bhtml\b/i.test(contentType) || text.trimStart().startsWith('<');

function kindOf(answer: Answer): string {
  if (isPage(answer)) return 'a page';
  return answer.text === '' ? 'an empty body' : 'other text';
}
