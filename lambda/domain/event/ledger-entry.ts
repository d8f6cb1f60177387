import * as z from 'zod/mini';
import { eventStatus } from './event-status.ts';
import { effective, hrEvent, instant } from './hr-event.ts';
import { eventRef, wrongAbout } from './leaver-message.ts';

/** One step in an event's history: when, from where to where, who did it and why. */
const historyStep = z.object({
  at: instant,
  from: z.optional(eventStatus),
  to: eventStatus,
  /** `worker`, `schedule`, or the operator's IAM identity. */
  by: z.string(),
  why: z.string(),
});

/**
 * Which guard stopped an event, what it saw, and what releasing it would do. `of` names what a release is good for: the user, HR's
 * answer, the rescissions. `also` has every other guard that would hold now: one release answers all that it showed.
 */
const hold = z.object({
  guard: z.string(),
  saw: z.string(),
  releasing: z.string(),
  of: z.optional(z.string()),
  also: z.optional(z.array(z.object({ guard: z.string(), saw: z.string(), of: z.string() }))),
});

/** A person's word against a guard: it counts for exactly what the hold showed, `of`, and for nothing that came later. */
const release = z.object({
  guard: z.string(),
  of: z.optional(z.string()),
  at: z.optional(instant),
  /** What the guard was wrong about, as the person says. */
  because: z.optional(wrongAbout),
});

/** Version 0.1 stored the guard's name alone: such a release names nothing that it was good for. */
const storedRelease = z.union([
  release,
  z.pipe(
    z.string(),
    z.transform((guard: string): z.infer<typeof release> => ({ guard })),
  ),
]);

/** Keyed digests of what a user was called when the event was recorded: enough to see that an account was handed over. */
const likeness = z.object({
  userId: z.string(),
  givenName: z.optional(z.string()),
  familyName: z.optional(z.string()),
  address: z.optional(z.string()),
});

/** Who matched a termination before it was due. */
const sighting = z.object({ at: instant, users: z.array(likeness) });

const workfrontId = z.optional(z.string());

/** Where a user stands in Workfront, as ids: what a deactivation may take from them. The names are Workfront's own. */
const placement = z.object({
  accessLevelID: workfrontId,
  homeGroupID: workfrontId,
  homeTeamID: workfrontId,
  roleID: workfrontId,
  managerID: workfrontId,
});

/**
 * A person's order to undo the deactivation, from when a worker took it up until the event is `undone`. The time at which it was given names
 * it.
 */
const undoing = z.object({
  by: z.string(),
  at: instant,
  reason: z.string(),
  /** Set just before the write to Workfront, so that a crash after it is recognized. */
  sent: z.optional(instant),
  /** Trouble being waited out. */
  waiting: z.optional(z.object({ attempts: z.number(), code: z.string(), saw: z.string() })),
  /** Why it was not done, and is not tried again. */
  refused: z.optional(z.object({ code: z.string(), saw: z.string() })),
});

/**
 * What a user owns in Workfront: a count by the name of each kind, and the kinds that could not be counted. `partial`: the credential does
 * not see everything, so a 0 proves nothing. `dropped`: why the rest was not asked.
 */
export const impact = z.object({
  counts: z.record(z.string(), z.number()),
  unknown: z.array(z.string()),
  partial: z.optional(z.literal(true)),
  dropped: z.optional(z.string()),
});

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
  /** Guards that a person has released this event from, each for what the hold showed. */
  released: z._default(z.array(storedRelease), []),
  /** All who matched when the termination was recorded; absent until Workfront could be asked. */
  sighted: z.optional(sighting),
  /** The user that a person chose when they released an ambiguous event. */
  chosenUserId: z.optional(z.string()),
  /** Who works on it now and until when nobody else may. */
  lease: z.optional(z.object({ owner: z.string(), until: instant })),
  /** Set just before the write to Workfront, so that a crash after it can be distinguished from "already inactive". */
  intent: z.optional(z.object({ userId: z.string(), at: instant })),
  /** What the user had just before our write. */
  placement: z.optional(placement),
  undoing: z.optional(undoing),
  impact: z.optional(z.object({ at: instant, ...impact.shape })),
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
  /** When the user was read again after the end, and Workfront had no such user any more. */
  userGone: z.optional(instant),
  /** When an equal event was finished, or received if it was still open, if nothing tells whether this one is another or the same again. */
  repeats: z.optional(instant),
  /** The records of the person are kept from expiring until this event is finished, under these accounts too. */
  kept: z.optional(z.array(z.string())),
  /** A rescission whose employee still has to be looked up in Workfront: how often it was tried. */
  lookUpTries: z.optional(z.number()),
  /** Who keeps the records of this person from expiring, and why. */
  legalHold: z.optional(z.object({ by: z.string(), at: instant, reason: z.string() })),
  history: z.array(historyStep),
});

export type HistoryStep = z.infer<typeof historyStep>;
export type Hold = z.infer<typeof hold>;
export type Release = z.infer<typeof release>;
export type Sighting = z.infer<typeof sighting>;
export type Likeness = z.infer<typeof likeness>;
export type Impact = z.infer<typeof impact>;
export type Placement = z.infer<typeof placement>;
export type Undoing = z.infer<typeof undoing>;
export type LedgerEntry = z.infer<typeof ledgerEntry>;
