import * as z from 'zod';
import { toMillis } from '../../lambda/domain/time/time.ts';

const text = z.string();

/** One event of a person as the store keeps it: see LeaverRow. */
const row = z.object({
  userId: text.nullable(),
  source: text,
  eventId: text,
  receivedAt: text,
  effectiveAt: text.nullable(),
  deactivatedAt: text.nullable(),
  delay: z.number().nullable(),
  outcome: text,
  reason: text.nullable(),
  decided: z.array(z.object({ at: text, by: text, did: text, reason: text.optional() })),
});

const leaver = row.extend({
  /** How many events are about the person. */
  events: z.number(),
  /** When an earlier event deactivated the same person, if the last event is not finished. */
  deactivatedBefore: text.nullable(),
  /** Whether the deactivation was later than the target allows, or is overdue by more than that. */
  pastTarget: z.boolean(),
});

/** One person who left. */
export type Leaver = z.infer<typeof leaver>;

export const readLeaver = (json: string): Leaver => leaver.parse(JSON.parse(json));

/** The events of one person: how many, and the latest of each slot as JSON. */
export const slots = z.object({
  events: z.number(),
  open: text.nullable(),
  done: text.nullable(),
  inactive: text.nullable(),
  other: text.nullable(),
});

/**
 * Makes one leaver of the events of a person. An open event decides, unless a later event ended the access. An event that found the user
 * inactive gives way to the event that deactivated the user.
 */
export function leaverOf({ events, ...found }: z.infer<typeof slots>, { target, now }: { target: number; now: number }): Leaver {
  const read = (json: string | null) => (json === null ? undefined : row.parse(JSON.parse(json)));
  const { open, done, inactive, other } = {
    open: read(found.open),
    done: read(found.done),
    inactive: read(found.inactive),
    other: read(found.other),
  };
  const ended = [done, inactive].flatMap((one) => (one === undefined ? [] : [toMillis(one.receivedAt)]));
  const isOpen = open !== undefined && ended.every((at) => toMillis(open.receivedAt) > at);
  const decisive = isOpen ? open : (done ?? inactive ?? other);
  if (decisive === undefined) throw new Error('a person without an event');

  const isOverdue = isOpen && decisive.effectiveAt !== null && now - toMillis(decisive.effectiveAt) > target;
  return {
    ...decisive,
    events,
    deactivatedBefore: isOpen ? (done?.deactivatedAt ?? null) : null,
    pastTarget: isOverdue || (decisive.delay !== null && decisive.delay > target),
  };
}
