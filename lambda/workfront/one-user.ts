import { PermanentFailure } from '../domain/failures.ts';
import type { ApiRequest } from './requests.ts';

/**
 * The request about one user by ID, fields still to be named.
 *
 * @throws PermanentFailure `not-askable` where the id is no GUID: it becomes part of a path
 */
export function aboutUser<Method extends ApiRequest['method']>(method: Method, userId: string) {
  if (!/^[0-9a-f]{32}$/i.test(userId))
    throw new PermanentFailure('not-askable', 'expected a user id of 32 hex digits, got other text, correct the id');
  const expected = method === 'GET' ? 'a user' : 'a user set inactive';
  return { method, path: `user/${userId}`, expected, aboutOneUser: true };
}

/** A user that is not there is an answer to a reader. */
export async function undefinedIfNotFound<T>(answer: Promise<T>): Promise<T | undefined> {
  try {
    return await answer;
  } catch (failure) {
    if (failure instanceof PermanentFailure && failure.code === 'user-not-found') return undefined;
    throw failure;
  }
}
