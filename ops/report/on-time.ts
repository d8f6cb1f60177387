import type { LedgerEntry } from '../../lambda/domain/event/ledger-entry.ts';
import { sinceDue } from '../../lambda/domain/event/since-due.ts';
import { MINUTE, toMillis } from '../../lambda/domain/time/time.ts';
import { lengthOf } from '../terminal/times.ts';

/** How many deactivations were confirmed within a time from the moment that HR names: the figure of the stage's objective. */
export interface OnTime {
  /** All deactivations; a test of `ops send` finds nobody, so it is none. */
  of: number;
  within: number;
  /** The share, rounded down to a tenth; null if nobody was deactivated. */
  percent: number | null;
  /** In milliseconds. */
  target: number;
}

/** Counts events one by one, as the metric `FromEffective` does: from the moment that HR names, but not from before the event came. */
export function onTimeCount(target: number) {
  let of = 0;
  let within = 0;
  return {
    add(entry: LedgerEntry): void {
      if (entry.status !== 'deactivated' || entry.finishedAt === undefined) return;
      of += 1;
      if (sinceDue(entry, toMillis(entry.finishedAt)) <= target) within += 1;
    },
    figure: (): OnTime => ({ of, within, percent: of === 0 ? null : Math.floor((1000 * within) / of) / 10, target }),
  };
}

/** The objective that a stage has if it names none: docs/settings.md. */
export const USUAL = { percent: 95, withinMinutes: 60 };

/** In milliseconds. */
export const targetOf = ({ withinMinutes }: { withinMinutes: number }): number => withinMinutes * MINUTE;

/** @param period such as ` in the last 30 days`; nothing if the frame says it */
export function onTimeText({ of, within, percent, target }: OnTime, period = ''): string {
  return `on time${period}, within ${lengthOf(target)}: ${within} of ${of}${percent === null ? '' : ` (${percent} %)`}`;
}
