import { InvalidInput } from '../domain/failures.ts';
import { identifyEach, type UnidentifiedEvent } from './identify.ts';
import type { Understood } from './source.ts';

/**
 * Reads the items of a delivery one by one: an HR system does not hear that one of them is malformed, so that one must not cost the
 * others. An item that gives no event is not ours, and is ignored.
 *
 * @param read throws InvalidInput if the item is ours and malformed
 * @throws InvalidInput if none of the items is good and at least one is malformed
 */
export function readItems<Item>(
  items: readonly Item[],
  read: (item: Item, place: number) => UnidentifiedEvent[],
  origin: { source: string; signedId: string | undefined },
): Understood {
  const found: UnidentifiedEvent[] = [];
  const malformed: string[] = [];
  let ignored = 0;
  for (const [place, item] of items.entries()) {
    try {
      const events = read(item, place);
      if (events.length === 0) ignored += 1;
      found.push(...events);
    } catch (failure) {
      if (!(failure instanceof InvalidInput)) throw failure;
      malformed.push(failure.message);
    }
  }
  const { events, leftOut: clashing } = identifyEach(found, origin);
  const leftOut = [...malformed, ...clashing];
  const [first] = leftOut;
  if (first !== undefined && events.length === 0) throw new InvalidInput(first);
  return { events, ignored, ...(leftOut.length > 0 && { leftOut }) };
}
