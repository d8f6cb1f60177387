import type { FakeEmployee } from './employees.ts';
import type { FakeSystem } from './system.ts';

const credential = { clientId: 'fake-app', clientSecret: 'fake-app-secret' };
const TOKEN = 'fake-graph-token';

/** "Get a user" of Microsoft Graph v1.0, and the token endpoint. Who left has a blocked account, with the day on which they left. */
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
    const [, id] = /^\/v1\.0\/users\/([^/]+)$/.exec(path) ?? [];
    if (method !== 'GET' || id === undefined) return undefined;
    if (headers.authorization !== `Bearer ${TOKEN}`) return { status: 401, body: { error: { code: 'InvalidAuthenticationToken' } } };
    const employee = employees.find(decodeURIComponent(id));
    if (employee === undefined) return { status: 404, body: { error: { code: 'Request_ResourceNotFound' } } };
    const user = new Map(Object.entries(userOf(employee)));
    const fields = (query.get('$select') ?? 'id').split(',');
    return { status: 200, body: Object.fromEntries(fields.map((field) => [field, user.get(field) ?? null])) };
  },
};

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
