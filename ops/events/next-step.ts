import { HR_GUARD, isReleasable } from '../../lambda/domain/deactivate/guards.ts';
import type { LedgerEntry } from '../../lambda/domain/event/ledger-entry.ts';
import { quoted } from '../terminal/quoted.ts';

export interface NextStep {
  /** The command without what names the deployment. */
  command: string;
  /** What it does. */
  does: string;
}

/** What a person can do about an event now. */
export function nextSteps(entry: LedgerEntry): NextStep[] {
  const id = quoted(entry.eventId);
  const reject = { command: `reject ${id} --reason "why"`, does: 'leaves the user as they are, for good' };
  switch (entry.status) {
    case 'held':
      return [...recheckOf(entry, id), releaseOf(entry, id), reject];
    case 'failed':
      return [
        { command: `replay ${id}`, does: 'does it again, once the cause is mended' },
        { command: `cancel ${id} --reason "why"`, does: 'gives it up, for good' },
      ];
    case 'scheduled':
      return [{ command: `cancel ${id} --reason "why"`, does: 'takes it back before its date' }];
    case 'received':
    case 'processing':
      return entry.waiting === undefined ? [] : [{ command: 'status', does: 'shows what it waits for' }];
    default:
      return [];
  }
}

/** HR may know better by now: first ask it again. */
function recheckOf({ hold }: LedgerEntry, id: string): NextStep[] {
  if (hold?.guard !== HR_GUARD.name) return [];
  return [{ command: `release ${id} --recheck --reason "why"`, does: 'asks HR again' }];
}

function releaseOf({ hold }: LedgerEntry, id: string): NextStep {
  const guard = hold?.guard ?? '';
  if (guard === 'ambiguous') {
    return { command: `release ${id} --user GUID --reason "why"`, does: 'deactivates that one of them, if every other guard agrees' };
  }
  if (!isReleasable(guard)) {
    return { command: `release ${id} --recheck --reason "why"`, does: 'asks the guard once more, once the cause is mended' };
  }
  return { command: `release ${id} --reason "why"`, does: hold?.releasing ?? '' };
}
