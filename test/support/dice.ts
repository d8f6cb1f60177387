/** All chance in a history: the same seed and number give the same throws on every machine. */
export interface Dice {
  /** From 0 (included) to 1 (excluded). */
  next(): number;
  /** A whole number from 0 to `below` - 1. */
  int(below: number): number;
  chance(probability: number): boolean;
  /** @throws Error for an empty list: a mistake in the simulation */
  pick<T>(from: readonly T[]): T;
}

/** The generator is sfc32 (PractRand, Chris Doty-Humphrey), seeded with three words. */
export function dice(seed: number, number: number, purpose: number): Dice {
  let [a, b, c, counter] = [seed | 0, number | 0, purpose | 0, 1];
  const next = () => {
    const t = (a + b + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = ((c << 21) | (c >>> 11)) + t;
    return (t >>> 0) / 2 ** 32;
  };
  for (let round = 0; round < 15; round++) next();

  const int = (below: number) => Math.floor(next() * below);
  return {
    next,
    int,
    chance: (probability) => probability > 0 && next() < probability,
    pick(from) {
      const one = from[int(from.length)];
      if (one === undefined) throw new Error('nothing to pick from');
      return one;
    },
  };
}
