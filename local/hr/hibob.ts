import * as z from 'zod';
import { basicOf, type FakeSystem } from './system.ts';

const credential = { serviceUserId: 'SERVICE-1', token: 'fake-hibob-token' };

const search = z.object({
  fields: z.array(z.string()),
  filters: z.array(z.object({ fieldPath: z.literal('root.id'), operator: z.literal('equals'), values: z.array(z.string()) })),
  showInactive: z.boolean().default(false),
});

/** "Search for employees", HiBob API documentation: the field `root.email` is answered as `/root/email`, former employees only on request. */
export const fakeHibob: FakeSystem = {
  host: /^api\.hibob\.com$/,
  credential,
  answer({ method, path, headers, body }, employees) {
    if (method !== 'POST' || path !== '/v1/people/search') return undefined;
    if (headers.authorization !== basicOf({ user: credential.serviceUserId, password: credential.token })) return { status: 401, body: {} };
    const { fields, filters, showInactive } = search.parse(JSON.parse(body));
    const found = filters
      .flatMap(({ values }) => values)
      .flatMap((id) => employees.find(id) ?? [])
      .filter(({ standing }) => showInactive || standing === 'employed')
      .map((employee) => {
        const values: Record<string, string | null> = {
          'root.id': employee.id,
          'root.email': employee.email,
          'root.firstName': employee.givenName,
          'root.surname': employee.familyName,
          'work.employeeIdInCompany': employee.number,
          'work.startDate': forPeople(employee.startedOn),
          'internal.lifecycleStatus': employee.standing === 'left' ? 'terminated' : 'employed',
          'internal.terminationDate': employee.lastDay,
        };
        return Object.fromEntries(
          fields.flatMap((name) => (values[name] ? [[`/${name.replace('.', '/')}`, { value: values[name] }]] : [])),
        );
      });
    return { status: 200, body: { employees: found } };
  },
};

const forPeople = (date: string | null) => date?.split('-').reverse().join('/') ?? null;
