import * as z from 'zod/mini';
import type { AdminConsole, ConsoleUser, Removal } from '../domain/console-access/admin-console.ts';
import { StageFailure } from '../domain/failures.ts';
import { type ConsoleOptions, consoleAsk, parsed, resultIn } from './ask.ts';
import { meaningOf } from './refusals.ts';

/** "Get User Information": groups mixes user groups, product profiles and administrator roles, and is left out if there are none. */
const userAnswer = z.object({
  user: z.object({
    email: z.string(),
    type: z.optional(z.string()),
    groups: z._default(z.array(z.string()), []),
  }),
});

/** "User Management Action Requests". A message has the address in it: it is not even read. */
const actionAnswer = z.object({
  result: z.string(),
  errors: z._default(z.array(z.object({ errorCode: z.string() })), []),
});

/** The Admin Console over the User Management API: it reads one user, and removes one user from groups by name. It has no other call. */
export function umapiConsole(options: ConsoleOptions): AdminConsole {
  const ask = consoleAsk(options);

  async function read(address: string, directOnly: boolean) {
    const { status, text } = await ask({
      path: (organization) => `/organizations/${organization}/users/${encodeURIComponent(address)}?directOnly=${directOnly}`,
    });
    if (status !== 404) return parsed(userAnswer, text).user;
    if (resultIn(text) === 'error.user.not_found') return undefined;
    throw new StageFailure('console-not-found', 'the Admin Console does not know the path; check adminConsole.baseUrl of the stage');
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
      const { text } = await ask({
        path: (organization) => `/action/${organization}${testOnly ? '?testOnly=true' : ''}`,
        body: [command(user, names)],
      });
      return removalOf(parsed(actionAnswer, text));
    },
  };
}

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
