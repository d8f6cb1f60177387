import { PermanentFailure } from '../domain/failures.ts';
import type { UserDirectory } from '../domain/ports.ts';
import { misread } from './refusals.ts';
import type { Ask } from './requests.ts';
import { administratorsAnswer, countAnswer, parseAnswer, userStatesAnswer } from './wire.ts';

/** The list stops here: we only need to know whether another administrator exists. */
const MOST_LISTED = 100;

export function administratorList(ask: Ask): UserDirectory['activeAdministrators'] {
  return async () => {
    const expected = 'active administrators';
    // Not `count`: if Workfront ignored the filter, it would count everybody, and nobody would notice.
    const query = { isActive: 'true', isAdmin: 'true', $$LIMIT: String(MOST_LISTED), fields: 'ID,isActive,isAdmin' };
    const request = { method: 'GET', path: 'user/search', query, expected, call: 'question' } as const;
    const { data } = parseAnswer(administratorsAnswer, await ask(request), request);
    if (!data.every(({ isActive, isAdmin }) => isActive && isAdmin))
      throw misread('filter-dropped', 'question', { line: `expected ${expected}, got others too` });
    return [...new Set(data.map(({ ID }) => ID))];
  };
}

/** Each id takes 36 bytes of the address, whose limit is about 8 KB. */
const MOST_IDS = 100;

/** Asks who of many users is active: several values of one field are alternatives (Adobe, "API basics", "Using Search Modifiers", `in`). */
export function activeAmong(ask: Ask): UserDirectory['whoIsActive'] {
  return async (userIds) => {
    const active: string[] = [];
    for (let at = 0; at < userIds.length; at += MOST_IDS) {
      const ids = userIds.slice(at, at + MOST_IDS);
      const expected = `those of ${ids.length} users who are active`;
      const query = { ID: ids.join(','), ID_Mod: 'in', isActive: 'true', $$LIMIT: String(MOST_IDS), fields: 'ID,isActive' };
      const request = { method: 'GET', path: 'user/search', query, expected, call: 'question' } as const;
      const { data } = parseAnswer(userStatesAnswer, await ask(request), request);
      if (!data.every(({ ID, isActive }) => isActive && ids.includes(ID)))
        throw misread('filter-dropped', 'question', { line: `expected ${expected}, got others too` });
      active.push(...data.map(({ ID }) => ID));
    }
    return [...new Set(active)];
  };
}

/**
 * Counts the active users who were made on a UTC day. `_Range` is the end of `between`, and instants are written in UTC (Adobe,
 * "API basics", "Using Search Modifiers"; "API sync data").
 *
 * @returns a function that throws PermanentFailure `not-askable` if the day is not a date
 */
export function countOfUsersMadeOn(ask: Ask): UserDirectory['countActiveUsersMadeOn'] {
  return async (day) => {
    if (!/^\d{4}-\d{2}-\d{2}$/.test(day))
      throw new PermanentFailure('not-askable', 'expected a date such as 2026-11-30, got other text; correct the date');

    const expected = 'the count of users made on a day';
    const query = {
      isActive: 'true',
      entryDate: `${day}T00:00:00.000Z`,
      entryDate_Range: `${day}T23:59:59.999Z`,
      entryDate_Mod: 'between',
    };
    const request = { method: 'GET', path: 'user/count', query, expected, call: 'question' } as const;
    return parseAnswer(countAnswer, await ask(request), request);
  };
}
