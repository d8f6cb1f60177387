import type { LedgerEntry } from '../event/ledger-entry.ts';
import type { Termination } from '../event/termination.ts';
import { withStatus } from '../event/transition.ts';
import type { EffectiveTime } from './effective-time.ts';

/**
 * The entry, scheduled: it says for when, and from when an unknown time zone may mean it. A write that was about to happen
 * is no part of it any more: the caller has seen that it did not take effect.
 */
export function waitForDate(entry: Termination, due: EffectiveTime, now: number, because = ''): LedgerEntry {
  const range = due.from === undefined ? '' : `; the time zone is unknown, the date may mean any instant from ${due.from}`;
  const times = { effectiveAt: due.at, ...(due.from === undefined ? {} : { effectiveFrom: due.from }) };
  const { intent: _intent, ...unwritten } = entry;
  return withStatus(unwritten, 'scheduled', { ...times, why: `${because}effective at ${due.at}${range}`, now });
}
