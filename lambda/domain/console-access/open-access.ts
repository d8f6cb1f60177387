import * as z from 'zod/mini';
import { type EventRef, eventRef } from '../event/leaver-message.ts';
import type { Ledger } from '../ledger-port.ts';
import { changeRecord } from '../stage/shared-record.ts';
import { DAY, MINUTE, toMillis } from '../time/time.ts';
import { type AccessRecord, accessKey, accessRecord, isInWork, isOpen, type StoredAccess } from './access-record.ts';

/** Which events have console access that is not settled yet. Records have no index, so they are listed beside it. */
const openList = z.object({ open: z.array(eventRef) });

/** So many lists, that each stays far below the 400 KB of an item although thousands are open. */
const LISTS = 16;
const listKey = (list: number): string => `stage/console-access/${list}`;
const listOf = ({ eventId }: EventRef): string =>
  listKey([...eventId].reduce((sum, letter) => (sum * 31 + (letter.codePointAt(0) ?? 0)) % LISTS, 0));

type Records = Pick<Ledger, 'readRecord' | 'readRecords' | 'writeRecord'>;

const isSame = (one: EventRef, other: EventRef): boolean => one.source === other.source && one.eventId === other.eventId;

/** Lists it before its record is written: what is open is always listed. */
const listAsOpen = ({ source, eventId }: EventRef, ledger: Records): Promise<void> =>
  changeRecord(ledger, { key: listOf({ source, eventId }), schema: openList }, (list = { open: [] }) =>
    list.open.some((one) => isSame(one, { source, eventId })) ? undefined : { open: [...list.open, { source, eventId }] },
  );

const takeOff = (ref: EventRef, ledger: Records): Promise<void> =>
  changeRecord(ledger, { key: listOf(ref), schema: openList }, (list) =>
    list?.open.some((one) => isSame(one, ref)) ? { open: list.open.filter((one) => !isSame(one, ref)) } : undefined,
  );

/**
 * Writes a record, which expires only after it is settled.
 *
 * @throws Contended when somebody else wrote it first
 */
export async function writeAccess({ value, version }: StoredAccess, ledger: Records): Promise<StoredAccess> {
  const open = isOpen(value);
  if (open) await listAsOpen(value, ledger);
  const next = await ledger.writeRecord(accessKey(value), { value, version, kept: open });
  if (!open) await takeOff(value, ledger);
  return { value, version: next };
}

export const readAccess = (ref: EventRef, ledger: Records): Promise<StoredAccess | undefined> =>
  ledger.readRecord(accessKey(ref), accessRecord);

/** All that is listed as open, with its record; undefined if a worker broke off before it wrote one. */
async function listedAccess(ledger: Records): Promise<{ ref: EventRef; record: AccessRecord | undefined }[]> {
  const keys = Array.from({ length: LISTS }, (_, list) => listKey(list));
  const refs = [...(await ledger.readRecords(keys, openList)).values()].flatMap(({ value }) => value.open);
  const records = await ledger.readRecords(refs.map(accessKey), accessRecord);
  return refs.map((ref) => ({ ref, record: records.get(accessKey(ref))?.value }));
}

/** What waits for a worker or for a person. */
export const openAccess = async (ledger: Records): Promise<AccessRecord[]> =>
  (await listedAccess(ledger)).flatMap(({ record }) => (record !== undefined && isOpen(record) ? [record] : []));

/** A message is hidden for minutes at most: what should have been tried so long ago has lost its message. */
const LOST_AFTER = 30 * MINUTE;

/**
 * What needs a message: whose message is lost, and what is to be looked at again after a day. Takes what is settled off the lists.
 *
 * @param now milliseconds since the epoch
 */
export async function accessToContinue(ledger: Records, now: number): Promise<EventRef[]> {
  const found: EventRef[] = [];
  for (const { ref, record } of await listedAccess(ledger)) {
    if (record !== undefined && !isOpen(record)) await takeOff(ref, ledger);
    else if (record === undefined || isDue(record, now)) found.push(ref);
  }
  return found;
}

function isDue(record: AccessRecord, now: number): boolean {
  if (!isInWork(record)) return false;
  const { lookAgainAt, waiting, updatedAt } = record;
  return lookAgainAt === undefined || waiting !== undefined
    ? toMillis(waiting?.until ?? updatedAt) < now - LOST_AFTER
    : toMillis(lookAgainAt) <= now;
}

/** When what was removed, or was not there, is looked at again: a directory sync runs at least once a day. */
export const AGAIN_AFTER = DAY;
