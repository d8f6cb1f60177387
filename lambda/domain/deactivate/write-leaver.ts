import type { Termination } from '../event/termination.ts';
import { CredentialFailure, isMistake, PermanentFailure, StageFailure } from '../failures.ts';
import { registerAccount } from '../person/known-person.ts';
import { isRehearsed } from '../policy.ts';
import type { Desk } from '../ports.ts';
import { readAhead } from '../read-ahead.ts';
import { giveBrakePlaceBack, takeBrakePlace } from '../stage/brake-place.ts';
import { reportWrite, stopIfPaused } from '../stage/gate.ts';
import { isInDoubt } from '../stage/refusals.ts';
import { STAGE_KEYS } from '../stage/shared-record.ts';
import { MAIN_ADMINISTRATOR } from '../stage/whose-refusal.ts';
import { toInstant } from '../time/time.ts';
import { conclude } from './conclude.ts';
import { landsFor } from './cut-short.ts';
import { BRAKE } from './guards/order.ts';
import { type HeardOfPerson, hearOfPerson, type Judged, judgeLeaver, keysToHear, type Question } from './judge-leaver.ts';
import { replaceEarlier } from './replace-termination.ts';
import type { TurnEnd } from './turn-end.ts';

/** What came up between the intent and the write: it was not sent. */
interface Stopped {
  kind: 'stopped';
  /** Without the intent. */
  entry: Termination;
  judged: Exclude<Judged, { kind: 'go' }>;
}

/**
 * The one write. A rescission leaves its word before it looks for an intent, and we write the intent before we look for words: one of the
 * two always sees the other.
 *
 * @throws Blocked if the stage was paused in the last moment, or the brake's last places are taken by writes under way; TransientFailure if
 *   the write may have taken effect; CredentialFailure, StageFailure; PermanentFailure if Workfront refuses this user
 */
export async function writeLeaver(question: Question, { found }: Extract<Judged, { kind: 'go' }>, desk: Desk): Promise<TurnEnd | Stopped> {
  const { entry, user, owner, circuit } = question;
  await registerAccount(entry, user.id, desk);
  const at = toInstant(desk.clock());
  const intent = { userId: user.id, at };
  const intended = await desk.ledger.writeEntry({ ...entry, ...found, placement: user.placement, intent, updatedAt: at });
  const { judged, heard } = await lastLook(question, intended, desk);
  if (judged.kind !== 'go') return { kind: 'stopped', entry: await withoutIntent(intended, entry, desk), judged };

  let confirmedBy: 'answer' | 'read';
  try {
    ({ confirmedBy } = await desk.directory.deactivate(user.id));
  } catch (failure) {
    if (failure instanceof PermanentFailure) throw await refused(failure, { question, intended }, desk);
    if (failure instanceof CredentialFailure || failure instanceof StageFailure) await withoutIntent(intended, entry, desk);
    throw failure;
  }
  const proof = confirmedBy === 'answer' ? 'answered isActive false for this user' : 'shows isActive false when read again';
  const why = `user ${user.id}, found by ${intended.matchedBy || 'a person'}, deactivated as user ${owner.userId}; Workfront ${proof}`;
  await replaceEarlier(intended, user.id, { desk, refs: heard.refs });
  const isOnly = heard.refs.length === 0;
  const end = await conclude(intended, { status: 'deactivated', why, write: 'took-effect', isOnly }, desk);
  if (circuit !== 'clean') await reportWrite(desk);
  return end;
}

/**
 * A definite refusal settles the intent, and one of an earlier turn too, unless that turn's write may still take effect.
 *
 * @returns the failure, with what is to be done
 */
async function refused(
  failure: PermanentFailure,
  { question, intended }: { question: Question; intended: Termination },
  desk: Desk,
): Promise<PermanentFailure> {
  // Its intent stays: a later turn looks at the user.
  if (isInDoubt(failure.code)) return failure;
  const { entry, user, owner } = question;
  const { intent: _intent, ...settled } = entry;
  await withoutIntent(intended, landsFor(entry, desk) > 0 ? entry : settled, desk);
  if (!user.isAdmin || !owner.seesEverybody || failure.code === 'user-not-found') return failure;
  const [saw] = failure.message.split(';');
  const advice = `no right helps with the main administrator: set another Admin Email (Setup > System > Customer Info), then replay`;
  return new PermanentFailure(MAIN_ADMINISTRATOR, `${saw} for a system administrator; ${advice}`, { cause: failure });
}

/**
 * Judges once more, by everything that HR said of the person until the intent was written; then asks the pause, and the brake last of all.
 * One read brings it all.
 */
async function lastLook(question: Question, intended: Termination, desk: Desk): Promise<{ judged: Judged; heard: HeardOfPerson }> {
  try {
    const records = [...keysToHear(question), STAGE_KEYS.pause, STAGE_KEYS.brake];
    const look = { ...desk, ledger: await readAhead(desk.ledger, { records }) };
    const heard = await hearOfPerson(question, look);
    const judged = await judgeLeaver(question, heard, look);
    if (judged.kind !== 'go') return { judged, heard };

    await stopIfPaused(look);
    return { judged: (await heldByBrake(question, look)) ?? judged, heard };
  } catch (failure) {
    if (!isMistake(failure)) await withoutIntent(intended, question.entry, desk);
    throw failure;
  }
}

async function heldByBrake({ entry, user, owner }: Question, desk: Desk): Promise<Extract<Judged, { kind: 'held' }> | undefined> {
  if (isRehearsed({ source: entry.source, userId: user.id }, desk.policy)) return undefined;
  if (entry.released.some(({ guard }) => guard === BRAKE.name)) return undefined;
  const saw = await takeBrakePlace(entry, owner.activeUsers, desk);
  if (saw === undefined) return undefined;
  return { kind: 'held', hold: { guard: BRAKE.name, saw, releasing: BRAKE.releasing, of: BRAKE.name }, found: {} };
}

/** The write was not sent, or definitely refused: its intent ends with that. One of an earlier turn, whose answer is missing, stays. */
async function withoutIntent(intended: Termination, { intent: earlier }: Termination, desk: Desk): Promise<Termination> {
  if (earlier === undefined) await giveBrakePlaceBack(intended, desk);
  const { intent: _intent, ...unwritten } = intended;
  return desk.ledger.writeEntry({ ...unwritten, event: intended.event, ...(earlier && { intent: earlier }) });
}
