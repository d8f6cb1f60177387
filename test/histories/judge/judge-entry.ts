import type { EventStatus } from '../../../lambda/domain/event/event-status.ts';
import { DAY, HOUR, MINUTE } from '../world/scenario.ts';
import { type Judged, type JudgedTurn, truthOf, violated, type Written } from '../world/world.ts';
import { judgeAnswered, judgeReturned } from './judge-return.ts';
import { isBeingUndone, judgeUndone } from './judge-undo.ts';
import { isFinal, OTHERS } from './truth.ts';

/** The arrows of the design, said a second time. The last three are an operator's alone. */
const ARROWS: Readonly<Record<EventStatus, string>> = {
  received: 'scheduled processing failed cancelled rescinded held noted',
  scheduled: 'scheduled processing cancelled failed held',
  processing: 'scheduled processing deactivated already-inactive no-account would-deactivate held failed cancelled rescinded',
  held: 'processing deactivated rejected cancelled rescinded scheduled',
  failed: 'processing deactivated cancelled',
  deactivated: 'returned undone',
  'already-inactive': 'returned',
  returned: 'processing accepted undone',
  cancelled: '',
  rescinded: 'held',
  'no-account': 'processing',
  'would-deactivate': 'processing',
  rejected: 'processing held',
  noted: '',
  accepted: '',
  undone: '',
};

/** Every write of an event must be a legal step with a complete history, and true when it is written. */
export function judgeEntry(world: Judged, written: Written): void {
  const { event, before, after, turn } = written;
  judgeHistory(world, written);
  const rests = after.status !== 'received' && after.status !== 'processing' && after.status !== 'scheduled';
  if (rests && ((after.lease !== undefined && !isBeingUndone(after)) || after.waiting !== undefined))
    violated(world, 'who-rests-does-not-wait', { detail: `${event} ${after.status}`, event });
  if (turn === undefined || before?.status === after.status) return;

  noteOrder(world, written);
  if (after.status === 'held') judgeNewcomer(world, written);
  if (after.status === 'deactivated') judgeDeactivated(world, written, turn);
  if (after.status === 'would-deactivate' && !turn.rules.dryRun)
    violated(world, 'dry-run-is-said-only-in-dry-run', { detail: event, event });
  if (isFinal(after.status) && after.status !== 'deactivated') judgeForgottenWrite(world, written);
  if (after.status === 'undone') judgeUndone(world, written, turn);
  if (after.status === 'returned') judgeReturned(world, written, turn);
  if (after.status === 'failed') judgeFailure(world, written);
  if (after.status === 'accepted') judgeAnswered(world, written, turn);
}

function judgeHistory(world: Judged, { event, before, after }: Written): void {
  const complain = (rule: string, detail = event) => violated(world, rule, { detail, event });
  const past = before?.history ?? [];
  const added = after.history.slice(past.length);
  if (past.some((step, index) => after.history[index] !== step)) complain('history-only-grows');
  // The write that opens an event may take it one step further.
  const [from, steps] =
    before === undefined && added[0]?.to === 'received' ? ['received' as const, added.slice(1)] : [before?.status, added];
  if (steps.length > 1 || (added.length === 0 && before?.status !== after.status)) complain('each-step-is-in-the-history');
  if (after.history.at(-1)?.to !== after.status) complain('history-ends-at-the-status');

  const [step] = steps;
  if (from === undefined) complain('only-legal-arrows', `${event}: opened as ${after.status}`);
  if (from === undefined || step === undefined) return;
  if (step.from !== from || !ARROWS[from].split(' ').includes(step.to)) complain('only-legal-arrows', `${event}: ${from} to ${step.to}`);
  const isOrdered = step.by.startsWith('op-');
  const isHeardOf = from === 'rescinded' && step.to === 'held';
  const isBack = (from === 'deactivated' || from === 'already-inactive') && step.to === 'returned';
  if (isFinal(from) && !isOrdered && !isHeardOf && !isBack) complain('finished-is-final', `${event} was ${from}`);
  const resumes = ['held', 'failed', 'returned'].includes(from) && step.to === 'processing';
  if (resumes && !isOrdered && !(from === 'failed' && refusesMany(world, event))) complain('only-a-person-resumes');
  if (isOrdered && past.some(({ by }) => by === step.by)) complain('an-order-is-obeyed-once', `${event} ${step.by}`);
}

/** Whether the write of this event was refused within the hour, and those of two other users too: then it is not this user's trouble. */
function refusesMany(world: Judged, event: string): boolean {
  const recent = world.refusedWrites.filter(({ at }) => at > world.now - 1.1 * HOUR);
  return recent.some((one) => one.event === event) && new Set(recent.map(({ account }) => account)).size >= 3;
}

/** An order has its effect with the step that names the operator. */
function noteOrder(world: Judged, { event, after }: Written): void {
  const by = after.history.at(-1)?.by;
  const order = world.orders.find((one) => one.event === event && one.by === by);
  if (order !== undefined) order.obeyedAt = world.now;
}

