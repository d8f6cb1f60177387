import * as z from 'zod/mini';
import { PermanentFailure, TransientFailure } from '../domain/failures.ts';
import type { UserDirectory } from '../domain/ports.ts';
import { aboutUser } from './about-user.ts';
import { misread } from './refusals.ts';
import type { Ask } from './requests.ts';
import { parseAnswer, userStateAnswer } from './wire.ts';

/**
 * Sets a user inactive and returns only with proof: an answer of Workfront that this very user is inactive or, if the answer is lost
 * or says something else, a read that shows it. A failure before the write could take effect is thrown at once.
 *
 * @throws the failure of the write, if the read does not show the user inactive; PermanentFailure `not-confirmed` if Workfront
 *   answered a success, and both its answer and the read show the user active
 */
export function deactivation(ask: Ask): UserDirectory['deactivate'] {
  return async (userId) => {
    const doubt = await write(ask, userId);
    if (doubt === undefined) return { confirmedBy: 'answer' };
    if (await isInactive(ask, userId, doubt)) return { confirmedBy: 'read' };
    throw doubt;
  };
}

/** @returns why it is unknown whether the write took effect; undefined if it is proven */
async function write(ask: Ask, userId: string): Promise<Error | undefined> {
  try {
    const body = await ask({ ...aboutUser('PUT', userId), query: { fields: 'ID,isActive' }, body: { isActive: false } });
    const answer = z.safeParse(userStateAnswer, body);
    if (answer.success && answer.data.data.ID === userId.toLowerCase() && !answer.data.data.isActive) return undefined;
    return misread('not-confirmed', 'write', { line: 'expected the user to be inactive, got a success that does not show it' });
  } catch (failure) {
    if (mayHaveTakenEffect(failure)) return failure;
    throw failure;
  }
}

async function isInactive(ask: Ask, userId: string, doubt: Error): Promise<boolean> {
  try {
    const request = { ...aboutUser('GET', userId), query: { fields: 'ID,isActive' } };
    const { ID, isActive } = parseAnswer(userStateAnswer, await ask(request), request).data;
    return ID === userId.toLowerCase() && !isActive;
  } catch (failure) {
    // The doubt stays whatever the read says; it waits by itself, or with the trouble of the read.
    throw doubt instanceof TransientFailure || !(failure instanceof TransientFailure) ? doubt : failure;
  }
}

/** Answers that say for certain that nothing was done. */
const NOT_DONE = ['throttled', 'conflict'];

function mayHaveTakenEffect(failure: unknown): failure is TransientFailure | PermanentFailure {
  if (failure instanceof TransientFailure) return !NOT_DONE.includes(failure.code);
  return failure instanceof PermanentFailure && ['too-large', 'unexpected-answer'].includes(failure.code);
}
