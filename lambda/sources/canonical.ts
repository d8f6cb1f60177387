import { createHash } from 'node:crypto';
import * as z from 'zod/mini';
import { InvalidInput } from '../domain/failures.ts';
import { parse } from '../domain/parse.ts';
import { effective, employee, type HrEvent, instant, sourceEventId } from '../domain/termination-event.ts';
import type { IdentifiedEvent, Source, SourceConfig, Understood } from './source.ts';
import { proofHeaders, verify } from './verify.ts';

const MOST_ITEMS = 500;

const delivery = z
  .array(z.unknown())
  .check(z.minLength(1, `a list of 1 to ${MOST_ITEMS} events`), z.maxLength(MOST_ITEMS, `a list of 1 to ${MOST_ITEMS} events`));

/** So that one event always fits into one message of the queue, however it is written. */
const MOST_CUSTOM_FIELDS = 100;

const smallEmployee = employee.check(
  z.refine(({ customFields = {} }) => Object.keys(customFields).length <= MOST_CUSTOM_FIELDS, `at most ${MOST_CUSTOM_FIELDS} customFields`),
);

/** What every item has, ours or not. */
const envelope = z.object({ type: z.string().check(z.minLength(1)) });

const item = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('employee.terminated'),
    timestamp: z.optional(instant),
    data: z.object({ id: z.optional(sourceEventId), employee: smallEmployee, effective }),
  }),
  z.object({
    type: z.literal('employee.termination_rescinded'),
    timestamp: z.optional(instant),
    data: z.object({ id: z.optional(sourceEventId), employee: smallEmployee, rescinds: z.optional(sourceEventId) }),
  }),
]);

const OUR_TYPES: readonly string[] = ['employee.terminated', 'employee.termination_rescinded'];

/** A source that sends the canonical events (docs/webhook.md), signed by a shared secret. */
export function canonicalSource(name: string, { scheme, secretId }: SourceConfig): Source {
  return {
    name,
    secretId,
    proofHeaders: proofHeaders(scheme),
    verify: (came, secrets, now) => verify(scheme, came, secrets, now),
    understand: (body, signedId) => understandCanonical(body, { source: name, signedId }),
  };
}

/**
 * Reads a canonical delivery: one event, or a list of 1 to 500.
 * One malformed item refuses the whole delivery; the same event twice counts once.
 *
 * @param body parsed JSON
 * @param signedId the delivery's id, where the signature covers it: the id of an event that has none of its own
 * @throws InvalidInput
 */
export function understandCanonical(body: unknown, { source, signedId }: { source: string; signedId: string | undefined }): Understood {
  const items = Array.isArray(body) ? parse(delivery, body, 'delivery') : [body];
  const events = new Map<string, IdentifiedEvent>();
  const nameless = new Set<string>();
  let ignored = 0;

  for (const [index, one] of items.entries()) {
    const what = Array.isArray(body) ? `event ${index}` : 'event';
    if (!OUR_TYPES.includes(parse(envelope, one, what).type)) {
      ignored += 1;
      continue;
    }
    const came = parse(item, one, what);
    const event = toEvent(came);
    const content = contentId(source, event);
    if (came.data.id === undefined && nameless.has(content)) continue;
    if (came.data.id === undefined) nameless.add(content);

    const itemId = Array.isArray(body) && signedId !== undefined ? `${signedId}.${index}` : signedId;
    const eventId = came.data.id ?? (itemId === undefined ? content : parse(sourceEventId, itemId, 'webhook-id'));
    const found = { eventId, digest: contentDigest(event), event };
    if ((events.get(eventId)?.digest ?? found.digest) !== found.digest) {
      throw new InvalidInput(`${what}: wanted an id of its own, came the id of another event of this delivery that says something else`);
    }
    if (!events.has(eventId)) events.set(eventId, found);
  }
  return { events: [...events.values()], ignored };
}

function toEvent({ type, timestamp, data }: z.infer<typeof item>): HrEvent {
  const when = timestamp === undefined ? {} : { occurredAt: timestamp };
  switch (type) {
    case 'employee.terminated':
      return { type, ...when, employee: data.employee, effective: data.effective };
    case 'employee.termination_rescinded':
      return { type, ...when, employee: data.employee, ...(data.rescinds === undefined ? {} : { rescinds: data.rescinds }) };
  }
}

/** The id of an event that HR gave none: the same whenever the same is said at the same time. */
function contentId(source: string, { occurredAt: timestamp, ...said }: HrEvent): string {
  return `evt_${sha256(canonicalJson({ source, timestamp, ...said })).slice(0, 40)}`;
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
