/** How many events are few, and how many are many, for the tests of bounded memory. */
export const FEW = 10_000;
export const MANY = manyEvents(process.env.SCALE_EVENTS ?? '100000');

export const HEAP_MB = 64;
/** The garbage that is not collected yet differs between runs: by 15 MB so far. 90,000 more events in memory would take over 100 MB. */
export const SLACK_MB = 25;

/** Options of Node.js that bound its heap, and have it print its peak at its end. */
export const HEAP_OPTIONS = [`--max-old-space-size=${HEAP_MB}`, '--max-semi-space-size=4', '--import', './test/scale/peak-memory.ts'];

function manyEvents(text: string): number {
  const count = Number(text);
  if (!Number.isInteger(count) || count <= FEW) throw new Error(`SCALE_EVENTS cannot be "${text}"; use a whole number above ${FEW}`);
  return count;
}
