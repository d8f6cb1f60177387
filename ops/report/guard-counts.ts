import type { LedgerEntry, Release } from '../../lambda/domain/event/ledger-entry.ts';

/** How often a guard held events, how often people released them, and how often they said that the guard was wrong. */
export interface GuardCount {
  guard: string;
  holds: number;
  releases: number;
  wrong: number;
  /** What it was wrong about, such as `renamed`, each with how often. */
  because: Record<string, number>;
}

/** Counts as events are added. What stays of an expired event has its releases, and no longer its holds: each was one. */
export function guardCounts() {
  const counts = new Map<string, GuardCount>();
  const countOf = (guard: string): GuardCount => {
    const count = counts.get(guard) ?? { guard, holds: 0, releases: 0, wrong: 0, because: {} };
    counts.set(guard, count);
    return count;
  };

  return {
    add(entry: Pick<LedgerEntry, 'history' | 'hold' | 'released'>): void {
      const released = releasesOf(entry);
      const held = holdsOf(entry);
      for (const guard of new Set([...held, ...released.map((one) => one.guard)])) {
        const of = (guards: readonly string[]) => guards.filter((one) => one === guard).length;
        const releases = of(released.map((one) => one.guard));
        countOf(guard).holds += Math.max(of(held), releases);
        countOf(guard).releases += releases;
      }
      for (const { guard, because } of released) {
        if (because === undefined) continue;
        const count = countOf(guard);
        count.wrong += 1;
        count.because[because] = (count.because[because] ?? 0) + 1;
      }
    },

    /** The guard that was wrong most often first. */
    all: (): GuardCount[] =>
      [...counts.values()].sort((one, other) => other.wrong - one.wrong || other.holds - one.holds || one.guard.localeCompare(other.guard)),
  };
}

/** The guards of every hold: a step names the one that the hold is named after, the hold that still counts names the others too. */
function holdsOf({ history, hold }: Pick<LedgerEntry, 'history' | 'hold'>): string[] {
  const named = history.flatMap(({ to, why }) => (to === 'held' && why.includes(': ') ? [why.slice(0, why.indexOf(': '))] : []));
  return [...named, ...(hold?.also ?? []).map(({ guard }) => guard)];
}

/** A release from the brake does not stay with the event: its step tells of it. */
function releasesOf({ history, released }: Pick<LedgerEntry, 'history' | 'released'>): Release[] {
  const fromBrake = history.flatMap(({ why }) => (why.startsWith('released from brake') ? [{ guard: 'brake' }] : []));
  return [...released.filter(({ guard }) => guard !== 'brake'), ...fromBrake];
}
