import type { EventStatus } from '../event/event-status.ts';
import type { LeaverMessage } from '../event/leaver-message.ts';
import type { LedgerEntry } from '../event/ledger-entry.ts';
import { isTermination } from '../event/termination.ts';
import { isWatched, WATCHED } from '../event/watch-times.ts';
import type { Desk } from '../ports.ts';
import { DAY, toInstant } from '../time/time.ts';
import { beginSweep, lastSweep } from './findings.ts';
import { mustBeOurs, stopIfClosed } from './may-look.ts';

/** Ends after which the person may still have access, without anybody's word that they may. */
const LEFT_ALONE: readonly EventStatus[] = ['no-account', 'cancelled', 'rejected'];

/** Ends that are compared with what HR says. */
export const COMPARED: readonly EventStatus[] = ['deactivated', ...LEFT_ALONE];

/** One sweep looks at so many events, the longest unchanged last: the rest is counted, and said. */
const MOST_EVENTS = 2000;

/** So long after the last sweep a night was missed. */
const MISSED_AFTER = 2 * DAY;

/** What a sweep has begun: the events that are to be looked at each by itself. */
export interface Swept {
  kind: 'swept';
  people: number;
  leftOut: number;
  messages: LeaverMessage[];
}

/**
 * Begins the nightly sweep over the events of the last days: asks Workfront, a hundred users a call, who of those that must be inactive is
 * active. Each of them is then read by itself, as the watch does; and where HR can be asked, each event is compared with what HR says.
 *
 * @throws Blocked while the stage is paused or in trouble; what ledger and directory throw
 */
export async function beginNightlySweep(desk: Desk): Promise<Swept> {
  const { sweepDays } = desk.policy.watch;
  if (sweepDays === 0) return { kind: 'swept', people: 0, leftOut: 0, messages: [] };
  await stopIfClosed(desk);
  await mustBeOurs(desk);

  const all = await recentEvents(sweepDays, desk);
  const entries = all.slice(-MOST_EVENTS);
  const leftOut = all.length - entries.length;
  const users = new Set(entries.filter(isWatched).map(({ workfrontUserId }) => workfrontUserId));
  const active = new Set(users.size === 0 ? [] : await desk.directory.whoIsActive([...users]));
  const messages = entries.flatMap((entry): LeaverMessage[] => {
    const ref = { source: entry.source, eventId: entry.eventId };
    const isBack = isWatched(entry) && active.has(entry.workfrontUserId);
    return [
      ...(isBack ? [{ kind: 'watch' as const, ...ref }] : []),
      ...(isAskable(entry, desk) ? [{ kind: 'compare' as const, ...ref }] : []),
    ];
  });
  await beginSweep({ refs: entries, leftOut }, desk);
  return { kind: 'swept', people: entries.length, leftOut, messages };
}

/**
 * The events of which something can be found. Most people who leave a company never had an account. If nights were missed, as in a long
 * pause, the days count from the last sweep: nobody falls out of them unseen.
 */
async function recentEvents(days: number, desk: Desk): Promise<LedgerEntry[]> {
  const { ledger, clock } = desk;
  const now = clock();
  const last = (await lastSweep(desk)) ?? now;
  const period = { since: toInstant((now - last > MISSED_AFTER ? last : now) - days * DAY), until: toInstant(now + DAY) };
  const entries: LedgerEntry[] = [];
  for (const status of [...LEFT_ALONE, ...WATCHED]) {
    for await (const entry of ledger.withStatus(status, period)) {
      if (isTermination(entry) && (isWatched(entry) || isAskable(entry, desk))) entries.push(entry);
    }
  }
  return entries.sort((one, other) => one.updatedAt.localeCompare(other.updatedAt));
}

const isAskable = ({ status, source, event: { employee } }: LedgerEntry, { hr }: Desk): boolean =>
  COMPARED.includes(status) && employee.sourceId !== undefined && hr.canBeAsked(source);
