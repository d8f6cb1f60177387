import { DAY, HOUR, MINUTE, SECOND } from '../../lambda/domain/time/time.ts';
import { type ConsoleCounts, countsText } from '../events/console-story.ts';
import { lengthOf } from '../terminal/times.ts';
import type { GuardCount } from './guard-counts.ts';
import type { LeaverStore } from './leaver-store.ts';
import { type OnTime, onTimeText } from './on-time.ts';

/** The frame of a report. Instants are RFC 3339, lengths of time are milliseconds. */
export interface ReportFrame {
  deployment: string;
  since: string;
  until: string;
  generatedAt: string;
  target: number;
  /** Who made the report. */
  by: string;
  /** How many test events of `ops send` are left out. */
  tests: number;
  /** What the nightly sweep found and is not over; `todo` has each. */
  findings: number;
  /** Of leavers of any time: what is not settled in the Admin Console. */
  inConsole: ConsoleCounts;
}

export interface ReportNumbers {
  leavers: number;
  outcomes: Record<string, number>;
  pastTarget: number;
  /** Of the deactivated leavers; null if there are none. Nearest rank, exact to the millisecond. */
  delay: { p50: number | null; p95: number | null; p99: number | null; longest: number | null };
  /** How many delays are at least `from` and below `to`; null: no upper end. */
  spread: { from: number; to: number | null; count: number }[];
  /** By guard: holds, releases, and how often a person said that it was wrong. */
  guards: GuardCount[];
  onTime: OnTime;
}

const EDGES = [SECOND, 10 * SECOND, MINUTE, 10 * MINUTE, HOUR, 6 * HOUR, DAY, 7 * DAY];

export function numbersOf(store: LeaverStore, { target, onTime }: Pick<ReportFrame, 'target'> & { onTime: OnTime }): ReportNumbers {
  const outcomes = store.outcomes();
  // A delay of exactly the target is within it.
  const edges = [...new Set([0, ...EDGES.filter((edge) => edge !== target), target + 1])].sort((one, other) => one - other);
  return {
    leavers: Object.values(outcomes).reduce((sum, one) => sum + one, 0),
    outcomes,
    pastTarget: store.late(),
    delay: { p50: store.percentile(0.5), p95: store.percentile(0.95), p99: store.percentile(0.99), longest: store.percentile(1) },
    spread: edges.map((from, index) => ({ from, to: edges[index + 1] ?? null, count: store.delaysWithin(from, edges[index + 1]) })),
    guards: store.guards(),
    onTime,
  };
}

export const delayText = (millis: number | null): string => (millis === null ? '' : lengthOf(millis));

/** One guard in one sentence. */
export function guardText({ guard, holds, releases, wrong, because }: GuardCount): string {
  const what = Object.entries(because).map(([about, n]) => `${n} ${about}`);
  return `${guard}: held ${holds}, released ${releases}, wrong ${wrong}${what.length === 0 ? '' : ` (${what.join(', ')})`}`;
}

export function sentencesOf(
  { leavers, outcomes, pastTarget, delay, guards, onTime }: ReportNumbers,
  { target, tests, findings, inConsole }: ReportFrame,
): string[] {
  const open = countsText(inConsole);
  const named = Object.entries(outcomes).map(([outcome, n]) => `${n} ${outcome}`);
  return [
    `${leavers} leavers${named.length === 0 ? '' : `: ${named.join(', ')}`}`,
    delay.p50 === null
      ? 'nobody was deactivated'
      : `delay: half within ${delayText(delay.p50)}, 95 % within ${delayText(delay.p95)}, 99 % within ${delayText(delay.p99)}, the longest ${delayText(delay.longest)}`,
    `past the target of ${lengthOf(target)}: ${pastTarget}`,
    onTimeText(onTime),
    ...guards.map((one) => `guard ${guardText(one)}`),
    ...(findings === 0 ? [] : [`${findings} findings of the nightly sweep wait for a person`]),
    ...(open === undefined ? [] : [open]),
    ...(tests === 0 ? [] : [`${tests} test events are left out`]),
  ];
}
