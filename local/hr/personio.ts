import type { FakeEmployee } from './employees.ts';
import type { FakeSystem } from './system.ts';

const credential = { clientId: 'papi-fake', clientSecret: 'fake-personio-secret' };
const TOKEN = 'papi-fake-token';

/** "Create an access token", "Get a person", "List persons", "List employments of a given person", Personio API v2. An employment that ended long ago is on a page of its own. */
export const fakePersonio: FakeSystem = {
  host: /^api\.personio\.de$/,
  credential,
  answer({ method, path, query, headers, body }, employees) {
    if (method === 'POST' && path === '/v2/auth/token') {
      const form = new URLSearchParams(body);
      const isKnown = form.get('client_id') === credential.clientId && form.get('client_secret') === credential.clientSecret;
      if (!isKnown || form.get('grant_type') !== 'client_credentials')
        return { status: 401, body: { errors: [{ title: 'Unauthorized' }] } };
      return { status: 200, body: { access_token: TOKEN, token_type: 'Bearer', expires_in: 86_400, scope: 'personio:persons:read' } };
    }
    const [, id = '', employments] = /^\/v2\/persons\/([^/]+)(\/employments)?$/.exec(path) ?? [];
    if (method !== 'GET' || (id === '' && path !== '/v2/persons')) return undefined;
    if (headers.authorization !== `Bearer ${TOKEN}`) return { status: 401, body: { errors: [{ title: 'Unauthorized' }] } };
    if (id === '') return { status: 200, body: { _data: employees.all().filter(isListed(query)).map(personOf), _meta: { links: {} } } };
    const employee = employees.find(decodeURIComponent(id));
    if (employee === undefined) return { status: 404, body: { errors: [{ title: 'Not Found' }] } };

    const { standing, lastDay, startedOn } = employee;
    if (employments === undefined) return { status: 200, body: { ...personOf(employee), employments: [{ id: 'e2' }] } };
    if (query.get('cursor') === null) {
      const next = { href: `https://api.personio.de${path}?limit=50&cursor=page-2` };
      const former = { id: 'e1', status: 'INACTIVE', employment_start_date: '2001-01-01', employment_end_date: '2001-12-31' };
      return { status: 200, body: { _data: [former], _meta: { links: { next } } } };
    }
    const termination = { termination_date: lastDay, last_working_date: lastDay, type: 'EMPLOYEE' };
    const isRehired = lastDay !== null && startedOn !== null && startedOn > lastDay;
    const ends = lastDay === null || isRehired ? {} : { employment_end_date: lastDay, termination };
    const status = standing === 'left' ? 'INACTIVE' : 'ACTIVE';
    const present = { id: 'e2', status, employment_start_date: startedOn ?? '2019-01-01', ...ends };
    return { status: 200, body: { _data: [present], _meta: { links: {} } } };
  },
};

const personOf = ({ id, email, givenName, familyName }: FakeEmployee) => ({ id, email, first_name: givenName, last_name: familyName });

/** All filters must fit; the status is that of the latest employment. */
const isListed =
  (query: URLSearchParams) =>
  ({ givenName, familyName, standing }: FakeEmployee): boolean =>
    query.get('first_name') === givenName &&
    query.get('last_name') === familyName &&
    query.get('status') === (standing === 'left' ? 'INACTIVE' : 'ACTIVE');
