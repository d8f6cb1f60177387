import { PermanentFailure } from '../domain/failures.ts';
import type { ApiRequest } from './requests.ts';

/**
 * Begins a request about one user by ID; the fields are still to be added.
 *
 * @throws PermanentFailure `not-askable` if the id is not a GUID, because it becomes part of a path
 */
export function aboutUser<Method extends ApiRequest['method']>(method: Method, userId: string) {
  if (!/^[0-9a-f]{32}$/i.test(userId))
    throw new PermanentFailure('not-askable', 'expected a user id of 32 hex digits, got other text; correct the id');
  const isRead = method === 'GET';
  const expected = isRead ? 'a user' : 'the user to become inactive';
  return { method, path: `user/${userId}`, expected, call: isRead ? 'read' : 'write' } as const;
}
