import type { LedgerEntry } from '../../lambda/domain/event/ledger-entry.ts';
import { ASKED, hrConfirms, hrKnowsOfNone, hrPutsOff, knownAs } from './hr.ts';
import {
  addressAlone,
  agrees,
  contradicts,
  effectiveMillis,
  isProtected,
  isRescinding,
  isTerminated,
  keysOf,
  type Terminated,
  takesBack,
} from './truth.ts';
import { nameOf, type TurnSeen, violated, type World } from './world.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

/** Nobody keeps access because of a guard that had no reason: what it says it saw must have been so at some time. */
export function judgeHold(world: World, entry: LedgerEntry, turn: TurnSeen): void {
  const guard = entry.hold?.guard ?? 'none';
  const had = isTerminated(entry) ? reasonFor(guard, world, entry, turn) : wasTooLate(world, entry);
  if (!had) violated(world, 'held-only-with-reason', `${nameOf(entry)} by ${guard}: ${entry.hold?.saw}`);
}

function reasonFor(guard: string, world: World, entry: Terminated, { policy, heard }: TurnSeen): boolean {
  const { directory, brake, troubles, now } = world;
  const employee = knownAs(entry, heard);
  const keys = keysOf(employee, policy.matchKeys);
  const matched = directory.versions.filter((user) => keys.some((key) => agrees(user, key)));
  const effective = effectiveMillis(entry, policy);
  switch (guard) {
    case 'wrong-tenant':
      return troubles.has('other-tenant');
    case 'ambiguous':
      return new Set(matched.map(({ id }) => id)).size > 1 || entry.chosenUserId !== undefined;
    case 'identity-mismatch':
      return matched.some(
        (user) => contradicts(user, employee, keys) || (!policy.emailAloneIsEnough && addressAlone(user, employee, keys)),
      );
    case 'own-goal':
      return matched.some(({ id, isAdmin }) => id === directory.me || isAdmin);
    case 'protected':
      return matched.some((user) => isProtected(user, employee, policy.protected));
    case 'administrator':
      return policy.holdAdministrators && matched.some(({ isAdmin }) => isAdmin);
    case 'stale':
      return (
        now - effective > policy.staleAfterDays * DAY &&
        matched.some(({ lastLoginAt }) => lastLoginAt !== undefined && Date.parse(lastLoginAt) > effective)
      );
    case 'repeated':
      return [...world.entries.values()].some((other) => other.digest === entry.digest && other.finishedAt === entry.repeats);
    case 'hr-contradicts':
      return (
        heard !== undefined &&
        !hrConfirms(heard.fact, entry, policy, heard.at) &&
        !hrPutsOff(heard.fact, entry, policy, heard.at) &&
        !hrKnowsOfNone(heard.fact, entry)
      );
    case 'brake':
      return brake.everLatched;
    default:
      return false;
  }
}

function wasTooLate({ entries, landed }: World, rescission: LedgerEntry): boolean {
  if (!isRescinding(rescission)) return false;
  if (rescission.hold?.guard === 'cancelled-more-than-named') {
    return [...entries.values()].some(
      (entry) =>
        isTerminated(entry) && entry.reason === 'rescinded' && takesBack(rescission, entry) && entry.eventId !== rescission.event.rescinds,
    );
  }
  return [...entries.values()].some(
    (entry) =>
      isTerminated(entry) &&
      takesBack(rescission, entry) &&
      (entry.status === 'deactivated' || entry.intent !== undefined || landed.some(({ event }) => event === nameOf(entry))),
  );
}

/** An event fails only for what really came from outside, or has waited its time. */
export function judgeFailure(world: World, before: LedgerEntry | undefined, after: LedgerEntry, { heard }: TurnSeen): void {
  const code = after.reason ?? 'none';
  const complain = (why: string) => violated(world, 'failed-only-with-reason', `${nameOf(after)}: ${code}, ${why}`);
  if (code === 'no-match-key') {
    const employee = isTerminated(after) ? knownAs(after, heard) : after.event.employee;
    if (keysOf(employee, world.policy.matchKeys).length > 0) complain('it has a key');
  } else if (code === 'unconfirmed') {
    if (after.source === ASKED || !isTerminated(after) || after.event.unconfirmed !== true) complain('it says what it is, or HR could say');
  } else if (code.startsWith('gave-up-')) {
    const waited = world.now - Date.parse(before?.waiting?.since ?? after.updatedAt);
    if (waited < world.policy.waitLimitHours * HOUR) complain(`it waited ${waited} ms`);
  } else if (!world.refused.has(code)) complain('nothing was refused for good');
}
