import * as z from 'zod/mini';
import { CredentialFailure, InvalidInput } from '../../domain/failures.ts';
import { parse } from '../../domain/parse.ts';
import { maybeNumber } from '../hr.ts';
import { defineLookUp } from './look-up.ts';

const EMAIL = 'root.email';
const GIVEN_NAME = 'root.firstName';
const FAMILY_NAME = 'root.surname';
const NUMBER = 'work.employeeIdInCompany';
const STARTED = 'work.startDate';
const LIFECYCLE = 'internal.lifecycleStatus';
const LAST_DAY = 'internal.terminationDate';

const answer = z.object({ employees: z.array(z.record(z.string(), z.unknown())) });
const fieldValue = z.object({ value: maybeNumber });

/**
 * "Search for employees" and "People read API contract", HiBob API documentation: docs/sources/hibob.md. Basic authentication of a
 * service user. The field `root.email` is answered as `/root/email`; a field that the service user may not see is missing, without an
 * error; there are no pages. `showInactive` includes former employees. The limit is 50 calls a minute.
 */
export const hibobLookUp = defineLookUp({
  settings: z.strictObject({}),
  credential: z.strictObject({ serviceUserId: z.string().check(z.minLength(1)), token: z.string().check(z.minLength(1)) }),

  async find({ sourceId, credential, call }) {
    const found = await call({
      url: new URL('https://api.hibob.com/v1/people/search'),
      method: 'POST',
      headers: {
        authorization: `Basic ${Buffer.from(`${credential.serviceUserId}:${credential.token}`).toString('base64')}`,
        'content-type': 'application/json',
      },
      body: JSON.stringify({
        fields: ['root.id', EMAIL, GIVEN_NAME, FAMILY_NAME, NUMBER, STARTED, LIFECYCLE, LAST_DAY],
        filters: [{ fieldPath: 'root.id', operator: 'equals', values: [sourceId] }],
        showInactive: true,
      }),
      expected: 'the employee',
    });
    const { employees } = parse(answer, found, 'employees');
    const [employee, ...others] = employees;
    if (employee === undefined) return undefined;
    const fieldOf = (field: string) => textAt(employee, `/${field.replace('.', '/')}`);
    if (others.length > 0 || fieldOf('root.id') !== sourceId)
      throw new InvalidInput('employees: expected the employee with this id, got others, so HiBob ignored the filter');

    const lifecycle = fieldOf(LIFECYCLE);
    if (lifecycle === undefined)
      throw new CredentialFailure(
        'hr-blind',
        'expected the lifecycle status of an employee, got none; let the service user see the lifecycle',
      );
    return {
      employee: {
        sourceId,
        email: fieldOf(EMAIL),
        employeeNumber: fieldOf(NUMBER),
        givenName: fieldOf(GIVEN_NAME),
        familyName: fieldOf(FAMILY_NAME),
      },
      standing: HAS_LEFT.test(lifecycle) || ON_GARDEN_LEAVE.test(lifecycle) ? 'left' : 'employed',
      // The last day of an employee on garden leave is in the future, and does not decide about their access.
      lastDay: ON_GARDEN_LEAVE.test(lifecycle) ? undefined : asIsoDate(fieldOf(LAST_DAY)),
      startedOn: asIsoDate(fieldOf(STARTED)),
    };
  },
});

/** Not the status `Inactive`: HiBob also gives it to people on leave. */
const HAS_LEFT = /^terminated$/i;
const ON_GARDEN_LEAVE = /^garden[ _-]?leave$/i;

function textAt(employee: Record<string, unknown>, path: string): string | undefined {
  const found = z.safeParse(fieldValue, employee[path]);
  const value = found.success ? found.data.value : undefined;
  return value === undefined || value === null || value === '' ? undefined : String(value);
}

/** HiBob writes dates in ISO form, or as `DD/MM/YYYY` for people to read. */
const asIsoDate = (text: string | undefined): string | undefined => text?.replace(/^(\d{2})\/(\d{2})\/(\d{4})$/, '$3-$2-$1');
