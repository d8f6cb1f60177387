import type { Hold, Release } from '../../event/ledger-entry.ts';
import type { Match } from '../../person/leaver-match.ts';
import type { CredentialOwner } from '../../ports.ts';
import { DAY, toMillis } from '../../time/time.ts';
import { ambiguous, candidates, identityChanged, identityMismatch, lateSighting, newcomer, numberAlone, wrongTenant } from './identity.ts';
import { type Guard, type GuardView, ofEvents, ofUser } from './view.ts';
import {
  administrator,
  approval,
  contradictingDelivery,
  earlierThanHr,
  ownGoal,
  perhapsRescinded,
  perhapsStays,
  protectedUser,
  repeated,
  stale,
  unasked,
} from './write.ts';

const FIX_TENANT = 'does not help: point the credential, or policy.customerId of the stage, at the right customer, then release';
const CHOOSE = 'needs --user GUID: deactivates that one user, if every other guard agrees';
const ASK_HR = 'takes your word that HR wants this person to leave, and deactivates the user';

/** The guard on HR's own word when it is asked: it comes before the search if HR's answer leaves open who is meant. */
export const HR_CONTRADICTS = 'hr-contradicts';

const AGAINST_HR =
  'takes your word against that of HR: finds the user by what the event and HR say, and deactivates, if every other guard agrees';

/** @param saw what HR said, nothing personal */
export const hrHold = (saw: string): Hold => ({ guard: HR_CONTRADICTS, saw, releasing: AGAINST_HR, of: saw });

/** The guard that holds before a termination is due, so that a person decides in time. */
export const APPROVAL = 'approval';

/** Every guard, in the one order in which they are asked (docs/architecture.md). The brake is asked after all of them. */
export const GUARDS: readonly Guard[] = [
  onMatch('wrong-tenant', { saw: wrongTenant, of: ofUser, releasing: FIX_TENANT, releasable: false, aboutUser: false }),
  onMatch('ambiguous', {
    saw: ambiguous,
    of: (view) =>
      candidates(view)
        .map(({ id }) => id)
        .join(', '),
    releasing: CHOOSE,
    releasable: false,
    aboutUser: false,
  }),
  onMatch('identity-changed', {
    saw: identityChanged,
    releasing: 'deactivates the user found now, although the keys led to somebody else when HR recorded the termination',
  }),
  onMatch('identity-mismatch', {
    saw: identityMismatch,
    releasing: 'deactivates the user found although HR and Workfront describe them differently',
  }),
  onMatch('number-alone', { saw: numberAlone, releasing: 'deactivates the user that the employee number alone leads to' }),
  onMatch('late-sighting', { saw: lateSighting, releasing: 'deactivates the user that an address alone leads to, days after the event' }),
  onMatch('newcomer', { saw: newcomer, releasing: 'deactivates a user whose account is younger than the termination' }),
  onWrite(HR_CONTRADICTS, {
    saw: ({ hrDoubt }) => hrDoubt,
    of: ({ hrDoubt }) => hrDoubt ?? '',
    releasing: AGAINST_HR,
    aboutUser: false,
  }),
  onWrite('unasked', { saw: unasked, of: ({ event }) => event.doubt ?? '', releasing: ASK_HR, aboutUser: false }),
  onWrite('contradicting-delivery', {
    saw: contradictingDelivery,
    of: ({ contradictedBy }) => ofEvents(contradictedBy),
    releasing: 'takes this event, and not the others of its delivery, for the truth',
    aboutUser: false,
  }),
  onWrite('perhaps-rescinded', {
    saw: perhapsRescinded,
    of: ({ perhapsRescindedBy }) => ofEvents(perhapsRescindedBy),
    releasing: ASK_HR,
    aboutUser: false,
  }),
  onWrite('perhaps-stays', {
    saw: perhapsStays,
    of: ({ signsOfLife }) => ofEvents(signsOfLife),
    releasing: ASK_HR,
    aboutUser: false,
  }),
  onWrite('earlier-than-hr', {
    saw: earlierThanHr,
    of: ({ laterElsewhere }) => ofEvents(laterElsewhere.map(({ ref }) => ref)),
    releasing: 'deactivates the user before the last day that another source has on record',
    aboutUser: false,
  }),
  onWrite('own-goal', {
    saw: ownGoal,
    releasing: 'does not help: the product would lock itself or every administrator out; change the credential first, then release',
    releasable: false,
  }),
  onWrite('protected', { saw: protectedUser, releasing: 'deactivates a user on the protected list' }),
  onWrite('administrator', { saw: administrator, releasing: 'deactivates a user who is, or may be, a Workfront system administrator' }),
  onWrite('stale', { saw: stale, releasing: 'deactivates a user who has logged in since they should have left' }),
  onWrite('repeated', {
    saw: repeated,
    of: ({ repeats }) => repeats ?? '',
    releasing: 'takes this for another leaving on the same terms, and deactivates the user',
    aboutUser: false,
  }),
  onWrite(APPROVAL, { saw: approval, releasing: 'approves: the user loses access at the effective time' }),
];

