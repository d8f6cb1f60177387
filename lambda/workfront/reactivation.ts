import { PermanentFailure, TransientFailure } from '../domain/failures.ts';
import type { UserDirectory } from '../domain/ports.ts';
import { aboutUser } from './about-user.ts';
import { misread } from './refusals.ts';
import type { Ask } from './requests.ts';
import { parseAnswer, userStateAnswer } from './wire.ts';

/**
 * Sets a user active, with the fields that they lost, and returns only when a read shows this very user active. The answer to the write is
 * not enough: whatever lets people in may take them out again at once.
 *
 * @param otherWithAddress finds another active user who has the address of this one
 * @throws the failure of the write, if the read does not show the user active; PermanentFailure `address-taken` if another active user has
 *   the address, `not-confirmed` if the write succeeded and the read shows the user inactive
 */
export function reactivation(ask: Ask, otherWithAddress: (userId: string) => Promise<string | undefined>): UserDirectory['reactivate'] {
  return async (userId, restores) => {
    const request = { ...aboutUser('PUT', userId), expected: 'the user to become active', query: { fields: 'ID,isActive' } };
    const doubt = await ask({ ...request, body: { isActive: true, ...restores } }).then(
      () => undefined,
      async (failure: unknown) => {
        if (failure instanceof TransientFailure) return failure;
        throw failure instanceof PermanentFailure && failure.code === 'refused'
          ? await explained(failure, await otherWithAddress(userId))
          : failure;
      },
    );
    if (await isActive(ask, userId)) return;
    throw (
      doubt ??
      misread('not-confirmed', 'write', { line: 'expected the user to be active, got a success and a read that shows them inactive' })
    );
  };
}

/** Only one active user may have an address (Adobe, "Prepare for the Admin Console"). */
function explained(failure: PermanentFailure, taken: string | undefined): PermanentFailure {
  if (taken === undefined) return failure;
  const advice = 'deactivate that user, or change its address, then order the undo again';
  return new PermanentFailure('address-taken', `another active user, ${taken}, has the address of this user; ${advice}`, {
    cause: failure,
  });
}

async function isActive(ask: Ask, userId: string): Promise<boolean> {
  const request = { ...aboutUser('GET', userId), query: { fields: 'ID,isActive' } };
  const answer = parseAnswer(userStateAnswer, await ask(request), request).data;
  return answer.ID === userId.toLowerCase() && answer.isActive;
}
