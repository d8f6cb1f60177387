import { basicOf, type FakeSystem } from './system.ts';

const credential = { apiKey: 'fake-bamboohr-key' };

/** "Get Employee", BambooHR API documentation: only the fields that are asked for and that the key may see; `0000-00-00` means no date. */
export const fakeBamboohr: FakeSystem = {
  host: /^acme\.bamboohr\.com$/,
  credential,
  answer({ method, path, query, headers }, employees) {
    const [, id] = /^\/api\/v1\/employees\/([^/]+)\/?$/.exec(path) ?? [];
    if (method !== 'GET' || id === undefined) return undefined;
    if (headers.authorization !== basicOf({ user: credential.apiKey, password: 'x' })) return { status: 401, body: '' };
    const employee = employees.find(decodeURIComponent(id));
    if (employee === undefined) return { status: 404, body: '', headers: { 'x-bamboohr-error-message': 'Employee not found' } };

    const fields: Record<string, string | null> = {
      status: employee.standing === 'left' ? 'Inactive' : 'Active',
      terminationDate: employee.lastDay ?? '0000-00-00',
      hireDate: employee.startedOn ?? '0000-00-00',
      workEmail: employee.email,
      employeeNumber: employee.number,
      firstName: employee.givenName,
      lastName: employee.familyName,
    };
    const asked = (query.get('fields') ?? '').split(',').filter((name) => name in fields);
    return { status: 200, body: { id: employee.id, ...Object.fromEntries(asked.map((name) => [name, fields[name]])) } };
  },
};
