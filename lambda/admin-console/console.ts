import * as z from 'zod/mini';
import type { AdminConsole, ConsoleUser, Removal } from '../domain/console-access/admin-console.ts';
import { InvalidInput, StageFailure } from '../domain/failures.ts';
import { parseJson } from '../domain/parse.ts';
import type { Clock } from '../domain/ports.ts';
import { type HttpAnswer, type HttpRequest, httpCalls } from './calls.ts';
import { type ConsoleCredential, consoleCredential } from './credential.ts';
import { meaningOf, refusedCredential } from './refusals.ts';
import type { AdminConsoleSettings } from './settings.ts';

interface ConsoleOptions {
  settings: Pick<AdminConsoleSettings, 'baseUrl' | 'tokenUrl'>;
  /** Gives the text of the secret. */
  readSecret: () => Promise<string>;
  fetch: typeof globalThis.fetch;
  clock: Clock;
}

/** "Get User Information": groups mixes user groups, product profiles and administrator roles, and is left out if there are none. */
const userAnswer = z.object({
  user: z.object({
    email: z.string(),
    username: z.optional(z.string()),
    type: z.optional(z.string()),
    groups: z._default(z.array(z.string()), []),
  }),
});

/** "User Management Action Requests". A message has the address in it: it is not even read. */
const actionAnswer = z.object({
  result: z.string(),
  errors: z._default(z.array(z.object({ errorCode: z.string() })), []),
});

const refusalAnswer = z.object({ result: z.string() });

/** The Admin Console over the User Management API: it reads one user, and removes one user from groups by name. It has no other call. */
export function umapiConsole({ settings, readSecret, fetch, clock }: ConsoleOptions): AdminConsole {
  const send = httpCalls({ fetch, clock });
  const credential = consoleCredential({ readSecret, tokenUrl: settings.tokenUrl, send, clock });

  /** A refused token is renewed once: Adobe may have ended it early. */
  async function ask(make: (credential: ConsoleCredential) => HttpRequest): Promise<HttpAnswer> {
    const first = await credential();
    const answer = await send(make(first));
    if (answer.status !== 401) return accepted(answer);
    return accepted(await send(make(await credential(first))));
  }

  async function read(address: string, directOnly: boolean) {
    const { status, text } = await ask((using) => ({
      method: 'GET',
      url: `${settings.baseUrl}/organizations/${using.secret.organizationId}/users/${encodeURIComponent(address)}?directOnly=${directOnly}`,
      headers: headersOf(using),
    }));
    if (status === 404) {
      if (resultIn(text) === 'error.user.not_found') return undefined;
      throw new StageFailure('console-not-found', 'the Admin Console does not know the path; check adminConsole.baseUrl of the stage');
    }
    return parsed(userAnswer, text).user;
  }

  return {
    async memberships(address) {
      const direct = await read(address, true);
      if (direct === undefined) return undefined;
      const all = await read(address, false);
      const user = { name: direct.email, isAdobeId: direct.type === 'adobeID' };
      return all && { user, direct: direct.groups, all: all.groups };
    },

    async remove({ user, names, testOnly }) {
      const { text } = await ask((using) => ({
        method: 'POST',
        url: `${settings.baseUrl}/action/${using.secret.organizationId}${testOnly ? '?testOnly=true' : ''}`,
        headers: { ...headersOf(using), 'content-type': 'application/json' },
        body: JSON.stringify([command(user, names)]),
      }));
      return removalOf(parsed(actionAnswer, text));
    },
  };
}

const headersOf = ({ secret, token }: ConsoleCredential) => ({ authorization: `Bearer ${token}`, 'x-api-key': secret.clientId });

/** The only command that is ever sent: `remove` with a list of names. Never `remove: "all"`, and never `removeFromOrg`. */
const command = ({ name, isAdobeId }: ConsoleUser, names: readonly string[]) => ({
  user: name,
  ...(isAdobeId && { useAdobeID: true }),
  do: [{ remove: { group: names } }],
});

/** Adobe lists an error for each step that failed; with one person and one step, the first says all. */
function removalOf({ result, errors }: z.output<typeof actionAnswer>): Removal {
  const [first] = errors;
  if (first === undefined && (result === 'success' || result === 'partial')) return { kind: 'accepted' };
  const meaning = meaningOf(first?.errorCode ?? result);
  if (meaning.kind === 'failure') throw meaning.failure;
  return meaning;
}

function accepted(answer: HttpAnswer): HttpAnswer {
  const { status, text } = answer;
  if (status === 401 || status === 403) throw refusedCredential(status);
  if (status === 200 || status === 404) return answer;
  const meaning = meaningOf(resultIn(text) ?? '');
  if (meaning.kind === 'failure') throw meaning.failure;
  throw new StageFailure('console-unexpected', `the Admin Console answered with status ${status}; run doctor`);
}

function resultIn(text: string): string | undefined {
  try {
    return parseJson(refusalAnswer, text, 'answer').result;
  } catch {
    return undefined;
  }
}

/** @throws StageFailure `console-unexpected` that names the first wrong place, without its value */
function parsed<Schema extends z.core.$ZodType>(schema: Schema, text: string): z.output<Schema> {
  try {
    return parseJson(schema, text, 'answer of the Admin Console');
  } catch (cause) {
    if (!(cause instanceof InvalidInput)) throw cause;
    throw new StageFailure('console-unexpected', `${cause.message}; check adminConsole.baseUrl of the stage, then report this`);
  }
}
