import type { Employee, HrEvent } from '../event/hr-event.ts';
import type { MatchKeyRule } from '../policy.ts';
import type { MatchKey, User, UserDirectory } from '../ports.ts';
import { foldIdentifier, sameName } from './names.ts';

/** A match key, with the value of the event that feeds it. */
export interface LeaverKey extends MatchKey {
  from: MatchKeyRule['from'];
}

/** Who a leaver resolves to: nobody, or users of which one is meant. More than one means that nobody can tell which. */
export interface Match {
  users: User[];
  /** How each was found, for people: `emailAddr + extRefID / emailAddr`. */
  matchedBy: string;
  /** Nothing but the log-in name agrees. */
  byUsernameAlone: boolean;
}

/** The Workfront fields and values that the event gives us to search by, in the order of trust. */
export function matchKeys(employee: Employee, rules: readonly MatchKeyRule[]): LeaverKey[] {
  return rules.flatMap(({ field, from }) => {
    const value = from === 'customField' ? employee.customFields?.[field] : employee[from];
    return value === undefined ? [] : [{ field, value, from }];
  });
}

/**
 * Resolves a leaver: every active user who has any of the keys, so that a second account is seen. Inactive ones count only if nobody
 * active was found, and so does the log-in name, which administrators change freely.
 */
export async function resolveLeaver(keys: readonly LeaverKey[], directory: Pick<UserDirectory, 'find' | 'findByUsername'>): Promise<Match> {
  const [names, others] = [keys.filter(({ field }) => field === 'username'), keys.filter(({ field }) => field !== 'username')];
  const found = others.length > 0 ? await directory.find(others) : [];
  if (found.some(({ isActive }) => isActive))
    return matchOf(
      found.filter(({ isActive }) => isActive),
      keys,
    );

  for (const { value } of names) {
    const users = await directory.findByUsername(value);
    if (users.length > 0) return { ...matchOf(users, keys), byUsernameAlone: true };
  }
  return matchOf(found.slice(0, 1), keys);
}

function matchOf(users: User[], keys: readonly LeaverKey[]): Match {
  const fieldsOf = (user: User) => keys.filter((key) => hasValue(user, key)).map(({ field }) => field);
  return { users, matchedBy: users.map((user) => fieldsOf(user).join(' + ')).join(' / '), byUsernameAlone: false };
}

/** Whether the user has the value in the field: addresses and names whatever their case, other values exactly. */
export function hasValue(user: User, { field, value }: MatchKey): boolean {
  const known = fieldOf(user, field);
  return isTypedByPeople(field) ? sameName(known, value) : known?.trim() === value.trim();
}

/** Whether the key is an identifier that HR issued, such as an employee number; an address passes from one person to the next. */
export const isIssued = ({ from }: LeaverKey): boolean => from !== 'email';

/** Fields that have another value than the event says. Of several fields that one value feeds, one that agrees is enough. */
export function contradictedFields(user: User, keys: readonly LeaverKey[]): string[] {
  const fed = Map.groupBy(keys, ({ from, field }) => (from === 'customField' ? field : from));
  return [...fed.values()].flatMap((group) => {
    if (group.some((key) => hasValue(user, key))) return [];
    return group.filter((key) => contradicts(user, key)).map(({ field }) => field);
  });
}

function contradicts(user: User, { field, value }: LeaverKey): boolean {
  const known = fieldOf(user, field)?.trim();
  if (known === undefined || known === '') return false;
  return isTypedByPeople(field) ? !sameName(known, value) : foldIdentifier(known) !== foldIdentifier(value);
}

/** The event, with what else HR issued to the user found: another person may have a number that differs in zeros alone. */
export function withIssued<Entry extends { event: HrEvent }>(entry: Entry, user: User, rules: readonly MatchKeyRule[]): Entry {
  const issued: Employee = {};
  for (const { field, from } of rules) {
    const value = fieldOf(user, field);
    if (value && (from === 'employeeNumber' || from === 'ssoUsername')) issued[from] ??= value;
  }
  return { ...entry, event: { ...entry.event, employee: { ...issued, ...entry.event.employee } } };
}

const isTypedByPeople = (field: string): boolean => ['emailAddr', 'username', 'ssoUsername'].includes(field);

function fieldOf(user: User, field: string): string | undefined {
  switch (field) {
    case 'emailAddr':
    case 'username':
    case 'ssoUsername':
    case 'extRefID':
      return user[field];
    default:
      return user.customFields[field];
  }
}
