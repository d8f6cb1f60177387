/** The median of some measurements and their quartiles, which a few disturbed samples do not move. */
export interface Spread {
  median: number;
  lower: number;
  upper: number;
  samples: number;
}

/** The spread of at least one sample. */
export function spreadOf(samples: readonly number[]): Spread {
  const sorted = samples.toSorted((one, other) => one - other);
  return { median: quantile(sorted, 0.5), lower: quantile(sorted, 0.25), upper: quantile(sorted, 0.75), samples: sorted.length };
}

/** Divides each sample by the baseline of the same round, so that a slow machine affects neither. */
export function ratioOf(samples: readonly number[], baseline: readonly number[]): Spread {
  return spreadOf(samples.map((sample, round) => sample / (baseline[round] ?? Number.NaN)));
}

function quantile(sorted: readonly number[], share: number): number {
  const position = (sorted.length - 1) * share;
  const [below, above] = [sorted[Math.floor(position)] ?? Number.NaN, sorted[Math.ceil(position)] ?? Number.NaN];
  return below + (above - below) * (position - Math.floor(position));
}

/** A random order, so that no item always runs after the same one. */
export function shuffled<Item>(items: readonly Item[], random: () => number = Math.random): Item[] {
  return items
    .map((item) => ({ item, place: random() }))
    .toSorted((one, other) => one.place - other.place)
    .map(({ item }) => item);
}
