import {
  type AccessRecord,
  begunAgain,
  isFollowedUp,
  isOpen,
  movedTo,
  newAccess,
  type StoredAccess,
} from '../../lambda/domain/console-access/access-record.ts';
import { consoleMessage } from '../../lambda/domain/console-access/follow-up.ts';
import { openAccess, readAccess, writeAccess } from '../../lambda/domain/console-access/open-access.ts';
import { CONSOLE_CIRCUIT } from '../../lambda/domain/console-access/wait-for-console.ts';
import type { LedgerEntry } from '../../lambda/domain/event/ledger-entry.ts';
import { PermanentFailure } from '../../lambda/domain/failures.ts';
import type { Deployment } from '../deployment/deployment.ts';
import { closeCircuit } from './try-now.ts';

interface Order {
  by: string;
  reason: string;
}

/**
 * Has the worker ask the Admin Console about one leaver again, from the beginning; also if it never asked before.
 *
 * @throws PermanentFailure `not-followed-up` if the leaver is not deactivated
 */
export async function retryAccess(entry: LedgerEntry, { by, reason }: Order, { ledger, queue, clock }: Deployment): Promise<AccessRecord> {
  if (!isFollowedUp(entry))
    throw new PermanentFailure(
      'not-followed-up',
      `the event is ${entry.status}; only a deactivated leaver is removed in the Admin Console`,
    );
  const now = clock();
  const known: StoredAccess = (await readAccess(entry, ledger)) ?? { value: newAccess(entry, now), version: 0 };
  const testOnly = entry.status === 'would-deactivate';
  const { value } = await writeAccess(
    { value: { ...begunAgain(known.value, { by, why: `tried again: ${reason}`, now }), testOnly }, version: known.version },
    ledger,
  );
  await queue.send(consoleMessage(entry));
  return value;
}

/**
 * Takes a person's word that nothing is left to do in the Admin Console.
 *
 * @throws PermanentFailure `nothing-open` if nothing waits
 */
export async function closeAccess(entry: LedgerEntry, { by, reason }: Order, { ledger, clock }: Deployment): Promise<AccessRecord> {
  const known = await readAccess(entry, ledger);
  if (known === undefined || !isOpen(known.value))
    throw new PermanentFailure('nothing-open', `nothing of event ${entry.eventId} waits in the Admin Console; see console-access list`);
  const step = { to: 'closed' as const, why: `closed: ${reason}`, by, now: clock() };
  return (await writeAccess({ value: movedTo(known.value, step), version: known.version }, ledger)).value;
}

/** Lets the Admin Console be asked again, and sends all that waits for it. @returns how many messages were sent */
export async function tryAccessAgain({ ledger, queue }: Deployment): Promise<number> {
  await closeCircuit(CONSOLE_CIRCUIT, ledger);
  const waiting = (await openAccess(ledger)).filter((record) => record.waiting !== undefined);
  for (const record of waiting) await queue.send(consoleMessage(record));
  return waiting.length;
}
