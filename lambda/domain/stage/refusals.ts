import * as z from 'zod/mini';
import { instant } from '../event/hr-event.ts';
import { eventRef } from '../event/leaver-message.ts';
import { HOUR, SECOND, toInstant, toMillis } from '../time/time.ts';

/** One user that Workfront refused, and the event that asked for it. */
export const refusal = z.object({
  at: instant,
  code: z.string(),
  userId: z.string(),
  ...eventRef.shape,
  /** Another user's write took effect since: this one counts against the user, not against the stage. */
  alone: z.optional(z.literal(true)),
});

export type Refusal = z.infer<typeof refusal>;

/** What Workfront says of one user: a definite refusal, or a write that it does not show. */
const DEFINITE = ['forbidden', 'refused', 'user-not-found'];
/** Neither yes nor no: the write may have taken effect. */
const IN_DOUBT = ['unexpected-answer', 'too-large', 'not-confirmed'];

/** Whether a failure is a refusal of one user that others may get in the same way. */
export const isRefusal = (code: string): boolean => DEFINITE.includes(code) || isInDoubt(code);

/** Whether a failed write may have taken effect all the same. */
export const isInDoubt = (code: string): boolean => IN_DOUBT.includes(code);

/** Refusals of so many different users within this time are the stage's trouble. */
const USERS = 3;
const WITHIN = HOUR;
/** So long an event waits for others that are refused in the same way; if in doubt, for a stale read to pass. */
const ALONE_AFTER = 8 * SECOND;
/** The record has to fit into one item of the ledger. */
const MOST_KEPT = 50;

/** `waits`: it is not known yet. */
export type Verdict = 'alone' | 'waits' | 'stage';

/** Adds a refusal to those of the last hour, and decides whose trouble it is. */
export function judgeRefusal(
  known: readonly Refusal[],
  refused: Omit<Refusal, 'at' | 'alone'>,
  now: number,
): { refusals: Refusal[]; verdict: Verdict } {
  const recent = known.filter(({ at }) => toMillis(at) > now - WITHIN);
  const isNoted = recent.some(
    ({ code, source, eventId }) => code === refused.code && source === refused.source && eventId === refused.eventId,
  );
  const refusals = isNoted ? recent : [...recent, { ...refused, at: toInstant(now) }].slice(-MOST_KEPT);

  const alike = refusals.filter(({ code }) => code === refused.code);
  const first = Math.min(...alike.filter(({ userId }) => userId === refused.userId).map(({ at }) => toMillis(at)));
  const isOver = now - first >= ALONE_AFTER;
  if (!isOver && isInDoubt(refused.code)) return { refusals, verdict: 'waits' };

  const together = new Set(alike.flatMap(({ userId, alone }) => (alone ? [] : [userId])));
  if (together.size >= USERS) return { refusals, verdict: 'stage' };
  return { refusals, verdict: isOver ? 'alone' : 'waits' };
}
