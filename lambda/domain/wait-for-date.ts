import type { EffectiveTime } from './effective-time.ts';
import type { LedgerEntry } from './ledger-entry.ts';
import type { Termination } from './termination.ts';
import { moved } from './transition.ts';

/** The entry, scheduled: it says for when, and from when an unknown time zone may mean it. */
export function waitForDate(entry: Termination, due: EffectiveTime, now: number, because = ''): LedgerEntry {
  const range = due.from === undefined ? '' : `; the time zone is unknown, the date may mean any instant from ${due.from}`;
  const times = { effectiveAt: due.at, ...(due.from === undefined ? {} : { effectiveFrom: due.from }) };
  return moved(entry, 'scheduled', { ...times, why: `${because}effective at ${due.at}${range}`, now });
}
