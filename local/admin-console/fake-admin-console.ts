import { randomBytes } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { listenOnLoopback } from '../aws/loopback-server.ts';
import { act } from './actions.ts';
import type { ConsoleDirectory } from './console-directory.ts';
import { DEFAULT_SWITCHES, type Switches, switches as switchesSchema } from './switches.ts';

/** The only client of the fake. */
export const CONSOLE_CLIENT = {
  clientId: 'fake-console-client',
  clientSecret: 'fake-console-secret',
  organizationId: '0123456789ABCDEF01234567@AdobeOrg',
} as const;

interface Answer {
  status: number;
  body?: object | string;
  headers?: Record<string, string>;
}

/** The Adobe Admin Console on this machine, over real HTTP: IMS and the User Management API. */
export interface FakeAdminConsole {
  /** Settings of a stage that lead here. */
  baseUrl: string;
  tokenUrl: string;
  directory: ConsoleDirectory;
  switches: Switches;
  /** Every call of the API and the status of its answer; of a call for a token only its path. */
  calls: { method: string; url: string; body: string; status: number }[];
  /** Replaces the answers of the next calls of the API, one each; `hang-up` breaks the connection. */
  troubles: (Answer | 'hang-up')[];
  close(): Promise<void>;
}

const MINUTE = 60_000;
const LIMITS = { action: 10, read: 25 };

/** @param now what limits and syncs go by, in milliseconds since the epoch */
export async function startFakeAdminConsole({
  port = 0,
  directory,
  switches: changes = {},
  now = Date.now,
}: {
  port?: number;
  directory: ConsoleDirectory;
  switches?: Partial<Switches>;
  now?: () => number;
}): Promise<FakeAdminConsole> {
  const switches = { ...DEFAULT_SWITCHES, ...changes };
  const calls: FakeAdminConsole['calls'] = [];
  const troubles: FakeAdminConsole['troubles'] = [];
  const tokens = new Map<string, string>();
  const times: Record<keyof typeof LIMITS, number[]> = { action: [], read: [] };
  let readds: { at: number; email: string; name: string }[] = [];

  const sync = () => {
    const due = readds.filter(({ at }) => at <= now());
    readds = readds.filter(({ at }) => at > now());
    for (const { email, name } of due) directory.join(email, name);
  };

  /** @returns an answer if the call is one too many of this minute */
  const tooMany = (kind: keyof typeof LIMITS): Answer | undefined => {
    const recent = times[kind].filter((at) => at > now() - MINUTE);
    times[kind] = [...recent, now()];
    if (!switches.limits || recent.length < LIMITS[kind]) return undefined;
    times[kind] = recent;
    const retryAfter = Math.ceil(((recent[0] ?? now()) + MINUTE - now()) / 1000);
    return { status: 429, headers: { 'retry-after': String(retryAfter) }, body: { error_code: '429050', message: 'Too many requests' } };
  };

  function answerApi(request: IncomingMessage, { path, query, body }: Call): Answer {
    if (switches.rejects !== null) return { status: switches.rejects };
    const token = /^Bearer (.+)$/.exec(request.headers.authorization ?? '')?.[1] ?? '';
    const scope = tokens.get(token);
    if (scope === undefined) return { status: 401 };
    if (request.headers['x-api-key'] !== CONSOLE_CLIENT.clientId || !scope.includes('user_management_sdk')) return { status: 403 };

    const [, what, rest = ''] = /^\/(action|organizations|groups)\/(.+)$/.exec(path) ?? [];
    const [organization = '', ...parts] = rest.split('/').map(decodeURIComponent);
    if (what === undefined) return { status: 404 };
    if (organization !== CONSOLE_CLIENT.organizationId)
      return { status: 400, body: { result: 'error.organization.invalid_id', message: 'Bad organization Id' } };
    const limited = tooMany(what === 'action' ? 'action' : 'read');
    if (limited !== undefined) return limited;
    if (what === 'groups') return { status: 200, body: groupsOf(directory) };
    if (what === 'organizations') return userAnswer(parts[1] ?? '', query.get('directOnly') !== 'false', { directory, switches });

    const onRemoved = (email: string, name: string) => {
      if (switches.syncReadds === null) return;
      readds.push({ at: now() + switches.syncReadds, email, name });
      setTimeout(sync, switches.syncReadds).unref();
    };
    return act(body, { directory, switches, testOnly: query.get('testOnly') === 'true', onRemoved });
  }

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const call = await readCall(request);
    sync();
    if (call.path === '/_fake/switches') return send(response, control(request.method ?? '', call.body, switches));
    if (/^\/ims\/token\/v[23]$/.test(call.path)) {
      calls.push({ method: 'POST', url: call.path, body: '', status: 200 });
      return send(response, giveToken(call, tokens));
    }
    const trouble = troubles.shift();
    if (trouble === 'hang-up') return void request.socket.destroy();
    const answer = trouble ?? answerApi(request, { ...call, path: call.path.replace('/v2/usermanagement', '') });
    calls.push({ method: request.method ?? '', url: request.url ?? '', body: call.body, status: answer.status });
    send(response, answer);
  }

  const server = createServer((request, response) => void serve(request, response).catch(() => request.socket.destroy()));
  const { url, close } = await listenOnLoopback(server, port);
  return {
    baseUrl: `${url}/v2/usermanagement`,
    tokenUrl: `${url}/ims/token/v3`,
    directory,
    switches,
    calls,
    troubles,
    close,
  };
}

