import type { LedgerEntry } from '../lambda/domain/ledger-entry.ts';
import { toInstant } from '../lambda/domain/time.ts';
import type { Deployment } from './deployment.ts';

/** What `list` is narrowed to; instants are RFC 3339. */
export interface ListFilter {
  status?: string;
  source?: string;
  reason?: string;
  since?: string;
  until?: string;
}

/** An event as the commands print it in JSON. */
export function summary({ eventId, source, status, reason, effectiveAt, receivedAt, updatedAt, workfrontUserId, history }: LedgerEntry) {
  return { eventId, source, status, reason, effectiveAt, receivedAt, updatedAt, workfrontUserId, history };
}

/** The events of a period, newest first, one at a time. */
export async function* listEvents({ ledger }: Deployment, filter: ListFilter): AsyncGenerator<LedgerEntry> {
  const now = Date.now();
  const period = { since: filter.since ?? toInstant(now - DEFAULT_PERIOD), until: filter.until ?? toInstant(now) };
  for await (const entry of ledger.entries(period)) {
    if (filter.status !== undefined && entry.status !== filter.status) continue;
    if (filter.source !== undefined && entry.source !== filter.source) continue;
    if (filter.reason !== undefined && entry.reason !== filter.reason) continue;
    yield entry;
  }
}

/** The time that the ledger remembers by default, 400 days. */
const DEFAULT_PERIOD = 400 * 24 * 60 * 60 * 1000;
