import { createDirectory, type FakeDirectory } from './directory.ts';
import { generatePerson } from './people.ts';
import { pick, randomFrom } from './random.ts';
import { type FakeUser, guidOf } from './user.ts';

export interface Population {
  /** How many users, 1 or more. */
  users: number;
  /** Another seed gives other people. */
  seed?: number | undefined;
}

/**
 * The same users for the same seed, whoever asks; a larger number adds users and leaves the first ones as they are.
 * User 0 owns the credential: an active administrator. Users 1 to 3 are administrators, 1 being the main administrator.
 * One in ten is inactive; {@link NASTY} says who is difficult. No two active users share an address.
 * All e-mail addresses are under acme.test (RFC 2606), but for the rewritten ones.
 */
export function generateDirectory({ users, seed = 1 }: Population): FakeDirectory {
  const customerId = guidOf(`customer ${seed}`);
  return createDirectory(population({ users, seed, customerId }), customerId);
}

/**
 * People who could leave: active, no administrators, no one twice.
 * @param random from 0 to 1 as Math.random; by default always the same people
 * @throws Error where there are not that many
 */
export function pickLeavers(directory: FakeDirectory, count: number, random = randomFrom(7)): FakeUser[] {
  const candidates = directory.all().filter((user) => user.isActive && !user.isAdmin && user !== directory.owner);
  if (candidates.length < count) throw new Error(`expected ${count} leavers, got ${candidates.length}, generate more users`);

  for (let taken = 0; taken < count; taken++) {
    const other = taken + Math.floor(random() * (candidates.length - taken));
    [candidates[taken], candidates[other]] = [pick(candidates, other), pick(candidates, taken)];
  }
  return candidates.slice(0, count);
}

function* population({ users, seed, customerId }: { users: number; seed: number; customerId: string }): Generator<FakeUser> {
  let before: FakeUser | undefined;
  for (let position = 0; position < users; position++) {
    before = { ...generatePerson(position, seed, before), customerID: customerId };
    yield before;
  }
}
