import type { FakeEmployee } from './employees.ts';
import type { FakeSystem } from './system.ts';

const credential = { clientId: 'fake-app', clientSecret: 'fake-app-secret' };
const TOKEN = 'fake-graph-token';

/** "Get a user" and "List users" of Microsoft Graph v1.0, and the token endpoint. Who left has a blocked account, with the day on which they left. */
export const fakeEntra: FakeSystem = {
  host: /^(graph\.microsoft\.com|login\.microsoftonline\.com)$/,
  credential,
  answer({ method, host, path, query, headers, body }, employees) {
    if (host === 'login.microsoftonline.com') {
      const form = new URLSearchParams(body);
      if (method !== 'POST' || !/^\/[0-9a-f-]{36}\/oauth2\/v2\.0\/token$/.test(path)) return undefined;
      const isKnown = form.get('client_id') === credential.clientId && form.get('client_secret') === credential.clientSecret;
      if (!isKnown) return { status: 401, body: { error: 'invalid_client', error_description: 'AADSTS7000215' } };
      if (form.get('scope') !== 'https://graph.microsoft.com/.default') return { status: 400, body: { error: 'invalid_scope' } };
      return { status: 200, body: { token_type: 'Bearer', expires_in: 3599, access_token: TOKEN } };
    }
    const [, , id] = /^\/v1\.0\/users(\/([^/]+))?$/.exec(path) ?? [];
    if (method !== 'GET' || !path.startsWith('/v1.0/users')) return undefined;
    if (headers.authorization !== `Bearer ${TOKEN}`) return { status: 401, body: { error: { code: 'InvalidAuthenticationToken' } } };
    const fields = (query.get('$select') ?? 'id').split(',');
    if (id === undefined)
      return { status: 200, body: { value: listOf(query.get('$filter') ?? '', employees.all()).map(selected(fields)) } };
    const employee = employees.find(decodeURIComponent(id));
    if (employee === undefined) return { status: 404, body: { error: { code: 'Request_ResourceNotFound' } } };
    return { status: 200, body: selected(fields)(userOf(employee)) };
  },
};

const selected =
  (fields: readonly string[]) =>
  (user: object): object => {
    const values = new Map(Object.entries(user));
    return Object.fromEntries(fields.map((field) => [field, values.get(field) ?? null]));
  };

/** Equality of fields, joined by `or`; Graph compares in any case. */
function listOf(filter: string, all: readonly FakeEmployee[]): object[] {
  const wanted = [...filter.matchAll(/(\w+) eq '((?:[^']|'')*)'/g)].map(
    ([, field = '', text = '']) => [field, text.replaceAll("''", "'")] as const,
  );
  const fits = (user: object) => {
    const values = new Map(Object.entries(user));
    return wanted.some(([field, text]) => String(values.get(field)).toLowerCase() === text.toLowerCase());
  };
  return all.map(userOf).filter(fits);
}

const userOf = ({ id, email, number, givenName, familyName, standing, lastDay, startedOn }: FakeEmployee) => ({
  id,
  accountEnabled: standing === 'employed',
  employeeId: number,
  employeeHireDate: startedOn === null ? null : `${startedOn}T00:00:00Z`,
  employeeLeaveDateTime: lastDay === null ? null : `${lastDay}T00:00:00Z`,
  mail: email,
  givenName,
  surname: familyName,
});
