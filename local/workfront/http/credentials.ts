import { last } from '../query/parameters.ts';
import { Refusal } from '../query/refusal.ts';
import type { FakeDirectory } from '../users/directory.ts';
import type { FakeUser } from '../users/user.ts';
import type { Behaviour } from './behaviour.ts';
import { type Call, parametersOf } from './call.ts';
import { FAKE_CLIENT, type Sessions } from './tokens.ts';

const NOT_LOGGED_IN = 'You are not currently logged in.';

/**
 * Checks the credential of a call: header or query `apiKey`, header or query `sessionID` with a token of the JWT exchange, or a
 * Bearer token of IMS with the organisation in `x-gw-ims-org-id`.
 *
 * @returns the user that the call acts as, who must be active: the owner of the directory, or the user named by the JWT
 * @throws Refusal with class AuthenticationException and the messages that third parties report
 */
export function authenticate(
  call: Call,
  { behaviour, sessions, directory }: { behaviour: Behaviour; sessions: Sessions; directory: FakeDirectory },
): FakeUser | undefined {
  const refuse = (message: string) => new Refusal(behaviour.unauthenticatedStatus, 'authentication', message);
  const callerId = userIdOf(call, { behaviour, sessions, directory, refuse });
  const caller = callerId === undefined ? undefined : directory.byId(callerId);
  const isGone = callerId !== undefined && caller?.isActive !== true;
  if (behaviour.rejectCredential || isGone) throw refuse(NOT_LOGGED_IN);
  return caller;
}

interface Credentials {
  behaviour: Behaviour;
  sessions: Sessions;
  directory: FakeDirectory;
  refuse: (message: string) => Refusal;
}

/** @returns undefined for a good key in a directory without users */
function userIdOf(call: Call, { behaviour, sessions, directory, refuse }: Credentials): string | undefined {
  const sessionId = header(call, 'sessionid') ?? last(call.query, 'sessionID');
  const bearer = /^Bearer (.+)$/i.exec(header(call, 'authorization') ?? '')?.[1];
  const keyInHeader = header(call, 'apikey');
  const key = keyInHeader ?? last(call.query, 'apiKey');

  if (sessionId !== undefined) {
    const userId = sessions.userOf(sessionId, 'sessionID');
    if (userId === undefined) throw refuse(behaviour.apiKeys.includes(sessionId) ? NOT_LOGGED_IN : 'Invalid session ID.');
    return userId;
  }
  if (bearer !== undefined) {
    const userId = sessions.userOf(bearer, 'bearer');
    if (userId === undefined) throw refuse('Invalid token.');
    if (behaviour.imsOrgRequired && header(call, 'x-gw-ims-org-id') !== FAKE_CLIENT.organizationId) throw refuse('Wrong organization.');
    return userId;
  }
  if (key === undefined) throw refuse(last(call.form, 'apiKey') === undefined ? NOT_LOGGED_IN : '{0}');
  if (!behaviour.apiKeys.includes(key)) throw refuse('Invalid API key.');
  if (keyInHeader !== undefined && call.method !== 'GET' && !behaviour.apiKeyHeaderOnWrites) throw refuse(NOT_LOGGED_IN);
  return directory.owner?.ID;
}

/** Refuses to log in with a password, or to give a key for one: both ended with the Adobe Business Platform ("API basics"). */
export function refuseLogin(call: Call, { loginStatus }: Behaviour): void {
  const parameters = parametersOf(call);
  const action = call.parts[1] ?? last(parameters, 'action') ?? '';
  const isKeyAction = /^(get|generate|clear|clearAll)ApiKeys?$/.test(action) && last(parameters, 'username') !== undefined;
  if (call.parts[0]?.toLowerCase() !== 'login' && !isKeyAction) return;
  throw new Refusal(loginStatus, 'authentication', 'Logging in through the API is no longer available.');
}

function header({ headers }: Call, name: string): string | undefined {
  const value = headers[name];
  return typeof value === 'string' ? value : value?.[0];
}
