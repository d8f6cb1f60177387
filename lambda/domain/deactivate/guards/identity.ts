import { contradictedFields, hasValue, isIssued } from '../../person/leaver-match.ts';
import { compareNames, namesInHr, namesInWorkfront } from '../../person/names.ts';
import { matchKeyRules, rulesOf } from '../../policy.ts';
import type { User } from '../../ports.ts';
import { DAY, toMillis } from '../../time/time.ts';
import type { GuardView } from './view.ts';

/** The credential or the user belongs to another Workfront customer: production keys are copied to Preview every week. */
export function wrongTenant({
  owner,
  user,
  pinnedCustomerId,
}: Pick<GuardView, 'owner' | 'pinnedCustomerId'> & { user?: User }): string | undefined {
  if (pinnedCustomerId === undefined) return undefined;
  const seen = [owner.customerId, user?.customerId].find((id) => id !== undefined && id !== pinnedCustomerId);
  return seen === undefined ? undefined : `Workfront customer ${seen}, this stage is pinned to ${pinnedCustomerId}`;
}

/** Who may be meant: those who match, else those who matched before. */
export const candidates = ({ match, strayed }: Pick<GuardView, 'match' | 'strayed'>): readonly User[] =>
  match.users.length > 0 ? match.users : strayed;

export function ambiguous(view: GuardView): string | undefined {
  const users = candidates(view);
  if (view.chosen || users.length <= 1) return undefined;
  const how = view.match.users.length > 0 ? `match by ${view.match.matchedBy}` : 'matched before';
  return `${users.length} users ${how}: ${listOf(users)}`;
}

const listOf = (users: readonly User[]): string => users.map(({ id }) => id).join(', ');

/** The keys lead to somebody else than when HR recorded the termination: an address moved on, or an account was handed over. */
export function identityChanged(view: GuardView): string | undefined {
  const { sighted, strayed, handedOver, user, match, keys, chosen } = view;
  if (chosen) return undefined;
  if (isAnotherThanClosed(view)) return `user ${user.id} matches by an address alone, and user ${view.closed.join(', ')} was this person`;
  if (strayed.length > 0) return `user ${listOf(strayed)} matched an earlier word of HR, is active, and matches no more`;
  if (sighted === undefined) return undefined;
  if (sighted.users.some(({ userId }) => userId === user.id)) {
    return handedOver ? `user ${user.id} has neither a name nor the address of when the termination was recorded` : undefined;
  }
  if (!match.users.some(({ isActive }) => isActive)) return undefined;
  if (sighted.users.length > 0)
    return `user ${user.id} matches, and not user ${sighted.users.map(({ userId }) => userId).join(', ')} as before`;
  if (agreeingKeys({ keys, user }).some(isIssued)) return undefined;
  return `user ${user.id} matches by an address, and nobody did when the termination was recorded`;
}

/** An address passes on: whoever has it after the person's own account was closed is perhaps somebody else. */
const isAnotherThanClosed = (view: GuardView): boolean =>
  view.closed.length > 0 && !view.closed.includes(view.user.id) && isAddressOnly(view);

/** Whether nothing but an address says that an active user is the person. */
export function isAddressOnly({ event, keys, user }: Pick<GuardView, 'event' | 'keys' | 'user'>): boolean {
  if (!user.isActive || !isAddressAlone({ keys, user })) return false;
  return compareNames(namesInHr(event.employee), namesInWorkfront(user)) !== 'agree';
}

export function identityMismatch({ event: { employee }, keys, user, match, policy }: GuardView): string | undefined {
  const contradicted = contradictedFields(user, keys);
  if (contradicted.length > 0) return `user ${user.id} has another ${contradicted.join(' and ')} than HR says`;
  const names = compareNames(namesInHr(employee), namesInWorkfront(user));
  if (names === 'differ') return `user ${user.id} has another name than HR says`;
  if (match.byUsernameAlone) return `user ${user.id} is known by the log-in name alone`;
  if (!policy.emailAloneIsEnough && isAddressAlone({ keys, user }) && names !== 'agree') {
    return `user ${user.id} is known by an e-mail address alone, and nothing else agrees`;
  }
  return undefined;
}

/** Several sources issue numbers, and each may have its own 10042. */
export function numberAlone({ source, event: { employee }, keys, user, policy }: GuardView): string | undefined {
  if (policy.sharedNumbers || agreeingKeys({ keys, user }).some(({ from }) => from !== 'employeeNumber')) return undefined;
  if (compareNames(namesInHr(employee), namesInWorkfront(user)) === 'agree') return undefined;
  const fed = (one: string) => matchKeyRules(one, policy).flatMap(({ field, from }) => (from === 'employeeNumber' ? [field] : []));
  const sharing = Object.keys(policy.sources).filter(
    (one) => one !== source && rulesOf(one, policy).sendsNumbers && fed(one).some((field) => fed(source).includes(field)),
  );
  if (sharing.length === 0) return undefined;
  return `user ${user.id} is known by the employee number alone, and ${sharing.join(', ')} sends numbers too`;
}

/** An address can pass to somebody else within a day; what was looked up later proves nothing by an address alone. */
export function lateSighting({ sighted, receivedAt, event, keys, user, chosen, now }: GuardView): string | undefined {
  const first = sighted === undefined ? now : toMillis(sighted.at);
  if (chosen || first - toMillis(receivedAt) <= DAY || !isAddressAlone({ keys, user })) return undefined;
  if (compareNames(namesInHr(event.employee), namesInWorkfront(user)) === 'agree') return undefined;
  return `user ${user.id} was first looked up more than a day after HR's event, and nothing but an address agrees`;
}

/** More than this share of the active users, and at least ten, made on one day: a go-live, a merger, an import. */
const SHARE_OF_AN_IMPORT = 0.05;
const LEAST_OF_AN_IMPORT = 10;

/** Whether the account is younger than the termination, so that it may be somebody else's. */
export function isYounger({ user, recordedAt, effectiveAt }: Pick<GuardView, 'user' | 'recordedAt' | 'effectiveAt'>): boolean {
  return user.madeAt !== undefined && toMillis(user.madeAt) > Math.min(toMillis(recordedAt), toMillis(effectiveAt));
}

export function newcomer(view: GuardView): string | undefined {
  const { user, recordedAt, event, keys, madeThatDay = 0, owner, now } = view;
  if (user.madeAt === undefined) {
    const late = now - toMillis(recordedAt) > DAY;
    return late ? `Workfront does not say when user ${user.id} was made, and HR recorded the termination more than a day ago` : undefined;
  }
  if (!isYounger(view)) return undefined;
  const imported = madeThatDay >= LEAST_OF_AN_IMPORT && madeThatDay > owner.activeUsers * SHARE_OF_AN_IMPORT;
  const agrees = agreeingKeys({ keys, user }).some(isIssued) || compareNames(namesInHr(event.employee), namesInWorkfront(user)) === 'agree';
  if (imported && agrees) return undefined;
  return `user ${user.id} was made at ${user.madeAt}, after the termination`;
}

const agreeingKeys = ({ keys, user }: Pick<GuardView, 'keys' | 'user'>) => keys.filter((key) => hasValue(user, key));

const isAddressAlone = (view: Pick<GuardView, 'keys' | 'user'>): boolean => agreeingKeys(view).every((key) => !isIssued(key));
