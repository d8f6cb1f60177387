import * as z from 'zod/mini';
import { CredentialFailure } from '../../domain/failures.ts';
import { parse } from '../../domain/parse.ts';
import type { HrRecord } from '../../domain/ports.ts';
import { instantOf } from '../dates.ts';
import { id, maybe } from '../hr.ts';
import type { HrCall } from './hr-call.ts';
import { defineLookUp } from './look-up.ts';
import { type ListedRecord, otherRecords } from './other-records.ts';
import { tokenFrom } from './token.ts';

const GRAPH = 'https://graph.microsoft.com';

const FIELDS = ['id', 'accountEnabled', 'employeeId', 'employeeHireDate', 'employeeLeaveDateTime', 'mail', 'givenName', 'surname'];

const user = z.object({
  id,
  accountEnabled: z.nullish(z.boolean()),
  employeeId: maybe,
  employeeHireDate: maybe,
  employeeLeaveDateTime: maybe,
  mail: maybe,
  givenName: maybe,
  surname: maybe,
});

/** A page has 100 at most. */
const listAnswer = z.object({
  value: z.array(z.object({ id, accountEnabled: z.nullish(z.boolean()), mail: maybe, employeeId: maybe })),
  '@odata.nextLink': maybe,
});

/**
 * "Get a user", "Get deleted item" and "List users", Microsoft Graph REST API v1.0: docs/sources/entra.md. Client credentials are exchanged for a
 * token. A deleted user is among the deleted items for 30 days, and nowhere else. An account may be closed because its person got another one: so
 * the accounts with the same `mail` or `employeeId` are listed.
 */
export const entraLookUp = defineLookUp({
  settings: z.strictObject({
    tenantId: z.string().check(z.regex(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i, 'the tenant id, a GUID')),
    /** What a blocked or deleted account means that has no date on which its person leaves: somebody on leave may be blocked too. */
    closed: z._default(z.enum(['unclear', 'left', 'employed']), 'unclear'),
    otherRecords,
  }),
  credential: z.strictObject({ clientId: z.string().check(z.minLength(1)), clientSecret: z.string().check(z.minLength(1)) }),

  async find({ sourceId, settings, credential: { clientId, clientSecret }, ...context }) {
    const token = await tokenFrom(
      `https://login.microsoftonline.com/${settings.tenantId}/oauth2/v2.0/token`,
      () => ({ grant_type: 'client_credentials', client_id: clientId, client_secret: clientSecret, scope: `${GRAPH}/.default` }),
      context,
    );
    const ask = async (path: string) => {
      const url = new URL(`${GRAPH}/v1.0/${path}/${encodeURIComponent(sourceId)}`);
      url.searchParams.set('$select', FIELDS.join(','));
      return context.call({ url, headers: { authorization: `Bearer ${token}` }, expected: 'the user' });
    };

    const active = await ask('users');
    const found = active ?? (await ask('directory/deletedItems'));
    if (found === undefined) return undefined;
    const { id: foundId, accountEnabled, employeeLeaveDateTime, ...fields } = parse(user, found, 'user');
    const isClosed = active === undefined || accountEnabled === false;
    if ((!isClosed && accountEnabled !== true) || employeeLeaveDateTime === undefined)
      throw new CredentialFailure(
        'hr-blind',
        'expected accountEnabled and employeeLeaveDateTime of a user, got none; give the app User.Read.All and User-LifeCycleInfo.Read.All',
      );
    const at = instantOf(employeeLeaveDateTime ?? undefined);
    return {
      employee: {
        sourceId: foundId,
        email: fields.mail,
        employeeNumber: fields.employeeId,
        givenName: fields.givenName,
        familyName: fields.surname,
      },
      standing: standingOf({ isClosed, leavesAt: at ?? employeeLeaveDateTime, closed: settings.closed }, context.now),
      // Midnight is a whole day: who writes a date alone into this field means that day.
      lastDay: at === undefined || /T00:00:00(\.0+)?Z/.test(at) ? employeeLeaveDateTime : { at },
      startedOn: fields.employeeHireDate,
      others: settings.otherRecords === 'ignore' ? undefined : () => accountsOf(fields, token, context.call),
    };
  },
});

/** The accounts with one of these values; undefined if they are more than a page has, or if there is nothing to look for. */
async function accountsOf({ mail, employeeId }: Pick<z.infer<typeof user>, 'mail' | 'employeeId'>, token: string, call: HrCall) {
  const filter = [mail && `mail eq ${quoted(mail)}`, employeeId && `employeeId eq ${quoted(employeeId)}`].filter(Boolean).join(' or ');
  if (filter === '') return undefined;
  const url = new URL(`${GRAPH}/v1.0/users`);
  url.searchParams.set('$filter', filter);
  url.searchParams.set('$select', 'id,accountEnabled,mail,employeeId');
  const found = await call({ url, headers: { authorization: `Bearer ${token}` }, expected: 'the accounts of one person' });
  if (found === undefined) return undefined;
  const { value, '@odata.nextLink': next } = parse(listAnswer, found, 'users');
  return next ? undefined : value.map(recordOf);
}

const recordOf = (one: z.infer<typeof listAnswer>['value'][number]): ListedRecord => ({
  id: one.id,
  goesOn: one.accountEnabled !== false,
  email: one.mail,
  employeeNumber: one.employeeId,
});

/** A text in a filter: OData 4.01, URL conventions, "Primitive Literals". */
const quoted = (text: string): string => `'${text.replaceAll("'", "''")}'`;

interface Account {
  isClosed: boolean;
  leavesAt: string | null;
  closed: 'unclear' | 'left' | 'employed';
}

/** An account that was closed before its person leaves says nothing: that date counts. */
function standingOf({ isClosed, leavesAt, closed }: Account, now: number): HrRecord['standing'] {
  if (!isClosed) return 'employed';
  if (!leavesAt) return closed;
  return now >= Date.parse(leavesAt) ? 'left' : 'employed';
}
