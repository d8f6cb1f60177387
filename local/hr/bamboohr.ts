import type { FakeEmployee } from './employees.ts';
import { basicOf, type FakeSystem } from './system.ts';

const credential = { apiKey: 'fake-bamboohr-key' };

/**
 * "Get Employee" and "List Employees", BambooHR API documentation: only the fields that are asked for and that the key may see; `0000-00-00`
 * means no date. The filter of a name finds whatever contains it, in any case.
 */
export const fakeBamboohr: FakeSystem = {
  host: /^acme\.bamboohr\.com$/,
  credential,
  answer({ method, path, query, headers }, employees) {
    const [, , id] = /^\/api\/v1\/employees(\/([^/]+))?\/?$/.exec(path) ?? [];
    if (method !== 'GET' || !path.startsWith('/api/v1/employees')) return undefined;
    if (headers.authorization !== basicOf({ user: credential.apiKey, password: 'x' })) return { status: 401, body: '' };
    const asked = (query.get('fields') ?? '').split(',');
    if (id === undefined) return { status: 200, body: listOf(employees.all(), { asked, familyName: query.get('filter[lastName]') ?? '' }) };
    const employee = employees.find(decodeURIComponent(id));
    if (employee === undefined) return { status: 404, body: '', headers: { 'x-bamboohr-error-message': 'Employee not found' } };
    return { status: 200, body: { id: employee.id, ...chosen(fieldsOf(employee), asked) } };
  },
};

const fieldsOf = (employee: FakeEmployee): Record<string, string | null> => ({
  status: employee.standing === 'left' ? 'Inactive' : 'Active',
  terminationDate: employee.lastDay ?? '0000-00-00',
  hireDate: employee.startedOn ?? '0000-00-00',
  workEmail: employee.email,
  homeEmail: employee.privateEmail,
  employeeNumber: employee.number,
  firstName: employee.givenName,
  lastName: employee.familyName,
});

const chosen = (fields: Record<string, string | null>, asked: readonly string[]) =>
  Object.fromEntries(Object.entries(fields).filter(([name]) => asked.includes(name)));

function listOf(all: readonly FakeEmployee[], { asked, familyName }: { asked: readonly string[]; familyName: string }): object {
  const found = all.filter((one) => (one.familyName ?? '').toLowerCase().includes(familyName.toLowerCase()));
  const always = ['firstName', 'lastName', 'status'];
  const data = found.map((one) => ({ employeeId: one.id, ...chosen(fieldsOf(one), [...always, ...asked]) }));
  return { data, meta: { total: data.length, page: { nextCursor: null } }, _links: {} };
}
