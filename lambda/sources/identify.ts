import { createHash } from 'node:crypto';
import { type HrEvent, sourceEventId } from '../domain/event/hr-event.ts';
import { InvalidInput } from '../domain/failures.ts';
import { parse } from '../domain/parse.ts';
import type { IdentifiedEvent } from './source.ts';

/** One event of a delivery that has no event id yet. */
export interface UnidentifiedEvent {
  event: HrEvent;
  /** The HR system's own id of the event. */
  id?: string | undefined;
  /** What else distinguishes it from an event with the same content: the time at which it happened, as the sender wrote it. */
  stamp?: string | undefined;
  /** Where in the delivery, for the sender: `event 3`. */
  where?: string | undefined;
  /** The place in a list, which is put behind the signed id of the delivery. */
  place?: number | undefined;
}

/**
 * Gives every event of a delivery an id that each redelivery of it has too: the HR system's own, otherwise the signed id of the
 * delivery, otherwise a digest of source, time and content. An event that occurs twice counts once.
 *
 * @param signedId the delivery's id, if the signature covers it
 * @throws InvalidInput if two events share an id and differ in content
 */
export function identify(
  events: readonly UnidentifiedEvent[],
  { source, signedId }: { source: string; signedId: string | undefined },
): IdentifiedEvent[] {
  const identified = new Map<string, IdentifiedEvent>();
  const withoutId = new Set<string>();

  for (const { event, id, stamp, where = 'event', place } of events) {
    const content = contentId(source, event, stamp);
    if (id === undefined && withoutId.has(content)) continue;
    if (id === undefined) withoutId.add(content);

    const placed = place !== undefined && signedId !== undefined ? `${signedId}.${place}` : signedId;
    const eventId = id ?? (placed === undefined ? content : parse(sourceEventId, placed, 'webhook-id'));
    const found = { eventId, digest: contentDigest(event), event };
    if ((identified.get(eventId)?.digest ?? found.digest) !== found.digest) {
      throw new InvalidInput(`${where}: expected an id of its own, got the id of an event with other content; give each event its own id`);
    }
    if (!identified.has(eventId)) identified.set(eventId, found);
  }
  return [...identified.values()];
}

/** The id of an event that HR gave none: the same whenever the same content is sent for the same time. */
function contentId(source: string, { occurredAt: timestamp, ...content }: HrEvent, stamp: string | undefined): string {
  return `evt_${sha256(canonicalJson({ source, timestamp, stamp, ...content })).slice(0, 40)}`;
}

const contentDigest = ({ occurredAt: _, ...content }: HrEvent) => sha256(canonicalJson(content));

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');

/** JSON whose text depends on the content alone: keys sorted, no spaces. */
function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_key, inner: unknown) =>
    typeof inner === 'object' && inner !== null && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([one], [other]) => (one < other ? -1 : 1)))
      : inner,
  );
}
