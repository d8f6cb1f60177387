import type { FakeEmployee } from './employees.ts';
import type { FakeSystem } from './system.ts';

const credential = { apiKey: 'fake-merge-key', accountToken: 'fake-account' };

/** "/employees/{id}" and "/employees", Merge HRIS API reference: always the whole common model. All filters of a list must fit. */
export const fakeMerge: FakeSystem = {
  host: /^api(-eu|-ap)?\.merge\.dev$/,
  credential,
  answer({ method, path, query, headers }, employees) {
    const [, , id] = /^\/api\/hris\/v1\/employees(\/([^/]+))?$/.exec(path) ?? [];
    if (method !== 'GET' || !path.startsWith('/api/hris/v1/employees')) return undefined;
    const isKnown = headers.authorization === `Bearer ${credential.apiKey}` && headers['x-account-token'] === credential.accountToken;
    if (!isKnown) return { status: 401, body: { detail: 'Invalid token.' } };
    if (id === undefined) {
      const fits = (one: Map<string, unknown>) => [...query].every(([name, value]) => name === 'page_size' || one.get(name) === value);
      const results = employees.all().map(modelOf);
      return { status: 200, body: { next: null, results: results.filter((one) => fits(new Map(Object.entries(one)))) } };
    }
    const employee = employees.find(decodeURIComponent(id));
    return employee === undefined ? { status: 404, body: { detail: 'Not found.' } } : { status: 200, body: modelOf(employee) };
  },
};

const modelOf = ({ id, email, privateEmail, number, givenName, familyName, standing, lastDay, startedOn }: FakeEmployee) => ({
  id,
  employee_number: number,
  first_name: givenName,
  last_name: familyName,
  work_email: email,
  personal_email: privateEmail,
  ssn: '000-00-0000',
  employment_status: standing === 'left' ? 'INACTIVE' : 'ACTIVE',
  start_date: startedOn && `${startedOn}T00:00:00Z`,
  termination_date: lastDay && `${lastDay}T00:00:00Z`,
  remote_was_deleted: false,
});
