import { isFinished, needsPerson } from '../event/event-status.ts';
import type { LedgerEntry } from '../event/ledger-entry.ts';
import type { TurnEnd } from './turn-end.ts';

/** What is finished, or waits for a person, no worker touches. @returns undefined if there is something to do */
export function atRest(entry: LedgerEntry): TurnEnd | undefined {
  if (isFinished(entry.status)) return { kind: 'nothing-to-do', entry, why: `finished before: ${entry.status}` };
  if (!needsPerson(entry.status)) return undefined;
  return { kind: 'nothing-to-do', entry, why: `${entry.status}: waits for a person` };
}
