import * as z from 'zod/mini';
import { CredentialFailure, InvalidInput } from '../../domain/failures.ts';
import { parse } from '../../domain/parse.ts';
import { SECOND } from '../../domain/time/time.ts';
import { id, maybe } from '../hr.ts';
import { decisiveOf, isPast } from './decisive-term.ts';
import { defineLookUp } from './look-up.ts';
import { samlAssertion } from './saml-assertion.ts';

/** A token is replaced this long before it ends. */
const MARGIN = 60 * SECOND;
/** Nobody has more employments. */
const MOST_EMPLOYMENTS = 50;

const tokenAnswer = z.object({ access_token: z.string(), expires_in: z.number() });
const user = z.object({ email: maybe, firstName: maybe, lastName: maybe, empId: z.nullish(id) });
const employment = z.object({
  userId: id,
  personIdExternal: z.string(),
  startDate: maybe,
  endDate: maybe,
  userNav: z.nullish(user),
});
const answer = z.object({ d: z.object({ results: z.array(z.looseObject({})) }) });

/**
 * "EmpEmployment", SAP SuccessFactors OData API v2: docs/sources/successfactors.md. The employments of the person decide, not only the one
 * that the event names: somebody who has another one goes on to work. HTTP Basic is no longer accepted since November 2026; a SAML assertion
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
    const token = cache.get('token');
    const bearer = token !== undefined && token.until > now ? token.value : await newToken();
    const employments = async (field: 'userId' | 'personIdExternal', value: string) => {
      const url = new URL(`${origin}/odata/v2/EmpEmployment`);
      url.searchParams.set('$filter', `${field} eq '${value.replaceAll("'", "''")}'`);
      url.searchParams.set(
        '$select',
        'userId,personIdExternal,startDate,endDate,userNav/email,userNav/firstName,userNav/lastName,userNav/empId',
      );
      url.searchParams.set('$expand', 'userNav');
      url.searchParams.set('$format', 'json');
      url.searchParams.set('$top', String(MOST_EMPLOYMENTS));
      const found = await call({ url, headers: { authorization: `Bearer ${bearer}` }, expected: 'the employments' });
      return found === undefined ? [] : parse(answer, found, 'employments').d.results.map(employmentOf);
    };

    const [named, ...others] = await employments('userId', sourceId);
    if (named === undefined) return undefined;
    if (others.length > 0)
      throw new InvalidInput('employments: expected one employment with this userId, got several, so the filter was ignored');
    const all = await employments('personIdExternal', named.personIdExternal);
    const term = decisiveOf([named, ...all].map((one) => termOf(one, now)));
    const { email, firstName: givenName, lastName: familyName, empId: employeeNumber } = named.userNav ?? {};
    return term && { employee: { sourceId: named.userId, email, employeeNumber, givenName, familyName }, ...term };

    async function newToken(): Promise<string> {
      const tokenUrl = `${origin}/oauth/token`;
      const form = new URLSearchParams({
        company_id: settings.companyId,
        client_id: credential.clientId,
        grant_type: 'urn:ietf:params:oauth:grant-type:saml2-bearer',
        assertion: samlAssertion({ ...credential, tokenUrl, now }),
      });
      const headers = { 'content-type': 'application/x-www-form-urlencoded' };
      const found = await call({ url: new URL(tokenUrl), method: 'POST', headers, body: String(form), expected: 'a token' });
      const { access_token: value, expires_in: seconds } = parse(tokenAnswer, found, 'token');
      cache.set('token', { value, until: now + seconds * SECOND - MARGIN });
      return value;
    }
  },
});

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
function termOf({ startDate, endDate }: z.infer<typeof employment>, now: number) {
  const lastDay = dayOf(endDate);
  return { standing: lastDay !== undefined && isPast(lastDay, now) ? 'left' : 'employed', lastDay, startedOn: dayOf(startDate) } as const;
}

/** OData 2.0 writes `/Date(1795996800000)/`, in milliseconds. Any other text is left for the look-up to refuse. */
function dayOf(text: string | null | undefined): string | undefined {
  if (!text) return undefined;
  const [, millis] = /^\/Date\((-?\d{1,15})(?:[+-]\d{4})?\)\/$/.exec(text) ?? [];
  return millis === undefined ? text : new Date(Number(millis)).toISOString().slice(0, 10);
}
