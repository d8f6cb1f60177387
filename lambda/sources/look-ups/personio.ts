import * as z from 'zod/mini';
import { InvalidInput } from '../../domain/failures.ts';
import { parse } from '../../domain/parse.ts';
import { id, maybe } from '../hr.ts';
import { decisiveOf, isPast, type Term } from './decisive-term.ts';
import type { HrCall } from './hr-call.ts';
import { defineLookUp } from './look-up.ts';
import { type ListedRecord, otherRecords } from './other-records.ts';
import { tokenFrom } from './token.ts';

const ORIGIN = 'https://api.personio.de';
/** Nobody has more employments. */
const MOST_PAGES = 5;

const personAnswer = z.object({ id, email: maybe, first_name: maybe, last_name: maybe });
const employment = z.object({
  status: z.string(),
  employment_start_date: maybe,
  employment_end_date: maybe,
  termination: z.nullish(z.object({ termination_date: maybe, last_working_date: maybe })),
});
const personsAnswer = z.object({
  _data: z.array(personAnswer),
  _meta: z.nullish(z.object({ links: z.nullish(z.object({ next: z.nullish(z.object({ href: maybe })) })) })),
});
const link = z.string().check(z.refine((href) => URL.canParse(href, ORIGIN), 'a link'));
const employmentsAnswer = z.object({
  _data: z.array(employment),
  _meta: z.nullish(z.object({ links: z.nullish(z.object({ next: z.nullish(z.object({ href: link })) })) })),
});

type Employment = z.infer<typeof employment>;

/**
 * "Get a person" and "List employments of a given person", Personio API v2: docs/sources/personio.md. Client credentials are
 * exchanged for a token, which is valid for a day and cached. The next page is found by its cursor, never by the host of its link. Another
 * employment is another profile ("Manage employment changes", Personio help center), and perhaps another person: so the persons of the same name
 * who are employed are listed ("List persons" and its filter `status`).
 */
export const personioLookUp = defineLookUp({
  settings: z.strictObject({
    /** Whether the last day is the last day of work, or the end of the contract, which may be months later. */
    lastDayIs: z._default(z.enum(['last-working-day', 'end-of-contract']), 'last-working-day'),
    otherRecords,
  }),
  credential: z.strictObject({ clientId: z.string().check(z.minLength(1)), clientSecret: z.string().check(z.minLength(1)) }),

  async find({ sourceId, settings, credential, call, cache, now }) {
    const { clientId, clientSecret } = credential;
    const form = () => ({ grant_type: 'client_credentials', client_id: clientId, client_secret: clientSecret });
    const bearer = await tokenFrom(`${ORIGIN}/v2/auth/token`, form, { call, cache, now });
    const headers = { authorization: `Bearer ${bearer}` };
    const path = `${ORIGIN}/v2/persons/${encodeURIComponent(sourceId)}`;

    const found = await call({ url: new URL(path), headers, expected: 'the person' });
    if (found === undefined) return undefined;
    const { id: personId, email, first_name: givenName, last_name: familyName } = parse(personAnswer, found, 'person');
    const employments = await employmentsOf(path, headers, call);
    const term = decisiveOf(employments.map((one) => termOf(one, { ...settings, now })));
    const others = settings.otherRecords === 'ignore' ? undefined : () => namesakes({ givenName, familyName }, headers, call);
    return term && { employee: { sourceId: personId, email, givenName, familyName }, ...term, others };
  },
});

interface Name {
  givenName: string | null | undefined;
  familyName: string | null | undefined;
}

/** Whoever has this name and an employment that goes on; undefined if they are more than a page has. */
async function namesakes({ givenName, familyName }: Name, headers: Record<string, string>, call: HrCall) {
  if (!givenName || !familyName) return undefined;
  const url = new URL(`${ORIGIN}/v2/persons`);
  const query = { first_name: givenName, last_name: familyName, status: 'ACTIVE', limit: '50' };
  for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value);
  const listed = await call({ url, headers, expected: 'the persons of one name' });
  if (listed === undefined) return undefined;
  const { _data, _meta } = parse(personsAnswer, listed, 'persons');
  return _meta?.links?.next?.href ? undefined : _data.map(recordOf);
}

const recordOf = (person: z.infer<typeof personAnswer>): ListedRecord => ({
  id: person.id,
  goesOn: true,
  email: person.email,
  givenName: person.first_name,
  familyName: person.last_name,
});

async function employmentsOf(path: string, headers: Record<string, string>, call: HrCall): Promise<Employment[]> {
  const employments: Employment[] = [];
  let cursor: string | null = null;
  for (let page = 1; page <= MOST_PAGES; page++) {
    const url = new URL(`${path}/employments`);
    url.searchParams.set('limit', '50');
    if (cursor !== null) url.searchParams.set('cursor', cursor);
    const { _data, _meta } = parse(employmentsAnswer, await call({ url, headers, expected: 'the employments' }), 'employments');
    employments.push(..._data);
    const next: string = _meta?.links?.next?.href ?? ORIGIN;
    cursor = new URL(next, ORIGIN).searchParams.get('cursor');
    if (cursor === null) return employments;
  }
  throw new InvalidInput(`employments: expected at most ${MOST_PAGES} pages, got more`);
}

function termOf(
  { status, employment_start_date: startedOn, employment_end_date: ends, termination }: Employment,
  { lastDayIs, now }: { lastDayIs: string; now: number },
): Term {
  const lastWorked = lastDayIs === 'last-working-day' ? termination?.last_working_date : undefined;
  // The contract may continue for months after the last day of work.
  const hasWorked = lastWorked && lastWorked >= (startedOn ?? '') && isPast(lastWorked, now);
  return {
    standing: hasWorked || status.toUpperCase() === 'INACTIVE' ? 'left' : 'employed',
    lastDay: lastWorked || termination?.termination_date || ends,
    startedOn,
  };
}
