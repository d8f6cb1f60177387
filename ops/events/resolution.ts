import { firstHold, type GuardView, inconclusive, MATCH_GUARDS, WRITE_GUARDS } from '../../lambda/domain/deactivate/guards.ts';
import type { Employee } from '../../lambda/domain/event/hr-event.ts';
import type { Hold } from '../../lambda/domain/event/ledger-entry.ts';
import { PermanentFailure } from '../../lambda/domain/failures.ts';
import { hasValue, type Match, matchKeys, resolveLeaver } from '../../lambda/domain/person/leaver-match.ts';
import type { Policy } from '../../lambda/domain/policy.ts';
import type { CredentialOwner, Ledger, MatchKey, User } from '../../lambda/domain/ports.ts';
import { askBrake, brakeRecord, RELEASED_BRAKE } from '../../lambda/domain/stage/brake.ts';
import { circuitRecord } from '../../lambda/domain/stage/circuit.ts';
import { pauseRecord, STAGE_KEYS, tenantRecord } from '../../lambda/domain/stage/stage-state.ts';
import { toInstant } from '../../lambda/domain/time/time.ts';
import type { ReadOnlyDirectory } from '../deployment/workfront-access.ts';

/** One search and its hits: ids, and by which keys each agrees with what HR says. */
interface Search {
  field: string;
  hits: { userId: string; isActive: boolean; agrees: string[] }[];
}

/** `not asked`: what came before decided already. */
interface Asked {
  guard: string;
  answer: 'pass' | 'hold' | 'not asked';
  saw?: string;
}

/** Every step of the decision on a termination that came now. */
export interface Resolution {
  /** Why nothing is decided at all for now. */
  stopped: string[];
  owner: CredentialOwner;
  pinnedCustomerId: string | undefined;
  keys: string[];
  searches: Search[];
  userId: string | undefined;
  matchedBy: string | undefined;
  guards: Asked[];
  would: { become: 'no-account' | 'already-inactive' | 'would-deactivate' | 'deactivated' | 'held'; why: string };
}

interface Reach {
  ledger: Pick<Ledger, 'readRecord'>;
  directory: ReadOnlyDirectory;
  policy: Policy;
  now: number;
}

/**
 * Decides as the worker does (`lambda/domain/deactivate/decide-leaver.ts`), by its own rules, on an event that says "at once" and came
 * just now, and changes nothing: no entry, no request to the brake, no pinned tenant, no call that writes.
 *
 * @throws PermanentFailure `no-match-key`; the failures of the directory
 */
export async function resolveNow(employee: Employee, reach: Reach): Promise<Resolution> {
  const { ledger, directory, policy } = reach;
  const keys = matchKeys(employee, policy.matchKeys);
  if (keys.length === 0) {
    const expected = policy.matchKeys.map(({ from }) => from).join(', ');
    throw new PermanentFailure('no-match-key', `expected one of the stage's match keys: ${expected}; got none of them`);
  }

  const stopped = await whatStops(reach);
  const owner = await directory.owner();
  const pinnedCustomerId = policy.customerId ?? (await ledger.readRecord(STAGE_KEYS.tenant, tenantRecord))?.value.customerId;
  const searches: Search[] = [];
  const match = await resolveLeaver(keys, { search: (key) => searchAndNote(key, { keys, searches, directory }) });
  const known = { stopped, owner, pinnedCustomerId, keys: keys.map(({ field }) => field), searches };

  const unfounded = inconclusive({ match, chosenUserId: undefined, owner, pinnedCustomerId });
  if (unfounded !== undefined || match.kind === 'none') {
    const why = `no user has this ${known.keys.join(' or ')}; the credential sees ${owner.activeUsers} active users`;
    const would = unfounded === undefined ? { become: 'no-account' as const, why } : heldBy(unfounded);
    return { ...known, userId: undefined, matchedBy: undefined, guards: [], would };
  }
  const [user] = match.users;
  const view = await viewOf({ employee, keys, match, user, owner, pinnedCustomerId }, reach);
  return { ...known, userId: match.users.length === 1 ? user.id : undefined, matchedBy: match.matchedBy, ...decide(view, policy) };
}

