import { PermanentFailure } from '../domain/failures.ts';
import type { Clock, MatchKey, User, UserDirectory } from '../domain/ports.ts';
import type { CredentialSource } from './credentials.ts';
import { deactivation } from './deactivation.ts';
import { type CallSeen, httpExchange, type Limits } from './exchange.ts';
import { aboutUser, undefinedIfNotFound } from './one-user.ts';
import { provenOwner } from './owner.ts';
import { apiRequests } from './requests.ts';
import { checkHits, searchQuery } from './user-search.ts';
import { administratorsAnswer, parseAnswer, toUser, USER_FIELDS, userAnswer, usersAnswer } from './wire.ts';

/** More than this many administrators are not told apart from this many: the question is whether there is another. */
const ADMINISTRATORS_COUNTED = 100;

/**
 * The user directory that is Workfront, over its REST API. Nothing is retried but a request whose credential was refused.
 *
 * @param baseUrl such as `https://acme.my.workfront.com`
 * @param apiVersion such as `v21.0`
 * @param callsInFlight at most so many calls at once; Workfront limits them per customer
 * @param customFields `DE:` names to read with every user: those among the match keys
 * @param extraFields other fields to read, such as `ssoUsername`: one that the tenant does not know fails every call
 * @param onCall told of each call over the wire, for metrics; `ms` does not count waiting for a turn
 * @param limits milliseconds and bytes that a call may take, where the defaults do not fit
 */
export function workfrontDirectory(options: {
  baseUrl: string;
  apiVersion: string;
  credential: CredentialSource;
  callsInFlight: number;
  customFields: readonly string[];
  extraFields: readonly string[];
  onCall?: ((call: CallSeen) => void) | undefined;
  clock?: Clock | undefined;
  limits?: Partial<Limits> | undefined;
}): UserDirectory {
  const { baseUrl, apiVersion, credential, callsInFlight, customFields, extraFields, onCall, limits, clock = Date.now } = options;
  const exchange = httpExchange({ origin: baseUrl, callsInFlight, limits, clock, onCall });
  const ask = apiRequests({ baseUrl, apiVersion, credential, exchange, clock });

  async function find(key: MatchKey, filter: Record<string, string>): Promise<User[]> {
    const asked = [key.field].filter((field) => field.startsWith('DE:'));
    const custom = [...new Set([...customFields, ...asked])];
    const expected = `users by ${key.field}`;
    const body = await ask({
      method: 'GET',
      path: 'user/search',
      query: { ...searchQuery(key), ...filter, fields: fieldList([...USER_FIELDS, ...extraFields, ...custom, key.field]) },
      expected,
      aboutOneUser: false,
    });
    const hits = parseAnswer(usersAnswer, body, expected).data.map((record) => toUser(record, custom));
    checkHits(hits, key, 'isActive' in filter);
    return hits;
  }

  return {
    owner: provenOwner({ ask, credential, clock }),

    async search(key) {
      // Active users are asked for alone: twins who left long ago cannot crowd them out of the two hits, and no undocumented
      // order has to be trusted. That costs a second call only where nobody active is found.
      const active = await find(key, { isActive: 'true' });
      return active.length > 0 ? active : find(key, {});
    },

    async read(userId) {
      const body = await undefinedIfNotFound(
        ask({ ...aboutUser('GET', userId), query: { fields: fieldList([...USER_FIELDS, ...extraFields, ...customFields]) } }),
      );
      if (body === undefined) return undefined;

      const user = toUser(parseAnswer(userAnswer, body, 'a user').data, customFields);
      if (user.id !== userId.toLowerCase())
        throw new PermanentFailure('unexpected-answer', 'expected the user with this id, got another, check the api version');
      return user;
    },

    async countActiveAdministrators() {
      const expected = 'active administrators';
      // Not `count`: if the filter were dropped, everybody would be counted and nobody would see it.
      const body = await ask({
        method: 'GET',
        path: 'user/search',
        query: { isActive: 'true', isAdmin: 'true', $$LIMIT: String(ADMINISTRATORS_COUNTED), fields: 'ID,isActive,isAdmin' },
        expected,
        aboutOneUser: false,
      });
      const { data } = parseAnswer(administratorsAnswer, body, expected);
      if (!data.every(({ isActive, isAdmin }) => isActive && isAdmin))
        throw new PermanentFailure('filter-dropped', `expected ${expected}, got others too, check the api version`);
      return new Set(data.map(({ ID }) => ID)).size;
    },

    deactivate: deactivation(ask),
  };
}

const fieldList = (fields: readonly string[]) => [...new Set(fields)].join(',');
