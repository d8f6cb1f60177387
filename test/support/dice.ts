/** The random numbers of a test: the same seed and number give the same values on every machine. */
export interface Dice {
  /** A number from 0 to below 1. */
  next(): number;
  /** A whole number from 0 to `below` - 1. */
  int(below: number): number;
  chance(probability: number): boolean;
  /** Picks an item. @throws Error if the list is empty */
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
      if (one === undefined) throw new Error('the list is empty; pick from a list with items');
      return one;
    },
  };
}
