import type { LeaverMessage } from './leaver-message.ts';
import type { LedgerEntry } from './ledger-entry.ts';

/** What the ids of all test events begin with. */
export const TEST_ID = 'ops-test-';

/** A user that nobody has. */
const NOBODY = '0'.repeat(32);

/** An entry of nobody, which is in no ledger: so that everybody who hears of outcomes can try it. */
export function testOutcome({ source, eventId, at, by }: Extract<LeaverMessage, { kind: 'test-outcome' }>): LedgerEntry {
  return {
    source,
    eventId,
    version: 1,
    status: 'deactivated',
    event: { type: 'employee.terminated', employee: { sourceId: eventId }, effective: { immediate: true } },
    digest: '',
    receivedAt: at,
    updatedAt: at,
    effectiveAt: at,
    finishedAt: at,
    workfrontUserId: NOBODY,
    placement: { managerID: NOBODY },
    impact: { at, counts: { projects: 3, approvals: 1 }, unknown: [] },
    released: [],
    history: [{ at, to: 'deactivated', by, why: 'a test' }],
  };
}
