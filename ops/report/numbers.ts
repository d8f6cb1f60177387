import { DAY, HOUR, MINUTE, SECOND } from '../../lambda/domain/time/time.ts';
import { lengthOf } from '../terminal/times.ts';
import type { LeaverStore } from './leaver-store.ts';

/** What a report is about. Instants are RFC 3339, lengths of time milliseconds. */
export interface ReportFrame {
  deployment: string;
  since: string;
  until: string;
  generatedAt: string;
  target: number;
  /** Who made it. */
  by: string;
  /** Test events of `ops send`, left out. */
  tests: number;
}

export interface ReportNumbers {
  leavers: number;
  outcomes: Record<string, number>;
  pastTarget: number;
  /** Of those deactivated; null where nobody was. Nearest rank, exact to the millisecond. */
  delay: { p50: number | null; p95: number | null; p99: number | null; longest: number | null };
  /** How many delays are at least `from` and, unless it is the last, below `to`. */
  spread: { from: number; to: number | null; count: number }[];
}

const EDGES = [SECOND, 10 * SECOND, MINUTE, 10 * MINUTE, HOUR, 6 * HOUR, DAY, 7 * DAY];

export function numbersOf(store: LeaverStore, { target }: Pick<ReportFrame, 'target'>): ReportNumbers {
  const outcomes = store.outcomes();
  // a delay of just the target is within it
  const edges = [...new Set([0, ...EDGES.filter((edge) => edge !== target), target + 1])].sort((one, other) => one - other);
  return {
    leavers: Object.values(outcomes).reduce((sum, one) => sum + one, 0),
    outcomes,
    pastTarget: store.late(),
    delay: { p50: store.percentile(0.5), p95: store.percentile(0.95), p99: store.percentile(0.99), longest: store.percentile(1) },
    spread: edges.map((from, index) => ({ from, to: edges[index + 1] ?? null, count: store.delaysWithin(from, edges[index + 1]) })),
  };
}

export const delayText = (millis: number | null): string => (millis === null ? '' : lengthOf(millis));

export function sentencesOf({ leavers, outcomes, pastTarget, delay }: ReportNumbers, { target, tests }: ReportFrame): string[] {
  const named = Object.entries(outcomes).map(([outcome, n]) => `${n} ${outcome}`);
  return [
    `${leavers} leavers${named.length === 0 ? '' : `: ${named.join(', ')}`}`,
    delay.p50 === null
      ? 'nobody was deactivated'
      : `delay: half within ${delayText(delay.p50)}, 95 % within ${delayText(delay.p95)}, 99 % within ${delayText(delay.p99)}, the longest ${delayText(delay.longest)}`,
    `past the target of ${lengthOf(target)}: ${pastTarget}`,
    ...(tests === 0 ? [] : [`${tests} test events are left out`]),
  ];
}
