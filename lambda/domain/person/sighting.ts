import type { Likeness, Sighting } from '../event/ledger-entry.ts';
import type { Desk, User } from '../ports.ts';
import { toInstant } from '../time/time.ts';
import { fold } from './names.ts';

/** What a user is called now, as digests. */
export function likenessOf({ id, firstName, lastName, emailAddr }: User, digest: Desk['digest']): Likeness {
  const keyed = (text: string | undefined) => (text ? digest(`${id}/${fold(text)}`) : undefined);
  const [givenName, familyName, address] = [keyed(firstName), keyed(lastName), keyed(emailAddr)];
  return { userId: id, ...(givenName && { givenName }), ...(familyName && { familyName }), ...(address && { address }) };
}

/** Everybody who matches now, for the day on which the termination is due. */
export const sightingOf = (users: readonly User[], { digest, clock }: Pick<Desk, 'digest' | 'clock'>): Sighting => ({
  at: toInstant(clock()),
  users: users.map((user) => likenessOf(user, digest)),
});

/**
 * Whether the account was handed over: neither a name nor the address is as it was. One of three changed is a marriage, or a company
 * with a new domain.
 */
export function isHandedOver(user: User, { sighted, digest }: { sighted: Sighting | undefined; digest: Desk['digest'] }): boolean {
  const then = sighted?.users.find(({ userId }) => userId === user.id);
  if (then === undefined) return false;
  const now = likenessOf(user, digest);
  const known = (['givenName', 'familyName', 'address'] as const).filter((name) => then[name] !== undefined);
  return known.length > 0 && known.every((name) => now[name] !== then[name]);
}
