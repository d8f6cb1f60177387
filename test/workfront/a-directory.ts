import type { UserDirectory } from '../../lambda/domain/ports.ts';
import { credentialFromSecret } from '../../lambda/workfront/credentials.ts';
import { workfrontDirectory } from '../../lambda/workfront/directory.ts';
import { type Arrived, type Reply, scriptedHttp } from '../support/scripted-http.ts';

export const ID = 'a'.repeat(32);
export const OTHER = 'b'.repeat(32);
export const THIRD = 'c'.repeat(32);
export const CUSTOMER = 'd'.repeat(32);
/** The owner of the credential of a tenant. */
export const OWNER = 'e'.repeat(32);
export const KEY = 'key-0123456789abcdef';

/** A user as Workfront sends it. */
export function aRecord(changes: Record<string, unknown> = {}) {
  return {
    ID,
    name: 'Ana Silva',
    objCode: 'USER',
    firstName: 'Ana',
    lastName: 'Silva',
    emailAddr: 'ana@acme.test',
    username: 'ana@acme.test',
    extRefID: '10042',
    isActive: true,
    isAdmin: false,
    customerID: CUSTOMER,
    lastLoginDate: '2026-10-18T17:00:00:000-0600',
    entryDate: '2024-01-08T02:00:00:000-0600',
    ...changes,
  };
}

const running: { close: () => Promise<void> }[] = [];

/** Closes every server that {@link aDirectory} started. */
export async function closeAll(): Promise<void> {
  await Promise.all(running.splice(0).map((server) => server.close()));
}

type Options = Parameters<typeof workfrontDirectory>[0];

/** A directory on a Workfront that answers as the script says, with time limits that a test reaches only if it sets them. */
export async function aDirectory(
  script: (request: Arrived, index: number) => Reply | Promise<Reply>,
  changes: Partial<Options> & { readSecret?: () => Promise<string> } = {},
) {
  const server = await scriptedHttp(script);
  running.push(server);
  const calls: Parameters<NonNullable<Options['onCall']>>[0][] = [];
  const { readSecret = async () => KEY, ...options } = changes;
  const clock = options.clock ?? Date.now;
  const directory = workfrontDirectory({
    baseUrl: server.url,
    apiVersion: 'v21.0',
    credential: credentialFromSecret({ readSecret, giveToken: noToken, clock }),
    callsInFlight: 4,
    customFields: [],
    extraFields: [],
    onCall: (call) => calls.push(call),
    ...options,
  });
  return { directory, calls, arrived: server.arrived, connections: server.connections };
}

/**
 * A directory on a tenant whose credential belongs to the user {@link OWNER}. The script answers only questions about others.
 *
 * @param orGroups the ids in the answer to the check of OR groups; Workfront's own answer is {@link OWNER} alone
 */
export async function aTenant(script: (request: Arrived) => Reply, { orGroups = [OWNER] }: { orGroups?: string[] | Reply } = {}) {
  const { directory, arrived } = await aDirectory((request) => {
    if (request.query.ID === '$$USER.ID') return { json: { data: [{ ID: OWNER, isActive: true }] } };
    if (isCountOfAll(request)) return { json: { data: { count: 7 } } };
    if (!isOrCheck(request)) return script(request);
    return Array.isArray(orGroups) ? { json: { data: orGroups.map((ID) => ({ ID, isActive: true })) } } : orGroups;
  });
  return {
    directory,
    /** The questions about others. */
    asked: () => arrived.filter((request) => request.query.ID !== '$$USER.ID' && !isCountOfAll(request) && !isOrCheck(request)),
    /** The checks of OR groups. */
    checks: () => arrived.filter(isOrCheck),
  };
}

const isCountOfAll = ({ path, query }: Arrived) => path.endsWith('/user/count') && !('entryDate' in query);
const isOrCheck = ({ query }: Arrived) => 'OR:1:ID' in query;

/** For an API key, which is sent itself. */
export const noToken = (): Promise<never> => Promise.reject(new Error('an api key needs no token'));

/** The failure of a call that must fail. */
export async function failureOf(call: Promise<unknown>): Promise<unknown> {
  return call.then(
    (value) => {
      throw new Error(`expected a failure, got ${JSON.stringify(value)}`);
    },
    (failure: unknown) => failure,
  );
}

/** Short time limits for replies that never come, long ones for replies that are only late on a busy machine. */
export const patienceFor = (...replies: Reply[]) =>
  replies.some((reply) => reply === 'never' || typeof reply === 'function') ? { headersMs: 100, bodyMs: 101 } : {};

/** The line that an operator reads if a call fails on these replies, which the server gives one after another. */
export async function lineOf(call: (directory: UserDirectory) => Promise<unknown>, ...replies: Reply[]): Promise<unknown> {
  const { directory } = await aDirectory((_, index) => replies[index % replies.length] ?? 'reset', {
    limits: { ...patienceFor(...replies), maxBytes: 2_000 },
  });

  const failure = await failureOf(call(directory));

  return Object(failure).message;
}
