/** Draws numbers from 0 to 1, the same ones for the same seed (mulberry32, public domain). */
export function randomFrom(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Takes the item at a position, which may be a fraction. @throws Error if the list has no such position */
export const pick = <T>(list: readonly T[], position: number): T => {
  const item = list[Math.floor(position)];
  if (item === undefined) throw new Error(`position ${position} is not in the list; it must be from 0 to below ${list.length}`);
  return item;
};
