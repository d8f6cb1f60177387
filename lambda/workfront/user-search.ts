import type { MatchKey, User, UserDirectory } from '../domain/ports.ts';
import type { Ask } from './requests.ts';
import { anyOf, type Conditions, checkedSearch, conditionsOn } from './user-query.ts';
import type { FurtherFields } from './wire.ts';

/** Two would be enough to see that a leaver is ambiguous, but a person who has to choose wants to see them all. */
const MOST_FOUND = 5;

const ACTIVE: Conditions = { isActive: 'true' };

/**
 * Finds users by match keys: in one search for all keys, or in one search for each key in a tenant that does not answer `OR:` groups
 * correctly.
 */
export function userSearch(
  ask: Ask,
  { answersOr, ...fields }: FurtherFields & { answersOr: () => Promise<boolean> },
): Pick<UserDirectory, 'find' | 'findByUsername'> {
  const search = checkedSearch(ask, fields);

  const together = (keys: readonly MatchKey[], onlyActive: boolean) =>
    search({ conditions: anyOf(keys, onlyActive ? ACTIVE : {}), keys, onlyActive, most: MOST_FOUND });

  async function searchAll(keys: readonly MatchKey[], onlyActive: boolean): Promise<User[]> {
    if (keys.length <= 1 || (await answersOr())) return together(keys, onlyActive);
    const found = new Map<string, User>();
    for (const key of keys) for (const user of await together([key], onlyActive)) found.set(user.id, user);
    return [...found.values()].slice(0, MOST_FOUND);
  }

  return {
    async find(keys) {
      const plain = keys.filter(({ field }) => field !== 'username');
      if (plain.length === 0) return [];
      // Active users are searched alone, so that inactive users of the same address cannot crowd them out of the hits, whatever the
      // order. Only if nobody active is found does that cost a second call.
      const active = await searchAll(plain, true);
      return active.length > 0 ? active : searchAll(plain, false);
    },

    async findByUsername(username) {
      const key = { field: 'username', value: username };
      return search({ conditions: { ...conditionsOn(key), ...ACTIVE }, keys: [key], onlyActive: true, most: MOST_FOUND });
    },
  };
}
