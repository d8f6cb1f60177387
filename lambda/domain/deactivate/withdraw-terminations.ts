import { isFinished } from '../event/event-status.ts';
import type { EventRef } from '../event/leaver-message.ts';
import { isTermination, type Termination } from '../event/termination.ts';
import { changePerson } from '../person/known-person.ts';
import { forgetting, isSameEvent, NEW_PERSON, personKeys, spokenOf, type Word, withWord } from '../person/person-record.ts';
import { meaningOf, names } from '../person/standing.ts';
import type { Desk } from '../ports.ts';
import { rescindedBy } from './cancel-termination.ts';
import { conclude } from './conclude.ts';
import { concludeTookEffect, settledWrite, stopWhileWritten } from './cut-short.ts';

/** What a rescission has done to the terminations of its person. */
export interface Effects {
  cancelled: string[];
  /** Users who were deactivated before. */
  tooLate: string[];
  dealtWith: EventRef[];
  /** Whether there was a termination at all. */
  foundAny: boolean;
}

export const noEffects = (): Effects => ({ cancelled: [], tooLate: [], dealtWith: [], foundAny: false });

/** Leaves what HR said under keys of the person. @returns every termination known under them */
export async function leaveWord(word: Word, keys: readonly string[], desk: Desk): Promise<EventRef[]> {
  const refs: EventRef[] = [];
  for (const key of keys) {
    await changePerson(
      key,
      (record) => {
        const person = record ?? NEW_PERSON;
        refs.push(...person.events.filter((ref) => !refs.some((one) => isSameEvent(one, ref))));
        const next = withWord(person, word);
        return next === record ? undefined : next;
      },
      desk,
    );
  }
  return refs;
}

/**
 * Withdraws the terminations that a rescission reaches, and notes the ones that it came too late for.
 *
 * @param reached how they were found: under a key that both name, or through the Workfront user
 * @throws Blocked while one of them is being written
 */
export async function dealWith(
  { refs, word, reached }: { refs: readonly EventRef[]; word: Word; reached: 'key' | 'user' },
  effects: Effects,
  desk: Desk,
): Promise<void> {
  for (const ref of refs) {
    const termination = await desk.ledger.readEntry(ref);
    if (termination === undefined || !isTermination(termination)) continue;
    effects.foundAny = true;
    if (reached === 'user' && (names(word, termination) || sharesKey(termination, word))) continue;
    const meaning = meaningOf(word, termination, { reached, policy: desk.policy });
    if (meaning === 'nothing') continue;
    if (termination.status === 'deactivated' || termination.status === 'returned')
      effects.tooLate.push(termination.workfrontUserId ?? 'unknown');
    if (meaning !== 'void') {
      // A perhaps cancels nothing: the termination is held at its next turn, unless its write was sent already.
      const userId = await writtenUser(termination, desk);
      if (userId !== undefined) effects.tooLate.push(userId);
      continue;
    }
    await withdraw(termination, { word, effects }, desk);
    effects.dealtWith.push(ref);
  }
}

/** @returns the user that a write without an outcome has deactivated; undefined if there is no such write */
async function writtenUser(termination: Termination, desk: Desk): Promise<string | undefined> {
  stopWhileWritten(termination, desk);
  return (await settledWrite(termination, desk)) === 'took-effect' ? termination.intent?.userId : undefined;
}

/** Whether the two were brought together by a key that both name: then it was dealt with before any account was looked at. */
function sharesKey(termination: Termination, word: Word): boolean {
  const keys = personKeys(word);
  return personKeys(spokenOf(termination)).some((key) => keys.includes(key));
}

async function withdraw(termination: Termination, { word, effects }: { word: Word; effects: Effects }, desk: Desk): Promise<void> {
  const because = rescindedBy(word);
  // A worker that died, or waited, in the middle of this very rescission has ended it.
  const endedAs = termination.history.at(-1)?.why === because.why ? termination.status : undefined;
  if (endedAs === 'cancelled') effects.cancelled.push(termination.eventId);
  if (endedAs === 'accepted') effects.tooLate.push(termination.workfrontUserId ?? 'unknown');
  const userId = await writtenUser(termination, desk);
  if (userId !== undefined) effects.tooLate.push(userId);
  if (isFinished(termination.status)) return;
  if (userId !== undefined) {
    await concludeTookEffect(termination, desk);
    return;
  }
  if (termination.status === 'returned') {
    await conclude(termination, { status: 'accepted', reason: 'rescinded', why: because.why }, desk);
    return;
  }
  await conclude(termination, { status: 'cancelled', ...because, write: 'not-done' }, desk);
  effects.cancelled.push(termination.eventId);
}

/** Forgets the terminations that this rescission dealt with, so that the next one does not report them again. */
export async function forget(dealtWith: readonly EventRef[], keys: readonly string[], desk: Desk): Promise<void> {
  if (dealtWith.length === 0) return;
  for (const key of keys) {
    await changePerson(
      key,
      (person) => {
        const next = person && forgetting(person, dealtWith);
        return next === person ? undefined : next;
      },
      desk,
    );
  }
}
