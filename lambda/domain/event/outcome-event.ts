import * as z from 'zod/mini';
import { instant } from './hr-event.ts';
import { eventRef, sourceName } from './leaver-message.ts';
import { impact, type LedgerEntry } from './ledger-entry.ts';
import { TEST_ID } from './test-outcome.ts';

/** Where an event rests: what other systems are told of. `rejected` and `accepted` are a person's own doing and `scheduled` is on its way. */
const ANNOUNCED = [
  'deactivated',
  'already-inactive',
  'no-account',
  'would-deactivate',
  'held',
  'failed',
  'cancelled',
  'rescinded',
  'returned',
  'undone',
] as const satisfies readonly LedgerEntry['status'][];

/**
 * What other systems are told, as `detail` of an EventBridge event (docs/events.md): ids, a status, a code and times, nothing
 * personal. Within version 1, fields are only added.
 */
export const outcomeEvent = z.object({
  version: z.literal(1),
  /** The same whenever the same is told again. */
  id: z.string(),
  stage: z.string(),
  source: sourceName,
  eventId: eventRef.shape.eventId,
  type: z.enum(['employee.terminated', 'employee.termination_rescinded', 'employee.sign_of_life']),
  status: z.enum(ANNOUNCED),
  /** Whether it is a test, of nobody. */
  test: z.optional(z.literal(true)),
  /** The guard of a hold, the code of a failure or cancellation. */
  reason: z.optional(z.string()),
  /** The user's GUID. */
  workfrontUserId: z.optional(z.string()),
  /** The GUID of the user's manager in Workfront, as it was just before the write. */
  managerUserId: z.optional(z.string()),
  /** What the user owned just after the write, if the stage counts it. */
  impact: z.optional(impact),
  receivedAt: instant,
  /** The instant from which the leaver must be inactive. */
  effectiveAt: z.optional(instant),
  /** When the event came to this status. */
  at: instant,
});

export type OutcomeEvent = z.infer<typeof outcomeEvent>;

/** What there is to tell of an event; undefined while it is on its way. */
export function outcomeEventOf(entry: LedgerEntry, stage: string): OutcomeEvent | undefined {
  const { source, eventId, version, event, reason, workfrontUserId, receivedAt, effectiveAt, updatedAt, history } = entry;
  const status = ANNOUNCED.find((one) => one === entry.status);
  if (status === undefined) return undefined;
  const managerUserId = entry.placement?.managerID;
  const owned = entry.impact && {
    counts: entry.impact.counts,
    unknown: entry.impact.unknown,
    partial: entry.impact.partial,
    dropped: entry.impact.dropped,
  };

  return {
    version: 1,
    id: `${source}/${eventId}/${version}`,
    stage,
    source,
    eventId,
    type: event.type,
    status,
    ...(eventId.startsWith(TEST_ID) && { test: true as const }),
    ...(reason !== undefined && { reason }),
    ...(workfrontUserId !== undefined && { workfrontUserId }),
    ...(managerUserId !== undefined && { managerUserId }),
    ...(owned !== undefined && { impact: owned }),
    receivedAt,
    ...(effectiveAt !== undefined && { effectiveAt }),
    at: history.at(-1)?.at ?? updatedAt,
  };
}
