import type { EventStatus } from '../../lambda/domain/event/event-status.ts';
import type { LedgerEntry } from '../../lambda/domain/event/ledger-entry.ts';
import { DAY } from '../../lambda/domain/time/time.ts';
import { type Deployment, KEEP_DAYS } from '../deployment/deployment.ts';
import { type Filter, isMeant, type Period, periodOf } from '../events/filter.ts';

/** Events that a command acts on, the longest unchanged first. */
export interface Selection {
  entries: LedgerEntry[];
  /** How many there are; more than `entries` if a limit left some out. */
  total: number;
}

interface Choice {
  statuses: readonly EventStatus[];
  filter: Omit<Filter, 'since' | 'until'>;
  /** Of the last change; undefined: however long ago. */
  period?: Period;
  limit?: number | undefined;
}

/** The events that a filter chooses, in any of the statuses. Only the chosen events are kept in memory. */
export async function selected(
  { ledger, clock }: Pick<Deployment, 'ledger' | 'clock'>,
  { statuses, filter, period = periodOf({}, clock(), EVER), limit = Number.POSITIVE_INFINITY }: Choice,
): Promise<Selection> {
  const entries: LedgerEntry[] = [];
  let total = 0;
  for (const status of statuses) {
    for await (const listed of ledger.withStatus(status, period)) {
      if (!isMeant(listed, filter)) continue;
      // The index is a moment behind, so an event is read again before anything acts on it.
      const entry = entries.length < limit ? await ledger.readEntry(listed) : listed;
      if (entry?.status !== status || !isMeant(entry, filter)) continue;
      total += 1;
      if (entries.length < limit) entries.push(entry);
    }
  }
  return { entries: entries.sort((one, other) => one.updatedAt.localeCompare(other.updatedAt)), total };
}

/** How far back is everything: an event that waits for a person never expires, however long a stage keeps its ledger. */
export const EVER = 10 * KEEP_DAYS * DAY;
