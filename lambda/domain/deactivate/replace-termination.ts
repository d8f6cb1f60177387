import { isFinished } from '../event/event-status.ts';
import type { EventRef } from '../event/leaver-message.ts';
import { isTermination, type Termination } from '../event/termination.ts';
import { keepPerson, lookUpPerson } from '../person/known-person.ts';
import { relationOf } from '../person/one-person.ts';
import { spokenOf } from '../person/person-record.ts';
import { isLater, recordedOf } from '../person/recorded-order.ts';
import type { Desk } from '../ports.ts';
import { cancelTermination, supersededBy } from './cancel-termination.ts';
import { conclude } from './conclude.ts';
import { stopWhileWritten } from './cut-short.ts';
import type { TurnEnd } from './turn-end.ts';

/**
 * Cancels a termination that a later word of HR replaces. Who matched it before goes over to that one: it must not end as if nobody had
 * an account, if HR wrote the number in another way this time.
 *
 * @throws Contended if the later one changed meanwhile; Blocked while a write that was sent may still take effect
 */
export async function cancelReplaced(entry: Termination, replacedBy: EventRef & { effectiveAt: string }, desk: Desk): Promise<TurnEnd> {
  const next = await desk.ledger.readEntry(replacedBy);
  if (next !== undefined && !isFinished(next.status) && entry.sighted !== undefined && !next.sighted?.users.length) {
    const seen = { ...next, sighted: entry.sighted };
    await desk.ledger.writeEntry({ ...seen, kept: await keepPerson(seen, desk) });
  }
  return cancelTermination(entry, supersededBy(replacedBy), desk);
}

/**
 * Ends the earlier terminations of the person, before this one is recorded as done: they would act on their own days, when this one may be
 * forgotten. An order to act at once stands. That the user had returned after one of them is no question any more.
 *
 * @param userId the account that has no access
 * @throws Contended, Blocked, as {@link cancelReplaced}
 */
export async function replaceEarlier(
  entry: Termination,
  userId: string,
  { desk, refs }: { desk: Desk; refs?: readonly EventRef[] },
): Promise<void> {
  const others = refs ?? (await lookUpPerson(entry, { user: undefined, sighted: [userId] }, desk)).others;
  for (const ref of others) {
    const other = await desk.ledger.readEntry(ref);
    if (other === undefined || !isTermination(other) || isFinished(other.status)) continue;
    const relation = relationOf(spokenOf(entry), { of: spokenOf(other), reached: 'user', policy: desk.policy });
    // Of another source, that this one does not speak for, it is never more than perhaps the same.
    if (relation !== 'same' || !isLater(recordedOf(entry), recordedOf(other))) continue;
    if (other.status === 'returned') await answerReturn(other, { userId, by: entry }, desk);
    else if (!other.event.effective.immediate) {
      stopWhileWritten(other, desk);
      await cancelTermination(other, supersededBy(entry), desk);
    }
  }
}

/** Another account of the person is as active as before. Whoever undoes the event says themselves what became of the user. */
async function answerReturn(returned: Termination, { userId, by }: { userId: string; by: EventRef }, desk: Desk): Promise<void> {
  if (returned.workfrontUserId !== userId || returned.lease !== undefined) return;
  const why = `user ${userId} has no access again, by event ${by.eventId} of ${by.source}`;
  await conclude(returned, { status: 'accepted', reason: 'superseded', why }, desk);
}
