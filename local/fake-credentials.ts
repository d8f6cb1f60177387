import type { Behaviour } from './fake-behaviour.ts';
import { type Call, parametersOf } from './fake-call.ts';
import type { FakeDirectory } from './fake-directory.ts';
import { last } from './fake-parameters.ts';
import { Refusal } from './fake-refusal.ts';
import type { Sessions } from './fake-tokens.ts';

const NOT_LOGGED_IN = 'You are not currently logged in.';

/**
 * Lets a call pass whose credential is good: header or query `apiKey`, header or query `sessionID` with a token of the JWT exchange,
 * or a Bearer token of IMS with `x-gw-ims-org-id`. A key acts as the directory's owner, who must be active.
 * @throws Refusal with class AuthenticationException; the messages are those that third parties report
 */
export function authenticate(
  call: Call,
  { behaviour, sessions, directory }: { behaviour: Behaviour; sessions: Sessions; directory: FakeDirectory },
): void {
  const refuse = (message: string) => new Refusal(behaviour.unauthenticatedStatus, 'authentication', message);
  const sessionId = header(call, 'sessionid') ?? last(call.query, 'sessionID');
  const bearer = /^Bearer (.+)$/i.exec(header(call, 'authorization') ?? '')?.[1];
  const keyInHeader = header(call, 'apikey');
  const key = keyInHeader ?? last(call.query, 'apiKey');

  if (sessionId !== undefined) {
    if (behaviour.apiKeys.includes(sessionId)) throw refuse(NOT_LOGGED_IN);
    if (!sessions.isOpen(sessionId, 'sessionID')) throw refuse('Invalid session ID.');
  } else if (bearer !== undefined) {
    if (!sessions.isOpen(bearer, 'bearer')) throw refuse('Invalid token.');
    if (behaviour.imsOrgRequired && header(call, 'x-gw-ims-org-id') === undefined) throw refuse('Missing organization.');
  } else if (key !== undefined) {
    if (!behaviour.apiKeys.includes(key)) throw refuse('Invalid API key.');
    if (keyInHeader !== undefined && call.method !== 'GET' && !behaviour.apiKeyHeaderOnWrites) throw refuse(NOT_LOGGED_IN);
  } else {
    throw refuse(last(call.form, 'apiKey') === undefined ? NOT_LOGGED_IN : '{0}');
  }

  if (behaviour.rejectCredential || directory.owner?.isActive === false) throw refuse(NOT_LOGGED_IN);
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
