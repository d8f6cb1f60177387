import { BRAKE, elsewhere, GUARDS, heldBy } from '../../lambda/domain/deactivate/guards/order.ts';
import type { GuardView } from '../../lambda/domain/deactivate/guards/view.ts';
import type { Employee } from '../../lambda/domain/event/hr-event.ts';
import type { Hold } from '../../lambda/domain/event/ledger-entry.ts';
import { PermanentFailure } from '../../lambda/domain/failures.ts';
import type { Ledger } from '../../lambda/domain/ledger-port.ts';
import { hasValue, isIssued, type LeaverKey, matchKeys, resolveLeaver } from '../../lambda/domain/person/leaver-match.ts';
import { compareNames, namesInHr, namesInWorkfront } from '../../lambda/domain/person/names.ts';
import { matchKeyRules, type Policy } from '../../lambda/domain/policy.ts';
import type { CredentialOwner, User } from '../../lambda/domain/ports.ts';
import { askBrake, brakeRecord, RELEASED_BRAKE } from '../../lambda/domain/stage/brake.ts';
import { STAGE_KEYS } from '../../lambda/domain/stage/shared-record.ts';
import { tenantRecord } from '../../lambda/domain/stage/tenant.ts';
import { toInstant } from '../../lambda/domain/time/time.ts';
import type { ReadOnlyDirectory } from '../deployment/workfront-access.ts';
import { whatStops } from './what-stops.ts';

/** One user found: by which keys it agrees with what HR says. */
interface Hit {
  userId: string;
  isActive: boolean;
  agrees: string[];
  /** Whether a name agrees, or an identifier that HR issued: an address alone may have passed to this user. */
  nameOrNumber: boolean;
}

/** `not asked`: an earlier step had decided already. */
interface Asked {
  guard: string;
  answer: 'pass' | 'hold' | 'not asked';
  saw?: string;
}

/** Every step of the decision on a termination that would arrive now. */
export interface Resolution {
  /** Why the worker decides nothing for now. */
  stopped: string[];
  owner: CredentialOwner;
  pinnedCustomerId: string | undefined;
  keys: string[];
  /** Every user with any of the keys. */
  hits: Hit[];
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
  /** The source whose match keys and rules hold; without it, the stage's. */
  source?: string;
  /** What is known of an event that came before now. */
  known?: Partial<Pick<GuardView, 'event' | 'effectiveAt' | 'recordedAt' | 'receivedAt' | 'sighted' | 'repeats' | 'released'>>;
}

/**
 * Decides as the worker does (`lambda/domain/deactivate/decide-leaver.ts`), by the same rules, on an event that says "at once" and arrives
 * now, or on a `known` event. It changes nothing: it writes no entry, counts nothing on the brake, pins no tenant and makes no call that writes.
 *
 * @throws PermanentFailure `no-match-key`; the failures of the directory
 */
export async function resolveNow(employee: Employee, reach: Reach): Promise<Resolution> {
  const { ledger, directory, policy } = reach;
  const rules = matchKeyRules(reach.source ?? '', policy);
  const keys = matchKeys(employee, rules);
  if (keys.length === 0) {
    const expected = rules.map(({ from }) => from).join(', ');
    throw new PermanentFailure('no-match-key', `the leaver has none of the stage's match keys: ${expected}; give one of them`);
  }

  const stopped = await whatStops(reach);
  const owner = await directory.owner();
  const pinnedCustomerId = policy.customerId ?? (await ledger.readRecord(STAGE_KEYS.tenant, tenantRecord))?.value.customerId;
  const match = await resolveLeaver(keys, directory);
  const hits = match.users.map((user) => hitOf(user, { keys, employee }));
  const known = { stopped, owner, pinnedCustomerId, keys: keys.map(({ field }) => field), hits };

  const [user] = match.users;
  if (user === undefined) {
    const wrong = elsewhere(owner, pinnedCustomerId);
    const why = `no user has this ${known.keys.join(' or ')}; the credential sees ${owner.activeUsers} active users`;
    const would = wrong === undefined ? { become: 'no-account' as const, why } : asHeld(wrong);
    return { ...known, userId: undefined, matchedBy: undefined, guards: [], would };
  }
  const view = await viewOf({ employee, keys, match, user, owner, pinnedCustomerId }, reach);
  const userId = match.users.length === 1 ? user.id : undefined;
  return { ...known, userId, matchedBy: match.matchedBy, ...decide(view, await brakeHold(owner, reach)) };
}

