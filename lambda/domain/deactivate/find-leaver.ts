import type { TerminationEvent } from '../event/hr-event.ts';
import type { Termination } from '../event/termination.ts';
import { Blocked } from '../failures.ts';
import { lookUpPerson } from '../person/known-person.ts';
import { type LeaverKey, type Match, resolveLeaver } from '../person/leaver-match.ts';
import { relationOf } from '../person/one-person.ts';
import { spokenOf } from '../person/person-record.ts';
import { matchKeyRules } from '../policy.ts';
import type { CredentialOwner, Desk, User, UserDirectory } from '../ports.ts';
import { type Health, reportSearch } from '../stage/gate.ts';
import { mustNameCustomer, pinnedCustomer } from '../stage/tenant.ts';
import { conclude, hold } from './conclude.ts';
import { concludeCutShort } from './conclude-cut-short.ts';
import { elsewhere, lostChoice } from './guards/order.ts';
import { keysToMatch } from './keys-to-match.ts';
import type { TurnEnd } from './turn-end.ts';

/** The one user that a leaver resolves to, with all that a guard may ask about it. */
export interface Found {
  kind: 'found';
  entry: Termination;
  /** The event, with what HR added to it. */
  event: TerminationEvent;
  owner: CredentialOwner;
  pinnedCustomerId: string | undefined;
  keys: LeaverKey[];
  match: Match;
  user: User;
  chosen: boolean;
  /** Those who matched when HR recorded this termination, or another of perhaps the same person, are active, and match no more. */
  strayed: User[];
  /** Which of Workfront's good answers are news to report. */
  circuit: Health;
}

interface Question {
  entry: Termination;
  event: TerminationEvent;
  heard: 'not-asked' | 'confirmed' | 'contradicts';
  circuit: Health;
}

/**
 * Resolves the leaver now, and compares with the users that the keys led to before.
 *
 * @returns the user, or the end of the turn if there is none to decide about
 * @throws Blocked, TransientFailure, CredentialFailure, PermanentFailure
 */
export async function findLeaver({ entry, event, heard, circuit }: Question, desk: Desk): Promise<Found | TurnEnd> {
  const { directory, policy } = desk;
  const owner = await directory.owner();
  const keys = keysToMatch(event, heard, matchKeyRules(entry.source, policy));
  const match = await resolveLeaver(keys, directory);
  const before = [...(await readSighted(entry, match, directory)), ...(match.users.length === 0 ? await usersOfOthers(entry, desk) : [])];
  await mustStillBe(owner, directory);
  if (circuit === 'doubtful') await reportSearch(desk);

  const pinnedCustomerId = await pinnedCustomer(owner, desk);
  mustNameCustomer({ pinnedCustomerId, seen: [owner, ...match.users] });
  const strayed = before.filter(({ isActive }) => isActive);
  const chosen = await chosenUser(entry, [...match.users, ...before], directory);
  const user = chosen ?? match.users[0] ?? strayed[0];
  const found = { entry, event, owner, pinnedCustomerId, keys, match, strayed, circuit };
  if (entry.chosenUserId !== undefined && chosen === undefined && mayBeAnother(match)) {
    return hold(entry, lostChoice(match, entry.chosenUserId), { desk });
  }
  return user === undefined ? nobody({ ...found, before }, desk) : { kind: 'found', ...found, user, chosen: chosen !== undefined };
}

/**
 * Whether there is somebody active, or nobody at all, who must not take the place of the user that a person chose. Who matches is active,
 * or one inactive user alone.
 */
const mayBeAnother = ({ users }: Match): boolean => users.every(({ isActive }) => isActive);

/** Users who matched before and are not among those found now, as they are now. */
async function readSighted({ sighted }: Termination, match: Match, directory: UserDirectory): Promise<User[]> {
  const before: User[] = [];
  for (const { userId } of sighted?.users ?? []) {
    if (match.users.some(({ id }) => id === userId)) continue;
    const user = await directory.read(userId);
    if (user !== undefined) before.push(user);
  }
  return before;
}

/**
 * Active users that other terminations of perhaps this person led to: HR may have written a number in another way this time, and nobody
 * must be taken for nobody because of that.
 */
async function usersOfOthers(entry: Termination, desk: Desk): Promise<User[]> {
  const { others } = await lookUpPerson(entry, { user: undefined }, desk);
  const ids = new Set<string>();
  for (const ref of others) {
    const other = await desk.ledger.readEntry(ref);
    if (other === undefined || relationOf(spokenOf(other), { of: spokenOf(entry), reached: 'key', policy: desk.policy }) === 'other')
      continue;
    for (const id of [other.workfrontUserId, ...(other.sighted?.users ?? []).map(({ userId }) => userId)])
      if (id !== undefined) ids.add(id);
  }
  const users: User[] = [];
  for (const id of ids) {
    const user = await desk.directory.read(id);
    if (user?.isActive) users.push(user);
  }
  return users;
}

/** The user that a person chose, if the keys lead there now or led there before. */
async function chosenUser({ chosenUserId }: Termination, users: readonly User[], directory: UserDirectory): Promise<User | undefined> {
  const user = users.find(({ id }) => id === chosenUserId);
  // A hit of the search may be older than what a person has just changed.
  return user === undefined ? undefined : ((await directory.read(user.id)) ?? user);
}

/**
 * A secret replaced in the middle of a turn may look into another customer's Workfront: what some searches did not find there
 * says nothing. The directory remembers who a credential is, so that asking again costs no call.
 *
 * @throws Blocked for a moment; the event starts over
 */
async function mustStillBe({ userId, customerId }: CredentialOwner, directory: UserDirectory): Promise<void> {
  const now = await directory.owner();
  if (now.userId === userId && now.customerId === customerId) return;
  throw new Blocked('credential-replaced', 'the credential was replaced in the middle of the search; the event starts over');
}

/** Nobody has a key: no account, or one that was closed since HR recorded the termination. */
async function nobody(
  { entry, owner, pinnedCustomerId, keys, before }: Omit<Found, 'kind' | 'user' | 'chosen'> & { before: User[] },
  desk: Desk,
) {
  const wrong = elsewhere(owner, pinnedCustomerId);
  if (wrong !== undefined) return hold(entry, wrong, { desk });
  const landed = await concludeCutShort(entry, desk);
  if (landed !== undefined) return landed;

  const [closed] = before;
  if (closed !== undefined) {
    const why = `user ${closed.id} matched when the termination was recorded, and is inactive by now`;
    return conclude(entry, { status: 'already-inactive', workfrontUserId: closed.id, why }, desk);
  }
  const fields = [...new Set(keys.map(({ field }) => field))].join(' or ');
  const sight = owner.seesEverybody ? '' : ', and not every user: it is no system administrator';
  const why = `no user has this ${fields}; the credential sees ${owner.activeUsers} active users${sight}`;
  return conclude(entry, { status: 'no-account', why, ...(!owner.seesEverybody && { reason: 'limited-sight' }) }, desk);
}
