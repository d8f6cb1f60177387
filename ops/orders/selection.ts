import type { EventStatus } from '../../lambda/domain/event/event-status.ts';
import type { LedgerEntry } from '../../lambda/domain/event/ledger-entry.ts';
import { DAY } from '../../lambda/domain/time/time.ts';
import { type Deployment, KEEP_DAYS } from '../deployment/deployment.ts';
import { type Filter, isMeant, periodOf } from '../events/filter.ts';
import { findEvent } from '../events/find-event.ts';

/** Events chosen to be acted on, the longest waiting first. */
export interface Selection {
  entries: LedgerEntry[];
  /** How many there are; more than `entries` where a limit left some out. */
  total: number;
}

/** The named events, each once, the first received first. @throws PermanentFailure where one is not in the ledger */
export async function named(deployment: Deployment, eventIds: readonly string[], source: string | undefined): Promise<LedgerEntry[]> {
  const entries: LedgerEntry[] = [];
  for (const eventId of new Set(eventIds)) entries.push(await findEvent(deployment, eventId, source));
  return entries.sort((one, other) => one.receivedAt.localeCompare(other.receivedAt));
}

/**
 * The events that are meant, in any of the statuses; the period is that of their last change. Only what is chosen is kept in
 * memory.
 *
 * @param longest how far back without `since`, in milliseconds
 */
export async function selected(
  { ledger, clock }: Pick<Deployment, 'ledger' | 'clock'>,
  {
    statuses,
    filter,
    limit = Number.POSITIVE_INFINITY,
    longest = FOREVER,
  }: { statuses: readonly EventStatus[]; filter: Filter; limit?: number | undefined; longest?: number },
): Promise<Selection> {
  const period = periodOf(filter, clock(), longest);
  const entries: LedgerEntry[] = [];
  let total = 0;
  for (const status of statuses) {
    for await (const listed of ledger.withStatus(status, period)) {
      if (!isMeant(listed, filter)) continue;
      // The index is a moment behind; what is acted on is read as it is.
      const entry = entries.length < limit ? await ledger.readEntry(listed) : listed;
      if (entry?.status !== status || !isMeant(entry, filter)) continue;
      total += 1;
      if (entries.length < limit) entries.push(entry);
    }
  }
  return { entries: entries.sort((one, other) => one.updatedAt.localeCompare(other.updatedAt)), total };
}

/** No shorter than a stage may keep its ledger: what waits for a person never expires. */
const FOREVER = 10 * KEEP_DAYS * DAY;