interface Call {
  path: string;
  query: URLSearchParams;
  body: string;
}

async function readCall(request: IncomingMessage): Promise<Call> {
  const { pathname: path, searchParams: query } = new URL(request.url ?? '/', 'http://127.0.0.1');
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(Buffer.from(chunk));
  return { path, query, body: Buffer.concat(chunks).toString() };
}

/** IMS takes the fields of the client-credentials grant as a form or in the query. */
function giveToken({ query, body }: Call, tokens: Map<string, string>): Answer {
  const form = new URLSearchParams(body);
  const field = (name: string) => form.get(name) ?? query.get(name) ?? '';
  const isClient = field('client_id') === CONSOLE_CLIENT.clientId && field('client_secret') === CONSOLE_CLIENT.clientSecret;
  if (!isClient || field('grant_type') !== 'client_credentials') return { status: 400, body: { error: 'invalid_client' } };
  const token = randomBytes(16).toString('hex');
  tokens.set(token, field('scope'));
  return { status: 200, body: { access_token: token, token_type: 'bearer', expires_in: 86_399 } };
}

/** "Get User Information": only active users; `groups` is left out where there are none. */
function userAnswer(
  email: string,
  directOnly: boolean,
  { directory, switches }: { directory: ConsoleDirectory; switches: Switches },
): Answer {
  const person = directory.find(email);
  if (person === undefined || (person.status === 'disabled' && switches.disabledUsers404))
    return { status: 404, body: { result: 'error.user.not_found', message: `User not found ${email}` } };
  const groups = [...new Set([...person.direct, ...(directOnly ? [] : directory.throughGroups(person))])];
  const { email: name, type, status } = person;
  return { status: 200, body: { result: 'success', user: { email: name, type, status, ...(groups.length > 0 && { groups }) } } };
}

const groupsOf = ({ groups: { profiles, userGroups } }: ConsoleDirectory) => ({
  lastPage: true,
  result: 'success',
  groups: [
    ...profiles.map(({ name, productName }) => ({ type: 'PRODUCT_PROFILE', groupName: name, productName })),
    ...userGroups.map(({ name, isReadOnly }) => ({ type: 'USER_GROUP', groupName: name, ...(isReadOnly && { isReadOnly }) })),
  ],
});

/** The controls for people and tests: `GET` and `PUT /_fake/switches`. */
function control(method: string, body: string, switches: Switches): Answer {
  if (method !== 'PUT') return { status: 200, body: switches };
  const changes = switchesSchema.partial().safeParse(JSON.parse(body));
  if (!changes.success) return { status: 400, body: { error: changes.error.message } };
  return { status: 200, body: Object.assign(switches, changes.data) };
}

function send(response: ServerResponse, { status, body = '', headers }: Answer): void {
  response.writeHead(status, { 'content-type': 'application/json', ...headers });
  response.end(typeof body === 'string' ? body : JSON.stringify(body));
}
