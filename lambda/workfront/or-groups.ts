import { StageFailure } from '../domain/failures.ts';
import type { CredentialOwner, UserDirectory } from '../domain/ports.ts';
import type { Ask } from './requests.ts';
import { anyOf } from './user-query.ts';
import { ownUserAnswer, parseAnswer } from './wire.ts';

/** Ids that no user has. */
const NOBODY = { first: '0'.repeat(32), last: 'f'.repeat(32) };

/**
 * Checks on the credential's own user whether the tenant answers `OR:` groups correctly, and remembers it as long as the owner is
 * remembered. The own user is between two impossible ones: a tenant that reads only the first or only the last group finds nobody, and a
 * tenant that ignores groups finds others too. Either would overlook a leaver.
 *
 * @returns a function that gives false if the tenant does not, or if Workfront refuses the question
 */
export function orGroupsCheck(ask: Ask, owner: UserDirectory['owner']): () => Promise<boolean> {
  const checks = new WeakMap<CredentialOwner, Promise<boolean>>();

  return async () => {
    const own = await owner();
    const check = checks.get(own) ?? answersOr(ask, own.userId);
    checks.set(own, check);
    check.catch(() => checks.delete(own));
    return check;
  };
}

async function answersOr(ask: Ask, userId: string): Promise<boolean> {
  const keys = [NOBODY.first, userId, NOBODY.last].map((value) => ({ field: 'ID', value }));
  const expected = "the credential's own user by OR groups";
  const query = { ...anyOf(keys, { isActive: 'true' }), $$LIMIT: '2', fields: 'ID,isActive' };
  try {
    const request = { method: 'GET', path: 'user/search', query, expected, call: 'question' } as const;
    const [hit, ...others] = parseAnswer(ownUserAnswer, await ask(request), request).data;
    return hit?.ID === userId && others.length === 0;
  } catch (failure) {
    if (failure instanceof StageFailure && ABOUT_THE_GROUPS.includes(failure.code)) return false;
    throw failure;
  }
}

/** What a tenant may answer that does not understand groups. Anything else it would answer to every search. */
const ABOUT_THE_GROUPS = ['refused', 'field-unknown', 'unexpected-answer', 'too-large'];
