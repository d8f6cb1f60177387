import { needsPerson } from '../../lambda/domain/event/event-status.ts';
import type { LedgerEntry } from '../../lambda/domain/event/ledger-entry.ts';
import { sinceDue } from '../../lambda/domain/event/since-due.ts';
import { isTermination } from '../../lambda/domain/event/termination.ts';
import { MINUTE } from '../../lambda/domain/time/time.ts';
import type { Deployment } from '../deployment/deployment.ts';
import { periodOf } from '../events/filter.ts';
import { shownBy } from '../events/holds.ts';
import { EVER } from '../orders/selection.ts';

/** A leaver who should be inactive by now, and is not. */
export interface LateLeaver {
  source: string;
  eventId: string;
  status: LedgerEntry['status'];
  effectiveAt: string | undefined;
  /** How long the leaver is late, in milliseconds. */
  late: number;
  /** Who or what the event waits for. */
  waitsFor: string;
}

/** While a worker or a schedule is at work on a leaver, they are late only after this. Who waits for a person is late at once. */
const JUST_BEGUN = MINUTE;

/** Who is late, the latest first. In constant memory: `leavers` has at most as many as `limit`, `total` counts all. */
export async function lateLeavers(deployment: Deployment, { limit }: { limit: number }): Promise<{ total: number; leavers: LateLeaver[] }> {
  const now = deployment.clock();
  let total = 0;
  const leavers: LateLeaver[] = [];
  for await (const entry of unfinished(deployment)) {
    const late = isTermination(entry) ? sinceDue(entry, now) : 0;
    if (late === 0 || (late < JUST_BEGUN && !needsPerson(entry.status))) continue;
    total += 1;
    const { source, eventId, status, effectiveAt } = entry;
    leavers.push({ source, eventId, status, effectiveAt, late, waitsFor: waitsFor(entry) });
    leavers.sort((one, other) => other.late - one.late).splice(limit);
  }
  return { total, leavers };
}

async function* unfinished({ ledger, clock }: Deployment): AsyncGenerator<LedgerEntry> {
  yield* ledger.inWork();
  yield* ledger.scheduled();
  for (const status of ['held', 'failed', 'returned'] as const) yield* ledger.withStatus(status, periodOf({}, clock(), EVER));
}

function waitsFor({ status, reason, hold, waiting }: LedgerEntry): string {
  if (hold !== undefined)
    return `a person: ${shownBy(hold)
      .map(({ guard }) => guard)
      .join(' + ')}`;
  if (status === 'returned') return 'a person: the user is active again';
  if (status === 'failed') return `a person: failed (${reason})`;
  if (waiting !== undefined) return `${waiting.untilRepaired ? 'a person' : 'the end of trouble'}: ${waiting.code}`;
  return status === 'scheduled' ? 'its schedule, which did not fire' : 'the worker';
}
