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

interface Origin {
  source: string;
  signedId: string | undefined;
}

/**
 * Gives every event of a delivery an id that each redelivery of it has too: the HR system's own, otherwise the signed id of the
 * delivery, otherwise a digest of source, time and content. An event that occurs twice counts once.
 *
 * @param signedId the delivery's id, if the signature covers it
 * @throws InvalidInput if two events share an id and differ in content
 */
export function identify(events: readonly UnidentifiedEvent[], origin: Origin): IdentifiedEvent[] {
  const { events: identified, leftOut } = identifyEach(events, origin);
  const [first] = leftOut;
  if (first !== undefined) throw new InvalidInput(first);
  return identified;
}

/** The same, but two events that share an id and differ in content are both left out, because nobody can say which of them is meant. */
export function identifyEach(
  events: readonly UnidentifiedEvent[],
  { source, signedId }: Origin,
): { events: IdentifiedEvent[]; leftOut: string[] } {
  const identified = new Map<string, IdentifiedEvent>();
  const clashes = new Set<string>();
  const leftOut: string[] = [];
  const withoutId = new Set<string>();

  for (const { event, id, stamp, where = 'event', place } of events) {
    const content = contentId(source, event, stamp);
    if (id === undefined && withoutId.has(content)) continue;
    if (id === undefined) withoutId.add(content);

    const placed = place !== undefined && signedId !== undefined ? `${signedId}.${place}` : signedId;
    const eventId = id ?? (placed === undefined ? content : parse(sourceEventId, placed, 'webhook-id'));
    const found = { eventId, digest: contentDigest(event), event };
    if ((identified.get(eventId)?.digest ?? found.digest) !== found.digest) {
      clashes.add(eventId);
      leftOut.push(`${where}: expected an id of its own, got the id of an event with other content; give each event its own id`);
    }
    if (!identified.has(eventId)) identified.set(eventId, found);
  }
  return { events: [...identified.values()].filter(({ eventId }) => !clashes.has(eventId)), leftOut };
}

/** The id of an event that HR gave none: the same whenever the same content is sent for the same time. */
function contentId(source: string, event: HrEvent, stamp: string | undefined): string {
  return `evt_${sha256(canonicalJson({ source, timestamp: event.occurredAt, stamp, ...contentOf(event) })).slice(0, 40)}`;
}

const contentDigest = (event: HrEvent) => sha256(canonicalJson(contentOf(event)));

/** What HR said. The doubt is ours: with another setting, or in another release, the event is still the same. */
function contentOf(event: HrEvent): object {
  const { occurredAt: _, doubt: __, ...content } = { doubt: undefined, ...event };
  return content;
}

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');

/** JSON whose text depends on the content alone: keys sorted, no spaces. */
function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_key, inner: unknown) =>
    typeof inner === 'object' && inner !== null && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([one], [other]) => (one < other ? -1 : 1)))
      : inner,
  );
}
