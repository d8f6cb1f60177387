import { conclude } from '../deactivate/conclude.ts';
import { stopWhileUndone } from '../deactivate/cut-short.ts';
import { readOthers } from '../deactivate/other-terminations.ts';
import type { TurnEnd } from '../deactivate/turn-end.ts';
import type { EventRef } from '../event/leaver-message.ts';
import type { LedgerEntry } from '../event/ledger-entry.ts';
import type { Termination } from '../event/termination.ts';
import { isWatched, nextLook } from '../event/watch-times.ts';
import { PermanentFailure } from '../failures.ts';
import { lookUpPerson } from '../person/known-person.ts';
import { relationOf } from '../person/one-person.ts';
import { spokenOf, type Word } from '../person/person-record.ts';
import { standingOf } from '../person/standing.ts';
import type { Desk, User } from '../ports.ts';
import { toInstant } from '../time/time.ts';
import { dropFinding, noteFinding } from './findings.ts';
import { mustBeOurs, stopIfClosed } from './may-look.ts';

/** What a look at the user of a finished event showed, if nothing is to be done. */
export interface Looked {
  kind: 'looked';
  entry: LedgerEntry;
  /** `expected`: active, and HR says that the person is at work. `unreadable`: Workfront does not show this user. */
  saw: 'inactive' | 'expected' | 'gone' | 'unreadable';
}

/**
 * Reads the user of a finished event again, with one call: they were inactive, and must stay so. It never writes to Workfront. What HR has
 * said of the person since is heard after the user was read, so that the latest word counts.
 *
 * @throws Contended, Blocked while the event is being undone, and while the stage is paused, in trouble or looks into another customer's Workfront; what the directory throws
 */
export async function lookAgain(ref: EventRef, desk: Desk): Promise<TurnEnd | Looked> {
  const entry = await desk.ledger.readEntry(ref);
  if (entry === undefined || !isWatched(entry)) {
    return { kind: 'nothing-to-do', entry, why: `not watched: ${entry?.status ?? 'the ledger has no such event'}` };
  }
  stopWhileUndone(entry, desk);
  await stopIfClosed(desk);
  const { seesEverybody } = await mustBeOurs(desk);

  const { workfrontUserId } = entry;
  const user = await readUser(workfrontUserId, desk);
  if (user === 'unreadable' || (user === undefined && !seesEverybody)) {
    const saw = `user ${workfrontUserId} was inactive, and Workfront does not show them to the credential any more`;
    await noteFinding({ ...ref, what: 'unreadable', saw }, desk);
    return goOn(entry, 'unreadable', desk);
  }
  if (user === undefined) {
    const noted = await desk.ledger.writeEntry({ ...entry, userGone: toInstant(desk.clock()) });
    return { kind: 'looked', entry: noted, saw: 'gone' };
  }
  if (!user.isActive) return goOn(entry, 'inactive', desk);
  if (await isExpected(entry, user, desk)) return goOn(entry, 'expected', desk);
  return conclude(entry, { status: 'returned', why: `user ${user.id} was inactive since ${entry.finishedAt}, and is active again` }, desk);
}

/** The next look is set before this one's message is deleted. */
async function goOn(entry: LedgerEntry, saw: Looked['saw'], desk: Desk): Promise<Looked> {
  if (saw !== 'unreadable') await dropFinding(entry, ['unreadable'], desk);
  const at = nextLook(entry, desk.policy, desk.clock());
  if (at !== undefined) await desk.schedules.setWatch(entry, at);
  return { kind: 'looked', entry, saw };
}

async function readUser(userId: string, { directory }: Desk): Promise<User | undefined | 'unreadable'> {
  try {
    return await directory.read(userId);
  } catch (failure) {
    if (failure instanceof PermanentFailure) return 'unreadable';
    throw failure;
  }
}

/**
 * Whether HR has said since that the person is at work: it withdrew the termination, put it off by another event, or hired the same person
 * again. What is only perhaps of this person proves nothing.
 */
async function isExpected(entry: Termination, user: User, desk: Desk): Promise<boolean> {
  const known = await lookUpPerson(entry, { user }, desk);
  const { voidedBy, signsOfLife } = standingOf(entry, { found: known.found, policy: desk.policy });
  if (voidedBy !== undefined || signsOfLife.some((word) => saysAtWork(word, entry, desk))) return true;
  return (await readOthers(entry, { refs: known.others, reached: 'user' }, desk)).replacedBy !== undefined;
}

/** An identity provider's word proves nothing: its own sync may be what activated the user. */
function saysAtWork(word: Word, entry: Termination, { policy, clock }: Desk): boolean {
  if (word.kind !== 'hired' && word.kind !== 'transferred') return false;
  if ((word.startsOn ?? '') > toInstant(clock())) return false;
  return relationOf({ source: word.source, employee: word.employee }, { of: spokenOf(entry), reached: 'key', policy }) === 'same';
}
