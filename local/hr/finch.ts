import * as z from 'zod';
import type { FakeEmployee } from './employees.ts';
import type { FakeSystem } from './system.ts';

const credential = { accessToken: 'fake-finch-token' };

const requests = z.object({ requests: z.array(z.object({ individual_id: z.string() })) });

/** "Individual" and "Employment", Finch API 2020-09-17: batches, in which each answer has its own status. */
export const fakeFinch: FakeSystem = {
  host: /^api\.tryfinch\.com$/,
  credential,
  answer({ method, path, headers, body }, employees) {
    const bodyOf = { '/employer/individual': individualOf, '/employer/employment': employmentOf }[path];
    if (method !== 'POST' || bodyOf === undefined) return undefined;
    if (headers.authorization !== `Bearer ${credential.accessToken}`) return { status: 401, body: { finch_code: 'reauthenticate_user' } };
    if (headers['finch-api-version'] !== '2020-09-17') return { status: 400, body: { message: 'Finch-API-Version' } };
    const responses = requests.parse(JSON.parse(body)).requests.map(({ individual_id }) => {
      const employee = employees.find(individual_id);
      if (employee === undefined) return { individual_id, code: 404, body: { code: 404, name: 'not_found', message: 'Not found' } };
      return { individual_id, code: 200, body: { id: individual_id, ...bodyOf(employee) } };
    });
    return { status: 200, body: { responses } };
  },
};

const individualOf = ({ email, givenName, familyName }: FakeEmployee) => ({
  first_name: givenName,
  last_name: familyName,
  emails: [
    { data: 'private@acme.test', type: 'personal' },
    { data: email, type: 'work' },
  ],
  dob: '1980-01-01',
});

const employmentOf = ({ standing, startedOn, lastDay }: FakeEmployee) => ({
  is_active: standing === 'employed',
  employment_status: standing === 'left' ? 'terminated' : 'active',
  start_date: startedOn ?? '2019-01-01',
  latest_rehire_date: startedOn,
  end_date: lastDay,
});
