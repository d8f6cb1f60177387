/** Numbers from 0 to 1, the same for the same seed (mulberry32, public domain). */
export function randomFrom(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** One of a list, by a position that may be a fraction. @throws Error where the list has no such position */
export const pick = <T>(list: readonly T[], position: number): T => {
  const item = list[Math.floor(position)];
  if (item === undefined) throw new Error(`expected a position below ${list.length}, got ${position}`);
  return item;
};
