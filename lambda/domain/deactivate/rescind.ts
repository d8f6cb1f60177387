import type { EventRef } from '../event/leaver-message.ts';
import type { Hold } from '../event/ledger-entry.ts';
import type { Rescission } from '../event/termination.ts';
import { isMistake } from '../failures.ts';
import { accountKey, isSameEvent, namedKey, personKeys, spokenOf, wordOf } from '../person/person-record.ts';
import type { Desk } from '../ports.ts';
import { HOUR, toInstant } from '../time/time.ts';
import { conclude } from './conclude.ts';
import { accountsOf } from './rescinded-accounts.ts';
import type { TurnEnd } from './turn-end.ts';
import { dealWith, type Effects, forget, leaveWord, noEffects } from './withdraw-terminations.ts';

/**
 * Takes a rescission to its end: first it leaves its word under every key of the person, so that no termination recorded before can
 * act any more, then those already known are cancelled. One that was deactivated before is for a person: never a reactivation.
 * Looking the employee up in Workfront is a supplement, for keys that have changed since: it waits for nothing.
 *
 * @throws Blocked while one of them is being written; Contended, TransientFailure, CredentialFailure, PermanentFailure
 */
export async function rescind(entry: Rescission, desk: Desk): Promise<TurnEnd> {
  const word = wordOf(entry);
  const effects = noEffects();
  const own = withNamed(await leaveWord(word, keysOf(entry), desk), entry);
  await dealWith({ refs: own, word, reached: 'key' }, effects, desk);

  const accounts = await accountsOf(entry, desk);
  const more = await leaveWord(word, (accounts ?? []).map(accountKey), desk);
  await dealWith({ refs: more, word, reached: 'user' }, effects, desk);

  const held = needsPerson(entry, effects);
  const foundNothing = !effects.foundAny && accounts?.length === 0;
  const why = `word left, ${effects.cancelled.length} open terminations cancelled${accounts === undefined ? '; Workfront could not be asked' : ''}`;
  const tries = accounts === undefined ? { lookUpTries: 1 } : {};
  const end = await (held === undefined
    ? conclude({ ...entry, ...tries }, { status: 'rescinded', why, ...(foundNothing && { reason: 'found-nothing' }) }, desk)
    : conclude({ ...entry, ...tries }, { status: 'held', why: `${held.guard}: ${held.saw}`, hold: held }, desk));
  await forget(effects.dealtWith, [...keysOf(entry), ...(accounts ?? []).map(accountKey)], desk);
  if (accounts === undefined) await desk.schedules.set(entry, toInstant(desk.clock() + HOUR));
  return end;
}

/** More tries than this do not help: a week of trouble, and every key of the event was heard at once. */
const MOST_TRIES = 168;

/**
 * Looks the employee of a rescission up in Workfront, if that was not possible before. What it dealt with is forgotten once the ledger
 * has what came of it: a worker that dies in between has to find it again.
 */
export async function lookUpRescinded(entry: Rescission, desk: Desk): Promise<TurnEnd> {
  const reached = await reachAccounts(entry, desk);
  const { lookUpTries = 0, ...done } = entry;
  if (reached === undefined) {
    const tries = lookUpTries + 1;
    const next = await desk.ledger.writeEntry({ ...entry, lookUpTries: tries });
    if (tries < MOST_TRIES) await desk.schedules.set(entry, toInstant(desk.clock() + HOUR));
    return { kind: 'settled', entry: next };
  }
  const end = await concludeLooked({ ...done, event: entry.event }, reached.effects, desk);
  await forget(reached.effects.dealtWith, reached.keys, desk);
  return end;
}

async function concludeLooked(looked: Rescission, effects: Effects, desk: Desk): Promise<TurnEnd> {
  const held = needsPerson(looked, effects);
  if (held === undefined) return { kind: 'settled', entry: await desk.ledger.writeEntry(looked) };
  if (looked.hold === undefined) return conclude(looked, { status: 'held', why: `${held.guard}: ${held.saw}`, hold: held }, desk);
  // A person is to decide already, and has to know this as well.
  const both = { ...held, saw: `${looked.hold.saw}; ${held.saw}` };
  return { kind: 'settled', entry: await desk.ledger.writeEntry({ ...looked, hold: both, reason: both.guard }) };
}

/** @returns what became of the terminations of the employee's accounts, and the keys of these; undefined if it cannot be known now */
async function reachAccounts(entry: Rescission, desk: Desk): Promise<{ effects: Effects; keys: string[] } | undefined> {
  const effects = noEffects();
  try {
    const accounts = await accountsOf(entry, desk);
    if (accounts === undefined) return undefined;
    const keys = accounts.map(accountKey);
    const word = wordOf(entry);
    await dealWith({ refs: await leaveWord(word, keys, desk), word, reached: 'user' }, effects, desk);
    return { effects, keys };
  } catch (failure) {
    // One of them is being written: how that ends is seen in an hour.
    if (isMistake(failure)) throw failure;
    return undefined;
  }
}

const keysOf = (entry: Rescission): string[] => {
  const { rescinds } = entry.event;
  return [...personKeys(spokenOf(entry)), ...(rescinds === undefined ? [] : [namedKey({ source: entry.source, eventId: rescinds })])];
};

function withNamed(refs: EventRef[], { source, event: { rescinds } }: Rescission): EventRef[] {
  const named = rescinds === undefined ? undefined : { source, eventId: rescinds };
  return named === undefined || refs.some((ref) => isSameEvent(ref, named)) ? refs : [...refs, named];
}

function needsPerson({ event }: Rescission, { cancelled, tooLate }: Effects): Hold | undefined {
  if (tooLate.length > 0) {
    return {
      guard: 'rescinded-after-deactivation',
      saw: `user ${[...new Set(tooLate)].join(', ')} was deactivated before HR withdrew the termination`,
      releasing:
        'records that a person has decided about the account; it reactivates nothing: if the person stays, undo their deactivation first',
    };
  }
  const unnamed = event.rescinds === undefined ? [] : cancelled.filter((eventId) => eventId !== event.rescinds);
  if (unnamed.length === 0) return undefined;
  return {
    guard: 'cancelled-more-than-named',
    saw: `HR withdrew ${event.rescinds}; ${unnamed.join(', ')} of the same person, recorded before that, was cancelled with it`,
    releasing: 'records that a person has asked HR whether the leaver stays; if not, HR must send the termination again',
  };
}
