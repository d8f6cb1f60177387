import * as z from 'zod/mini';
import { path, personPaths } from './field-mapping.ts';

const words = z.array(z.string());

const condition = z.strictObject({
  path,
  /** With one of these values the event is what its type says. */
  counts: words.check(z.minLength(1, 'at least one value')),
  /** With one of these a termination is withdrawn. */
  rescinds: z._default(words, []),
  /** With one of these nothing has happened yet, or ever. Any other value, and none, is kept for a person. */
  ignored: z._default(words, []),
});

/** The meaning of the fields in a body that the tenant designed, or that a stage describes. */
export const mapping = z.strictObject({
  /** The list of events. Default: the rows of a report, otherwise the body is one event or a list of events. */
  events: z.optional(path),
  /** The field with the type of an event, and its values. Events with another value are ignored. Without it every event is a termination. */
  type: z.optional(
    z.strictObject({
      path,
      terminated: z.array(z.string()).check(z.minLength(1, 'at least one value')),
      rescinded: z._default(z.array(z.string()), []),
      /** Values that sound like a leaving and are none. Every other such value is kept for a person, so that a new name loses nobody. */
      ignored: z._default(z.array(z.string()), []),
    }),
  ),
  /** What else must hold of an event: a field, and the values of it that count. */
  conditions: z._default(z.array(condition), []),
  /** An id that each event has for itself, and keeps when it is sent again. */
  id: z.optional(path),
  occurredAt: z.optional(path),
  /** The last day, in whichever of Workday's dates you use. Without it, every event takes effect at once. */
  effectiveDate: z.optional(path),
  /** What an event without that date is: kept for a person, or a termination at once, because the system sends it on the day. */
  withoutDate: z._default(z.enum(['refuse', 'now']), 'refuse'),
  ...personPaths,
});

export type Mapping = z.infer<typeof mapping>;
export type Condition = z.infer<typeof condition>;
