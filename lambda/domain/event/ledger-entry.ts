import * as z from 'zod/mini';
import { eventStatus } from './event-status.ts';
import { effective, hrEvent, instant } from './hr-event.ts';
import { eventRef } from './leaver-message.ts';

/** One step in an event's history: when, from where to where, by whom and why. */
const historyStep = z.object({
  at: instant,
  from: z.optional(eventStatus),
  to: eventStatus,
  /** `worker`, `schedule`, or the operator's IAM identity. */
  by: z.string(),
  why: z.string(),
});

/** Which guard stopped an event, what it saw, and what releasing it would do. */
const hold = z.object({ guard: z.string(), saw: z.string(), releasing: z.string() });

/** The durable record of one event. `version` counts its writes: every write is conditional on it. */
export const ledgerEntry = z.object({
  ...eventRef.shape,
  version: z.number(),
  status: eventStatus,
  /** A code: the guard of a hold, the reason of a failure or cancellation. */
  reason: z.optional(z.string()),
  event: hrEvent,
  digest: z.string(),
  receivedAt: instant,
  updatedAt: instant,
  /** The instant from which the leaver must be inactive; with an unknown zone, `effectiveFrom` is the earliest it can mean. */
  effectiveAt: z.optional(instant),
  effectiveFrom: z.optional(instant),
  /** The last day that HR named when it was asked, where it is later than the event's own: nothing is done before. */
  putOff: z.optional(effective),
  workfrontUserId: z.optional(z.string()),
  /** How the match was found, for people: `emailAddr`, `extRefID + emailAddr`, with what was noted about twins. */
  matchedBy: z.optional(z.string()),
  hold: z.optional(hold),
  /** Guards that a person has released this event from. */
  released: z._default(z.array(z.string()), []),
  /** The user that a person chose when they released an ambiguous event. */
  chosenUserId: z.optional(z.string()),
  /** Who works on it now and until when nobody else may. */
  lease: z.optional(z.object({ owner: z.string(), until: instant })),
  /** Set just before the write to Workfront, so that a crash after it is told apart from "already inactive". */
  intent: z.optional(z.object({ userId: z.string(), at: instant })),
  /** Trouble being waited out. */
  waiting: z.optional(
    z.object({
      since: instant,
      attempts: z.number(),
      until: instant,
      code: z.string(),
      saw: z.string(),
      /** Until a person resumes the stage or repairs the credential: the event is not failed for having waited. */
      untilRepaired: z.optional(z.literal(true)),
    }),
  ),
  finishedAt: z.optional(instant),
  /** When an equal event finished, where nothing tells whether this one is another or the same again. */
  repeats: z.optional(instant),
  history: z.array(historyStep),
});

export type HistoryStep = z.infer<typeof historyStep>;
export type Hold = z.infer<typeof hold>;
export type LedgerEntry = z.infer<typeof ledgerEntry>;
