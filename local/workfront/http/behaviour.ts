import * as z from 'zod';

/** The troubles that one call can have; docs/fake-workfront.md says what the caller sees of each. */
export const TROUBLES = [
  '302',
  '307',
  '401',
  '403',
  '403-session',
  '404',
  '408',
  '409',
  '410',
  '422',
  '422-field',
  '429',
  '500',
  '503-html',
  '200-429',
  '200-other',
  '200-large',
  '200-number',
  '200-half',
  '200-error',
  '200-html',
  'slow',
  'reset',
  'reset-before-write',
  'reset-after-write',
  'gzip',
  'truncated',
  'deleted',
] as const;

const trouble = z.enum(TROUBLES);
const count = z.int().min(0);
const status = z.int().min(400).max(599);

/** A trouble for the next call, or for the next `times` calls; `only` limits it to reads or to writes. */
const failure = z.union([
  trouble,
  z.strictObject({ trouble, times: z.int().min(1).exactOptional(), only: z.enum(['read', 'write']).exactOptional() }),
]);

/** A trouble of every such call, until it is taken away. `question`: a search or a count. */
const standing = z.strictObject({
  trouble,
  calls: z.array(z.enum(['question', 'read', 'write'])).exactOptional(),
  /** Only calls about these users. */
  users: z.array(z.string()).exactOptional(),
});

/** The switches of the fake: a change holds from the next call on. docs/fake-workfront.md explains each of them. */
const behaviour = z.strictObject({
  latencyMs: count,
  slowMs: count,
  concurrencyCap: count,
  retryAfterSeconds: count.nullable(),
  down: z.boolean(),
  failNext: z.array(failure),
  failAlways: z.array(standing),
  refusalsEcho: z.boolean(),
  apiKeys: z.array(z.string().min(1)),
  rejectCredential: z.boolean(),
  blindCredential: z.boolean(),
  readOnlyCredential: z.boolean(),
  visibleUsers: z.array(z.string()).nullable(),
  apiKeyHeaderOnWrites: z.boolean(),
  imsOrgRequired: z.boolean(),
  sessionSeconds: count,
  oauthPublicKey: z.string().nullable(),
  v15: z.enum(['works', '410']),
  newestVersion: z.int().min(16),
  mainAdminId: z.string().nullable(),
  mainAdminStatus: z.union([z.literal(403), z.literal(422)]),
  ignoreWrites: z.boolean(),
  staleForMs: count.nullable(),
  sparseWriteAnswer: z.boolean(),
  deactivationTakes: z.array(z.enum(['accessLevelID', 'homeGroupID', 'homeTeamID', 'roleID', 'managerID'])),
  syncReactivatesAfterMs: count.nullable(),
  usernameFilterDropped: z.boolean(),
  dropFilters: z.array(z.string()),
  orGroups: z.enum(['right', 'too-many', 'too-few']),
  eqIgnoresCase: z.boolean(),
  startsWithIgnoresCase: z.boolean(),
  unstableOrder: z.boolean(),
  limitBelowOne: z.enum(['default', 'unlimited', 'error']),
  countShape: z.enum(['data', 'bare']),
  singleShape: z.enum(['object', 'array', 'bare']),
  customerIdField: z.enum(['value', 'null', 'absent']),
  isAdminField: z.enum(['value', 'null', 'absent']),
  pendingApprovalIds: z.array(z.string()),
  unknownFields: z.array(z.string()),
  jsonEscapes: z.boolean(),
  gzip: z.boolean(),
  utcOffset: z.string().regex(/^[+-]\d{4}$/, 'an offset such as -0600'),
  uriLimitBytes: count,
  uriLimitStatus: status,
  unauthenticatedStatus: status,
  loginStatus: status,
  goneStatus: status,
  unknownTypeStatus: status,
  notFoundStatus: status,
  invalidStatus: status,
});

export const behaviourChanges = behaviour.partial();

export type Trouble = z.infer<typeof trouble>;
type Failure = z.infer<typeof failure>;
export type Behaviour = z.infer<typeof behaviour>;

/** The most probable Workfront of November 2026. */
export const DEFAULT_BEHAVIOUR: Behaviour = {
  latencyMs: 0,
  slowMs: 30_000,
  concurrencyCap: 10,
  retryAfterSeconds: null,
  down: false,
  failNext: [],
  failAlways: [],
  refusalsEcho: false,
  apiKeys: [],
  rejectCredential: false,
  blindCredential: false,
  readOnlyCredential: false,
  visibleUsers: null,
  apiKeyHeaderOnWrites: true,
  imsOrgRequired: true,
  sessionSeconds: 3600,
  oauthPublicKey: null,
  v15: '410',
  newestVersion: 22,
  mainAdminId: null,
  mainAdminStatus: 403,
  ignoreWrites: false,
  staleForMs: null,
  sparseWriteAnswer: false,
  deactivationTakes: ['accessLevelID', 'homeTeamID'],
  syncReactivatesAfterMs: null,
  usernameFilterDropped: true,
  dropFilters: [],
  orGroups: 'right',
  eqIgnoresCase: false,
  startsWithIgnoresCase: true,
  unstableOrder: true,
  limitBelowOne: 'default',
  countShape: 'data',
  singleShape: 'object',
  customerIdField: 'value',
  isAdminField: 'value',
  pendingApprovalIds: [],
  unknownFields: [],
  jsonEscapes: true,
  gzip: false,
  utcOffset: '-0600',
  uriLimitBytes: 8892,
  uriLimitStatus: 414,
  unauthenticatedStatus: 401,
  loginStatus: 401,
  goneStatus: 410,
  unknownTypeStatus: 404,
  notFoundStatus: 404,
  invalidStatus: 422,
};

/** The trouble that every such call has. @param userId the user that the call is about, if it names one */
export function standingTrouble(
  { failAlways }: Pick<Behaviour, 'failAlways'>,
  { kind, userId }: { kind: string; userId: string | undefined },
): Trouble | undefined {
  const call = kind === 'search' || kind === 'count' ? 'question' : kind;
  return failAlways.find(
    ({ calls, users }) =>
      (calls === undefined || calls.some((one) => one === call)) && (users === undefined || users.includes(userId ?? '')),
  )?.trouble;
}

/** Takes the first trouble that fits the call out of `failNext`. A trouble of writes waits for a write. */
export function takeTrouble(live: Pick<Behaviour, 'failNext'>, call: 'read' | 'write'): Trouble | undefined {
  const position = live.failNext.findIndex((one) => [call, undefined].includes(onlyOf(one)));
  const found = live.failNext[position];
  if (found === undefined) return undefined;
  if (typeof found === 'string') {
    live.failNext.splice(position, 1);
    return found;
  }

  const { times = 1 } = found;
  live.failNext.splice(position, 1, ...(times > 1 ? [{ ...found, times: times - 1 }] : []));
  return found.trouble;
}

function onlyOf(one: Failure): 'read' | 'write' | undefined {
  const { trouble: name, only } = typeof one === 'string' ? { trouble: one, only: undefined } : { only: undefined, ...one };
  return name === 'reset-before-write' || name === 'reset-after-write' ? 'write' : only;
}