function hitOf(user: User, { keys, employee }: { keys: readonly LeaverKey[]; employee: Employee }): Hit {
  const agreeing = keys.filter((key) => hasValue(user, key));
  const sameName = compareNames(namesInHr(employee), namesInWorkfront(user)) === 'agree';
  return {
    userId: user.id,
    isActive: user.isActive,
    agrees: agreeing.map(({ field }) => field),
    nameOrNumber: sameName || agreeing.some(isIssued),
  };
}

/** What the guards see of an event that says "at once" and came just now: nothing that only time can tell. */
async function viewOf(
  { user, employee, ...found }: Pick<GuardView, 'keys' | 'user' | 'owner' | 'pinnedCustomerId' | 'match'> & { employee: Employee },
  { directory, policy, now, source = '', known = {} }: Reach,
): Promise<GuardView> {
  const at = toInstant(now);
  const administrators = user.isAdmin && user.isActive ? await directory.activeAdministrators() : undefined;
  return {
    ...found,
    user,
    source,
    event: { type: 'employee.terminated', employee, effective: { immediate: true } },
    effectiveAt: at,
    recordedAt: at,
    receivedAt: at,
    chosen: false,
    sighted: undefined,
    strayed: [],
    handedOver: false,
    madeThatDay: undefined,
    hrDoubt: undefined,
    perhapsRescindedBy: [],
    signsOfLife: [],
    laterElsewhere: [],
    lastDayElsewhere: undefined,
    contradictedBy: [],
    closed: [],
    administratorsLeft: administrators?.filter((id) => id !== user.id).length,
    policy,
    repeats: undefined,
    released: [],
    heldWith: undefined,
    now,
    ...known,
  };
}

/** Only asked: the answer's record is not written. In a dry run nothing is written, and the worker asks no brake. */
async function brakeHold(owner: CredentialOwner, { ledger, policy, now }: Reach): Promise<Hold | undefined> {
  if (policy.dryRun) return undefined;
  const brake = (await ledger.readRecord(STAGE_KEYS.brake, brakeRecord))?.value ?? RELEASED_BRAKE;
  const { kind, saw } = askBrake(brake, { event: 'resolve', now, activeUsers: owner.activeUsers, limits: policy.brake });
  return kind === 'refused' ? { guard: BRAKE.name, saw, releasing: BRAKE.releasing } : undefined;
}

/** Asks every guard in its order, those on the write only if there is something to write, and the brake last. */
function decide(view: GuardView, braked: Hold | undefined): Pick<Resolution, 'guards' | 'would'> {
  const { user, match, policy } = view;
  const held = heldBy(view, user.isActive ? 'write' : 'match') ?? (user.isActive ? braked : undefined);
  const holding = held === undefined ? [] : [held, ...(held.also ?? [])];
  const guards = [...GUARDS, { name: BRAKE.name, before: 'write' }].map(({ name, before }): Asked => {
    const hold = holding.find(({ guard }) => guard === name);
    if (hold !== undefined) return { guard: name, answer: 'hold', saw: hold.saw };
    const isAsked = (before === 'match' || user.isActive) && (name !== BRAKE.name || (held === undefined && !policy.dryRun));
    return { guard: name, answer: isAsked ? 'pass' : 'not asked' };
  });
  if (held !== undefined) return { guards, would: asHeld(held) };

  const who = `user ${user.id}, found by ${match.matchedBy},`;
  if (!user.isActive) return { guards, would: { become: 'already-inactive', why: `${who} is inactive already` } };
  const why = `${who} would be deactivated`;
  return { guards, would: policy.dryRun ? { become: 'would-deactivate', why: `${why}: dry run` } : { become: 'deactivated', why } };
}

const asHeld = ({ guard, saw, releasing }: Hold): Resolution['would'] => ({
  become: 'held',
  why: `${guard}: ${saw}. Releasing ${releasing}`,
});
