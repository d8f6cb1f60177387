import * as z from 'zod/mini';
import { instant } from '../event/hr-event.ts';
import type { LedgerEntry } from '../event/ledger-entry.ts';
import type { Desk } from '../ports.ts';
import { DAY, HOUR, toInstant, toMillis } from '../time/time.ts';
import { pauseRecord } from './gate.ts';
import { isLost, LOST_AFTER } from './late-look.ts';
import { changeRecord, STAGE_KEYS } from './shared-record.ts';
import { pause } from './stage-orders.ts';

/** When the stage was last looked at, and which events were scheduled again since. */
export const dailyLookRecord = z.object({ lookedAt: instant, scheduledAgain: z.array(instant) });

/** What the daily look found, and which events it has scheduled again. */
export type DailyLook = { scheduledAgain: LedgerEntry[] } & (
  | { kind: 'well' }
  /** The ledger is older than its own memory outside of it, or more schedules are lost than can be lost one by one. */
  | { kind: 'paused'; why: string }
);

/** More lost schedules a day than this are no accident of one schedule. */
const MOST_A_DAY = 2;

/** Schedules that are set at once. */
const SET_AT_ONCE = 10;

/** The next look comes before the next day's, and brings the memory of this one from outside the ledger. */
const REMEMBERED_FOR = 12 * HOUR;

/**
 * Looks whether the ledger is the one it was, and whether a scheduled event has lost its schedule: then it is scheduled again. A table
 * that was restored to an earlier time has forgotten rescissions: nothing may be written before HR's deliveries since then were sent
 * again. So the stage is paused first, and what is scheduled again waits until a person resumes it.
 *
 * @param rememberedAt when the stage was last looked at, as a schedule remembers it
 * @throws what ledger and schedules throw
 */
export async function lookAtStage(rememberedAt: string | undefined, desk: Desk): Promise<DailyLook> {
  const now = desk.clock();
  const record = (await desk.ledger.readRecord(STAGE_KEYS.dailyLook, dailyLookRecord))?.value;
  const lost = await lostSchedules(desk);
  const scheduledAgain = [...setBefore(record?.scheduledAgain ?? [], { lost: lost.length, now }), ...lost.map(() => toInstant(now))];

  const why = forgotten(record, rememberedAt) ?? tooManyLost(scheduledAgain.length);
  // First, because what is scheduled again must find the stage paused.
  if (why !== undefined) await stopStage(why, desk);
  await scheduleAgain(lost, desk);
  if (why !== undefined) return { kind: 'paused', why, scheduledAgain: lost };

  await changeRecord(desk.ledger, { key: STAGE_KEYS.dailyLook, schema: dailyLookRecord }, () => ({
    lookedAt: toInstant(now),
    scheduledAgain,
  }));
  await desk.schedules.setDailyLook(toInstant(now + REMEMBERED_FOR), { rememberedAt: toInstant(now) });
  return { kind: 'well', scheduledAgain: lost };
}

/**
 * What was scheduled again within a day. The message of a look may come twice: what the first one scheduled again a moment ago is lost
 * until its schedule fires, and counts once.
 */
function setBefore(times: readonly string[], { lost, now }: { lost: number; now: number }): string[] {
  const today = times.filter((at) => toMillis(at) > now - DAY);
  const justNow = today.filter((at) => toMillis(at) > now - LOST_AFTER);
  return [...today.filter((at) => !justNow.includes(at)), ...justNow.slice(lost)];
}

/** @returns what shows that the table was restored to an earlier time */
function forgotten(record: z.output<typeof dailyLookRecord> | undefined, rememberedAt: string | undefined): string | undefined {
  if (rememberedAt === undefined) return undefined;
  if (record !== undefined && toMillis(record.lookedAt) >= toMillis(rememberedAt)) return undefined;
  const last = record?.lookedAt ?? 'unknown';
  return `the ledger was restored to an earlier time: its last daily look is ${last}, and ${rememberedAt} is remembered${SEE}`;
}

const tooManyLost = (count: number): string | undefined =>
  count > MOST_A_DAY ? `${count} scheduled events were due and have no schedule${SEE}` : undefined;

const SEE = '; see docs/runbook.md, "The table was restored"';

async function lostSchedules({ ledger, clock }: Desk): Promise<LedgerEntry[]> {
  const lost: LedgerEntry[] = [];
  for await (const listed of ledger.scheduled()) {
    // The index is a moment behind: what it shows as lost is read again.
    const entry = isLost(listed, clock()) ? await ledger.readEntry(listed) : undefined;
    if (entry !== undefined && isLost(entry, clock())) lost.push(entry);
  }
  return lost;
}

async function scheduleAgain(lost: readonly LedgerEntry[], { schedules, clock }: Desk): Promise<void> {
  for (let at = 0; at < lost.length; at += SET_AT_ONCE) {
    await Promise.all(lost.slice(at, at + SET_AT_ONCE).map((entry) => schedules.set(entry, toInstant(clock()))));
  }
}

/** Pauses the stage in the name of the worker, until a person resumes it. */
export async function stopStage(reason: string, { ledger, clock }: Pick<Desk, 'ledger' | 'clock'>): Promise<void> {
  await changeRecord(ledger, { key: STAGE_KEYS.pause, schema: pauseRecord }, (record) =>
    pause(record, { by: 'worker', reason, now: clock() }),
  );
}
