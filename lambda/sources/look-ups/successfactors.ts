import * as z from 'zod/mini';
import { CredentialFailure, InvalidInput } from '../../domain/failures.ts';
import { parse } from '../../domain/parse.ts';
import { DAY } from '../../domain/time/time.ts';
import { id, maybe } from '../hr.ts';
import { decisiveOf, isPast, type Term } from './decisive-term.ts';
import { defineLookUp } from './look-up.ts';
import { samlAssertion } from './saml-assertion.ts';
import { tokenFrom } from './token.ts';

/** Nobody has more employments. */
const MOST_EMPLOYMENTS = 50;

const user = z.object({ email: maybe, firstName: maybe, lastName: maybe, empId: z.nullish(id) });
const employment = z.object({
  userId: id,
  personIdExternal: z.string(),
  startDate: maybe,
  endDate: maybe,
  userNav: z.nullish(user),
});
const job = z.object({ userId: id, emplStatusNav: z.nullish(z.object({ externalCode: maybe })) });
const answer = z.object({ d: z.object({ results: z.array(z.looseObject({})) }) });

/**
 * "EmpEmployment" and "EmpJob", SAP SuccessFactors OData API v2: docs/sources/successfactors.md. The employments of the person decide, not
 * only the one that the event names: somebody who has another one goes on to work. The job information as of the day after the last one
 * shows whether the termination record is still there, because an end date may outlive it. HTTP Basic is no longer accepted since November 2026; a SAML assertion
 * is exchanged for a token.
 */
export const successfactorsLookUp = defineLookUp({
  settings: z.strictObject({
    /** The API server of the data centre. */
    apiHost: z
      .string()
      .check(
        z.regex(/^api[a-z0-9-]{0,30}\.(successfactors\.(com|eu)|sapsf\.(com|eu|cn))$/, 'an API server such as api4.successfactors.com'),
      ),
    companyId: z.string().check(z.regex(/^[\w-]{1,64}$/, 'the company ID')),
  }),
  credential: z.strictObject({
    clientId: z.string().check(z.minLength(1)),
    userId: z.string().check(z.minLength(1)),
    privateKey: z.string().check(z.minLength(1)),
  }),

  async find({ sourceId, settings, credential, call, cache, now }) {
    const origin = `https://${settings.apiHost}`;
    const tokenUrl = `${origin}/oauth/token`;
    const form = () => ({
      company_id: settings.companyId,
      client_id: credential.clientId,
      grant_type: 'urn:ietf:params:oauth:grant-type:saml2-bearer',
      assertion: samlAssertion({ ...credential, tokenUrl, now }),
    });
    const bearer = await tokenFrom(tokenUrl, form, { call, cache, now });
    const rowsOf = async (entity: string, query: Record<string, string>, expected: string) => {
      const url = new URL(`${origin}/odata/v2/${entity}`);
      const all = { ...query, $format: 'json', $top: String(MOST_EMPLOYMENTS) };
      for (const [name, value] of Object.entries(all)) url.searchParams.set(name, value);
      const found = await call({ url, headers: { authorization: `Bearer ${bearer}` }, expected });
      return found === undefined ? [] : parse(answer, found, expected).d.results;
    };
    const employments = async (field: 'userId' | 'personIdExternal', value: string) => {
      const query = { $filter: equals(field, value), $select: EMPLOYMENT_FIELDS, $expand: 'userNav' };
      return (await rowsOf('EmpEmployment', query, 'the employments')).map(employmentOf);
    };
    /** Whether the job information of an employment says, as of a day, that it is over. */
    const isOver = async (userId: string, asOfDate: string) => {
      const query = { $filter: equals('userId', userId), asOfDate, $select: 'userId,emplStatusNav/externalCode', $expand: 'emplStatusNav' };
      return OVER.includes(statusIn(await rowsOf('EmpJob', query, 'the job information'), userId));
    };

    const [named, ...others] = await employments('userId', sourceId);
    if (named === undefined) return undefined;
    if (others.length > 0)
      throw new InvalidInput('employments: expected one employment with this userId, got several, so the filter was ignored');
    const beside = await employments('personIdExternal', named.personIdExternal);
    const all = new Map([named, ...beside].map((one) => [String(one.userId), one]));
    const terms: Term[] = [];
    for (const [userId, one] of all) {
      const term = termOf(one, now);
      // Not a number if it has no end.
      const ended = Date.parse(String(term.lastDay));
      // Of the others, one that ended long ago decides nothing any more.
      const matters = userId === String(named.userId) ? !Number.isNaN(ended) : ended >= now - RECENT;
      const isTakenBack = matters && !(await isOver(userId, isoDay(ended + DAY)));
      terms.push(isTakenBack ? { ...term, standing: 'employed', lastDay: undefined } : term);
    }
    const term = decisiveOf(terms);
    const { email, firstName: givenName, lastName: familyName, empId: employeeNumber } = named.userNav ?? {};
    return term && { employee: { sourceId: named.userId, email, employeeNumber, givenName, familyName }, ...term };
  },
});

const EMPLOYMENT_FIELDS = 'userId,personIdExternal,startDate,endDate,userNav/email,userNav/firstName,userNav/lastName,userNav/empId';

const RECENT = 400 * DAY;

/** Codes of the picklist `employee-status`: terminated, retired. Leaves, suspension and dormancy are none. */
const OVER: readonly string[] = ['T', 'R'];

const equals = (field: string, value: string) => `${field} eq '${value.replaceAll("'", "''")}'`;

const isoDay = (millis: number): string => new Date(millis).toISOString().slice(0, 10);

/** Who may not see the job information gets none, or no status, which must not be taken for a termination that was deleted. */
function statusIn(rows: readonly object[], userId: string): string {
  const [only, ...others] = rows;
  const { userId: of, emplStatusNav } = parse(job, only ?? { userId }, 'job information');
  if (others.length > 0 || String(of) !== userId)
    throw new InvalidInput('job information: expected one record of this userId as of a day, got others, so the filter was ignored');
  if (!emplStatusNav?.externalCode)
    throw new CredentialFailure(
      'hr-blind',
      'expected the employment status in the job information, got none; let the API user see Job Information, emplStatus',
    );
  return emplStatusNav.externalCode;
}

/** A field that the user may not see is missing, which must not be taken for an employment without end. */
function employmentOf(found: Record<string, unknown>): z.infer<typeof employment> {
  if (!('endDate' in found))
    throw new CredentialFailure(
      'hr-blind',
      'expected the end date of an employment, got none; let the API user see Employment Details, endDate',
    );
  return parse(employment, found, 'employment');
}

/** `endDate` is the last day, of employments that have ended and of those that will. */
function termOf({ startDate, endDate }: z.infer<typeof employment>, now: number): Term {
  const lastDay = dayOf(endDate);
  return { standing: isPast(lastDay, now) ? 'left' : 'employed', lastDay, startedOn: dayOf(startDate) };
}

/** OData 2.0 writes `/Date(1795996800000)/`, in milliseconds. Any other text is left for the look-up to refuse. */
const dayOf = (text: string | null | undefined) =>
  text?.replace(/^\/Date\((-?\d{1,15})(?:[+-]\d{4})?\)\/$/, (_, millis) => isoDay(Number(millis)));
