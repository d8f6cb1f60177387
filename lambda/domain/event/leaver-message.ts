import * as z from 'zod/mini';
import { hrEvent, instant, sourceEventId } from './hr-event.ts';

/** The name of a source: part of its URL, its metrics and its schedules. */
export const sourceName = z.string().check(z.regex(/^[a-z][a-z0-9-]{0,31}$/, 'a source name of lower-case letters, digits and hyphens'));

/** Names one event of one source: the ledger's key. */
export const eventRef = z.object({ source: sourceName, eventId: sourceEventId });

/** What a guard was wrong about, as the person who releases an event says. */
export const wrongAbout = z.enum(['merged', 'renamed', 'import', 'other']);

/** A person's order. `userId` names the user meant: it wins over a sighting, an intent and an earlier choice. */
const order = { entryVersion: z.number(), by: z.string(), reason: z.optional(z.string()), userId: z.optional(z.string()) };

/** What travels on the leaver queue. Only an arrival carries the event; the others point to the ledger. */
export const leaverMessage = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('arrival'),
    ...eventRef.shape,
    /** Digest of the event's content: an id used again for something else is seen by it. */
    digest: z.string().check(z.regex(/^[0-9a-f]{64}$/, 'a SHA-256 in hex')),
    receivedAt: instant,
    event: hrEvent,
  }),
  z.object({ kind: z.literal('due'), ...eventRef.shape }),
  /** Reads the user of a finished event again: they were inactive, and must stay so. */
  z.object({ kind: z.literal('watch'), ...eventRef.shape }),
  /** Compares what HR says of the person of an event now with their user. */
  z.object({ kind: z.literal('compare'), ...eventRef.shape }),
  z.object({ kind: z.literal('replay'), ...eventRef.shape, ...order }),
  /** Activate the user again that this event deactivated. `steps` of its history had happened when the person saw it. */
  z.object({ kind: z.literal('undo'), ...eventRef.shape, steps: z.number(), by: z.string(), reason: z.string(), at: instant }),
  /** Announce an outcome of nobody, to try who hears of it. */
  z.object({ kind: z.literal('test-outcome'), ...eventRef.shape, at: instant, by: z.string() }),
  z.object({
    kind: z.literal('release'),
    ...eventRef.shape,
    guard: z.string(),
    /** The cause was fixed: the guard is asked again, and not skipped. */
    recheck: z.optional(z.literal(true)),
    /** What the guard was wrong about, for the report. */
    because: z.optional(wrongAbout),
    ...order,
  }),
]);

/** Put on the leaver queue after a deactivation, and again if it may be lost: the Admin Console is still to be asked. */
export const consoleAccessMessage = z.object({ kind: z.literal('console-access'), ...eventRef.shape });

export type ConsoleAccessMessage = z.infer<typeof consoleAccessMessage>;
export type EventRef = z.infer<typeof eventRef>;
export type LeaverMessage = z.infer<typeof leaverMessage>;
export type Arrival = Extract<LeaverMessage, { kind: 'arrival' }>;