async function whatStops({ ledger, now }: Reach): Promise<string[]> {
  const paused = (await ledger.readRecord(STAGE_KEYS.pause, pauseRecord))?.value.paused;
  const open = (await ledger.readRecord(STAGE_KEYS.circuit, circuitRecord))?.value.open;
  return [
    ...(paused === undefined ? [] : [`paused since ${paused.at} by ${paused.by}: ${paused.reason}`]),
    ...(open === undefined
      ? []
      : [`Workfront is in trouble since ${open.since} (${open.saw}), next try ${open.probeAt}, now ${toInstant(now)}`]),
  ];
}

async function searchAndNote(
  key: MatchKey,
  { keys, searches, directory }: { keys: readonly MatchKey[]; searches: Search[]; directory: ReadOnlyDirectory },
): Promise<User[]> {
  const hits = await directory.search(key);
  const agreeing = (user: User) => keys.filter((one) => hasValue(user, one)).map(({ field }) => field);
  searches.push({
    field: key.field,
    hits: hits.map((user) => ({ userId: user.id, isActive: user.isActive, agrees: agreeing(user) })),
  });
  return hits;
}

async function viewOf(
  found: Pick<GuardView, 'keys' | 'user' | 'owner' | 'pinnedCustomerId'> & { employee: Employee; match: Extract<Match, { kind: 'users' }> },
  { directory, ledger, policy, now }: Reach,
): Promise<GuardView> {
  const { employee, user, owner, ...rest } = found;
  const brake = (await ledger.readRecord(STAGE_KEYS.brake, brakeRecord))?.value ?? RELEASED_BRAKE;
  // only asked: the answer's record is not written
  const { refused } = askBrake(brake, { event: 'resolve', now, activeUsers: owner.activeUsers, limits: policy.brake });
  return {
    ...rest,
    user,
    owner,
    event: { type: 'employee.terminated', employee, effective: { immediate: true } },
    effectiveAt: toInstant(now),
    chosen: false,
    activeAdministrators: user.isAdmin && user.isActive ? await directory.countActiveAdministrators() : undefined,
    policy,
    // in a dry run nothing is written, and the worker asks no brake
    brakeRefused: policy.dryRun ? undefined : refused,
    repeats: undefined,
    now,
  };
}

/** Asks every guard in its order; none behind the first that holds, and none on the write where there is nothing to write. */
function decide(view: GuardView, policy: Policy): Pick<Resolution, 'guards' | 'would'> {
  const { user, match } = view;
  const mismatch = firstHold(MATCH_GUARDS, view, []);
  const held = mismatch ?? (user.isActive ? firstHold(WRITE_GUARDS, view, []) : undefined);
  let decided = false;
  const guards = [...MATCH_GUARDS, ...WRITE_GUARDS].map(({ name }): Asked => {
    const isOfWrite = WRITE_GUARDS.some((guard) => guard.name === name);
    if (decided || (isOfWrite && !user.isActive) || (name === 'brake' && policy.dryRun)) return { guard: name, answer: 'not asked' };
    if (held?.guard !== name) return { guard: name, answer: 'pass' };
    decided = true;
    return { guard: name, answer: 'hold', saw: held.saw };
  });
  if (held !== undefined) return { guards, would: heldBy(held) };

  const who = `user ${user.id}, found by ${match.matchedBy},`;
  if (!user.isActive) return { guards, would: { become: 'already-inactive', why: `${who} is inactive already` } };
  if (policy.dryRun) return { guards, would: { become: 'would-deactivate', why: `${who} would be deactivated: dry run` } };
  return { guards, would: { become: 'deactivated', why: `${who} would be deactivated` } };
}

const heldBy = ({ guard, saw, releasing }: Hold): Resolution['would'] => ({
  become: 'held',
  why: `${guard}: ${saw}. Releasing ${releasing}`,
});
