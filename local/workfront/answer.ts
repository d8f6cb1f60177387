import type { Behaviour } from './behaviour.ts';
import type { Call } from './call.ts';
import { authenticate, refuseLogin } from './credentials.ts';
import type { FakeDirectory } from './directory.ts';
import { perform } from './operations.ts';
import { Refusal } from './refusal.ts';
import { giveToken, type Sessions } from './tokens.ts';
import type { FakeUser } from './user.ts';
import type { Answer } from './wire.ts';

/** All that the fake knows while it runs. */
export interface World {
  directory: FakeDirectory;
  behaviour: Behaviour;
  sessions: Sessions;
  now: () => number;
  /** Aborts when the fake closes: ends every wait. */
  closing: AbortSignal;
}

/** What Workfront answers when nothing goes wrong on the way. */
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
    const scope = { version, directory, caller, invalidStatus: behaviour.invalidStatus, now };
    return { status: 200, body: perform(call, { behaviour, scope, onChange }) };
  } catch (error) {
    return refusalAnswer(error);
  }
}

/** The answer that a refusal is; what the fake itself got wrong is a 500. */
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
