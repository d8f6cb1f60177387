import * as z from 'zod/mini';
import { CredentialFailure } from '../../domain/failures.ts';
import { parse } from '../../domain/parse.ts';
import { id, maybe } from '../hr.ts';
import type { HrCall } from './hr-call.ts';
import { defineLookUp } from './look-up.ts';
import { type ListedRecord, otherRecords } from './other-records.ts';

/** The only fields that are requested. */
const FIELDS = ['status', 'terminationDate', 'hireDate', 'workEmail', 'homeEmail', 'employeeNumber', 'firstName', 'lastName'];

/** What is requested of every employee of that family name; id, names and status come unasked. */
const LISTED_FIELDS = ['workEmail', 'homeEmail', 'employeeNumber'];

/** Of 250 employees each: more of one family name are not looked at. */
const MOST_PAGES = 8;

const answer = z.object({
  id,
  status: maybe,
  terminationDate: maybe,
  hireDate: maybe,
  workEmail: maybe,
  homeEmail: maybe,
  employeeNumber: z.nullish(id),
  firstName: maybe,
  lastName: maybe,
});

const listAnswer = z.object({
  data: z.array(
    z.object({
      employeeId: id,
      status: maybe,
      workEmail: maybe,
      homeEmail: maybe,
      employeeNumber: z.nullish(id),
      firstName: maybe,
      lastName: maybe,
    }),
  ),
  meta: z.nullish(z.object({ page: z.nullish(z.object({ nextCursor: maybe })) })),
});

/**
 * "Get Employee" and "List Employees", BambooHR API documentation: docs/sources/bamboohr.md. Basic authentication with the key as user.
 * Fields that the owner of the key may not see are missing in the answer, without an error. A transfer may make a second record: so the
 * others of the same family name are listed, and an employee who may not be seen is missing there, without an error.
 */
export const bamboohrLookUp = defineLookUp({
  settings: z.strictObject({
    /** The part before `.bamboohr.com`. */
    companyDomain: z.string().check(z.regex(/^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/i, 'the part before .bamboohr.com')),
    otherRecords,
  }),
  credential: z.strictObject({ apiKey: z.string().check(z.minLength(1)) }),

  async find({ sourceId, settings, credential, call }) {
    const all = new URL(`https://${settings.companyDomain}.bamboohr.com/api/v1/employees`);
    const url = new URL(`${all}/${encodeURIComponent(sourceId)}`);
    url.searchParams.set('fields', FIELDS.join(','));
    // Otherwise BambooHR leaves out future dates.
    url.searchParams.set('onlyCurrent', 'false');
    const authorization = `Basic ${Buffer.from(`${credential.apiKey}:x`).toString('base64')}`;
    const found = await call({ url, headers: { authorization }, expected: 'the employee' });
    if (found === undefined) return undefined;

    const { id: foundId, status, ...fields } = parse(answer, found, 'employee');
    if (!status) {
      throw new CredentialFailure(
        'hr-blind',
        'expected the status of an employee, got none; let the owner of the key see Status and Termination Date',
      );
    }
    return {
      employee: {
        sourceId: foundId,
        email: fields.workEmail,
        employeeNumber: fields.employeeNumber,
        givenName: fields.firstName,
        familyName: fields.lastName,
      },
      standing: status === 'Inactive' ? 'left' : 'employed',
      lastDay: fields.terminationDate,
      startedOn: fields.hireDate,
      privateEmail: fields.homeEmail,
      others:
        settings.otherRecords === 'ignore'
          ? undefined
          : () => namesakes(fields.lastName, { url: all, own: { id: sourceId, email: fields.workEmail }, authorization, call }),
    };
  },
});

interface Asking {
  url: URL;
  own: { id: string; email: string | null | undefined };
  authorization: string;
  call: HrCall;
}

/**
 * Every employee whose family name contains this one, former ones included.
 *
 * @returns undefined if the employee itself is not among them with all that was asked for: then others may be hidden too
 */
async function namesakes(familyName: string | null | undefined, { url: all, own, authorization, call }: Asking) {
  const found: ListedRecord[] = [];
  let cursor: string | null | undefined;
  if (!familyName) return undefined;
  for (let page = 1; page <= MOST_PAGES; page++) {
    const url = new URL(all);
    url.searchParams.set('filter[lastName]', familyName);
    url.searchParams.set('fields', LISTED_FIELDS.join(','));
    url.searchParams.set('page[limit]', '250');
    if (cursor) url.searchParams.set('page[after]', cursor);
    const listed = await call({ url, headers: { authorization }, expected: 'the employees of one name' });
    if (listed === undefined) return undefined;
    const { data, meta } = parse(listAnswer, listed, 'employees');
    found.push(...data.map(recordOf));
    cursor = meta?.page?.nextCursor;
    if (!cursor) return found.some(({ id: one, email }) => String(one) === own.id && (email || !own.email)) ? found : undefined;
  }
  return undefined;
}

const recordOf = ({ employeeId, status, ...one }: z.infer<typeof listAnswer>['data'][number]): ListedRecord => ({
  id: employeeId,
  goesOn: status !== 'Inactive',
  email: one.workEmail,
  privateEmail: one.homeEmail,
  employeeNumber: one.employeeNumber,
  givenName: one.firstName,
  familyName: one.lastName,
});
