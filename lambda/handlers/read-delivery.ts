import { InvalidInput } from '../domain/failures.ts';
import type { Delivery, Source, Understood } from '../sources/source.ts';
import { REASONS, type Reason } from './problem.ts';

/**
 * Reads a genuine delivery: its bytes as text, its text as data, its data as events of the source.
 *
 * @returns the events, or the reason why there are none and one line for the sender
 */
export async function readDelivery(
  delivery: Delivery,
  { source, signedId }: { source: Source; signedId: string | undefined },
): Promise<Understood | { reason: Reason; detail: string }> {
  if (source.contentType?.test(delivery.headers.get('content-type') ?? '') === false) {
    return { reason: 'wrong-content-type', detail: REASONS['wrong-content-type'].detail };
  }

  let reason: Reason = 'not-json';
  try {
    const content = await source.read(source.decode(delivery));
    reason = 'not-understood';
    return source.understand(content, signedId);
  } catch (failure) {
    if (failure instanceof InvalidInput) return { reason, detail: failure.message };
    throw failure;
  }
}
