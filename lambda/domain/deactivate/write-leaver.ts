import type { Termination } from '../event/termination.ts';
import { Blocked, CredentialFailure, PermanentFailure, StageFailure } from '../failures.ts';
import { registerAccount } from '../person/known-person.ts';
import type { Standing } from '../person/standing.ts';
import type { Desk } from '../ports.ts';
import { giveBrakePlaceBack } from '../stage/brake-place.ts';
import { reportWrite, stopIfPaused } from '../stage/gate.ts';
import { isInDoubt } from '../stage/refusals.ts';
import { MAIN_ADMINISTRATOR } from '../stage/whose-refusal.ts';
import { toInstant } from '../time/time.ts';
import { cancelTermination, rescindedBy } from './cancel-termination.ts';
import { conclude } from './conclude.ts';
import type { Found } from './find-leaver.ts';
import { ofEvents } from './guards/view.ts';
import { hearOfPerson, type Judged } from './judge-leaver.ts';
import { replaceEarlier } from './replace-termination.ts';
import type { TurnEnd } from './turn-end.ts';

/**
 * The one write. A rescission leaves its word before it looks for an intent, and we write the intent before we look for words: one of the
 * two always sees the other.
 *
 * @throws Blocked if the stage was paused, or HR said something else of the person, in the last moment; TransientFailure if the write may
 *   have taken effect; CredentialFailure, StageFailure; PermanentFailure if Workfront refuses this user
 */
export async function writeLeaver(found: Found, judged: Extract<Judged, { kind: 'go' }>, desk: Desk): Promise<TurnEnd> {
  const { entry, user, owner, circuit } = found;
  await registerAccount(entry, user.id, desk);
  const at = toInstant(desk.clock());
  const intended = await desk.ledger.writeEntry({
    ...entry,
    ...judged.found,
    placement: user.placement,
    intent: { userId: user.id, at },
    updatedAt: at,
  });
  const stopped = await lastLook({ ...found, entry: intended }, { before: entry, judged: judged.standing }, desk);
  if (stopped !== undefined) return stopped;

  let confirmedBy: 'answer' | 'read';
  try {
    ({ confirmedBy } = await desk.directory.deactivate(user.id));
  } catch (failure) {
    if (failure instanceof PermanentFailure) throw await refused(failure, { ...found, entry: intended }, desk);
    if (failure instanceof CredentialFailure || failure instanceof StageFailure) await withoutIntent(intended, entry, desk);
    throw failure;
  }
  const proof = confirmedBy === 'answer' ? 'answered isActive false for this user' : 'shows isActive false when read again';
  const why = `user ${user.id}, found by ${intended.matchedBy || 'a person'}, deactivated as user ${owner.userId}; Workfront ${proof}`;
  await replaceEarlier(intended, user.id, desk);
  const end = await conclude(intended, { status: 'deactivated', why, write: 'took-effect' }, desk);
  if (circuit !== 'clean') await reportWrite(desk);
  return end;
}

/** A definite refusal settles the intent, also one of an earlier turn. @returns the failure, with what is to be done */
async function refused(failure: PermanentFailure, { entry, user, owner }: Found, desk: Desk): Promise<PermanentFailure> {
  // Its intent stays: a later turn looks at the user.
  if (isInDoubt(failure.code)) return failure;
  const { intent: _intent, ...before } = entry;
  await withoutIntent(entry, before, desk);
  if (!user.isAdmin || !owner.seesEverybody || failure.code === 'user-not-found') return failure;
  const [saw] = failure.message.split(';');
  const advice = `no right helps with the main administrator: set another Admin Email (Setup > System > Customer Info), then replay`;
  return new PermanentFailure(MAIN_ADMINISTRATOR, `${saw} for a system administrator; ${advice}`, { cause: failure });
}

/** Looks at the person and at the pause once more: whoever spoke before the intent was written is heard. */
async function lastLook(
  found: Found,
  { before, judged }: { before: Termination; judged: Standing },
  desk: Desk,
): Promise<TurnEnd | undefined> {
  const { standing } = await hearOfPerson(found, desk);
  if (standing.voidedBy !== undefined) {
    return cancelTermination(await withoutIntent(found.entry, before, desk), rescindedBy(standing.voidedBy), desk);
  }
  try {
    if (doubtsOf(standing) !== doubtsOf(judged)) {
      const saw = 'HR said something of this person just before the write; the event starts over';
      throw new Blocked('heard-again', saw, { retryAfterSeconds: 1 });
    }
    await stopIfPaused(desk);
  } catch (blocked) {
    await withoutIntent(found.entry, before, desk);
    throw blocked;
  }
  return undefined;
}

const doubtsOf = ({ perhapsRescindedBy, signsOfLife }: Standing): string => `${ofEvents(perhapsRescindedBy)}/${ofEvents(signsOfLife)}`;

/** The write was not sent, or definitely refused: its intent ends with that. One of an earlier turn, whose answer is missing, stays. */
async function withoutIntent(intended: Termination, { intent: earlier }: Termination, desk: Desk): Promise<Termination> {
  if (earlier === undefined) await giveBrakePlaceBack(intended, desk);
  const { intent: _intent, ...unwritten } = intended;
  return desk.ledger.writeEntry({ ...unwritten, event: intended.event, ...(earlier && { intent: earlier }) });
}
