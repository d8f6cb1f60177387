import type { TurnEnd } from '../deactivate/turn-end.ts';
import { Blocked, Contended, CredentialFailure, isMistake, StageFailure, TransientFailure } from '../failures.ts';
import type { Desk } from '../ports.ts';
import { reportFailure } from '../stage/gate.ts';
import { backOffSeconds } from '../time/back-off.ts';
import { MINUTE, SECOND } from '../time/time.ts';

/** Who only looks is in no hurry: it waits like a leaver that has waited often. */
const ATTEMPTS = 10;

/** What is refused about one user says nothing of the stage, and is asked again after so many seconds. */
const REFUSED_AGAIN_AFTER = (5 * MINUTE) / SECOND;

/**
 * Does what only looks. Trouble of Workfront that it meets opens the circuit as on a leaver; the message goes back to the queue, and no
 * event changes by that.
 *
 * @throws what is no failure of ours
 */
export async function orLater<End>(look: () => Promise<End>, desk: Desk): Promise<End | Extract<TurnEnd, { kind: 'wait' }>> {
  try {
    return await look();
  } catch (failure) {
    if (failure instanceof Contended) return later('contended', backOffSeconds(2, desk.random()));
    if (isMistake(failure)) throw failure;
    return afterTrouble(failure, desk);
  }
}

async function afterTrouble(failure: unknown, desk: Desk): Promise<Extract<TurnEnd, { kind: 'wait' }>> {
  if (failure instanceof CredentialFailure) {
    await reportFailure({ cause: 'credentials', saw: failure.code }, desk);
    return { ...later(failure.code, backOffSeconds(ATTEMPTS, desk.random())), credentialTrouble: true };
  }
  if (failure instanceof StageFailure) {
    await reportFailure({ cause: 'stage', saw: failure.code }, desk);
    return { ...later(failure.code, backOffSeconds(ATTEMPTS, desk.random())), stageTrouble: true };
  }
  if (failure instanceof TransientFailure) {
    if (!OF_ONE_CALL.includes(failure.code)) await reportFailure({ cause: 'trouble', saw: failure.code }, desk);
    return later(failure.code, backOffSeconds(ATTEMPTS, desk.random(), failure.retryAfterSeconds));
  }
  if (failure instanceof Blocked) return later(failure.code, backOffSeconds(ATTEMPTS, desk.random(), failure.retryAfterSeconds));
  return later('refused', REFUSED_AGAIN_AFTER);
}

const later = (code: string, seconds: number): Extract<TurnEnd, { kind: 'wait' }> => ({ kind: 'wait', entry: undefined, code, seconds });

/** Workfront answers, but does not want this very call now: that says nothing of the others. */
const OF_ONE_CALL = ['throttled', 'conflict'];
