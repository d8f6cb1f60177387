import * as z from 'zod/mini';
import { CredentialFailure, InvalidInput, TransientFailure } from '../../domain/failures.ts';
import { parse } from '../../domain/parse.ts';
import { id, maybe } from '../hr.ts';
import { defineLookUp } from './look-up.ts';

const batch = z.object({ responses: z.array(z.object({ individual_id: id, code: z.number(), body: z.unknown() })) });

const individual = z.object({
  first_name: maybe,
  last_name: maybe,
  emails: z.nullish(z.array(z.object({ data: maybe, type: maybe }))),
});

const employment = z.object({
  is_active: z.nullish(z.boolean()),
  employment_status: maybe,
  start_date: maybe,
  latest_rehire_date: maybe,
  end_date: maybe,
});

/**
 * "Individual" and "Employment", Finch API 2020-09-17 (its Node.js library, `src/resources/hris`): docs/sources/finch.md. Both are
 * batches in which each answer has its own status; 202 means that Finch still fetches it from the employer's system.
 */
export const finchLookUp = defineLookUp({
  settings: z.strictObject({}),
  credential: z.strictObject({ accessToken: z.string().check(z.minLength(1)) }),

  async find({ sourceId, credential, call }) {
    const ask = async (what: 'individual' | 'employment') => {
      const answer = await call({
        url: new URL(`https://api.tryfinch.com/employer/${what}`),
        method: 'POST',
        headers: {
          authorization: `Bearer ${credential.accessToken}`,
          'content-type': 'application/json',
          'finch-api-version': '2020-09-17',
        },
        body: JSON.stringify({ requests: [{ individual_id: sourceId }] }),
        expected: `the ${what}`,
      });
      return bodyOf(parse(batch, answer, what).responses, sourceId, what);
    };

    const [who, work] = [await ask('individual'), await ask('employment')];
    if (who === undefined || work === undefined) return undefined;
    const { first_name: givenName, last_name: familyName, emails } = parse(individual, who, 'individual');
    const { is_active: isActive, employment_status: status, ...dates } = parse(employment, work, 'employment');
    return {
      employee: { sourceId, email: emails?.find(({ type }) => type === 'work')?.data, givenName, familyName },
      standing: hasLeft(isActive, status) ? 'left' : 'employed',
      lastDay: dates.end_date,
      startedOn: dates.latest_rehire_date ?? dates.start_date,
    };
  },
});

/** Either sign of employment is enough, and to be on leave is not to leave. */
function hasLeft(isActive: boolean | null | undefined, status: string | null | undefined): boolean {
  if (isActive === true) return false;
  if (status) return /^(terminated|retired|deceased)$/i.test(status);
  if (isActive === false) return true;
  throw new CredentialFailure('hr-blind', 'expected the status of an individual, got none; connect Finch with the product employment');
}

function bodyOf(responses: z.infer<typeof batch>['responses'], sourceId: string, what: string): unknown {
  const [response, ...others] = responses;
  if (response === undefined || others.length > 0 || response.individual_id !== sourceId)
    throw new InvalidInput(`${what}: expected one answer about this id, got others or none`);
  const { code, body } = response;
  const refused = `expected the ${what} from HR, got code ${code} in the batch`;
  if (code === 404) return undefined;
  if (code === 401 || code === 403) throw new CredentialFailure('hr-credential-refused', `${refused}; connect Finch again`);
  if (code === 202 || code === 429 || code >= 500) throw new TransientFailure('hr-unavailable', `${refused}; wait and try again`);
  if (code !== 200) throw new InvalidInput(`${what}: expected code 200, got ${code}`);
  return body;
}
