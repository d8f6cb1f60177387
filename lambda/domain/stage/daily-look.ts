import * as z from 'zod/mini';
import { instant } from '../event/hr-event.ts';
import type { LedgerEntry } from '../event/ledger-entry.ts';
import type { Desk } from '../ports.ts';
import { DAY, HOUR, toInstant, toMillis } from '../time/time.ts';
import { pauseRecord } from './gate.ts';
import { changeRecord, STAGE_KEYS } from './shared-record.ts';
import { pause } from './stage-orders.ts';

/** When the stage was last looked at, and which events were scheduled again since. */
export const dailyLookRecord = z.object({ lookedAt: instant, scheduledAgain: z.array(instant) });

/** What the daily look found. */
export type DailyLook =
  | { kind: 'well'; scheduledAgain: LedgerEntry[] }
  /** The ledger is older than its own memory outside of it, or more schedules are lost than can be lost one by one. */
  | { kind: 'paused'; why: string };

/** Events that were due so long ago without a turn have no schedule. A backlog of the queue is shorter. */
const LOST_AFTER = 2 * HOUR;

/** More lost schedules a day than this are no accident of one schedule. */
const MOST_A_DAY = 2;

/** The next look comes before the next day's, and brings the memory of this one from outside the ledger. */
const REMEMBERED_FOR = 12 * HOUR;

/**
 * Looks whether the ledger is the one it was, and whether a scheduled event has lost its schedule. A table that was restored to an
 * earlier time has forgotten rescissions: nothing may be written before HR's deliveries since then were sent again.
 *
 * @param rememberedAt when the stage was last looked at, as a schedule remembers it
 * @throws what ledger and schedules throw
 */
export async function lookAtStage(rememberedAt: string | undefined, desk: Desk): Promise<DailyLook> {
  const now = desk.clock();
  const record = (await desk.ledger.readRecord(STAGE_KEYS.dailyLook, dailyLookRecord))?.value;
  if (rememberedAt !== undefined && (record === undefined || toMillis(record.lookedAt) < toMillis(rememberedAt))) {
    const until = record === undefined ? 'unknown' : record.lookedAt;
    return stop(`the ledger was restored to an earlier time: its last daily look is ${until}, and ${rememberedAt} is remembered`, desk);
  }

  const before = (record?.scheduledAgain ?? []).filter((at) => toMillis(at) > now - DAY);
  const lost = await lostSchedules(desk);
  if (lost.length + before.length > MOST_A_DAY) {
    return stop(`${lost.length + before.length} scheduled events were due and have no schedule`, desk);
  }
  for (const entry of lost) await desk.schedules.set(entry, toInstant(now));
  const scheduledAgain = [...before, ...lost.map(() => toInstant(now))];
  await changeRecord(desk.ledger, { key: STAGE_KEYS.dailyLook, schema: dailyLookRecord }, () => ({
    lookedAt: toInstant(now),
    scheduledAgain,
  }));
  await desk.schedules.setDailyLook(toInstant(now + REMEMBERED_FOR), { rememberedAt: toInstant(now) });
  return { kind: 'well', scheduledAgain: lost };
}

/** Scheduled events whose time has passed without a turn. One that waits out trouble had its turn. */
async function lostSchedules({ ledger, clock }: Desk): Promise<LedgerEntry[]> {
  const isLost = ({ status, waiting, effectiveAt }: LedgerEntry) =>
    status === 'scheduled' && waiting === undefined && effectiveAt !== undefined && toMillis(effectiveAt) < clock() - LOST_AFTER;
  const lost: LedgerEntry[] = [];
  for await (const listed of ledger.scheduled()) {
    // The index is a moment behind: what it shows as lost is read again.
    const entry = isLost(listed) ? await ledger.readEntry(listed) : undefined;
    if (entry !== undefined && isLost(entry)) lost.push(entry);
    if (lost.length > MOST_A_DAY) break;
  }
  return lost;
}

async function stop(saw: string, { ledger, clock }: Desk): Promise<DailyLook> {
  const why = `${saw}; see docs/runbook.md, "The table was restored"`;
  await changeRecord(ledger, { key: STAGE_KEYS.pause, schema: pauseRecord }, (record) =>
    pause(record, { by: 'worker', reason: why, now: clock() }),
  );
  return { kind: 'paused', why };
}
