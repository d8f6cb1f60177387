import { createDirectory, type FakeDirectory } from './directory.ts';
import { generatePerson } from './people.ts';
import { pick, randomFrom } from './random.ts';
import { type FakeUser, guidOf } from './user.ts';

export interface Population {
  /** The number of users, 1 or more. */
  users: number;
  /** Another seed gives other people. */
  seed?: number | undefined;
  /** Custom fields that have the employee number too, by `DE:` name. */
  numberFields?: readonly string[] | undefined;
}

/**
 * Generates the same users for the same seed; a larger number adds users and leaves the first ones as they are.
 * User 0 owns the credential: an active administrator. Users 1 to 3 are administrators, user 1 is the main administrator.
 * One in ten is inactive; {@link DIFFICULT} lists the difficult ones. No two active users share an address.
 * All e-mail addresses are under acme.test (RFC 2606), except the rewritten ones.
 */
export function generateDirectory({ users, seed = 1, numberFields = [] }: Population): FakeDirectory {
  const customerId = guidOf(`customer ${seed}`);
  return createDirectory(population({ users, seed, numberFields, customerId }), customerId);
}

/**
 * Picks people who could leave: active, not administrators, nobody twice.
 *
 * @param random from 0 to 1 as Math.random; by default it picks the same people each time
 * @throws Error if the directory has fewer of them
 */
export function pickLeavers(directory: FakeDirectory, count: number, random = randomFrom(7)): FakeUser[] {
  const candidates = directory.all().filter((user) => user.isActive && !user.isAdmin && user !== directory.owner);
  if (candidates.length < count) throw new Error(`only ${candidates.length} of ${count} leavers exist; generate more users`);

  for (let taken = 0; taken < count; taken++) {
    const other = taken + Math.floor(random() * (candidates.length - taken));
    [candidates[taken], candidates[other]] = [pick(candidates, other), pick(candidates, taken)];
  }
  return candidates.slice(0, count);
}

/**
 * Picks a leaver whose name and address have the usual form, for an example that must not look like a test of odd characters.
 *
 * @returns undefined if nobody like that is left
 */
export function pickOrdinaryLeaver(directory: FakeDirectory, random: () => number): FakeUser | undefined {
  const ordinary = directory
    .all()
    .filter(({ isActive, isAdmin, name, emailAddr }) => isActive && !isAdmin && isPlainName(name) && isPlainAddress(emailAddr ?? ''));
  return ordinary.length === 0 ? undefined : pick(ordinary, random() * ordinary.length);
}

const isPlainName = (name: string) => /^\p{Lu}\p{Ll}+ \p{Lu}\p{Ll}+$/u.test(name);
const isPlainAddress = (address: string) => /^[a-z]+\.[a-z]+\.\d+@acme\.test$/.test(address);

interface PopulationOf {
  users: number;
  seed: number;
  numberFields: readonly string[];
  customerId: string;
}

function* population({ users, seed, numberFields, customerId }: PopulationOf): Generator<FakeUser> {
  let before: FakeUser | undefined;
  for (let position = 0; position < users; position++) {
    before = { ...generatePerson({ position, seed, before }), customerID: customerId };
    yield withNumberIn(numberFields, before);
  }
}

function withNumberIn(fields: readonly string[], user: FakeUser): FakeUser {
  const { extRefID } = user;
  if (extRefID === null || fields.length === 0) return user;
  return { ...user, customFields: { ...user.customFields, ...Object.fromEntries(fields.map((field) => [field, extRefID])) } };
}
