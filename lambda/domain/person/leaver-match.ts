import type { Employee } from '../event/hr-event.ts';
import type { MatchKeyRule } from '../policy.ts';
import type { MatchKey, User, UserDirectory } from '../ports.ts';

/** What a leaver resolves to: nobody, or users of whom one is meant. More than one means that nobody can tell which. */
export type Match =
  | { kind: 'none'; searched: MatchKey[] }
  | { kind: 'users'; users: [User, ...User[]]; matchedBy: string; searched: MatchKey[] };

interface Candidate {
  user: User;
  fields: string[];
}

/** The Workfront fields and values that the event gives us to search by, in the stage's order of trust. */
export function matchKeys(employee: Employee, rules: readonly MatchKeyRule[]): MatchKey[] {
  return rules.flatMap(({ field, from }) => {
    const value = from === 'customField' ? employee.customFields?.[field] : employee[from];
    return value === undefined ? [] : [{ field, value }];
  });
}

/**
 * Resolves a leaver by exact searches, one per match key, at most two hits each.
 * A key that the active user found so far already has is not searched again: the common event costs one call. Behind an
 * inactive one there may be the account that the leaver really uses.
 * An inactive twin of an active user is not looked at; two active users, or keys that lead to different users, are all
 * returned: ambiguous.
 */
export async function resolveLeaver(keys: readonly MatchKey[], directory: Pick<UserDirectory, 'search'>): Promise<Match> {
  const candidates = new Map<string, Candidate>();
  const searched: MatchKey[] = [];

  for (const key of keys) {
    const [only, ...others] = [...candidates.values()];
    if (only?.user.isActive && others.length === 0 && hasValue(only.user, key)) {
      only.fields.push(key.field);
      continue;
    }

    searched.push(key);
    const hits = await directory.search(key);
    for (const user of hits.filter(({ isActive }, index) => isActive || index === 0)) {
      const known = candidates.get(user.id);
      if (known === undefined) candidates.set(user.id, { user, fields: [key.field] });
      else known.fields.push(key.field);
    }
  }
  return describe([...candidates.values()], searched);
}

/** Whether the user has the value in the field: addresses and names whatever their case, other values exactly. */
export function hasValue(user: User, { field, value }: MatchKey): boolean {
  switch (field) {
    case 'emailAddr':
      return sameName(user.emailAddr, value);
    case 'username':
      return sameName(user.username, value);
    case 'ssoUsername':
      return sameName(user.ssoUsername, value);
    case 'extRefID':
      return user.extRefID?.trim() === value.trim();
    default:
      return user.customFields[field]?.trim() === value.trim();
  }
}

/** Compares two names or addresses as people do: Unicode form and case do not matter. */
export function sameName(one: string | undefined, other: string): boolean {
  return one !== undefined && fold(one) === fold(other);
}

export const fold = (text: string): string => text.normalize('NFC').trim().toLowerCase();

function describe(candidates: Candidate[], searched: MatchKey[]): Match {
  const [first, ...others] = candidates;
  if (first === undefined) return { kind: 'none', searched };

  const nobodyIsActive = candidates.every(({ user }) => !user.isActive);
  const meant = nobodyIsActive ? [] : others;
  const matchedBy = [first, ...meant].map(({ fields }) => fields.join(' + ')).join(' / ');
  return { kind: 'users', users: [first.user, ...meant.map(({ user }) => user)], matchedBy, searched };
}
