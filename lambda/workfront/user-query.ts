import { PermanentFailure } from '../domain/failures.ts';
import { hasValue } from '../domain/person/leaver-match.ts';
import type { MatchKey, User } from '../domain/ports.ts';
import { misread } from './refusals.ts';
import type { Ask } from './requests.ts';
import { type FurtherFields, fieldList, parseAnswer, toUser, usersAnswer } from './wire.ts';

/** Parameters of a search. */
export type Conditions = Record<string, string>;

/** Addresses and names have more than one Unicode form. All other values are sent unchanged. */
const TYPED_BY_PEOPLE = ['emailAddr', 'ssoUsername', 'username'];

/**
 * The conditions on users with a value in a field. Workfront's authentication takes `username` as a plain parameter, so that it filters
 * nothing; in `filters=` it works (Adobe, "API basics").
 *
 * @throws PermanentFailure `not-askable` if the value is empty, because Workfront would ignore the condition
 */
export function conditionsOn({ field, value }: MatchKey): Conditions {
  const expected = TYPED_BY_PEOPLE.includes(field) ? value.trim().normalize('NFC') : value.trim();
  if (expected === '')
    throw new PermanentFailure('not-askable', `expected a value to search for in ${field}, got none; correct it at its source`);

  if (field === 'username') return { filters: JSON.stringify({ username: expected }) };
  return { [field]: expected, [`${field}_Mod`]: field === 'emailAddr' ? 'cieq' : 'eq' };
}

/**
 * The conditions on users who match any of the keys. Groups `OR:<n>:` are alternatives, and no condition is implied from one to another
 * (Adobe, "API basics", "Using OR Statements"): so each has the filter too. Every key is in a group, because a tenant that ignored the
 * groups would then answer with everybody, which is noticed, and not with the users of the first key alone.
 */
export function anyOf(keys: readonly MatchKey[], filter: Conditions): Conditions {
  const groups = keys.map((key) => ({ ...conditionsOn(key), ...filter }));
  if (groups.length === 1) return { ...groups[0] };
  return Object.fromEntries(
    groups.flatMap((group, index) => Object.entries(group).map(([name, value]) => [`OR:${index + 1}:${name}`, value])),
  );
}

interface UserSearch {
  conditions: Conditions;
  /** Every hit must have the value of at least one of these. */
  keys: readonly MatchKey[];
  onlyActive: boolean;
  most: number;
}

/**
 * Searches for users, and checks the answer instead of trusting the filter: every user must match, none may occur twice, and there may
 * be no more than the most.
 *
 * @returns a function that throws StageFailure `filter-dropped` if the answer does not fit the question
 */
export function checkedSearch(ask: Ask, fields: FurtherFields) {
  return async ({ conditions, keys, onlyActive, most }: UserSearch): Promise<User[]> => {
    const named = keys.map(({ field }) => field);
    const customFields = [...new Set([...fields.customFields, ...named.filter((field) => field.startsWith('DE:'))])];
    const expected = `users by ${[...new Set(named)].join(' or ')}`;
    const query = { ...conditions, $$LIMIT: String(most), fields: fieldList({ ...fields, customFields }, named) };
    const request = { method: 'GET', path: 'user/search', query, expected, call: 'question' } as const;
    const hits = parseAnswer(usersAnswer, await ask(request), request).data.map((record) => toUser(record, customFields));

    const wrong = hits.filter((hit) => (onlyActive && !hit.isActive) || !keys.some((key) => hasValue(hit, key)));
    const distinct = new Set(hits.map(({ id }) => id)).size;
    if (wrong.length === 0 && hits.length <= most && distinct === hits.length) return hits;

    const got = wrong.length > 0 ? `${wrong.length} of ${hits.length} that do not match` : `${hits.length}, of them ${distinct} distinct`;
    throw misread('filter-dropped', 'question', { line: `expected at most ${most} ${expected}, got ${got}` });
  };
}
