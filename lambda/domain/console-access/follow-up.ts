import type { ConsoleAccessMessage, EventRef } from '../event/leaver-message.ts';
import type { LedgerEntry } from '../event/ledger-entry.ts';
import type { Ledger } from '../ledger-port.ts';
import { isFollowedUp, isOutdated } from './access-record.ts';
import { readAccess } from './open-access.ts';

/** The message with which a worker goes on with somebody's console access. */
export const consoleMessage = ({ source, eventId }: EventRef): ConsoleAccessMessage => ({ kind: 'console-access', source, eventId });

/** Whether an event at rest still needs its follow-up begun: a worker may have broken off between the two. */
export async function needsFollowUp(entry: LedgerEntry, ledger: Ledger): Promise<boolean> {
  return isFollowedUp(entry) && isOutdated((await readAccess(entry, ledger))?.value, entry);
}
