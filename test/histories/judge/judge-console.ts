import type { Account } from '../world/accounts.ts';
import { type Attribute, employmentAt, ownsAt } from '../world/people.ts';
import { type Console, type Judged, type JudgedTurn, personsOf, type Removed, violated } from '../world/world.ts';
import { isCovered, lastWords, ownerAt, sayGone } from './truth.ts';

/** The moment at which a worker asks the Console to remove somebody: a leaver whose account we deactivated, from what the stage names. */
export function judgeRemoval(world: Judged, turn: JudgedTurn, { event, person: id, names }: Removed): void {
  const refuse = (rule: string, detail: string) => violated(world, rule, { detail: `${event}: ${detail}`, event, persons: [id] });
  const { profiles = [], groups = [] } = world.console?.named ?? {};
  const others = names.filter((name) => !profiles.includes(name) && !groups.includes(name));
  if (others.length > 0) refuse('only-the-named-access-is-removed', others.join(', '));

  const entry = world.entries.get(event);
  const account = world.accounts.get(entry?.workfrontUserId ?? '');
  // Whether its own write was cut short or never sent, only the worker knew: another event of the same person, or somebody by hand, may
  // have closed the account, and the event is recorded as done.
  const isTheirs = (other: string) => personsOf(world, other).some((person) => personsOf(world, event).includes(person));
  const isDone = entry?.status === 'deactivated' || world.sent.some((one) => one.account === account?.id && isTheirs(one.event));
  if (account === undefined || !isDone) {
    refuse('the-console-follows-our-deactivation', `${entry?.status ?? 'no such event'}`);
    return;
  }
  // What happens in the middle of a turn nobody can see.
  if (account.changedAt >= turn.startedAt) return;
  if (account.isActive) refuse('nobody-active-is-removed', `account ${account.id} is active`);
  judgeWhose(world, turn, { event, id, account });
}

function judgeWhose(world: Judged, turn: JudgedTurn, { event, id, account }: { event: string; id: string; account: Account }): void {
  const person = world.people.get(id);
  if (person === undefined || employmentAt(person, world.now) === undefined) return;
  if (ownerAt(account, world.now) !== id) {
    const theirs = [...world.accounts.values()].filter(
      ({ owner, isActive, changedAt }) => owner === id && isActive && changedAt < turn.startedAt,
    );
    const isShown = theirs.some((one) => addressOf(one) === addressOf(account));
    if (isShown) violated(world, 'the-console-touches-nobody-else', { detail: `${event}: ${id}`, event, persons: [id] });
    // The Console knows people by their address alone, and nothing in Workfront says whose it is by now.
    return;
  }
  const words = lastWords(world, person, { askedAt: turn.startedAt });
  // Nobody could tell at the write that this is not the leaver's account, and nothing was said of its owner since.
  if (world.unknowable.includes(event) && words.length === 0) return;
  const isKnown = words.every(({ id: fact }) => world.known.some((one) => one.fact.id === fact && one.at < turn.startedAt && !one.waits));
  const asked = { event, account: account.id, at: world.now, askedAt: turn.startedAt, changedAt: undefined, braked: false };
  if (sayGone(words, world.now + world.faults.skew) || !isKnown || isCovered(world, asked, { owner: id, words })) return;
  violated(world, 'nobody-who-stays-is-removed', { detail: `${event}: ${id} works, as HR said`, event, persons: [id] });
}

const addressOf = ({ held }: Account): number | undefined =>
  held.findLast(({ field, to }) => field === 'emailAddr' && to === Number.POSITIVE_INFINITY)?.attribute;

/** A mailbox of several leads the Console to one of them. */
const isAlone = (world: Judged, address: Attribute, owner: string): boolean =>
  [...world.people.keys()].filter((person) => ownsAt(address, person, world.now)).join() === owner;

/** A later event closed the account again, and a person is asked what is left in the Console. */
const isAskedElsewhere = ({ entries }: Judged, { records }: Console, account: Account): boolean =>
  [...entries].some(([event, { workfrontUserId }]) => {
    const { status } = records.get(event) ?? {};
    return workfrontUserId === account.id && (status === 'held' || status === 'failed');
  });

/** Another active account has the address by now: nobody can tell whose it is in the Console. */
const isInUse = (world: Judged, account: Account): boolean =>
  [...world.accounts.values()].some((other) => other.id !== account.id && other.isActive && addressOf(other) === addressOf(account));

/** Who stays, as HR said before the write was known to have taken effect, keeps what they have in the Console. */
const isGone = (world: Judged, event: string): boolean =>
  personsOf(world, event)
    .flatMap((id) => world.people.get(id) ?? [])
    .some((person) => sayGone(lastWords(world, person, { announced: true }), world.now));

const ENDS = ['removed', 'would-remove', 'nothing-to-remove', 'held', 'failed', 'closed'];

/** At rest: every deactivation has an end in the Console too, and what is said to be gone is gone. */
export function judgeConsole(world: Judged): void {
  const { console } = world;
  if (console === undefined || world.restored) return;
  for (const [event, { status, workfrontUserId = '' }] of world.entries) {
    const record = console.records.get(event);
    if (record === undefined && (status !== 'deactivated' || !isGone(world, event))) continue;
    if (record === undefined || !ENDS.includes(record.status) || record.isInWork)
      violated(world, 'no-console-access-is-left-unseen', { detail: `${event}: ${record?.status ?? 'no record'}`, event });
    const account = world.accounts.get(workfrontUserId);
    if (status === 'deactivated' && account?.isActive === false) judgeGone(world, console, { event, account });
  }
}

function judgeGone(world: Judged, console: Console, { event, account }: { event: string; account: Account }): void {
  const status = console.records.get(event)?.status;
  const address = world.attributes[addressOf(account) ?? -1];
  const owner = account.owner ?? '';
  if ((status !== 'removed' && status !== 'nothing-to-remove') || address === undefined || !isAlone(world, address, owner)) return;
  if (isInUse(world, account) || isAskedElsewhere(world, console, account)) return;
  // Whose termination HR took back is not looked at again: whoever brings them back gives them what they need.
  if (world.known.some(({ person, fact }) => person === owner && fact.says === 'stays')) return;
  const has = [...(console.members.get(owner) ?? [])];
  const left = [...console.named.profiles, ...console.named.groups].filter((name) => has.includes(name));
  if (left.length > 0) violated(world, 'console-access-is-gone', { detail: `${event}: ${status}, and ${owner} has ${left}`, event });
}
