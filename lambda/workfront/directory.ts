import type { MatchKeyRule } from '../domain/policy.ts';
import type { Clock, UserDirectory } from '../domain/ports.ts';
import type { CredentialSource } from './credentials.ts';
import { deactivation } from './deactivation.ts';
import { type CallReport, type HttpQuestion, httpExchange, type Limits } from './exchange.ts';
import { impactOf } from './impact/impact.ts';
import { orGroupsCheck } from './or-groups.ts';
import { provenOwner } from './owner.ts';
import { approvalCheck } from './pending-approval.ts';
import { withPlacement } from './placement.ts';
import { reactivation } from './reactivation.ts';
import { userRead } from './read-user.ts';
import { apiRequests } from './requests.ts';
import { activeAmong, administratorList, countOfUsersMadeOn } from './user-lists.ts';
import { userSearch } from './user-search.ts';

interface DirectoryOptions {
  /** Such as `https://acme.my.workfront.com`. */
  baseUrl: string;
  /** Such as `v21.0`. */
  apiVersion: string;
  credential: CredentialSource;
  /** The number of calls at once; Workfront limits them for each customer. */
  callsInFlight: number;
  /** `DE:` names to read with every user: those among the match keys. */
  customFields: readonly string[];
  /** Other fields to read, such as `ssoUsername`. A field that the tenant does not know fails every call. */
  extraFields: readonly string[];
  /** The field that shows that a user is pending approval. */
  pendingApprovalField?: string | undefined;
  /** Gets a report of each HTTP call, for metrics; `ms` does not include the wait for a free connection. */
  onCall?: ((call: CallReport) => void) | undefined;
  clock?: Clock | undefined;
  /** Milliseconds and bytes of a call that replace the defaults. */
  limits?: Partial<Limits> | undefined;
}

/** The user directory that is Workfront, over its REST API. No call is repeated unless Workfront refused its credential. */
export function workfrontDirectory(options: DirectoryOptions): UserDirectory & ReturnType<typeof impactOf> {
  const { baseUrl, apiVersion, credential, callsInFlight, customFields, extraFields, onCall, limits, clock = Date.now } = options;
  const { pendingApprovalField = 'userApproval:ID' } = options;
  const exchange = httpExchange({ origin: baseUrl, callsInFlight, limits, clock, onCall });
  let inFlight = 0;
  const counted = (question: HttpQuestion) => {
    inFlight += 1;
    return exchange(question).finally(() => {
      inFlight -= 1;
    });
  };
  const ask = apiRequests({ baseUrl, apiVersion, credential, exchange: counted, clock });
  const owner = provenOwner({ ask, credential, clock });
  const askUsers = withPlacement(ask);
  const answersOr = orGroupsCheck(ask, owner);
  const search = userSearch(askUsers, { customFields, extraFields, answersOr });
  const read = userRead(askUsers, { customFields, extraFields });

  return {
    owner,
    ...search,
    read,
    activeAdministrators: administratorList(ask),
    countActiveUsersMadeOn: countOfUsersMadeOn(ask),
    whoIsActive: activeAmong(ask),
    ...impactOf({ ask, owner, answersOr, isBusy: () => inFlight >= callsInFlight, clock }),
    isPendingApproval: approvalCheck(ask, pendingApprovalField),
    deactivate: deactivation(ask),
    reactivate: reactivation(ask, async (userId) => {
      const address = (await read(userId))?.emailAddr;
      if (address === undefined) return undefined;
      const users = await search.find([{ field: 'emailAddr', value: address }]);
      return users.find(({ id, isActive }) => isActive && id !== userId)?.id;
    }),
  };
}

/** The fields to read with every user because a match key names them: they are compared, whether they were searched by or not. */
export function comparedFields(rules: readonly MatchKeyRule[]): { customFields: string[]; extraFields: string[] } {
  const fields = rules.map(({ field }) => field);
  return {
    customFields: fields.filter((field) => field.startsWith('DE:')),
    extraFields: fields.includes('ssoUsername') ? ['ssoUsername'] : [],
  };
}
