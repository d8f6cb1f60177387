import type { FakeSystem } from './system.ts';

const credential = { apiKey: 'fake-merge-key', accountToken: 'fake-account' };

/** "/employees/{id}", Merge HRIS API reference: always the whole common model. */
export const fakeMerge: FakeSystem = {
  host: /^api(-eu|-ap)?\.merge\.dev$/,
  credential,
  answer({ method, path, headers }, employees) {
    const [, id] = /^\/api\/hris\/v1\/employees\/([^/]+)$/.exec(path) ?? [];
    if (method !== 'GET' || id === undefined) return undefined;
    const isKnown = headers.authorization === `Bearer ${credential.apiKey}` && headers['x-account-token'] === credential.accountToken;
    if (!isKnown) return { status: 401, body: { detail: 'Invalid token.' } };
    const employee = employees.find(decodeURIComponent(id));
    if (employee === undefined) return { status: 404, body: { detail: 'Not found.' } };

    const { email, number, givenName, familyName, standing, lastDay, startedOn } = employee;
    const body = {
      id: employee.id,
      employee_number: number,
      first_name: givenName,
      last_name: familyName,
      work_email: email,
      personal_email: 'private@acme.test',
      ssn: '000-00-0000',
      employment_status: standing === 'left' ? 'INACTIVE' : 'ACTIVE',
      start_date: startedOn && `${startedOn}T00:00:00Z`,
      termination_date: lastDay && `${lastDay}T00:00:00Z`,
      remote_was_deleted: false,
    };
    return { status: 200, body };
  },
};
