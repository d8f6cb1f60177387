import type { Behaviour } from './behaviour.ts';
import { type Call, parametersOf } from './call.ts';
import type { FakeDirectory } from './directory.ts';
import { last } from './parameters.ts';
import { Refusal } from './refusal.ts';
import { FAKE_CLIENT, type Sessions } from './tokens.ts';
import type { FakeUser } from './user.ts';

const NOT_LOGGED_IN = 'You are not currently logged in.';

/**
 * Lets a call pass whose credential is good: header or query `apiKey`, header or query `sessionID` with a token of the JWT exchange,
 * or a Bearer token of IMS with the organisation in `x-gw-ims-org-id`.
 * @returns the user whom the call acts as, who must be active: the directory's owner, or the one whom the JWT named
 * @throws Refusal with class AuthenticationException; the messages are those that third parties report
 */
export function authenticate(
  call: Call,
  { behaviour, sessions, directory }: { behaviour: Behaviour; sessions: Sessions; directory: FakeDirectory },
): FakeUser | undefined {
  const refuse = (message: string) => new Refusal(behaviour.unauthenticatedStatus, 'authentication', message);
  const caller = directory.byId(userIdOf(call, { behaviour, sessions, directory, refuse }));
  if (behaviour.rejectCredential || caller?.isActive === false) throw refuse(NOT_LOGGED_IN);
  return caller;
}

interface Credentials {
  behaviour: Behaviour;
  sessions: Sessions;
  directory: FakeDirectory;
  refuse: (message: string) => Refusal;
}

function userIdOf(call: Call, { behaviour, sessions, directory, refuse }: Credentials): string {
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
  return directory.owner?.ID ?? '';
}

/** Logging in with a password, and getting keys by one, ended with the Adobe Business Platform ("API basics"). */
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
