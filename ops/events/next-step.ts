import { HR_CONTRADICTS, isReleasable } from '../../lambda/domain/deactivate/guards/order.ts';
import type { EventRef } from '../../lambda/domain/event/leaver-message.ts';
import type { LedgerEntry } from '../../lambda/domain/event/ledger-entry.ts';
import { isTermination } from '../../lambda/domain/event/termination.ts';
import { quoted } from '../terminal/quoted.ts';
import { shownBy } from './holds.ts';
import { type Stopped, waitingSteps } from './way-on.ts';

export interface NextStep {
  /** The command without the options that name the deployment. */
  command: string;
  /** What it does. */
  does: string;
}

/**
 * The commands with which a person can act on an event now.
 *
 * @param open why the circuit to Workfront is open, if it is
 * @param undoable the events whose undo gives the person their access back, if HR withdrew a termination too late
 */
export function nextSteps(
  entry: LedgerEntry,
  {
    open,
    isPersonShown = false,
    undoable = [],
  }: { open?: Stopped | undefined; isPersonShown?: boolean; undoable?: readonly EventRef[] | undefined } = {},
): NextStep[] {
  const id = quoted(entry.eventId);
  const reject = {
    command: `reject ${id} --reason "why"`,
    does: isTermination(entry) ? 'ends the event; the person keeps access' : 'ends the event; no access changes',
  };
  switch (entry.status) {
    case 'held':
      return [
        ...(isPersonShown ? [] : [whoOf(id)]),
        ...undoable.map(undoOf),
        ...recheckOf(entry, id),
        ...chooseOf(entry, id),
        releaseOf(entry, id),
        reject,
      ];
    case 'failed':
      return [
        { command: `replay ${id}`, does: 'tries again, after you have fixed the cause' },
        { command: `cancel ${id} --reason "why"`, does: 'ends the event without doing anything' },
      ];
    case 'returned':
      return [
        ...(isPersonShown ? [] : [whoOf(id)]),
        { command: `deactivate-again ${id} --reason "why"`, does: 'deactivates the user again, if every guard agrees' },
        { command: `accept ${id} --reason "why"`, does: 'ends the event; the user may be active' },
        { command: `undo ${id} --reason "why"`, does: 'ends the event, and gives back what Workfront took from the user' },
      ];
    case 'scheduled':
      return [
        ...waitingSteps(entry, open).slice(0, -1),
        { command: `cancel ${id} --reason "why"`, does: 'ends the event before its date' },
      ];
    case 'no-account':
    case 'would-deactivate':
      return [
        ...(isPersonShown ? [] : [whoOf(id)]),
        {
          command: `replay ${id} --reason "why"`,
          does: 'processes it again, after you have corrected the match keys or ended the dry run',
        },
      ];
    case 'deactivated':
      return [
        { command: `undo ${id} --reason "why"`, does: 'if it was a mistake: activates the user again, and shows first what it gives back' },
        { command: `impact ${id}`, does: 'counts what the user owns in Workfront, only by reading' },
      ];
    case 'rejected':
      return [{ command: `reopen ${id} --reason "why"`, does: 'decides again, if the rejection was a mistake' }];
    case 'received':
    case 'processing':
      return waitingSteps(entry, open);
    default:
      return [];
  }
}

const whoOf = (id: string): NextStep => ({
  command: `show ${id} --person`,
  does: 'shows first who it is about: HR and Workfront beside each other, read now',
});

const undoOf = ({ eventId }: EventRef): NextStep => ({
  command: `undo ${quoted(eventId)} --reason "why"`,
  does: 'if the person stays: activates the user again, and shows first what it gives back; then release',
});

/** HR may have corrected its record by now, so asking it again comes first. */
function recheckOf({ hold }: LedgerEntry, id: string): NextStep[] {
  if (hold?.guard !== HR_CONTRADICTS) return [];
  return [{ command: `release ${id} --recheck --reason "why"`, does: 'asks HR again' }];
}

/** Two users may be meant: the one that matched before, and the one that matches now. */
function chooseOf({ hold }: LedgerEntry, id: string): NextStep[] {
  if (hold === undefined || hold.guard === 'ambiguous' || !shownBy(hold).some(({ guard }) => guard === 'identity-changed')) return [];
  return [{ command: `release ${id} --user GUID --reason "why"`, does: 'deactivates the user you name, if every other guard agrees' }];
}

function releaseOf({ hold }: LedgerEntry, id: string): NextStep {
  const guard = hold?.guard ?? '';
  if (guard === 'ambiguous') {
    return {
      command: `release ${id} --user GUID --reason "why"`,
      does: 'deactivates the user with this GUID, if every other guard agrees',
    };
  }
  if (!isReleasable(guard)) {
    return { command: `release ${id} --recheck --reason "why"`, does: 'asks the guard again, after you have fixed the cause' };
  }
  return { command: `release ${id} --reason "why"`, does: hold?.releasing ?? '' };
}
