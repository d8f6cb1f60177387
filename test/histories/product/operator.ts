import type { LeaverMessage } from '../../../lambda/domain/event/leaver-message.ts';
import type { LedgerEntry } from '../../../lambda/domain/event/ledger-entry.ts';
import { withStatus } from '../../../lambda/domain/event/transition.ts';
import { parse } from '../../../lambda/domain/parse.ts';
import { isKept, letGoBy, personRecord } from '../../../lambda/domain/person/person-record.ts';
import type { Account } from '../world/accounts.ts';
import { setActive } from '../world/accounts.ts';
import { employmentAt, goneSince, type Operator, type Person } from '../world/people.ts';
import type { Action } from '../world/scenario.ts';
import { nameOf, type Order, personsOf, say, schedule, send, type World } from '../world/world.ts';
import { putEntry, putRecord } from './ledger-port.ts';

/** What an operator decides about an event after a look at it. */
type Decision = { do: 'release'; account?: string } | { do: 'replay' | 'undo' } | { do: 'reject'; closing?: Account } | { do: 'nothing' };

const MOST_REPLAYS = 4;
const MOST_RELEASES = 3;

/** A worker stopped at a guard or failed: after a while the operator of that person looks at it. */
export function callOperator(world: World, event: string): void {
  const operator = operatorOf(world, event);
  if (operator === undefined || operator.how === 'never') return;
  schedule(world, world.now + operator.looksAfter, () => {
    const seen = world.entries.get(event);
    if (seen === undefined || !['held', 'failed', 'returned'].includes(seen.status)) return;
    orderLater(world, seen, { decision: decide(world, seen, operator.how), late: operator.late });
  });
}

/** An operator who works through a list. */
export function lookAtAll(world: World, action: Extract<Action, { do: 'release-all' | 'replay-all' | 'replay-finished' }>): void {
  for (const entry of [...world.entries.values()]) {
    const { status } = entry;
    if (action.person !== undefined && !personsOf(world, nameOf(entry)).includes(action.person)) continue;
    if (action.do === 'release-all' && status === 'held') orderLater(world, entry, { decision: { do: 'release' }, late: action.late });
    if (action.do === 'replay-all' && status === 'failed') orderLater(world, entry, { decision: { do: 'replay' }, late: action.late });
    if (action.do === 'replay-finished' && (status === 'no-account' || status === 'would-deactivate'))
      orderLater(world, entry, { decision: { do: 'replay' }, late: action.late });
  }
}

/** An operator who hears that somebody lost access: gives it back by an undo of each event of ours that took it. */
export function undo(world: World, { person, how, late }: Pick<Extract<Action, { do: 'undo' }>, 'person' | 'how' | 'late'>): void {
  for (const entry of [...world.entries.values()]) {
    const account = world.accounts.get(entry.workfrontUserId ?? '');
    if ((entry.status !== 'deactivated' && entry.status !== 'returned') || account === undefined) continue;
    if (account.owner !== person && !personsOf(world, nameOf(entry)).includes(person)) continue;
    if (how === 'rightly' && !worksNow(world, account)) continue;
    orderLater(world, entry, { decision: { do: 'undo' }, late });
  }
}

function worksNow(world: World, { owner = '' }: Account): boolean {
  const person = world.people.get(owner);
  return person !== undefined && employmentAt(person, world.now) !== undefined;
}

function decide(world: World, seen: LedgerEntry, how: Operator['how']): Decision {
  if (seen.status === 'failed') {
    const replays = seen.history.filter(({ from }) => from === 'failed').length;
    return replays < MOST_REPLAYS ? { do: 'replay' } : { do: 'nothing' };
  }
  if (seen.status === 'returned') return decideReturn(world, seen, how);
  const releases = seen.history.filter(({ from, to }) => from === 'held' && to === 'processing').length;
  if (releases >= MOST_RELEASES) return { do: 'nothing' };
  if (how === 'rejects') return { do: 'reject' };
  if (how === 'releases') return release(world, seen);
  return decideRightly(world, seen);
}

/** Somebody came back: out again, unless they are at work. To reject is to accept that they are active. */
function decideReturn(world: World, seen: LedgerEntry, how: Operator['how']): Decision {
  const again = seen.history.filter(({ from }) => from === 'returned').length;
  if (again >= MOST_REPLAYS) return { do: 'nothing' };
  if (how === 'releases') return { do: 'replay' };
  const account = world.accounts.get(seen.workfrontUserId ?? '');
  if (how === 'rightly' && account !== undefined && worksNow(world, account) && world.throws.chance(0.5)) return { do: 'undo' };
  const persons = personsOf(world, nameOf(seen)).flatMap((id) => world.people.get(id) ?? []);
  return how === 'rightly' && persons.some((person) => isGone(world, person)) ? { do: 'replay' } : { do: 'reject' };
}

