import type { Hold } from '../event/ledger-entry.ts';
import { lookUpPerson } from '../person/known-person.ts';
import { isIssued, withIssued } from '../person/leaver-match.ts';
import { recordedAt, recordedOf } from '../person/recorded-order.ts';
import { isHandedOver, sightingOf } from '../person/sighting.ts';
import { type Standing, standingOf } from '../person/standing.ts';
import { isRehearsed, matchKeyRules } from '../policy.ts';
import type { Desk } from '../ports.ts';
import { administratorsWithout, announceAdministrator } from '../stage/administrators.ts';
import { takeBrakePlace } from '../stage/brake-place.ts';
import { type Cancellation, rescindedBy } from './cancel-termination.ts';
import type { Rest } from './conclude.ts';
import type { Found } from './find-leaver.ts';
import { candidates, isAddressOnly, isYounger } from './guards/identity.ts';
import { BRAKE, heldBy } from './guards/order.ts';
import type { GuardView } from './guards/view.ts';
import { type Others, readOthers } from './other-terminations.ts';

/** Who was found, and who that was: a release, or a replay, days later is of the same user. */
type Match = Pick<Rest, 'workfrontUserId' | 'matchedBy' | 'sighted'>;

/** What is to be done about the user found. */
export type Judged =
  | { kind: 'go'; standing: Standing; found: Match }
  | { kind: 'held'; hold: Hold; found: Match }
  | { kind: 'cancelled'; because: Cancellation }
  | { kind: 'replaced'; by: NonNullable<Others['replacedBy']> }
  | { kind: 'rests'; rest: Rest; found: Match };

/**
 * Asks all that HR said of the person, every guard in its order, and the brake last.
 *
 * @throws Blocked while the brake's last places are taken by writes under way; what ledger and directory throw
 */
export async function judgeLeaver(question: Found & { hrDoubt: string | undefined }, desk: Desk): Promise<Judged> {
  const { entry, user, match, owner } = question;
  const { standing, others } = await hearOfPerson(question, desk);
  if (standing.voidedBy !== undefined) return { kind: 'cancelled', because: rescindedBy(standing.voidedBy) };
  if (others.replacedBy !== undefined) return { kind: 'replaced', by: others.replacedBy };

  const sighted = entry.sighted ?? sightingOf(match.users, desk);
  const found = { sighted, ...(isOne(question) && { workfrontUserId: user.id, matchedBy: match.matchedBy }) };
  const view = await viewOf({ ...question, ...standing, ...others }, desk);
  const held = heldBy(view, user.isActive ? 'write' : 'match');
  if (held !== undefined) return { kind: 'held', hold: held, found };

  const by = `user ${user.id}, found by ${match.matchedBy || 'a person'}`;
  if (!user.isActive) return { kind: 'rests', rest: await inactive(user, by, desk), found };
  if (desk.policy.dryRun) {
    return { kind: 'rests', rest: { status: 'would-deactivate', why: `dry run: ${by}, would be deactivated` }, found };
  }
  const passesBrake = isRehearsed({ source: entry.source, userId: user.id }, desk.policy);
  if (!passesBrake && !entry.released.some(({ guard }) => guard === BRAKE.name)) {
    const saw = await takeBrakePlace(entry, owner.activeUsers, desk);
    if (saw !== undefined) return { kind: 'held', hold: { guard: BRAKE.name, saw, releasing: BRAKE.releasing, of: BRAKE.name }, found };
  }
  return { kind: 'go', standing, found };
}

/** Who never logged in was perhaps never approved: then somebody must reject the approval, which would activate them. */
async function inactive({ id, lastLoginAt }: Found['user'], by: string, { directory }: Desk): Promise<Rest> {
  const isPending = lastLoginAt === undefined && (await directory.isPendingApproval?.(id)) === true;
  if (!isPending) return { status: 'already-inactive', why: `${by}, is inactive already` };
  const why = `${by}, is deactivated and pending approval: an approval would activate them`;
  return { status: 'already-inactive', reason: 'pending-approval', why };
}

const isOne = (found: Found): boolean => found.chosen || candidates(found).length <= 1;

/** Everything that HR said of the person, by the keys of the event and by those of the user found. */
export async function hearOfPerson(question: Found, desk: Desk): Promise<{ standing: Standing; others: Others }> {
  const { entry, event, user } = question;
  const spoken = { ...entry, event };
  const sighted = (entry.sighted?.users ?? []).map(({ userId }) => userId);
  const known = await lookUpPerson(spoken, { user, sighted }, desk);
  const person = isOne(question) ? withIssued(spoken, user, matchKeyRules(entry.source, desk.policy)) : spoken;
  const standing = standingOf(person, { found: known.found, policy: desk.policy });
  return { standing, others: await readOthers(person, { refs: known.others, reached: 'user' }, desk) };
}

/**
 * Who has what HR issued to the person, if an address alone led to the user: the person's own account may be inactive, and the address
 * another's by now. Only active users were searched.
 */
async function ownAccounts({ event, keys, user, chosen }: Found, { directory }: Desk): Promise<string[]> {
  const issued = keys.filter((key) => isIssued(key) && key.field !== 'username');
  if (chosen || issued.length === 0 || !isAddressOnly({ event, keys, user })) return [];
  return (await directory.find(issued)).map(({ id }) => id);
}

async function viewOf(
  { entry, user, ...question }: Found & Standing & Others & { hrDoubt: string | undefined },
  desk: Desk,
): Promise<GuardView> {
  const { policy, clock, digest, directory } = desk;
  const effectiveAt = entry.effectiveAt ?? entry.receivedAt;
  const recorded = recordedAt(recordedOf(entry));
  const younger = user.isActive && isYounger({ user, recordedAt: recorded, effectiveAt });
  const isAdministrator = user.isAdmin === true && user.isActive;
  if (isAdministrator) await announceAdministrator(entry, user.id, desk);
  return {
    ...question,
    closed: [...question.closed, ...(await ownAccounts({ ...question, entry, user }, desk))],
    user,
    source: entry.source,
    effectiveAt,
    recordedAt: recorded,
    receivedAt: entry.receivedAt,
    sighted: entry.sighted,
    handedOver: isHandedOver(user, { sighted: entry.sighted, digest }),
    madeThatDay: younger && user.madeAt !== undefined ? await directory.countActiveUsersMadeOn(user.madeAt.slice(0, 10)) : undefined,
    administratorsLeft: isAdministrator ? await administratorsWithout(user.id, desk) : undefined,
    policy,
    repeats: entry.repeats,
    released: entry.released,
    heldWith: entry.workfrontUserId,
    now: clock(),
  };
}
