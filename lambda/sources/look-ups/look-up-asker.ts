import { CredentialFailure, InvalidInput, PermanentFailure, TransientFailure } from '../../domain/failures.ts';
import { parseJson } from '../../domain/parse.ts';
import type { Clock, HrRecord } from '../../domain/ports.ts';
import { MINUTE } from '../../domain/time/time.ts';
import { hrCalls } from './hr-call.ts';
import type { About, LookUp } from './look-up.ts';

export interface LookUpReach {
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
 * Asks for one source, with the credential of its own secret, which is remembered for 5 minutes. Refused, it is read again, and the
 * question repeated once where that can change anything: a new secret, or a token that ended early.
 *
 * @returns a function that throws CredentialFailure `secret-missing`, `secret-unreadable`, `secret-unusable`, and the failures of
 *   the look-up
 */
export function lookUpAsker(
  lookUp: LookUp,
  { settings, secretId, about }: { settings: unknown; secretId: string; about: About },
  { readSecret, fetch, clock }: LookUpReach,
): (sourceId: string) => Promise<HrRecord | undefined> {
  const kept = new Map<string, { value: string; until: number }>();
  let known: Secret | undefined;

  async function readAnew(): Promise<Secret> {
    const text = await readSecret(secretId).catch(asCredentialTrouble);
    if (text !== known?.text) kept.clear();
    known = { text, credential: credentialIn(text, lookUp), readAt: clock() };
    return known;
  }

  return async (sourceId) => {
    const call = hrCalls({ fetch, clock });
    const find = ({ credential }: Secret) => lookUp.find({ sourceId, settings, credential, call, kept, now: clock() }, about);
    const secret = known !== undefined && clock() - known.readAt < REMEMBERED ? known : await readAnew();
    try {
      return await find(secret);
    } catch (failure) {
      if (!(failure instanceof CredentialFailure) || failure.code !== 'hr-credential-refused') throw failure;
      const hadToken = kept.size > 0;
      kept.clear();
      const again = await readAnew();
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
    throw new CredentialFailure('secret-unusable', failure.message);
  }
}

/** Whatever keeps us from the secret keeps every event of the source waiting alike. */
function asCredentialTrouble(failure: unknown): never {
  if (!(failure instanceof TransientFailure) && !(failure instanceof PermanentFailure)) throw failure;
  throw new CredentialFailure(failure.code, failure.message, { cause: failure });
}
