import * as z from 'zod/mini';
import { CredentialFailure } from '../../domain/failures.ts';
import { parse } from '../../domain/parse.ts';
import { id, maybe } from '../hr.ts';
import type { HrCall } from './hr-call.ts';
import { defineLookUp } from './look-up.ts';
import { type ListedRecord, otherRecords } from './other-records.ts';

/** "Base API URL", Merge HRIS API reference. */
const ORIGINS = { us: 'https://api.merge.dev', eu: 'https://api-eu.merge.dev', ap: 'https://api-ap.merge.dev' } as const;

const answer = z.object({
  id,
  work_email: maybe,
  personal_email: maybe,
  employee_number: z.nullish(id),
  first_name: maybe,
  last_name: maybe,
  employment_status: maybe,
  start_date: maybe,
  termination_date: maybe,
  remote_was_deleted: z.nullish(z.boolean()),
});

const listAnswer = z.object({ next: maybe, results: z.array(answer) });

type MergeEmployee = z.infer<typeof answer>;

/**
 * "The Employee object", Merge HRIS API reference: docs/sources/merge.md. Merge answers from its own copy, as old as its last sync,
 * and always sends all fields: those that are not named above are dropped unread. The HR system behind it may have several records of one
 * person: so the employees of the same address and of the same name are listed ("List employees").
 */
export const mergeLookUp = defineLookUp({
  settings: z.strictObject({ region: z._default(z.enum(['us', 'eu', 'ap']), 'us'), otherRecords }),
  credential: z.strictObject({ apiKey: z.string().check(z.minLength(1)), accountToken: z.string().check(z.minLength(1)) }),

  async find({ sourceId, settings, credential, call }) {
    const all = `${ORIGINS[settings.region]}/api/hris/v1/employees`;
    const headers = { authorization: `Bearer ${credential.apiKey}`, 'x-account-token': credential.accountToken };
    const found = await call({ url: new URL(`${all}/${encodeURIComponent(sourceId)}`), headers, expected: 'the employee' });
    if (found === undefined) return undefined;

    const employee = parse(answer, found, 'employee');
    if (employee.remote_was_deleted === true) return undefined;
    if (!employee.employment_status)
      throw new CredentialFailure(
        'hr-blind',
        'expected the status of an employee, got none; give Merge the scope Employee, employment_status',
      );
    return {
      employee: {
        sourceId: employee.id,
        email: employee.work_email,
        employeeNumber: employee.employee_number,
        givenName: employee.first_name,
        familyName: employee.last_name,
      },
      standing: hasLeft(employee) ? 'left' : 'employed',
      lastDay: employee.termination_date,
      startedOn: employee.start_date,
      privateEmail: employee.personal_email,
      others: settings.otherRecords === 'ignore' ? undefined : () => others(employee, (query) => listed(query, { all, headers, call })),
    };
  },
});

const hasLeft = ({ employment_status: status }: MergeEmployee): boolean => status?.toUpperCase() === 'INACTIVE';

/** Those of the same address, and those of the same name. */
async function others(own: MergeEmployee, list: (query: Record<string, string>) => Promise<MergeEmployee[] | undefined>) {
  const { work_email: email, first_name: givenName, last_name: familyName } = own;
  if (!givenName || !familyName) return undefined;
  const byName = await list({ first_name: givenName, last_name: familyName });
  if (byName === undefined || !email) return byName?.map(recordOf);
  const byAddress = await list({ work_email: email });
  return byAddress && [...byName, ...byAddress].map(recordOf);
}

/** A page has 100 at most; undefined if there are more. */
async function listed(
  query: Record<string, string>,
  { all, headers, call }: { all: string; headers: Record<string, string>; call: HrCall },
) {
  const url = new URL(all);
  for (const [name, value] of Object.entries({ ...query, page_size: '100' })) url.searchParams.set(name, value);
  const found = await call({ url, headers, expected: 'the employees of one name' });
  if (found === undefined) return undefined;
  const { next, results } = parse(listAnswer, found, 'employees');
  return next ? undefined : results;
}

const recordOf = (one: MergeEmployee): ListedRecord => ({
  id: one.id,
  goesOn: !hasLeft(one) && one.remote_was_deleted !== true,
  email: one.work_email,
  privateEmail: one.personal_email,
  employeeNumber: one.employee_number,
  givenName: one.first_name,
  familyName: one.last_name,
});
