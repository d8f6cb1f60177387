import { PermanentFailure } from '../domain/failures.ts';
import type { UserDirectory } from '../domain/ports.ts';
import { aboutUser } from './about-user.ts';
import { misread } from './refusals.ts';
import type { Ask } from './requests.ts';
import { type FurtherFields, fieldList, parseAnswer, toUser, userAnswer } from './wire.ts';

export function userRead(ask: Ask, fields: FurtherFields): UserDirectory['read'] {
  return async (userId) => {
    const request = { ...aboutUser('GET', userId), query: { fields: fieldList(fields) } };
    const body = await undefinedIfNotFound(ask(request));
    if (body === undefined) return undefined;

    const user = toUser(parseAnswer(userAnswer, body, request).data, fields.customFields);
    if (user.id !== userId.toLowerCase())
      throw misread('unexpected-answer', 'read', { line: 'expected the user with this id, got another' });
    return user;
  };
}

/** For a reader, a user that does not exist is an answer. */
async function undefinedIfNotFound<T>(answer: Promise<T>): Promise<T | undefined> {
  try {
    return await answer;
  } catch (failure) {
    if (failure instanceof PermanentFailure && failure.code === 'user-not-found') return undefined;
    throw failure;
  }
}
