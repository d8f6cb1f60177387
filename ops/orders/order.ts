import { UNDOABLE } from '../../lambda/domain/deactivate/after/undo.ts';
import { isReleasable } from '../../lambda/domain/deactivate/guards/order.ts';
import type { EventStatus } from '../../lambda/domain/event/event-status.ts';
import { isFinished, mayBeReopened } from '../../lambda/domain/event/event-status.ts';
import type { LedgerEntry, Release } from '../../lambda/domain/event/ledger-entry.ts';
import { MINUTE, toMillis } from '../../lambda/domain/time/time.ts';
import { shownBy } from '../events/holds.ts';
import { lengthOf } from '../terminal/times.ts';

/** The statuses that a replay can begin from: what failed, and what ended without a write. */
export const REPLAYED = ['failed', 'no-account', 'would-deactivate'] as const satisfies readonly EventStatus[];

type OrderKind = 'release' | 'reject' | 'cancel' | 'replay' | 'reopen' | 'deactivate-again' | 'accept' | 'undo';

/** What an operator wants done to events. */
export interface Order {
  kind: OrderKind;
  reason: string | undefined;
  /** The user meant: one of those that a hold names, or that a replay is to decide about. */
  userId?: string | undefined;
  /** The cause of a hold was fixed: its guard is asked again, instead of being skipped. */
  recheck?: boolean | undefined;
  /** What the guard was wrong about. */
  because?: Release['because'];
}

/** Whether an order can be carried out on an event as it is. */
export type Verdict = { kind: 'act'; does: string } | { kind: 'nothing'; why: string } | { kind: 'refused'; why: string };

/** An event that nothing has changed for so long may be replayed, because its message may be lost. */
const LOST_AFTER = 15 * MINUTE;

/** Judges an order on one event. Pure: same event, same verdict. @param now milliseconds since the epoch */
export function judge(entry: LedgerEntry, order: Order, now: number): Verdict {
  if (order.kind === 'undo') return judgeUndo(entry);
  if (isFinished(entry.status)) return judgeFinished(entry, order);

  switch (order.kind) {
    case 'release':
      return judgeRelease(entry, order);
    case 'reject':
      return entry.status === 'held'
        ? act('rejects the event: the user stays as they are')
        : refused(`only a held event can be rejected; this event is ${entry.status}`);
    case 'cancel':
      return judgeCancel(entry);
    case 'replay':
      return judgeReplay(entry, now);
    case 'deactivate-again':
    case 'accept':
      return judgeReturned(entry, order);
    case 'reopen':
      return refused(`only a rejected event can be reopened; this event is ${entry.status}`);
  }
}

function judgeReturned({ status, workfrontUserId }: LedgerEntry, { kind }: Order): Verdict {
  if (status !== 'returned') return refused(`only for an event whose user is active again; this event is ${status}`);
  return kind === 'accept'
    ? act(`user ${workfrontUserId} may be active: ends the event`)
    : act(`deactivates user ${workfrontUserId} again, if every guard agrees`);
}

/** Whether the order is to process an event again that ended without a look at the right user, or any. */
export const isRepetition = ({ status }: Pick<LedgerEntry, 'status'>, { kind }: Pick<Order, 'kind'>): boolean =>
  kind === 'replay' && mayBeReopened(status) && status !== 'rejected';

function judgeFinished(entry: LedgerEntry, { kind, userId }: Order): Verdict {
  const { status } = entry;
  if (kind === 'reopen' && status === 'rejected') return act('decides about it again from the start');
  if (kind === 'replay' && status === 'rejected') return refused('a person rejected it; if that was a mistake, use reopen');
  if (!isRepetition(entry, { kind })) return { kind: 'nothing', why: `already finished: ${status}` };
  return act(userId === undefined ? 'processes it again from the start' : `processes it again, for user ${userId}`);
}

function judgeUndo({ status, workfrontUserId, undoing }: LedgerEntry): Verdict {
  if (status === 'undone') return { kind: 'nothing', why: 'already undone' };
  if (!UNDOABLE.includes(status) || workfrontUserId === undefined)
    return refused(`only what this product deactivated can be undone; this event is ${status}`);
  const again = undoing?.refused === undefined ? '' : `; it was refused before: ${undoing.refused.saw}`;
  return act(`activates user ${workfrontUserId} again${again}`);
}

const act = (does: string): Verdict => ({ kind: 'act', does });
const refused = (why: string): Verdict => ({ kind: 'refused', why });

function judgeRelease({ status, hold }: LedgerEntry, { userId, recheck }: Order): Verdict {
  if (status === 'failed') return refused('it failed; use replay to try again');
  if (status !== 'held' || hold === undefined) return { kind: 'nothing', why: `not held: ${status}` };

  const { guard, saw, releasing } = hold;
  if (guard === 'ambiguous' && userId === undefined) return refused(`${saw}; choose one with --user GUID`);
  if (userId !== undefined) return judgeChoice(hold, userId);
  if (recheck) return act(`asks ${guard} again`);
  if (!isReleasable(guard)) return refused(`${guard} cannot be released. ${saw}. Releasing ${releasing} with --recheck`);
  const also = shownBy(hold).slice(1);
  const answered = also.flatMap((one) => (isReleasable(one.guard) ? [one.guard] : []));
  return act(answered.length === 0 ? releasing : `${releasing}; it answers ${answered.join(', ')} too`);
}

/** Guards that do not agree on who is meant: a person may say it. */
const ABOUT_WHO: readonly string[] = ['ambiguous', 'identity-changed'];

function judgeChoice(hold: NonNullable<LedgerEntry['hold']>, userId: string): Verdict {
  const who = shownBy(hold).filter(({ guard }) => ABOUT_WHO.includes(guard));
  if (who.length === 0)
    return refused(`--user is only for events held by ${ABOUT_WHO.join(' or ')}, this event is held by ${hold.guard}; leave --user out`);
  if (!who.some(({ saw, of }) => saw.includes(userId) || of?.includes(userId))) {
    return refused(`${who.map(({ saw }) => saw).join('; ')}; --user must name one of them`);
  }
  return act(`deactivates user ${userId}, if every other guard agrees`);
}

function judgeCancel({ status, waiting, lease, intent }: LedgerEntry): Verdict {
  const does = 'cancels the event: the user stays as they are';
  if (CANCELLABLE.includes(status)) return act(does);
  if (status === 'returned') return refused(CAME_BACK);
  const waits = waiting !== undefined && lease === undefined && intent === undefined;
  return waits ? act(does) : refused(`it is ${status} right now; try again in a minute`);
}

const CAME_BACK = 'its user is active again; use deactivate-again or accept';

const CANCELLABLE: readonly EventStatus[] = ['scheduled', 'held', 'failed'];

function judgeReplay({ status, hold, updatedAt, waiting, effectiveAt }: LedgerEntry, now: number): Verdict {
  if (status === 'failed') return act('tries again from the start');
  if (status === 'returned') return refused(CAME_BACK);
  if (status === 'held') return refused(`held by ${hold?.guard}; release or reject it`);

  const expected = status === 'scheduled' ? (effectiveAt ?? updatedAt) : (waiting?.until ?? updatedAt);
  const late = now - toMillis(expected);
  if (late > LOST_AFTER) return act(`sends it to the worker again: nothing has happened since it was due ${lengthOf(late)} ago`);
  return {
    kind: 'nothing',
    why: status === 'scheduled' ? `scheduled for ${expected}` : `${status}: ${waiting?.saw ?? 'the worker is working on it'}`,
  };
}
