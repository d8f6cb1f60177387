import { GUARDS } from '../../lambda/domain/deactivate/guards/order.ts';
import type { Hold, LedgerEntry } from '../../lambda/domain/event/ledger-entry.ts';
import { bothTimes } from '../terminal/times.ts';

/** One guard of a hold. */
export interface Shown {
  guard: string;
  saw: string;
  /** What a release of it is good for. */
  of: string | undefined;
  releasing: string;
}

/** Every guard that a hold shows: the one that it is named after, then all others that would hold as well. */
export function shownBy({ guard, saw, of, releasing, also = [] }: Hold): Shown[] {
  const others = also.map((one) => ({ ...one, releasing: GUARDS.find(({ name }) => name === one.guard)?.releasing ?? '' }));
  return [{ guard, saw, of, releasing }, ...others];
}

/** What a hold means for the person who must decide, by guard. What the guard saw, and what a release does, stand beside it. */
const MEANINGS: Record<string, string> = {
  'wrong-tenant': 'the credential looks into another Workfront than the one of this stage; nobody can be decided about there',
  ambiguous: 'several users fit what HR says; nobody can say which one leaves',
  'identity-changed':
    "HR's words lead to another user than when HR recorded the termination; the address or account may belong to somebody else now",
  'identity-mismatch': 'the user found is described differently in Workfront; it may be another person',
  'number-alone': "only an employee number leads to this user, and several HR systems issue numbers; it may be another company's employee",
  'late-sighting': "the user was first looked up long after HR's event, by an address alone; the address may have passed to somebody else",
  newcomer: 'the account is younger than the termination; it may belong to somebody who was hired later',
  'hr-contradicts': 'HR, asked just before, does not confirm that this employee left',
  unasked: 'HR could have taken this back without telling us, or the person has another employment, and HR cannot be asked',
  'contradicting-delivery':
    'HR sent several terminations of this person, with different dates and nothing that tells which came last; nobody can say which one is right',
  'perhaps-rescinded': 'HR withdrew a termination, and it may be this one; the person may stay',
  'perhaps-stays': 'HR says that somebody starts or works, and it may be this person',
  'earlier-than-hr': 'another source has a later last day for this person; access would end too early',
  'own-goal': 'without this user the product, or every administrator, could not get into Workfront any more',
  protected: 'the user is on the protected list of the stage',
  administrator: 'the user can administer Workfront, or Workfront does not say whether they can',
  stale: 'the termination is old, and the user has logged in since; the person may have come back',
  repeated: 'an equal event was finished before; it may be the same one again, or the person left a second time',
  approval: 'the rules of this stage or source ask a person about every leaver',
  brake: 'more people left at once than the limits allow',
  'rescinded-after-deactivation': 'HR says that the person stays, and they cannot work: their user was deactivated before',
  'cancelled-more-than-named': 'more terminations were cancelled than HR named; one of them may have been right',
};

/** @returns undefined for a guard of another version */
export const meaningOfHold = (guard: string): string | undefined => (Object.hasOwn(MEANINGS, guard) ? MEANINGS[guard] : undefined);

const REASONS: Record<string, string> = {
  'failed forbidden': 'Workfront refused to deactivate this one user: nothing was changed, and the user was active then',
  'failed main-administrator':
    'Workfront refused to deactivate a system administrator: nothing was changed, and the user was active then. Nobody may deactivate the main administrator (Admin Email), and no right helps: somebody must set another Admin Email in Workfront',
  'failed refused': 'Workfront refused to deactivate this one user: nothing was changed, and the user was active then',
  'failed user-not-found': 'Workfront found the user in a search, and not when it was to be deactivated: nothing was changed',
  'failed not-confirmed': 'Workfront took the write, and goes on showing the user as active: somebody must look at the user in Workfront',
  'already-inactive pending-approval':
    'the user is deactivated and pending approval: an approval in Workfront would activate them, so somebody must reject it there',
  'no-account limited-sight':
    "nobody was found, but the credential does not see every user: the person may have an account all the same; make the credential's user a system administrator, then replay",
  'rescinded found-nothing':
    'HR withdrew a termination, and neither a termination nor a user of this person is known; if a termination follows, it is cancelled or held',
  'cancelled operator': 'a person cancelled it; nobody is deactivated',
  'cancelled not-a-termination': 'HR, asked, has no termination of this person',
  'cancelled superseded': 'a later word of HR replaced it',
  'cancelled rescinded': 'HR withdrew it',
  'accepted superseded': 'the user had returned, and a later termination of this person has taken the access again',
};

const STATUSES: Record<string, string> = {
  noted: 'a sign of life: it changes nothing by itself, and holds a termination of the same person that it reaches',
  'no-account': 'nobody in Workfront has what HR says of this person',
  'would-deactivate': 'a dry run: everything was decided, nothing was written; the user is as they were',
  returned:
    'the user was inactive, and is active again: somebody or something activated them, such as a directory sync; for this event nobody has said that they may be',
  accepted: 'the user is active again, and may be',
  undone: 'a person undid the deactivation',
  rejected: 'a person decided that nobody is to be deactivated',
};

/** What an ended event means, if its status does not say it. */
export function meaningOfEnd({ status, reason }: { status: string; reason?: string | undefined }): string | undefined {
  return REASONS[`${status} ${reason}`] ?? STATUSES[status];
}

/** What people released an event from: each counts for exactly what the hold showed then, and for nothing that came later. */
export function releasesOf({ released }: LedgerEntry): string[] {
  return released.map(({ guard, of, at, because }) => {
    const when = at === undefined ? '' : `, ${bothTimes(at)}`;
    const wrong = because === undefined ? '' : `; the guard was wrong: ${because}`;
    return `${guard}, for ${of ?? 'the user it was held with'}${when}${wrong}`;
  });
}
