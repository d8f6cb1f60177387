import { isFinished } from '../event/event-status.ts';
import type { LeaverMessage } from '../event/leaver-message.ts';
import type { LedgerEntry } from '../event/ledger-entry.ts';
import { isRescission, isSignOfLife, isTermination } from '../event/termination.ts';
import { Contended, isMistake } from '../failures.ts';
import type { Together } from '../ledger-port.ts';
import { underLegalHold } from '../person/known-person.ts';
import { namedKey, personKeys, spokenOf } from '../person/person-record.ts';
import type { Desk, Turn } from '../ports.ts';
import { readAhead } from '../read-ahead.ts';
import { STAGE_KEYS } from '../stage/shared-record.ts';
import { backOffSeconds } from '../time/back-off.ts';
import { busyFor, undoDeactivation } from './after/undo.ts';
import { atRest } from './at-rest.ts';
import { afterEnd } from './conclude.ts';
import { deactivateLeaver } from './deactivate-leaver.ts';
import { noteSignOfLife } from './note-sign-of-life.ts';
import { obeyOperator } from './obey-operator.ts';
import { openEntry } from './open-entry.ts';
import { recover } from './recover.ts';
import { lookUpRescinded, rescind } from './rescind.ts';
import type { TurnEnd } from './turn-end.ts';

/** How often a message is decided again in one turn, when other workers keep writing first. */
const TURNS = 8;

/**
 * Takes one message as far as it can go now. Whatever happens ends in one of three ways: settled in the ledger, nothing
 * to do, or back to the queue for some seconds.
 *
 * @throws only what is no decision of ours: the ledger or the schedules cannot be reached, or a mistake in the code
 */
export async function handleMessage(message: LeaverMessage, desk: Desk, turn: Turn): Promise<TurnEnd> {
  for (let tries = 1; ; tries++) {
    try {
      const ahead = { ...desk, ledger: await readAhead(desk.ledger, firstQuestions(message)) };
      const opened = await openEntry(message, ahead);
      if (opened === undefined) return { kind: 'nothing-to-do', entry: undefined, why: 'the ledger has no such event' };
      if (message.kind === 'undo') return await undoDeactivation(opened, message, { desk, turn });
      const busy = message.kind === 'replay' ? busyFor(opened, turn, desk.clock()) : 0;
      // A worker that undoes the event may be about to activate its user.
      if (busy > 0) return { kind: 'wait', entry: opened, code: 'busy', seconds: busy };
      const entry = await obeyOperator(opened, message, desk);
      // A worker that died after its last write has left what is known of the person as if the event were open, and set no watch.
      if (isFinished(entry.status)) await afterEnd(entry, desk);
      if (isTermination(entry)) {
        const resting = atRest(entry);
        if (resting !== undefined) return resting;
        const own = message.kind === 'arrival' ? ahead : { ...desk, ledger: await readAhead(desk.ledger, { records: recordsOf(entry) }) };
        return await deactivateLeaver(entry, own, turn).catch(going(entry, desk, turn));
      }
      return await advanceOther(entry, desk).catch(going(entry, desk, turn));
    } catch (failure) {
      if (!(failure instanceof Contended)) throw failure;
      if (tries === TURNS) return { kind: 'wait', entry: undefined, code: 'contended', seconds: backOffSeconds(2, desk.random()) };
    }
  }
}

/** Goes on from a failure of the event's own turn. If nobody foresaw it, one more write puts an open event into the list of what waits. */
const going = (entry: LedgerEntry, desk: Desk, turn: Turn) => async (failure: unknown) => {
  const isForeseen = failure instanceof Contended || !isMistake(failure);
  if (!isForeseen && !isFinished(entry.status)) await desk.ledger.writeEntry(entry).catch(() => undefined);
  return recover(entry, failure, { desk, turn });
};

/** What a turn asks the ledger for certain, as far as the message says. */
function firstQuestions(message: LeaverMessage): Together {
  const ref = { source: message.source, eventId: message.eventId };
  if (message.kind !== 'arrival') return { entries: [ref] };
  const isLeaver = message.event.type === 'employee.terminated';
  return { entries: [ref], finished: [ref], records: isLeaver ? recordsOf(message) : [] };
}

/** The records that stand at the beginning of every turn: of the person, and of the stage. */
function recordsOf(entry: Pick<LedgerEntry, 'source' | 'eventId' | 'event'>): string[] {
  const { pause, circuit, tenant } = STAGE_KEYS;
  return [...personKeys(spokenOf(entry)), namedKey(entry), pause, circuit, tenant];
}

async function advanceOther(entry: LedgerEntry, desk: Desk): Promise<TurnEnd> {
  const resting = atRest(entry);
  if (isRescission(entry)) {
    if (resting === undefined) return rescind(await underLegalHold(entry, desk), desk);
    return entry.lookUpTries === undefined ? resting : lookUpRescinded(entry, desk);
  }
  if (resting !== undefined) return resting;
  if (!isSignOfLife(entry)) throw new Error('an event is a termination, a rescission or a sign of life');
  return noteSignOfLife(await underLegalHold(entry, desk), desk);
}
