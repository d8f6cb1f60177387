import { isFinished } from '../event/event-status.ts';
import type { Hold, LedgerEntry } from '../event/ledger-entry.ts';
import { withStatus } from '../event/transition.ts';
import { nextLook } from '../event/watch-times.ts';
import { keepPerson, letPersonGo } from '../person/known-person.ts';
import type { Desk } from '../ports.ts';
import { giveBrakePlaceBack } from '../stage/brake-place.ts';
import type { TurnEnd } from './turn-end.ts';

/** A status in which nothing is to be done now, with all that changes with it. */
export interface Rest
  extends Partial<Pick<LedgerEntry, 'workfrontUserId' | 'matchedBy' | 'effectiveAt' | 'effectiveFrom' | 'putOff' | 'sighted'>> {
  status: Exclude<LedgerEntry['status'], 'received' | 'processing'>;
  why: string;
  /** A code: the reason of a failure or cancellation. */
  reason?: string;
  hold?: Hold;
  /** `worker`, or the operator's identity. */
  by?: string;
  /** What became of the write that an intent announced: it ends with the fact that settles it. */
  write?: 'took-effect' | 'not-done';
  /** A moment ago the person had no other event: then nothing is kept, and nobody has to know what this one came to. */
  isOnly?: boolean;
}

/**
 * The only place that writes where an event rests. What is known of the person is kept before an open event rests, and let go after a
 * finished one; a schedule that is not needed any more is removed. The brake is told first of a write that was not done: whoever finds the
 * event at rest tells it nothing. Of one that took effect the brake finds out by itself.
 */
export async function conclude<Entry extends LedgerEntry>(entry: Entry, rest: Rest, desk: Desk): Promise<TurnEnd> {
  const { status, why, reason, hold, by = 'worker', write, isOnly = false, ...changes } = rest;
  const finished = isFinished(status);
  const accounts = finished ? undefined : await keepPerson({ ...entry, ...changes }, desk);
  if (write === 'not-done') await giveBrakePlaceBack(entry, desk);

  const { intent, kept: _kept, ...other } = entry;
  const before = {
    ...other,
    ...(accounts !== undefined && { kept: accounts }),
    ...(intent !== undefined && write === undefined && { intent }),
    // A brake release is good for the turn that it let through.
    released: entry.released.filter(({ guard }) => guard !== 'brake'),
  };
  const next = withStatus(before, status, { ...changes, by, why, now: desk.clock() });
  const written = await desk.ledger.writeEntry({
    ...next,
    ...(hold !== undefined && { hold, reason: hold.guard }),
    ...(reason !== undefined && { reason }),
  });

  if (finished && !(isOnly && entry.kept === undefined)) await letPersonGo({ ...entry, ...written }, desk);
  if (finished) await watchOn({ ...entry, ...written }, desk);
  if (finished && entry.effectiveAt !== undefined && status === 'cancelled') await desk.schedules.remove(entry, entry.effectiveAt);
  return { kind: 'settled', entry: written };
}

/**
 * What follows on the end of an event, and may be done again: after a crash in between, the message comes again and finds the event
 * finished.
 */
export async function afterEnd(entry: LedgerEntry, desk: Desk): Promise<void> {
  await letPersonGo(entry, desk);
  await watchOn(entry, desk);
}

async function watchOn(entry: LedgerEntry, desk: Desk): Promise<void> {
  const at = nextLook(entry, desk.policy, desk.clock());
  if (at !== undefined) await desk.schedules.setWatch(entry, at);
}

/** Stops at a guard, for a person. */
export const hold = (entry: LedgerEntry, held: Hold, rest: { desk: Desk; found?: Partial<Rest> }): Promise<TurnEnd> =>
  conclude(entry, { ...rest.found, status: 'held', why: `${held.guard}: ${held.saw}`, hold: held }, rest.desk);
