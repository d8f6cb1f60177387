import { isFinished } from '../event/event-status.ts';
import type { EventRef } from '../event/leaver-message.ts';
import { isTermination, type Termination } from '../event/termination.ts';
import { Blocked, CredentialFailure, StageFailure, TransientFailure } from '../failures.ts';
import { lookUpPerson } from '../person/known-person.ts';
import type { Word } from '../person/person-record.ts';
import { standingOf } from '../person/standing.ts';
import type { Desk, User } from '../ports.ts';
import { toMillis } from '../time/time.ts';
import { type AccessRecord, isFollowedUp } from './access-record.ts';

/** The address that the Console is asked about, or why it is not asked: a person must look first. */
export type Whose = { kind: 'address'; address: string } | { kind: 'doubt'; code: string; saw: string };

/** Enough of an address to name somebody; what Adobe makes of it is Adobe's business. */
const ADDRESS = /^[^\s@/?#]+@[^\s@/?#]+$/;

/**
 * Reads the address of the deactivated user, which is kept nowhere, and looks once more whether it is still this leaver's: HR or a person
 * may have changed their mind, and an address may belong to somebody else by now.
 *
 * @throws Blocked while Workfront is in trouble; PermanentFailure if Workfront refuses to show this user
 */
export async function whoseAccess(entry: Termination, { userId, testOnly, status }: AccessRecord, desk: Desk): Promise<Whose> {
  if (!isFollowedUp(entry)) return doubt('event-changed', `the event is ${entry.status} by now`);
  const user = await ask(() => desk.directory.read(userId));
  if (user === undefined) return doubt('user-gone', 'Workfront has no such user any more, so nothing says which address is meant');
  if (user.isActive && !testOnly) return doubt('active-again', 'the user is active in Workfront again');
  const { isVoid, isPerhapsVoid } = await withdrawalOf(entry, user, desk);
  if (isVoid) return doubt('rescinded', 'HR has withdrawn this termination since');
  // Who only looks again removes nothing: a perhaps does not stop that.
  if (isPerhapsVoid && status === 'waiting')
    return doubt('rescinded', 'HR has perhaps withdrawn this termination since, put it off, or hired the person again');

  const address = user.emailAddr;
  if (address === undefined || !ADDRESS.test(address)) return doubt('no-address', 'the user has no usable address in Workfront');
  const sharing = await ask(() => desk.directory.find([{ field: 'emailAddr', value: address }]));
  const another = sharing.find(({ id, isActive }) => isActive && id !== userId);
  if (another !== undefined) return doubt('address-in-use', `user ${another.id} is active and has the same address by now`);
  return { kind: 'address', address };
}

const doubt = (code: string, saw: string): Whose => ({ kind: 'doubt', code, saw });

/**
 * A rescission that came after the write was decided, and is perhaps of this termination, is for a person to judge before more is removed;
 * so is a hire or a transfer. An activation proves nothing: the identity provider's own sync may be what said it.
 */
async function withdrawalOf(entry: Termination, user: User, desk: Desk): Promise<{ isVoid: boolean; isPerhapsVoid: boolean }> {
  const { found, others } = await lookUpPerson(entry, { user }, desk);
  const { voidedBy, perhapsRescindedBy, signsOfLife } = standingOf(entry, { found, policy: desk.policy });
  const decidedAt = toMillis(entry.intent?.at ?? entry.receivedAt);
  const atWork = signsOfLife.filter(({ kind }) => kind === 'hired' || kind === 'transferred');
  let isPerhapsVoid = await isPutOff(others, decidedAt, desk);
  for (const word of [...perhapsRescindedBy, ...atWork]) isPerhapsVoid ||= await isNew(word, { entry, decidedAt }, desk);
  return { isVoid: voidedBy !== undefined, isPerhapsVoid };
}

/** Whether a word came after the write was decided. One that was received before may have waited elsewhere, as a dead letter, until after it. */
async function isNew(word: Word, { entry, decidedAt }: { entry: Termination; decidedAt: number }, { ledger }: Desk): Promise<boolean> {
  if (toMillis(word.receivedAt) >= decidedAt) return true;
  const heard = await ledger.readEntry(word);
  if (heard === undefined) return false;
  const [rested] = heard.history.filter(({ to }) => to !== 'received');
  return rested === undefined || rested.at >= (entry.finishedAt ?? entry.receivedAt);
}

/** Whether another termination of perhaps this person, recorded since, is still to come: then they may be at work until its day. */
async function isPutOff(others: readonly EventRef[], since: number, { ledger, clock }: Desk): Promise<boolean> {
  for (const ref of others) {
    const other = await ledger.readEntry(ref);
    if (other === undefined || !isTermination(other) || isFinished(other.status) || toMillis(other.receivedAt) < since) continue;
    const { effectiveAt } = other;
    if (effectiveAt === undefined ? !other.event.effective.immediate : toMillis(effectiveAt) > clock()) return true;
  }
  return false;
}

/** Trouble of Workfront is not that of the Console: it waits here, and the turns of leavers find out for themselves. */
async function ask<T>(question: () => Promise<T>): Promise<T> {
  try {
    return await question();
  } catch (failure) {
    if (failure instanceof CredentialFailure || failure instanceof StageFailure)
      throw new Blocked(failure.code, failure.message, { untilRepaired: true });
    if (!(failure instanceof TransientFailure)) throw failure;
    const { retryAfterSeconds = 0 } = failure;
    throw new Blocked(failure.code, failure.message, { retryAfterSeconds });
  }
}
