import type { Clock } from '../../lambda/domain/ports.ts';

/**
 * What changes slowly and is slow to read is read once in a while, however often a page asks.
 *
 * @param millis how long it is good for; a failure is not remembered
 */
export function remembered<T>({ millis, clock }: { millis: number; clock: Clock }, read: () => Promise<T>): () => Promise<T> {
  let last: { at: number; value: Promise<T> } | undefined;
  return () => {
    if (last === undefined || clock() - last.at > millis) {
      const value = read();
      last = { at: clock(), value };
      value.catch(() => {
        last = undefined;
      });
    }
    return last.value;
  };
}
