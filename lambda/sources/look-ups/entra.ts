import * as z from 'zod/mini';
import { CredentialFailure } from '../../domain/failures.ts';
import { parse } from '../../domain/parse.ts';
import type { HrRecord } from '../../domain/ports.ts';
import { instantOf } from '../dates.ts';
import { id, maybe } from '../hr.ts';
import { defineLookUp } from './look-up.ts';
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

/**
 * "Get a user" and "Get deleted item", Microsoft Graph REST API v1.0: docs/sources/entra.md. Client credentials are exchanged for a token. A
 * deleted user is among the deleted items for 30 days, and nowhere else.
 */
export const entraLookUp = defineLookUp({
  settings: z.strictObject({
    tenantId: z.string().check(z.regex(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i, 'the tenant id, a GUID')),
    /** What a blocked or deleted account means that has no date on which its person leaves: somebody on leave may be blocked too. */
    closed: z._default(z.enum(['unclear', 'left', 'employed']), 'unclear'),
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
      lastDay: at === undefined || /T00:00:00(\.0+)?Z$/.test(at) ? employeeLeaveDateTime : { at },
      startedOn: fields.employeeHireDate,
    };
  },
});

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
