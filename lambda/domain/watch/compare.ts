import { askHr, type Heard } from '../deactivate/ask-hr.ts';
import { OTHERS_UNSEEN, UNKNOWN_TO_HR } from '../deactivate/confirm-with-hr.ts';
import type { TurnEnd } from '../deactivate/turn-end.ts';
import type { EventRef } from '../event/leaver-message.ts';
import { isTermination, type Termination } from '../event/termination.ts';
import { PermanentFailure } from '../failures.ts';
import { matchKeys, resolveLeaver } from '../person/leaver-match.ts';
import { matchKeyRules } from '../policy.ts';
import type { Desk, User } from '../ports.ts';
import { dropFinding, type Finding, noteFinding } from './findings.ts';
import { mustBeOurs, stopIfClosed } from './may-look.ts';
import { COMPARED } from './sweep.ts';

/** What a comparison found. */
export interface Compared {
  kind: 'compared';
  found: Finding['what'] | undefined;
}

/**
 * Compares what HR says now of the person of a finished event with their user: deactivated by us and employed, or gone and active. One
 * call to HR, and one or two to Workfront if its answer and the end of the event do not fit. It writes a finding, and never a user.
 *
 * @throws Contended, Blocked, and what HR's look-up and the directory throw
 */
export async function compareWithHr(ref: EventRef, desk: Desk): Promise<TurnEnd | Compared> {
  const entry = await desk.ledger.readEntry(ref);
  if (entry === undefined || !isTermination(entry)) return { kind: 'nothing-to-do', entry, why: 'no termination to compare' };
  const found = await findingAbout(entry, desk);
  if (found === undefined) await dropFinding(ref, ['employed', 'still-active'], desk);
  else await noteFinding({ ...ref, ...found }, desk);
  return { kind: 'compared', found: found?.what };
}

async function findingAbout(entry: Termination, desk: Desk): Promise<Pick<Finding, 'what' | 'saw'> | undefined> {
  if (!COMPARED.includes(entry.status)) return undefined;
  const heard = await askHr(entry, desk).catch(undefinedIfRefused);
  if (heard === undefined) return undefined;
  if (entry.status === 'deactivated') return employedAlthough(entry, heard, desk);
  if (!isGone(heard)) return undefined;
  const active = (await activeOf(entry, desk)) ?? [];
  if (active.length === 0) return undefined;
  const saw = `the event is ${entry.status}, HR shows the employee as gone, and user ${active.map(({ id }) => id).join(', ')} is active`;
  return { what: 'still-active', saw };
}

/** Deactivated by us, inactive still, and HR does not say that they left. Some HR systems delete who left. */
async function employedAlthough(entry: Termination, heard: Heard, desk: Desk): Promise<Pick<Finding, 'what' | 'saw'> | undefined> {
  if (heard.kind === 'confirmed' || heard.kind === 'not-asked' || heard.saw === UNKNOWN_TO_HR) return undefined;
  if (isGone(heard) || (heard.kind === 'contradicts' && heard.inconclusive)) return undefined;
  const active = await activeOf(entry, desk);
  if (active?.length) return undefined;
  const saw = `user ${entry.workfrontUserId} was deactivated, and ${heard.saw}`;
  return active === undefined ? { what: 'unreadable', saw: `${saw}; Workfront does not show the user now` } : { what: 'employed', saw };
}

/** A finding changes nothing: that other records may be hidden is no reason to keep quiet about the one that has ended. */
const isGone = (heard: Heard): boolean => heard.kind === 'confirmed' || (heard.kind === 'contradicts' && heard.saw === OTHERS_UNSEEN);

/** HR will never answer about this employee: then there is nothing to compare. */
function undefinedIfRefused(failure: unknown): undefined {
  if (!(failure instanceof PermanentFailure)) throw failure;
}

/** The users of the event who are active. @returns undefined if Workfront does not show the user: then nobody can say whether they are active */
async function activeOf({ workfrontUserId, source, event }: Termination, desk: Desk): Promise<User[] | undefined> {
  await stopIfClosed(desk);
  await mustBeOurs(desk);
  if (workfrontUserId === undefined) {
    const keys = matchKeys(event.employee, matchKeyRules(source, desk.policy));
    return (await resolveLeaver(keys, desk.directory)).users.filter(({ isActive }) => isActive);
  }
  try {
    const user = await desk.directory.read(workfrontUserId);
    return user?.isActive ? [user] : [];
  } catch (failure) {
    return undefinedIfRefused(failure);
  }
}
