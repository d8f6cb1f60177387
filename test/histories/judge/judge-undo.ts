import { employmentAt, isLater } from '../world/people.ts';
import { type Given, type Judged, type JudgedTurn, type Order, personsOf, truthOf, violated, type Written } from '../world/world.ts';

type Entry = Written['after'];

/** A worker has taken up an order to undo, and has not come to its end. */
export const isBeingUndone = ({ status, undoing }: Entry): boolean =>
  isOfOurs(status) && undoing !== undefined && undoing.refused === undefined;

const isOfOurs = (status: Entry['status']): boolean => status === 'deactivated' || status === 'returned';

/** The moment at which a worker asks Workfront to activate somebody: a person ordered it, for what we did, and HR has not spoken since. */
export function judgeGiving(world: Judged, turn: JudgedTurn, given: Given): void {
  const { event, account: id } = given;
  const refuse = (rule: string, detail = `${event}: ${id}`) => violated(world, rule, { detail, event });
  const entry = world.entries.get(event);
  const order = entry && world.orders.find((one) => one.event === event && one.do === 'undo' && one.by === entry.undoing?.by);
  if (entry === undefined || order?.sentAt === undefined || order.obeyedAt !== undefined || turn.kind !== 'undo') {
    refuse('nobody-is-activated-without-an-order');
    return;
  }
  if (!isOfOurs(entry.status)) refuse('only-what-we-did-is-undone', `${event} is ${entry.status}`);
  if (entry.workfrontUserId !== id || !mayHaveClosed(world, event, id)) refuse('only-what-we-did-is-undone');
  if (entry.lease?.owner !== turn.owner || Date.parse(entry.lease.until) <= world.now) refuse('lease-while-writing');
  if (world.sent.some((one) => one.event === event && (one.changedAt ?? 0) > order.shownAt)) refuse('an-undo-is-for-what-was-seen');
  if (leftAgain(world, { id, order }, turn.startedAt)) refuse('no-undo-after-hr-spoke-again');
  if (happened(world, { event, id, order }, turn.startedAt)) refuse('an-undo-happens-once');
}

const mayHaveClosed = (world: Judged, event: string, id: string): boolean =>
  truthOf(world, event).doubtful.has(id) || world.sent.some((one) => one.event === event && one.account === id);

/** Whether HR has recorded since the order that the one with this account leaves, and the product knows. */
function leftAgain(world: Judged, { id, order }: { id: string; order: Order }, before: number): boolean {
  const account = world.accounts.get(id);
  const isAbout = (attribute: number) => account?.held.some((one) => one.attribute === attribute && one.exact && one.to > before) ?? false;
  return world.known.some(
    ({ person, fact, attributes, how, waits, at, toldAt }) =>
      person === account?.owner &&
      fact.says === 'ends' &&
      fact.recordedAt > (order.sentAt ?? 0) &&
      toldAt > (order.sentAt ?? 0) + world.faults.skew &&
      how === 'delivery' &&
      !waits &&
      at < before &&
      attributes.some(isAbout) &&
      !isTakenBack(world, fact),
  );
}

/** HR, or a person of ours, did away with the word. */
function isTakenBack(world: Judged, fact: Judged['known'][number]['fact']): boolean {
  if (world.known.some((other) => other.fact.person === fact.person && other.fact !== fact && isLater(other.fact, fact))) return true;
  return [...world.entries].every(
    ([event, { status }]) =>
      !truthOf(world, event).labels.some((label) => label.fact === fact) || status === 'cancelled' || status === 'rejected',
  );
}

/** Whether this very order has had its effect, and nobody closed the account since. */
function happened(world: Judged, { event, id, order }: { event: string; id: string; order: Order }, before: number): boolean {
  const landed = world.given.find((one) => one.event === event && (one.changedAt ?? 0) > (order.sentAt ?? 0))?.changedAt;
  const activity = world.accounts.get(id)?.activity ?? [];
  return landed !== undefined && landed < before && !activity.some(({ active, at }) => !active && at >= landed);
}

