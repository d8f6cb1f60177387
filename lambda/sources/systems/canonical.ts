import * as z from 'zod/mini';
import { effective, employee, type HrEvent, instant, sourceEventId } from '../../domain/event/hr-event.ts';
import { InvalidInput } from '../../domain/failures.ts';
import { parse, readJson } from '../../domain/parse.ts';
import { identify, type UnidentifiedEvent } from '../identify.ts';
import { soundsLikeLeaving } from '../leaving-words.ts';
import type { Understood } from '../source.ts';
import { defineSystem } from '../system.ts';

const MOST_ITEMS = 500;

const delivery = z
  .array(z.unknown())
  .check(z.minLength(1, `a list of 1 to ${MOST_ITEMS} events`), z.maxLength(MOST_ITEMS, `a list of 1 to ${MOST_ITEMS} events`));

/** A limit, so that one event always fits into one message of the queue. */
const MOST_CUSTOM_FIELDS = 100;

const smallEmployee = employee.check(
  z.refine(({ customFields = {} }) => Object.keys(customFields).length <= MOST_CUSTOM_FIELDS, `at most ${MOST_CUSTOM_FIELDS} customFields`),
);

/** The part that every item has, ours or not. */
const envelope = z.object({ type: z.string().check(z.minLength(1)) });

/** One event of a delivery, as docs/openapi.json describes it. */
export const canonicalItem = z.discriminatedUnion('type', [
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
  z.object({
    type: z.literal('employee.sign_of_life'),
    timestamp: z.optional(instant),
    data: z.object({
      id: z.optional(sourceEventId),
      employee: smallEmployee,
      sign: z.enum(['hired', 'transferred', 'activated']),
      startsOn: z.optional(z.iso.date('a date such as 2026-11-30')),
    }),
  }),
]);

const OUR_TYPES: readonly string[] = ['employee.terminated', 'employee.termination_rescinded', 'employee.sign_of_life'];

/** A system that sends the canonical events (docs/webhook.md), signed as the stage says. */
export const canonical = defineSystem({
  scheme: undefined,
  settings: z.strictObject({}),
  sendsNumbers: () => true,
  answers: { success: { status: 202, eventIds: true }, unreadable: 'refused', refusalIsFinal: false },
  // An id is text in the canonical event. A number is refused, however long it is, and the sender hears so.
  read: (text) => readJson(text, 'delivery'),
  contentType: /^application\/([\w.!#$&^-]+\+)?json\s*(;|$)/i,
  understand: (body, { source, signedId }) => understandCanonical(body, { source, signedId }),
});

/**
 * Reads a canonical delivery: one event, or a list of 1 to 500. One malformed item refuses the whole delivery; an event that occurs
 * twice counts once.
 *
 * @param body parsed JSON
 * @param signedId the delivery's id, if the signature covers it: it becomes the id of an event without one
 * @throws InvalidInput
 */
export function understandCanonical(body: unknown, { source, signedId }: { source: string; signedId: string | undefined }): Understood {
  const isList = Array.isArray(body);
  const items = isList ? parse(delivery, body, 'delivery') : [body];
  const events: UnidentifiedEvent[] = [];

  for (const [index, one] of items.entries()) {
    const where = isList ? `event ${index}` : 'event';
    const { type } = parse(envelope, one, where);
    if (!OUR_TYPES.includes(type)) {
      // A mistyped name must not make a leaver vanish: the sender hears of it.
      if (soundsLikeLeaving(type))
        throw new InvalidInput(`${where}: type: expected ${OUR_TYPES.join(', ')} or another matter, got a type that sounds like a leaving`);
      continue;
    }
    const item = parse(canonicalItem, one, where);
    events.push({ event: toEvent(item), id: item.data.id, where, place: isList ? index : undefined });
  }
  return { events: identify(events, { source, signedId }), ignored: items.length - events.length };
}

function toEvent({ type, timestamp: occurredAt, data }: z.infer<typeof canonicalItem>): HrEvent {
  switch (type) {
    case 'employee.terminated':
      return { type, occurredAt, employee: data.employee, effective: data.effective };
    case 'employee.termination_rescinded':
      return { type, occurredAt, employee: data.employee, rescinds: data.rescinds };
    case 'employee.sign_of_life':
      return { type, occurredAt, employee: data.employee, sign: data.sign, startsOn: data.startsOn };
  }
}
