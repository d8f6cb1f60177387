import { toMillis } from '../time/time.ts';
import type { LedgerEntry } from './ledger-entry.ts';

/** Milliseconds since the leaver had to be inactive, but not from before we knew. @param now milliseconds since the epoch */
export function sinceDue({ effectiveAt, receivedAt }: Pick<LedgerEntry, 'effectiveAt' | 'receivedAt'>, now: number): number {
  return Math.max(0, now - Math.max(toMillis(effectiveAt ?? receivedAt), toMillis(receivedAt)));
}
