import type { Account } from '../world/accounts.ts';
import { employmentAt, goneSince, type Person } from '../world/people.ts';
import { HOUR, MINUTE } from '../world/scenario.ts';
import { type Judged, type Order, personsOf, truthOf, violated } from '../world/world.ts';
import { judgeConsole } from './judge-console.ts';
import { judgeReturns } from './judge-return.ts';
import { judgeUndos } from './judge-undo.ts';
import { isFinal, isUpToDate, lastWords, leadsTo, mustGoAtOnce, SOON, sayGone } from './truth.ts';

/** Whether a leaver is left unseen just now: asked some time after an event is finished, and after each end that HR told. */
export function judgeLeaver(world: Judged, id: string): void {
  const person = world.people.get(id);
  if (person === undefined) return;
  for (const account of world.accounts.values()) {
    if (account.owner === id && !account.deleted && account.isActive) judgeAccess(world, person, account);
  }
}

/** Left alone with all trouble gone: nothing is lost or stuck, no leaver keeps access unseen, no wrong done stays unheard. */
export function judgeRest(world: Judged): void {
  for (const [event, entry] of world.entries) {
    if (entry.status === 'received' || entry.status === 'processing')
      violated(world, 'nothing-is-stuck', { detail: `${event} is ${entry.status}`, event });
    if (entry.status === 'scheduled' && !world.restored && !world.schedules.has(event))
      violated(world, 'scheduled-will-fire', { detail: event, event });
  }
  judgeReturns(world);
  judgeUndos(world);
  judgeConsole(world);
  judgeAccepted(world);
  judgeReplays(world);
  for (const person of world.people.values()) {
    for (const account of world.accounts.values()) {
      if (account.owner !== person.id || account.deleted) continue;
      if (account.isActive) judgeAccess(world, person, account);
      else judgeHarm(world, person, account);
    }
  }
}

/** What was accepted is in the ledger, or was until it expired. */
function judgeAccepted(world: Judged): void {
  if (world.restored) return;
  const taken = new Set([...world.truths.values()].flatMap(({ labels }) => labels));
  for (const label of world.accepted) {
    if (!taken.has(label))
      violated(world, 'what-was-accepted-is-in-the-ledger', {
        detail: `${label.person} ${label.says}, ${label.fact.id}`,
        persons: [label.person],
      });
  }
}

/** What found nobody, or was only tried, can be done again once the keys are corrected or the dry run has ended. */
function judgeReplays(world: Judged): void {
  for (const { event, do: ordered, obeyedAt, by } of world.orders) {
    const status = world.entries.get(event)?.status;
    if (ordered !== 'replay' || obeyedAt !== undefined || status !== 'would-deactivate' || world.rules.dryRun) continue;
    violated(world, 'an-order-has-its-effect', { detail: `${by} replayed ${event}, which is still ${status}`, event });
  }
}

/** Somebody gone, as all words say, has an active account that the product was led to: that needs an eye on it. */
function judgeAccess(world: Judged, person: Person, account: Account): void {
  const gone = goneSince(person, world.now);
  const words = lastWords(world, person, { announced: true });
  if (gone === undefined || gone > world.now - SOON) return;
  if (!sayGone(words, world.now - SOON) && !mustGoAtOnce(world, person)) return;
  if (!leadsTo(world, account, person)) return;

  const entries = [...world.entries].filter(([event]) => personsOf(world, event).includes(person.id));
  if (entries.some(([, { status, reason }]) => !isFinal(status) || status === 'would-deactivate' || reason === 'limited-sight')) return;
  if (isHandledByHand(world, { person, account, words })) return;
  if (world.complainedOf.has(person.id)) return;
  world.complainedOf.add(person.id);
  const found = entries.map(([event, { status, reason = '' }]) => `${event} ${status} ${reason}`).join('; ');
  violated(world, 'no-leaver-keeps-access-unseen', {
    detail: `${person.id} left ${new Date(gone).toISOString()}, account ${account.id} is active: ${found}`,
    persons: [person.id],
  });
}

/** An operator who saw the last word decided after everything else was done, or a hand opened, made or gave away the account after the product was done. */
function isHandledByHand(
  world: Judged,
  { person, account, words }: { person: Person; account: Account; words: ReturnType<typeof lastWords> },
): boolean {
  const done = [...world.finishedAt].filter(([event]) => personsOf(world, event).includes(person.id));
  const lastDone = Math.max(0, ...done.map(([, at]) => at));
  // A delivery that only says again what the operator knew needs no new decision.
  const isOld = (event: string, facts: Order['facts']) => truthOf(world, event).labels.every(({ fact }) => facts.has(fact.id));
  const isLast = ({ event, obeyedAt, facts }: Order) =>
    obeyedAt !== undefined && done.every(([other, at]) => other === event || at <= obeyedAt || isOld(other, facts));
  const decided = world.orders.some(
    (order) => order.do !== 'replay' && isLast(order) && personsOf(world, order.event).includes(person.id) && isUpToDate(order, words),
  );
  if (decided) return true;
  const opened = account.activity.findLast(({ active }) => active)?.at ?? account.madeAt;
  // Closed by the product, and opened again in the turn that recorded it, before it did: the watch has to see it.
  const byProduct = account.activity.findLast(({ by, active }) => by === 'product' && !active)?.at ?? Number.POSITIVE_INFINITY;
  const isOpenedInTurn = opened >= byProduct && opened > lastDone - MINUTE;
  const given = account.owners.at(-1)?.from ?? account.madeAt;
  const since = Math.max(lastDone, ...words.map(({ endsAt }) => endsAt));
  const filled = Math.max(account.madeAt, ...account.held.map(({ from }) => from));
  return ((opened > since || isOpenedInTurn) && account.activity.length > 1) || filled > since || given > since;
}

/** Somebody stays whose account the product closed before HR said so: a person must have heard of it. */
function judgeHarm(world: Judged, person: Person, account: Account): void {
  if (employmentAt(person, world.now) === undefined) return;
  const closed = account.activity.at(-1);
  if (closed?.by !== 'product') return;
  const took = world.known.filter(({ person: about, fact, how }) => about === person.id && how === 'delivery' && fact.says === 'stays');
  const told = took.filter(({ at, fact }) => at >= closed.at - HOUR && fact.recordedAt >= closed.at - HOUR);
  if (told.length === 0) return;
  const heard = world.holds.some(({ event, at }) => at >= closed.at - HOUR && personsOf(world, event).includes(person.id));
  const isFailed = [...world.entries].some(([event, { status }]) => status === 'failed' && personsOf(world, event).includes(person.id));
  if (!heard && !isFailed)
    violated(world, 'a-rescission-too-late-is-heard', { detail: `${person.id}, account ${account.id}`, persons: [person.id] });
}
