import * as z from 'zod/mini';
import { CredentialFailure } from '../../domain/failures.ts';
import { parse } from '../../domain/parse.ts';
import { id, maybe } from '../hr.ts';
import { defineLookUp } from './look-up.ts';

/** "Base API URL", Merge HRIS API reference. */
const ORIGINS = { us: 'https://api.merge.dev', eu: 'https://api-eu.merge.dev', ap: 'https://api-ap.merge.dev' } as const;

const answer = z.object({
  id,
  work_email: maybe,
  employee_number: z.nullish(id),
  first_name: maybe,
  last_name: maybe,
  employment_status: maybe,
  start_date: maybe,
  termination_date: maybe,
  remote_was_deleted: z.nullish(z.boolean()),
});

/**
 * "The Employee object", Merge HRIS API reference: docs/sources/merge.md. Merge answers from its own copy, as old as its last sync,
 * and always sends all fields: those that are not named above are dropped unread.
 */
export const mergeLookUp = defineLookUp({
  settings: z.strictObject({ region: z._default(z.enum(['us', 'eu', 'ap']), 'us') }),
  credential: z.strictObject({ apiKey: z.string().check(z.minLength(1)), accountToken: z.string().check(z.minLength(1)) }),

  async find({ sourceId, settings, credential, call }) {
    const found = await call({
      url: new URL(`${ORIGINS[settings.region]}/api/hris/v1/employees/${encodeURIComponent(sourceId)}`),
      headers: { authorization: `Bearer ${credential.apiKey}`, 'x-account-token': credential.accountToken },
      expected: 'the employee',
    });
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
      standing: employee.employment_status.toUpperCase() === 'INACTIVE' ? 'left' : 'employed',
      lastDay: employee.termination_date,
      startedOn: employee.start_date,
    };
  },
});