/** The brake speaks of numbers, not of one leaver, and counts what is asked: it has its own place, after every guard. */
export const BRAKE = {
  name: 'brake',
  releasing: 'deactivates this user beyond the limit; the brake itself stays latched',
} as const;

type Rule = Pick<Guard, 'saw' | 'releasing'> & Partial<Pick<Guard, 'of' | 'releasable' | 'aboutUser'>>;

function onMatch(name: string, rule: Rule): Guard {
  return { name, before: 'match', of: ofUser, releasable: true, aboutUser: true, ...rule };
}

function onWrite(name: string, rule: Rule): Guard {
  return { name, before: 'write', of: ofUser, releasable: true, aboutUser: true, ...rule };
}

/** Every name that a hold of a termination can have. */
export const GUARD_NAMES: readonly string[] = [...GUARDS.map(({ name }) => name), BRAKE.name];

/** Whether a release can let an event past the guard. What no guard holds, a rescission that came too late, can be released. */
export function isReleasable(guardName: string): boolean {
  return GUARDS.find(({ name }) => name === guardName)?.releasable ?? true;
}

/**
 * Asks the guards. The first that holds names the hold; all others that would hold now stand beside it, so that one release answers all
 * that it showed.
 *
 * @param before which guards: those on the match alone, or all
 */
export function heldBy(view: GuardView, before: 'match' | 'write'): Hold | undefined {
  const unclear = ambiguous(view) !== undefined;
  const asked = GUARDS.filter((guard) => (before === 'write' || guard.before === 'match') && !(unclear && guard.aboutUser));
  const [first, ...others] = asked.flatMap((guard) => {
    const saw = guard.saw(view);
    const of = guard.of(view);
    return saw === undefined || (guard.releasable && isReleased(guard.name, { of, view })) ? [] : [{ guard, saw, of }];
  });
  if (first === undefined) return undefined;

  const also = others.map(({ guard, saw, of }) => ({ guard: guard.name, saw, of }));
  const { name, releasing } = first.guard;
  return { guard: name, saw: first.saw, releasing, of: first.of, ...(also.length > 0 && { also }) };
}

/** A person's word against HR is about what HR says now: HR may say the same again for another reason. */
const AGAINST_HR_FOR = DAY;

/** Whether a person released the event from what HR says, not long ago. */
export function isReleasedFromHr(released: readonly Release[], { saw, now }: { saw: string; now: number }): boolean {
  return released.some(
    ({ guard, of, at }) => guard === HR_CONTRADICTS && of === saw && at !== undefined && now - toMillis(at) <= AGAINST_HR_FOR,
  );
}

function isReleased(guard: string, { of, view }: { of: string; view: GuardView }): boolean {
  if (guard === HR_CONTRADICTS) return isReleasedFromHr(view.released, { saw: of, now: view.now });
  // Version 0.1 did not record what a release was for: it counts for the user that the event was held with.
  const heldWith = view.heldWith === undefined ? undefined : `user ${view.heldWith}`;
  return view.released.some((release) => release.guard === guard && (release.of ?? heldWith) === of);
}

/** The user that a person chose is no longer to be found: no other may take the place, nor may nobody be the answer. */
export function lostChoice(match: Match, chosenUserId: string): Hold {
  const others = match.users.map(({ id }) => id).join(', ') || 'nobody';
  const saw = `user ${chosenUserId}, chosen by a person, does not match any more; ${others} does`;
  return { guard: 'ambiguous', saw, releasing: CHOOSE, of: others };
}

/** Nobody was found, but in another customer's Workfront, where that means nothing. */
export function elsewhere(owner: CredentialOwner, pinnedCustomerId: string | undefined): Hold | undefined {
  const saw = wrongTenant({ owner, pinnedCustomerId });
  return saw === undefined ? undefined : { guard: 'wrong-tenant', saw, releasing: FIX_TENANT };
}
