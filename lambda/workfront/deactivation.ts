import * as z from 'zod/mini';
import { PermanentFailure, TransientFailure } from '../domain/failures.ts';
import type { UserDirectory } from '../domain/ports.ts';
import { aboutUser } from './about-user.ts';
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
    return new PermanentFailure(
      'not-confirmed',
      'expected the user to be inactive, got a success that does not show it; look at the user in Workfront',
    );
  } catch (failure) {
    if (mayHaveTakenEffect(failure)) return failure;
    throw failure;
  }
}

async function isInactive(ask: Ask, userId: string, doubt: Error): Promise<boolean> {
  try {
    const body = await ask({ ...aboutUser('GET', userId), query: { fields: 'ID,isActive' } });
    const { ID, isActive } = parseAnswer(userStateAnswer, body, 'a user').data;
    return ID === userId.toLowerCase() && !isActive;
  } catch (failure) {
    throw doubt instanceof TransientFailure ? doubt : failure;
  }
}

function mayHaveTakenEffect(failure: unknown): failure is TransientFailure | PermanentFailure {
  if (failure instanceof TransientFailure) return failure.code !== 'throttled';
  return failure instanceof PermanentFailure && ['too-large', 'unexpected-answer'].includes(failure.code);
}
