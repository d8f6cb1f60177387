import { toInstant } from '../time/time.ts';
import { type EventStatus, isFinished, mayMove } from './event-status.ts';
import type { LedgerEntry } from './ledger-entry.ts';

type Changes = Partial<Omit<LedgerEntry, 'status' | 'history' | 'version' | 'source' | 'eventId'>>;

/**
 * The entry in its next status, with one more step of history; not yet written.
 *
 * @param by `worker`, `schedule`, or the operator's identity
 * @throws Error for an arrow that the status machine does not have: a mistake in the code, not in the data
 */
export function withStatus<Entry extends LedgerEntry>(
  entry: Entry,
  to: EventStatus,
  { by = 'worker', why, now, ...changes }: { by?: string; why: string; now: number } & Changes,
): Entry {
  if (!mayMove(entry.status, to)) throw new Error(`an event cannot go from ${entry.status} to ${to}`);

  const at = toInstant(now);
  const { lease: _lease, waiting: _waiting, hold: _hold, reason: _reason, finishedAt: _finishedAt, ...kept } = entry;
  const next: LedgerEntry = {
    ...kept,
    ...changes,
    status: to,
    updatedAt: at,
    ...(isFinished(to) ? { finishedAt: at } : {}),
    history: [...entry.history, { at, from: entry.status, to, by, why }],
  };
  return { ...next, event: entry.event } as Entry;
}
