import * as z from 'zod/mini';
import { CredentialFailure } from '../../domain/failures.ts';
import { parse } from '../../domain/parse.ts';
import { id, maybe } from '../hr.ts';
import { defineLookUp } from './look-up.ts';

/** The only fields that are requested. */
const FIELDS = ['status', 'terminationDate', 'hireDate', 'workEmail', 'employeeNumber', 'firstName', 'lastName'];

const answer = z.object({
  id,
  status: maybe,
  terminationDate: maybe,
  hireDate: maybe,
  workEmail: maybe,
  employeeNumber: z.nullish(id),
  firstName: maybe,
  lastName: maybe,
});

/**
 * "Get Employee", BambooHR API documentation: docs/sources/bamboohr.md. Basic authentication with the key as user. Fields that the
 * owner of the key may not see are missing in the answer, without an error.
 */
export const bamboohrLookUp = defineLookUp({
  settings: z.strictObject({
    /** The part before `.bamboohr.com`. */
    companyDomain: z.string().check(z.regex(/^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/i, 'the part before .bamboohr.com')),
  }),
  credential: z.strictObject({ apiKey: z.string().check(z.minLength(1)) }),

  async find({ sourceId, settings, credential, call }) {
    const url = new URL(`https://${settings.companyDomain}.bamboohr.com/api/v1/employees/${encodeURIComponent(sourceId)}`);
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
    };
  },
});
