import type { User } from '../../lambda/domain/ports.ts';
import { aUser, guid } from '../support/builders.ts';
import type { Dice } from '../support/dice.ts';

/** A person as HR knows them. */
export interface Person {
  email: string;
  number: string;
  sso: string;
  givenName: string;
  /** In the HR system that is asked. */
  sourceId: string;
}

export interface Population {
  people: readonly Person[];
  /** The first one owns the credential. */
  users: readonly User[];
}

const OWNER: Person = { email: 'api@acme.test', number: 'N-api', sso: 'api', givenName: 'Api', sourceId: 'id-api' };

/** A few people and the accounts they have: most have one, some none, twins, an account each for two keys, another's address. */
export function populate(dice: Dice): Population {
  const users = [aUser({ id: guid(0xadd), emailAddr: OWNER.email, extRefID: OWNER.number, isAdmin: dice.chance(0.7) })];
  if (dice.chance(0.6)) users.push(aUser({ id: guid(0xade), emailAddr: 'admin@acme.test', isAdmin: true }));

  const people: Person[] = Array.from({ length: 1 + dice.int(4) }, (_, index) => ({
    email: `p${index}@acme.test`,
    number: `N${index}`,
    sso: `sso${index}`,
    sourceId: `id-${index}`,
    givenName: dice.pick(['Ana', 'Bob', 'Cem']),
  }));
  const [first, second] = people;
  if (first !== undefined && second !== undefined && dice.chance(0.08)) second.email = first.email;

  for (const person of people) users.push(...accountsOf(person, users.length, dice));
  if (dice.chance(0.05)) people.push(OWNER);
  return { people, users };
}

function accountsOf(person: Person, from: number, dice: Dice): User[] {
  const account = (index: number, changes: Partial<User> = {}) =>
    aUser({
      id: guid(from + index),
      emailAddr: dice.chance(0.15) ? person.email.toUpperCase() : person.email,
      extRefID: dice.chance(0.75) ? person.number : undefined,
      ssoUsername: dice.chance(0.5) ? person.sso : undefined,
      firstName: dice.chance(0.2) ? dice.pick(['Ana', person.givenName, person.givenName]) : undefined,
      lastLoginAt: dice.chance(0.2) ? '2026-11-20T08:00:00.000Z' : undefined,
      isAdmin: dice.chance(0.06),
      ...changes,
    });

  const shape = dice.next();
  if (shape < 0.64) return [account(0)];
  if (shape < 0.7) return [account(0, { isActive: false })];
  if (shape < 0.73) return [];
  if (shape < 0.82) return [account(0, { isActive: false }), account(1)];
  if (shape < 0.91) return [account(0), account(1)];
  return [
    account(0, { extRefID: undefined }),
    account(1, { emailAddr: `new-${person.email}`, extRefID: person.number, isActive: dice.chance(0.8) }),
  ];
}