/** `undone` is true: the account is active, or was a moment ago, and has again what Workfront took. */
export function judgeUndone(world: Judged, { event, before, after }: Written, turn: JudgedTurn): void {
  const account = world.accounts.get(after.workfrontUserId ?? '');
  const complain = (detail: string) => violated(world, 'undone-is-true', { detail: `${event}: ${detail}`, event });
  if (before === undefined || account === undefined) {
    complain('no such account');
    return;
  }
  if (account.changedAt >= turn.startedAt && account.activity.at(-1)?.by !== 'product') return;
  if (!account.isActive && account.changedAt < turn.startedAt) complain(`account ${account.id} is inactive`);
  const missing = Object.keys(account.taken);
  if (account.isActive && missing.length > 0) complain(`account ${account.id} did not get back ${missing.join(', ')}`);
}

/** At rest: each undo is finished or refused for a reason, and lasts. */
export function judgeUndos(world: Judged): void {
  for (const order of world.orders) if (order.do === 'undo' && !world.restored) judgeUndo(world, order);
}

function judgeUndo(world: Judged, order: Order): void {
  const { event, by, steps, sentAt = Number.POSITIVE_INFINITY } = order;
  const entry = world.entries.get(event);
  // The event that they undid has expired, and its id was used again.
  if (entry === undefined || Date.parse(entry.receivedAt) > sentAt) return;
  if (isBeingUndone(entry)) violated(world, 'an-undo-is-finished-or-refused', { detail: `${event} is ${entry.status}`, event });
  if (order.obeyedAt !== undefined) judgeLasting(world, order);
  else if (entry.undoing?.by === by) judgeRefusal(world, entry, order);
  else if (isOfOurs(entry.status) && entry.history.length === steps && entry.undoing === undefined)
    violated(world, 'an-order-has-its-effect', { detail: `${by} undid ${event}, which is still ${entry.status}`, event });
}

/** An undo is refused for what really came from outside. */
function judgeRefusal(world: Judged, { undoing, workfrontUserId = '' }: Entry, { event, sentAt = 0 }: Order): void {
  const code = undoing?.refused?.code;
  if (code === undefined || code.startsWith('gave-up-') || world.refused.has(code)) return;
  const isHidden = ['strange-customer', 'limited-sight'].some((mode) => [...world.troubles].some((one) => one === mode));
  if (code === 'user-not-found' && (world.accounts.get(workfrontUserId)?.deleted || isHidden)) return;
  const said = world.known.some(({ fact, toldAt }) => fact.says === 'ends' && toldAt >= sentAt - world.faults.skew);
  if (code === 'left-again' && said) return;
  violated(world, 'an-undo-is-refused-for-a-reason', { detail: `${event}: ${code}`, event });
}

/** Who works keeps what they were given back, unless HR says later that they leave, or a person decides so. */
function judgeLasting(world: Judged, { event, account: id = '', sentAt = 0, obeyedAt = 0 }: Order): void {
  const account = world.accounts.get(id);
  const owner = world.people.get(account?.owner ?? '');
  const closed = account?.activity.at(-1);
  if (account === undefined || owner === undefined || closed === undefined || employmentAt(owner, world.now) === undefined) return;
  if (closed.active || closed.by !== 'product' || closed.at < obeyedAt) return;
  const again = world.sent.findLast((one) => one.account === id && one.changedAt === closed.at);
  const undone = truthOf(world, event).labels.map(({ fact }) => fact.id);
  const isOldWord = again !== undefined && truthOf(world, again.event).labels.every(({ fact }) => undone.includes(fact.id));
  const saidLater = world.known.some(({ fact, toldAt }) => fact.says === 'ends' && fact.person === owner.id && toldAt >= sentAt);
  const isDecision = ({ event: ordered, do: what, obeyedAt: at = 0 }: Order) =>
    ordered === again?.event && what !== 'undo' && at > obeyedAt && at <= closed.at;
  if ((again?.event === event || isOldWord) && !saidLater && !world.orders.some(isDecision))
    violated(world, 'an-undo-lasts', {
      detail: `${event}: ${id} is inactive again by ${again?.event}`,
      event,
      persons: personsOf(world, event),
    });
}
