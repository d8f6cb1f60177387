import type { SQSRecord } from 'aws-lambda';
import { consoleMessage, needsFollowUp } from '../domain/console-access/follow-up.ts';
import { removeAccess } from '../domain/console-access/remove-access.ts';
import type { ConsoleAccessMessage } from '../domain/event/leaver-message.ts';
import type { LedgerEntry } from '../domain/event/ledger-entry.ts';
import { reportAccess } from './console-report.ts';
import { putBack, type Worker } from './put-back.ts';

/**
 * Has the leaver removed in the Admin Console, by a message of its own: before the event's own message is deleted, and again if that comes
 * back. The event has its outcome already, and nothing of the Console changes it.
 */
export async function followUp(entry: LedgerEntry | undefined, { console, desk, queue }: Worker): Promise<void> {
  if (console === undefined || entry === undefined || !(await needsFollowUp(entry, desk.ledger))) return;
  await queue.send(consoleMessage(entry));
}

/** One turn in the Admin Console. @throws BackToTheQueue if it has to wait */
export async function continueInConsole(message: ConsoleAccessMessage, record: SQSRecord, worker: Worker): Promise<void> {
  if (worker.console === undefined) return;
  const end = await removeAccess(message, { ...worker.desk, ...worker.console });
  reportAccess({ message, end }, worker);
  if (end.kind === 'wait') await putBack({ record, message, seconds: end.seconds }, worker);
}
