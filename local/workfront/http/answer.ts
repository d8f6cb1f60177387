import { setTimeout as wait } from 'node:timers/promises';
import type { ObjectStore } from '../objects/object-store.ts';
import { Refusal } from '../query/refusal.ts';
import type { FakeDirectory } from '../users/directory.ts';
import type { FakeUser } from '../users/user.ts';
import type { Behaviour } from './behaviour.ts';
import type { Call } from './call.ts';
import { authenticate, refuseLogin } from './credentials.ts';
import { perform } from './operations.ts';
import { giveToken, type Sessions } from './tokens.ts';
import type { Answer } from './wire.ts';

/** Everything that the fake knows while it runs. */
export interface World {
  directory: FakeDirectory;
  objects: ObjectStore;
  behaviour: Behaviour;
  sessions: Sessions;
  now: () => number;
  /** When a directory sync activates users again, by ID. */
  returns: Map<string, number>;
  /** Aborts when the fake closes: ends every wait. */
  closing: AbortSignal;
}

/** The answer of Workfront if nothing goes wrong on the way. */
export function answerCall(call: Call, world: World, onChange: (before: FakeUser, after: FakeUser) => void): Answer {
  const { directory, behaviour, sessions } = world;
  const now = world.now();
  try {
    if (call.uriBytes > behaviour.uriLimitBytes) throw new Refusal(behaviour.uriLimitStatus, 'argument', 'Request-URI Too Long');
    const token = giveToken(call, { behaviour, sessions, directory, now });
    if (token !== undefined) return token;

    const version = versionOf(call, behaviour);
    refuseLogin(call, behaviour);
    const caller = authenticate(call, { behaviour, sessions, directory });
    const later = (milliseconds: number, then: () => void) =>
      void wait(milliseconds, undefined, { signal: world.closing }).then(then, () => undefined);
    const scope = { version, directory, caller, sees: sightOf(behaviour), rules: behaviour, now };
    return { status: 200, body: perform(call, { objects: world.objects, behaviour, scope, onChange, later }) };
  } catch (error) {
    return refusalAnswer(error);
  }
}

/** Turns a refusal into an answer; a fault of the fake itself becomes a 500. */
export function refusalAnswer(error: unknown): Answer {
  const refusal = error instanceof Refusal ? error : new Refusal(500, 'internal', `the fake failed: ${String(error)}`);
  return { status: refusal.status, body: refusal.body };
}

/** "API versioning and support schedule": 2 to 14 ended on 30 September 2025, 15 on 18 December 2025, 22 is the newest it names. */
function versionOf({ version, parts }: Call, { v15, newestVersion, goneStatus, notFoundStatus }: Behaviour): number {
  if (parts.length === 0 || (version ?? 0) > newestVersion) throw new Refusal(notFoundStatus, 'missing', 'Not Found');
  if (version !== undefined && (version < 15 || (version === 15 && v15 === '410')))
    throw new Refusal(goneStatus, 'unsupported', `API version ${version} is no longer available`);
  return version ?? newestVersion;
}

/** Which users the credential may see. */
function sightOf({ blindCredential, visibleUsers }: Behaviour): (user: FakeUser) => boolean {
  if (blindCredential) return () => false;
  if (visibleUsers === null) return () => true;
  const visible = new Set(visibleUsers);
  return ({ ID }) => visible.has(ID);
}
