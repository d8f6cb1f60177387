import { createHash } from 'node:crypto';
import { type HrEvent, sourceEventId } from '../domain/event/hr-event.ts';
import { InvalidInput } from '../domain/failures.ts';
import { parse } from '../domain/parse.ts';
import type { IdentifiedEvent } from './source.ts';

/** One event as a delivery says it. */
export interface Told {
  event: HrEvent;
  /** The HR system's own id of the event. */
  id?: string | undefined;
  /** What else tells it from another that says the same: when it happened, in the sender's own words. */
  stamp?: string | undefined;
  /** Where in the delivery, for the sender: `event 3`. */
  where?: string | undefined;
  /** What the delivery's signed id is put before: the place in a list. */
  place?: number | undefined;
}

/**
 * Gives every event of a delivery the id that each redelivery of it has too: the HR system's own, else the signed id of the
 * delivery, else a digest of source, time and content. The same event twice counts once.
 *
 * @param signedId the delivery's id, where the signature covers it
 * @throws InvalidInput where two events that share an id say different things
 */
export function identify(told: readonly Told[], { source, signedId }: { source: string; signedId: string | undefined }): IdentifiedEvent[] {
  const events = new Map<string, IdentifiedEvent>();
  const nameless = new Set<string>();

  for (const { event, id, stamp, where = 'event', place } of told) {
    const content = contentId(source, event, stamp);
    if (id === undefined && nameless.has(content)) continue;
    if (id === undefined) nameless.add(content);

    const placed = place !== undefined && signedId !== undefined ? `${signedId}.${place}` : signedId;
    const eventId = id ?? (placed === undefined ? content : parse(sourceEventId, placed, 'webhook-id'));
    const found = { eventId, digest: contentDigest(event), event };
    if ((events.get(eventId)?.digest ?? found.digest) !== found.digest) {
      throw new InvalidInput(`${where}: expected an id of its own, got the id of another event of this delivery that says something else`);
    }
    if (!events.has(eventId)) events.set(eventId, found);
  }
  return [...events.values()];
}

/** The id of an event that HR gave none: the same whenever the same is said at the same time. */
function contentId(source: string, { occurredAt: timestamp, ...said }: HrEvent, stamp: string | undefined): string {
  return `evt_${sha256(canonicalJson({ source, timestamp, stamp, ...said })).slice(0, 40)}`;
}

const contentDigest = ({ occurredAt: _, ...said }: HrEvent) => sha256(canonicalJson(said));

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');

/** JSON whose text depends on the content alone: keys sorted, no spaces. */
function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_key, inner: unknown) =>
    typeof inner === 'object' && inner !== null && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([one], [other]) => (one < other ? -1 : 1)))
      : inner,
  );
}
