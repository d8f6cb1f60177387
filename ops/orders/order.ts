import { isReleasable } from '../../lambda/domain/deactivate/guards.ts';
import type { EventStatus } from '../../lambda/domain/event/event-status.ts';
import { isFinished } from '../../lambda/domain/event/event-status.ts';
import type { LedgerEntry } from '../../lambda/domain/event/ledger-entry.ts';
import { MINUTE, toMillis } from '../../lambda/domain/time/time.ts';
import { lengthOf } from '../terminal/times.ts';

type OrderKind = 'release' | 'reject' | 'cancel' | 'replay';

/** What an operator wants done to events. */
export interface Order {
  kind: OrderKind;
  reason: string | undefined;
  /** The user chosen among ambiguous ones. */
  userId?: string | undefined;
  /** The cause of a hold was mended: its guard is asked again, and not skipped. */
  recheck?: boolean | undefined;
}

/** Whether an order can be carried out on an event as it is. */
export type Verdict = { kind: 'act'; does: string } | { kind: 'nothing'; why: string } | { kind: 'refused'; why: string };

/** An event that nobody has touched for so long is looked at again: its message may be lost. */
const LOST_AFTER = 15 * MINUTE;

/** Pure: same event, same verdict. @param now milliseconds since the epoch */
export function judge(entry: LedgerEntry, order: Order, now: number): Verdict {
  if (isFinished(entry.status)) return { kind: 'nothing', why: `finished before: ${entry.status}` };

  switch (order.kind) {
    case 'release':
      return judgeRelease(entry, order);
    case 'reject':
      return entry.status === 'held'
        ? act('rejects it: the user stays as they are')
        : refused(`only a held event can be rejected, this is ${entry.status}`);
    case 'cancel':
      return judgeCancel(entry);
    case 'replay':
      return judgeReplay(entry, now);
  }
}

const act = (does: string): Verdict => ({ kind: 'act', does });
const refused = (why: string): Verdict => ({ kind: 'refused', why });

function judgeRelease({ status, hold }: LedgerEntry, { userId, recheck }: Order): Verdict {
  if (status === 'failed') return refused('it failed: replay does it again');
  if (status !== 'held' || hold === undefined) return { kind: 'nothing', why: `not held: ${status}` };

  const { guard, saw, releasing } = hold;
  if (guard === 'ambiguous') {
    if (userId === undefined) return refused(`${saw}: choose one with --user GUID`);
    if (!saw.includes(userId)) return refused(`${saw}: --user names none of them`);
    return act(`deactivates user ${userId}, if every other guard agrees`);
  }
  if (userId !== undefined) return refused(`--user decides between ambiguous users, this is held by ${guard}`);
  if (recheck) return act(`asks ${guard} again`);
  if (isReleasable(guard)) return act(releasing);
  return refused(`${guard} cannot be released. ${saw}. Releasing ${releasing} with --recheck`);
}

function judgeCancel({ status, waiting, lease, intent }: LedgerEntry): Verdict {
  const does = 'gives it up: the user stays as they are';
  if (CANCELLABLE.includes(status)) return act(does);
  const waits = waiting !== undefined && lease === undefined && intent === undefined;
  return waits ? act(does) : refused(`it is ${status} just now: look again in a minute`);
}

const CANCELLABLE: readonly EventStatus[] = ['scheduled', 'held', 'failed'];

function judgeReplay({ status, hold, updatedAt, waiting, effectiveAt }: LedgerEntry, now: number): Verdict {
  if (status === 'failed') return act('does it again from the start');
  if (status === 'held') return refused(`held by ${hold?.guard}: release or reject it`);

  const expected = status === 'scheduled' ? (effectiveAt ?? updatedAt) : (waiting?.until ?? updatedAt);
  const late = now - toMillis(expected);
  if (late > LOST_AFTER) return act(`looks at it again: nothing has happened since it was due ${lengthOf(late)} ago`);
  return { kind: 'nothing', why: status === 'scheduled' ? `scheduled for ${expected}` : `${status}: ${waiting?.saw ?? 'being worked on'}` };
}
