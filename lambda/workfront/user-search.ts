import { PermanentFailure } from '../domain/failures.ts';
import { hasValue } from '../domain/person/leaver-match.ts';
import type { MatchKey, User } from '../domain/ports.ts';

/** Addresses and names, which have more than one Unicode form; all other values are sent as they are. */
const TYPED_BY_PEOPLE = ['emailAddr', 'ssoUsername', 'username'];

/**
 * The parameters of a search for the users who have a value in a field: at most two.
 * `username` as a plain parameter is taken by Workfront's authentication and filters nothing; in `filters=` it works
 * (Adobe, "API basics").
 *
 * @throws PermanentFailure `not-askable` where the value is empty: Workfront would leave the filter out
 */
export function searchQuery({ field, value }: MatchKey): Record<string, string> {
  const expected = TYPED_BY_PEOPLE.includes(field) ? value.trim().normalize('NFC') : value.trim();
  if (expected === '')
    throw new PermanentFailure('not-askable', `expected a value to search for in ${field}, got none, correct it at its source`);

  return {
    ...(field === 'username'
      ? { filters: JSON.stringify({ username: expected }) }
      : { [field]: expected, [`${field}_Mod`]: field === 'emailAddr' ? 'cieq' : 'eq' }),
    $$LIMIT: '2',
  };
}

/**
 * Trusts no filter: every user that came back must have the value that was asked for, none may come twice, and there may
 * be no more than the two that were asked for.
 *
 * @throws PermanentFailure `filter-dropped`
 */
export function checkHits(hits: readonly User[], key: MatchKey, mustBeActive: boolean): void {
  const foreign = hits.filter((hit) => !hasValue(hit, key) || (mustBeActive && !hit.isActive));
  const distinct = new Set(hits.map(({ id }) => id));
  if (foreign.length === 0 && hits.length <= 2 && distinct.size === hits.length) return;

  const saw =
    foreign.length > 0 ? `${foreign.length} of ${hits.length} that do not match` : `${hits.length}, of them ${distinct.size} distinct`;
  throw new PermanentFailure('filter-dropped', `expected at most two users by ${key.field}, got ${saw}, check this match key in workfront`);
}
