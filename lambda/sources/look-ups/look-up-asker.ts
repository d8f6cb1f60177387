import { CredentialFailure, InvalidInput, PermanentFailure, TransientFailure } from '../../domain/failures.ts';
import { parseJson } from '../../domain/parse.ts';
import type { Clock, HrRecord } from '../../domain/ports.ts';
import { MINUTE } from '../../domain/time/time.ts';
import type { CommonSettings } from '../hr.ts';
import { hrCalls } from './hr-call.ts';
import type { LookUp } from './look-up.ts';

export interface LookUpPorts {
  readSecret: (secretId: string) => Promise<string>;
  fetch: typeof globalThis.fetch;
  clock: Clock;
}

interface Secret {
  text: string;
  credential: unknown;
  readAt: number;
}

const REMEMBERED = 5 * MINUTE;

/**
 * Asks for one source, with the credential from its own secret, which is remembered for 5 minutes. If HR refuses the credential, the
 * secret is read again, and the look-up repeated once if that can help: with a new secret, or after a token that ended early.
 *
 * @returns a function that throws CredentialFailure `secret-missing`, `secret-unreadable`, `secret-unusable`, and the failures of
 *   the look-up
 */
export function lookUpAsker(
  lookUp: LookUp,
  { settings, secretId, sourceSettings }: { settings: unknown; secretId: string; sourceSettings: CommonSettings },
  { readSecret, fetch, clock }: LookUpPorts,
): (sourceId: string) => Promise<HrRecord | undefined> {
  const cache = new Map<string, { value: string; until: number }>();
  let known: Secret | undefined;

  async function readAgain(): Promise<Secret> {
    const text = await readSecret(secretId).catch(throwAsCredentialFailure);
    if (text !== known?.text) cache.clear();
    known = { text, credential: credentialIn(text, lookUp), readAt: clock() };
    return known;
  }

  return async (sourceId) => {
    const call = hrCalls({ fetch, clock });
    const find = ({ credential }: Secret) => lookUp.find({ sourceId, settings, credential, call, cache, now: clock() }, sourceSettings);
    const secret = known !== undefined && clock() - known.readAt < REMEMBERED ? known : await readAgain();
    try {
      return await find(secret);
    } catch (failure) {
      if (!(failure instanceof CredentialFailure) || failure.code !== 'hr-credential-refused') throw failure;
      const hadToken = cache.size > 0;
      cache.clear();
      const again = await readAgain();
      if (again.text === secret.text && !hadToken) throw failure;
      return find(again);
    }
  };
}

function credentialIn(text: string, { credential }: LookUp): unknown {
  try {
    return parseJson(credential, text, 'secret of the look-up');
  } catch (failure) {
    if (!(failure instanceof InvalidInput)) throw failure;
    throw new CredentialFailure('secret-unusable', `${failure.message}; set the secret again`);
  }
}

/** Every event of the source waits while the secret cannot be read, whatever the cause. */
function throwAsCredentialFailure(failure: unknown): never {
  if (!(failure instanceof TransientFailure) && !(failure instanceof PermanentFailure)) throw failure;
  throw new CredentialFailure(failure.code, failure.message, { cause: failure });
}
