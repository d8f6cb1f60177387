import type { HrEvent } from '../../lambda/domain/event/hr-event.ts';
import type { LedgerEntry } from '../../lambda/domain/event/ledger-entry.ts';

/** Makes a ledger entry as the worker opens it, not yet written. */
export function anEntry(event: HrEvent, changes: Partial<LedgerEntry> = {}): LedgerEntry {
  return {
    source: 'acme-hr',
    eventId: 'evt-1',
    version: 0,
    status: 'received',
    event,
    digest: '0'.repeat(64),
    receivedAt: '2026-11-24T12:00:00.000Z',
    updatedAt: '2026-11-24T12:00:00.000Z',
    released: [],
    history: [{ at: '2026-11-24T12:00:00.000Z', to: 'received', by: 'acme-hr', why: 'a verified delivery' }],
    ...changes,
  };
}
