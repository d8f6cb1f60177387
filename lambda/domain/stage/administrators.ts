import * as z from 'zod/mini';
import { isFinished } from '../event/event-status.ts';
import { type EventRef, eventRef } from '../event/leaver-message.ts';
import type { Desk } from '../ports.ts';
import { changeRecord, STAGE_KEYS } from './shared-record.ts';

/** Administrators whose deactivation was begun: two at once must not leave none. */
const administratorsRecord = z.object({ leaving: z.array(z.object({ ...eventRef.shape, userId: z.string() })) });

/** Says that this event is about to deactivate an administrator. Before the administrators are counted: of two, one always sees the other. */
export async function announceAdministrator({ source, eventId }: EventRef, userId: string, { ledger }: Desk): Promise<void> {
  await changeRecord(ledger, { key: STAGE_KEYS.administrators, schema: administratorsRecord }, (record) => {
    const others = (record?.leaving ?? []).filter((one) => one.source !== source || one.eventId !== eventId);
    const same = record?.leaving.some((one) => one.source === source && one.eventId === eventId && one.userId === userId);
    return same ? undefined : { leaving: [...others.slice(-MOST_LEAVING), { source, eventId, userId }] };
  });
}

const MOST_LEAVING = 100;

/**
 * How many administrators stay if this one is deactivated: active, and of no other event that is about to deactivate them. Who is about to
 * go is read first: whoever has gone meanwhile is not active any more when the administrators are asked for.
 */
export async function administratorsWithout(userId: string, desk: Desk): Promise<number> {
  const record = await desk.ledger.readRecord(STAGE_KEYS.administrators, administratorsRecord);
  const gone = new Set([userId]);
  for (const one of record?.value.leaving ?? []) if (await isUnderWay(one, desk)) gone.add(one.userId);
  return (await desk.directory.activeAdministrators()).filter((id) => !gone.has(id)).length;
}

async function isUnderWay(one: EventRef, { ledger }: Desk): Promise<boolean> {
  const entry = await ledger.readEntry(one);
  if (entry === undefined || isFinished(entry.status)) return false;
  return entry.intent !== undefined || entry.status === 'processing';
}
