import { InvalidInput } from '../domain/failures.ts';
import type { Delivery, Source, Understood } from '../sources/source.ts';
import { REASONS, type Reason } from './problem.ts';

/**
 * Reads a genuine delivery: its bytes as UTF-8 (JSON: RFC 8259, section 8.1), its text as data, its data as events of the source.
 *
 * @returns the events, or the reason why there are none and one line for the sender
 */
export async function readDelivery(
  { headers, body }: Delivery,
  { source, signedId }: { source: Source; signedId: string | undefined },
): Promise<Understood | { reason: Reason; detail: string }> {
  if (source.contentType?.test(headers.get('content-type') ?? '') === false) {
    return { reason: 'wrong-content-type', detail: REASONS['wrong-content-type'].detail };
  }

  let reason: Reason = 'not-json';
  try {
    const content = await source.read(textOf(body));
    reason = 'not-understood';
    return source.understand(content, signedId);
  } catch (failure) {
    if (failure instanceof InvalidInput) return { reason, detail: failure.message };
    throw failure;
  }
}

function textOf(body: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(body);
  } catch {
    throw new InvalidInput('delivery: expected UTF-8, got other bytes; send the body in UTF-8');
  }
}
