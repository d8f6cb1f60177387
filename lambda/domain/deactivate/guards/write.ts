import { fold } from '../../person/names.ts';
import { isRehearsed, rulesOf } from '../../policy.ts';
import { DAY, toMillis } from '../../time/time.ts';
import { type GuardView, nameOf, ofEvents } from './view.ts';

export function perhapsRescinded({ perhapsRescindedBy }: GuardView): string | undefined {
  if (perhapsRescindedBy.length === 0) return undefined;
  return `rescission ${ofEvents(perhapsRescindedBy)} may be of this person, and later than the termination`;
}

export function perhapsStays({ signsOfLife }: GuardView): string | undefined {
  if (signsOfLife.length === 0) return undefined;
  const signs = signsOfLife.map((word) => `${word.kind} (${nameOf(word)})`).sort();
  return `HR says of somebody who may be this person: ${signs.join(', ')}`;
}

export function earlierThanHr({ source, laterElsewhere, policy }: GuardView): string | undefined {
  if (laterElsewhere.length === 0 || rulesOf(source, policy).mayEndEarlier) return undefined;
  return laterElsewhere.map(({ ref, effectiveAt }) => `${ref.source} has the last day ${effectiveAt} (${nameOf(ref)})`).join(', ');
}

export function contradictingDelivery({ contradictedBy }: GuardView): string | undefined {
  if (contradictedBy.length === 0) return undefined;
  return `HR says something else of this person, and nothing tells what it recorded last: ${ofEvents(contradictedBy)}`;
}

export function ownGoal({ user, owner, administratorsLeft }: GuardView): string | undefined {
  if (user.id === owner.userId) return `user ${user.id} owns the Workfront credential`;
  return user.isAdmin && administratorsLeft === 0 ? `user ${user.id} is the last active administrator` : undefined;
}

export function protectedUser({ event: { employee }, user, policy }: GuardView): string | undefined {
  const { email, employeeNumber, ssoUsername } = employee;
  const names = [user.id, user.emailAddr, user.username, user.ssoUsername, user.extRefID, email, employeeNumber, ssoUsername];
  const listed = new Set(policy.protected.map(fold));
  return names.some((name) => name !== undefined && listed.has(fold(name))) ? `user ${user.id} is on the protected list` : undefined;
}

export function administrator({ user, policy }: GuardView): string | undefined {
  if (user.isAdmin === undefined) return `Workfront does not say readably whether user ${user.id} is a system administrator`;
  return policy.holdAdministrators && user.isAdmin ? `user ${user.id} is a system administrator` : undefined;
}

/** "At once" means the time at which HR recorded it: a delivery that comes again a year later is a year late. */
export function stale({ event, effectiveAt, recordedAt, lastDayElsewhere, user, policy, now }: GuardView): string | undefined {
  const own = event.effective.immediate ? recordedAt : effectiveAt;
  const from = lastDayElsewhere !== undefined && toMillis(lastDayElsewhere) < toMillis(own) ? lastDayElsewhere : own;
  const late = now - toMillis(from) > policy.staleAfterDays * DAY;
  if (!late || user.lastLoginAt === undefined || toMillis(user.lastLoginAt) <= toMillis(from)) return undefined;
  return `effective ${from}, more than ${policy.staleAfterDays} days ago, and user ${user.id} has logged in since`;
}

export function repeated({ repeats, source, user, policy }: GuardView): string | undefined {
  return repeats === undefined || isRehearsed({ source, userId: user.id }, policy)
    ? undefined
    : `an equal event, without an id or a time of its own, came before: ${repeats}`;
}

/** More than the zones of the earth differ: an event that waits no longer speaks of today. */
const SAID_LATELY = 2 * DAY;

/** HR was not asked. If it was, what it said is in the place of the doubt. */
export function unasked({ event: { doubt }, effectiveAt, receivedAt }: GuardView): string | undefined {
  if (doubt === 'one-employment') {
    return 'the event ends one employment, and HR cannot be asked whether the person has another one, or whether it was withdrawn since';
  }
  const waited = toMillis(effectiveAt) - toMillis(receivedAt) > SAID_LATELY;
  return doubt === 'withdrawable' && waited
    ? `HR said so at ${receivedAt}, may have withdrawn it since without telling us, and cannot be asked`
    : undefined;
}

export function approval({ source, policy, effectiveAt, user }: GuardView): string | undefined {
  if (!policy.approval && !rulesOf(source, policy).approval) return undefined;
  return `a person must approve each leaver; user ${user.id} loses access at ${effectiveAt}`;
}