/** An operator who asks around: releases those who have left, and closes the right account by hand if the event found another. */
function decideRightly(world: World, seen: LedgerEntry): Decision {
  if (seen.event.type !== 'employee.terminated') {
    // HR took back what we did already: who asks around undoes it.
    for (const person of personsOf(world, nameOf(seen))) undo(world, { person, how: 'rightly', late: 0 });
    return { do: 'release' };
  }
  const persons = personsOf(world, nameOf(seen)).flatMap((id) => world.people.get(id) ?? []);
  const gone = persons.filter((person) => isGone(world, person));
  if (gone.length === 0) return { do: 'reject' };

  const theirs = [...world.accounts.values()].filter(({ owner, isActive }) => isActive && gone.some(({ id }) => id === owner));
  const shown = shownAccounts(seen);
  const right = theirs.find(({ id }) => shown.includes(id));
  if (right !== undefined) return seen.hold?.guard === 'ambiguous' ? { do: 'release', account: right.id } : { do: 'release' };
  if (shown.length === 0) return { do: 'release' };
  const [other] = theirs;
  return other === undefined ? { do: 'reject' } : { do: 'reject', closing: other };
}

function release(_world: World, seen: LedgerEntry): Decision {
  const [first] = shownAccounts(seen);
  return seen.hold?.guard === 'ambiguous' && first !== undefined ? { do: 'release', account: first } : { do: 'release' };
}

const isGone = (world: World, person: Person): boolean => goneSince(person, world.now) !== undefined;

/** The accounts that `show` names for a held event. */
const shownAccounts = ({ hold, workfrontUserId }: LedgerEntry): string[] => [
  ...new Set([...(workfrontUserId === undefined ? [] : [workfrontUserId]), ...(hold?.saw.match(/[0-9a-f]{32}/g) ?? [])]),
];

function operatorOf(world: World, event: string): Operator | undefined {
  const [first] = personsOf(world, event);
  return first === undefined ? undefined : world.people.get(first)?.operator;
}

function orderLater(world: World, seen: LedgerEntry, { decision, late }: { decision: Decision; late: number }): void {
  if (decision.do === 'nothing') return;
  const order = orderOf(world, seen, decision);
  world.orders.push(order);
  say(world, 'OPERATOR', `${order.by} looks at ${order.event} (${seen.status} ${seen.reason ?? ''}) and decides to ${decision.do}`);
  schedule(world, world.now + late, () => carryOut(world, seen, { decision, order }));
}

function orderOf(world: World, seen: LedgerEntry, decision: Decision): Order {
  const event = nameOf(seen);
  const persons = personsOf(world, event);
  const chosen = decision.do === 'release' ? decision.account : undefined;
  const account = chosen ?? shownAccounts(seen)[0];
  return {
    by: `op-${world.orders.length}`,
    event,
    do: decision.do === 'nothing' ? 'reject' : decision.do,
    guard: seen.hold?.guard,
    account,
    owner: account === undefined ? undefined : world.accounts.get(account)?.owner,
    chosen: chosen !== undefined,
    facts: new Set(world.known.filter(({ person }) => persons.includes(person)).map(({ fact }) => fact.id)),
    shownAt: world.now,
    steps: seen.history.length,
    sentAt: undefined,
    obeyedAt: undefined,
  };
}

function carryOut(world: World, seen: LedgerEntry, { decision, order }: { decision: Decision; order: Order }): void {
  const ref = { source: seen.source, eventId: seen.eventId, entryVersion: seen.version, by: order.by };
  if (decision.do === 'reject') {
    if (decision.closing?.isActive) setActive(decision.closing, false, { at: world.now, by: 'hand' });
    reject(world, seen, order);
    return;
  }
  order.sentAt = world.now;
  if (decision.do === 'undo') {
    const { source, eventId } = seen;
    const at = new Date(world.now).toISOString();
    send(world, { kind: 'undo', source, eventId, steps: order.steps, by: order.by, reason: 'test', at }, { order });
    return;
  }
  const chosen = order.chosen && order.account !== undefined ? { userId: order.account } : {};
  const message: LeaverMessage =
    decision.do === 'replay' ? { kind: 'replay', ...ref } : { kind: 'release', ...ref, guard: seen.hold?.guard ?? '', ...chosen };
  send(world, message, { order });
}

const REJECTED: Partial<Record<LedgerEntry['status'], LedgerEntry['status']>> = { held: 'rejected', returned: 'accepted' };

/** As ops does: straight into the ledger, if the event is still as it was seen. */
function reject(world: World, seen: LedgerEntry, order: Order): void {
  const before = world.entries.get(order.event);
  if (before === undefined || before.version !== seen.version) return;
  const status = REJECTED[before.status] ?? 'cancelled';
  const finished = withStatus(before, status, { by: order.by, why: 'test', now: world.now });
  order.obeyedAt = world.now;
  world.schedules.delete(order.event);
  const after = { ...finished, reason: 'operator', version: before.version + 1 };
  putEntry(world, { before, after, turn: undefined });
  for (const [key, { value, version }] of [...world.records].filter(([name]) => name.startsWith('person/'))) {
    const person = parse(personRecord, value, key);
    const next = letGoBy(person, after);
    if (next !== person) putRecord(world, key, { value: next, version: version + 1, kept: isKept(next) });
  }
}