/**
 * `deactivated` is true: a write of this event turned the account; or it is inactive, and a write of this event may have done it
 * unseen. Of two accounts it is the one that an operator chose.
 */
function judgeDeactivated(world: Judged, { event, after }: Written, turn: JudgedTurn): void {
  const id = after.workfrontUserId ?? '';
  const account = world.accounts.get(id);
  const complain = (detail: string) => violated(world, 'deactivated-is-true', { detail: `${event}: ${detail}`, event });
  const changed = world.sent.some((one) => one.event === event && one.account === id && one.changedAt !== undefined);
  const mayHave = truthOf(world, event).doubtful.has(id) || turn.intent?.fate === 'doubtful';
  const changedMeanwhile = (account?.changedAt ?? 0) >= turn.startedAt;
  const isInactive = account?.isActive === false;
  if (!changed && !(mayHave && isInactive) && !(turn.intent?.fate === 'done' && isInactive)) complain(`no write of it turned ${id}`);
  else if (!isInactive && !changedMeanwhile) complain(`account ${id} is active`);
  const chosen = world.orders.findLast((order) => order.event === event && order.obeyedAt !== undefined && order.chosen)?.account;
  if (chosen !== undefined && chosen !== id) complain(`the operator chose ${chosen}, not ${id}`);
}

/** Well above the share of the active accounts that makes a day one of a go-live or a merger. */
const IMPORTED = 0.055;

/** Whoever HR knows by their number is no newcomer because everybody's account was made that day. */
function judgeNewcomer(world: Judged, { event, after }: Written): void {
  const account = world.accounts.get(after.workfrontUserId ?? '');
  if (after.hold?.guard !== 'newcomer' || account === undefined) return;
  const active = [...world.accounts.values()].filter(({ isActive }) => isActive);
  const ofThatDay = active.filter(({ madeAt }) => Math.floor(madeAt / DAY) === Math.floor(account.madeAt / DAY));
  if (ofThatDay.length < IMPORTED * (active.length + OTHERS)) return;
  const { told } = truthOf(world, event);
  const isKnown = account.held.some(
    ({ attribute, exact, to }) =>
      exact && to > world.now && world.attributes[attribute]?.kind === 'number' && told.some((one) => one.attribute === attribute),
  );
  if (isKnown) violated(world, 'an-import-holds-nobody-known', { detail: `${event}: ${account.id}`, event });
}

/**
 * A write that took effect is the outcome, whatever came between: else nobody hears if HR changes its mind. An operator who was shown it and
 * chose another account has said that it was not the one meant.
 */
function judgeForgottenWrite(world: Judged, { event, before, after }: Written): void {
  if (before?.status !== 'processing') return;
  // An equal event has the same id, long after the first was forgotten.
  const opened = Date.parse(after.receivedAt);
  const landed = world.sent.findLast((one) => one.event === event && one.changedAt !== undefined && one.at >= opened);
  const account = world.accounts.get(landed?.account ?? '');
  const closed = account?.activity.at(-1);
  const isStill = account?.isActive === false && closed?.by === 'product' && closed.at === landed?.changedAt;
  const chosen = world.orders.findLast((order) => order.event === event && order.obeyedAt !== undefined && order.chosen)?.account;
  // Opened in between, the account was closed again by another event.
  const latest = world.sent.findLast((one) => one.account === landed?.account && one.changedAt !== undefined);
  if (landed !== undefined && latest === landed && isStill && (chosen ?? landed.account) === landed.account)
    violated(world, 'a-write-is-not-forgotten', { detail: `${event} is ${after.status}`, event });
}

/** An event fails for what really came from outside, for a lack of keys, or because it has waited its time. */
function judgeFailure(world: Judged, { event, before, after }: Written): void {
  const code = after.reason ?? 'none';
  const complain = (why: string) => violated(world, 'failed-only-with-reason', { detail: `${event}: ${code}, ${why}`, event });
  if (code === 'no-match-key' || code === 'unconfirmed') return;
  if (!code.startsWith('gave-up-')) {
    if (!world.refused.has(code)) complain('nothing was refused for good');
    return;
  }
  const since = Date.parse(before?.waiting?.since ?? after.updatedAt);
  if (world.now - since < (world.rules.waitLimitHours ?? 240) * HOUR) complain(`it waited ${world.now - since} ms`);
  if (world.pausedSpans.some(({ from, to }) => from <= since && to >= world.now)) complain('the stage was paused all the while');
}

/** No write of the world takes longer to land. */
const LANDS_WITHIN = 5 * MINUTE;

/** What a turn leaves behind: an account on which its write may have taken effect unseen, or has been refused. */
export function judgeTurnEnd(world: Judged, { intent, event }: JudgedTurn): void {
  if (intent === undefined || event === undefined) return;
  const { doubtful } = truthOf(world, event);
  if (intent.fate === 'doubtful' || intent.fate === 'done') doubtful.set(intent.account, intent.at);
  // An earlier write may still be on its way.
  if (intent.fate === 'refused' && intent.at - (doubtful.get(intent.account) ?? 0) > LANDS_WITHIN) doubtful.delete(intent.account);
}
