import type { EventStatus } from '../../../lambda/domain/event/event-status.ts';
import { goneSince } from '../world/people.ts';
import { DAY, HOUR } from '../world/scenario.ts';
import { type Judged, type JudgedTurn, personsOf, schedule, truthOf, violated, type Written } from '../world/world.ts';
import { isFinal, lastWords, SOON, sayGone } from './truth.ts';

/** When the design has a user read again after the end, and how late a schedule and a turn may be. */
const LOOKS = [HOUR, DAY, 7 * DAY];
const LATE = HOUR;

/** The sweep looks at events of so many days, here every fourth night. */
const SWEPT_FOR = 25 * DAY;

/** After each look of the watch, a return that came before it is seen, if nothing was in trouble. */
export function expectLooks(world: Judged, { event, after }: Written): void {
  if (after.status !== 'deactivated' && after.status !== 'already-inactive') return;
  const finished = world.now;
  for (const look of LOOKS) {
    schedule(world, finished + look + LATE, () => {
      if (world.finishedAt.get(event) !== finished || !isCalm(world)) return;
      if ((silentReturn(world, event) ?? finished + look) < finished + look)
        violated(world, 'the-watch-sees-a-return', { detail: `${event} is ${world.entries.get(event)?.status}`, event });
    });
  }
}

const isCalm = ({ faults: { crash, aws, workfront }, troubles, pausedSpans, restored }: Judged): boolean =>
  crash + aws + workfront === 0 && troubles.size === 0 && pausedSpans.length === 0 && !restored;

/** Left alone, no return stays unseen: what the watch was too early for, a sweep finds. */
export function judgeReturns(world: Judged): void {
  for (const event of world.entries.keys()) {
    const opened = silentReturn(world, event);
    if (opened === undefined || opened > (world.finishedAt.get(event) ?? 0) + SWEPT_FOR || opened > world.quietAt + 3 * DAY) continue;
    violated(world, 'no-return-stays-unseen', { detail: `${event} is ${world.entries.get(event)?.status}`, event });
  }
}

const ALLOWED: readonly EventStatus[] = ['accepted', 'undone'];

/** When the account of somebody who left was opened again, if no event of theirs is open and no person has decided about one. */
function silentReturn(world: Judged, event: string): number | undefined {
  const { status, workfrontUserId = '' } = world.entries.get(event) ?? {};
  const account = world.accounts.get(workfrontUserId);
  if ((status !== 'deactivated' && status !== 'already-inactive') || account === undefined || account.deleted || !account.isActive) return;
  const [person] = personsOf(world, event).flatMap((id) => (account.owner === id ? (world.people.get(id) ?? []) : []));
  const gone = person && goneSince(person, world.now);
  const opened = account.activity.findLast(({ active }) => active)?.at ?? account.madeAt;
  if (person === undefined || gone === undefined || !sayGone(lastWords(world, person, { announced: true }), world.now - SOON)) return;
  const theirs = [...world.entries].filter(([one]) => personsOf(world, one).includes(person.id));
  const isSeen = theirs.some(([, { status, reason }]) => !isFinal(status) || (ALLOWED.includes(status) && reason !== 'superseded'));
  return isSeen ? undefined : opened;
}

/** A finding of the comparison with HR is true, as HR answered: an account closed by us and somebody employed, or somebody gone and an active account. */
export function judgeFinding(world: Judged, turn: JudgedTurn, { event, found }: { event: string; found: string | undefined }): void {
  const entry = world.entries.get(event);
  const account = world.accounts.get(entry?.workfrontUserId ?? '');
  const answer = turn.answers.at(-1);
  const complain = (why: string) => violated(world, 'a-finding-is-true', { detail: `${event}: ${found}, but ${why}`, event });
  if (account !== undefined && account.changedAt >= turn.startedAt) return;
  if (found === undefined) return;
  if (answer === undefined) {
    complain('HR did not answer');
    return;
  }
  const { says, endsAt } = answer.fact;
  if (found === 'employed' && account?.isActive) complain('the account is active');
  if (found === 'employed' && says === 'ends' && endsAt <= turn.startedAt - 3 * DAY) complain('HR shows them as gone');
  if (found === 'still-active' && (says === 'stays' || endsAt > world.now + DAY)) complain('HR shows them as employed');
  if (found === 'still-active' && account !== undefined && !account.isActive) complain('the account is inactive');
}

/** `returned` is true: the account of the event is active, or was a moment ago; and HR has not said since that the person stays. */
export function judgeReturned(world: Judged, { event, after }: Written, turn: JudgedTurn): void {
  const account = world.accounts.get(after.workfrontUserId ?? '');
  if (!account?.isActive && (account?.changedAt ?? 0) < turn.startedAt)
    violated(world, 'returned-is-true', { detail: `${event}: account ${account?.id} is inactive`, event });
  if (isTakenBack(world, event, turn.startedAt)) violated(world, 'nobody-expected-is-returned', { detail: event, event });
}

/** A return is answered by another event only if the account is closed again. */
export function judgeAnswered(world: Judged, { event, after }: Written, turn: JudgedTurn): void {
  const account = world.accounts.get(after.workfrontUserId ?? '');
  if (after.reason !== 'superseded' || !account?.isActive || account.changedAt >= turn.startedAt) return;
  violated(world, 'a-return-is-answered-truly', { detail: `${event}: account ${account.id} is active`, event });
}

/**
 * Whether the system of the event has proven by a later time, and by the same number, that the person stays. Under another name than before
 * it proves nothing: nobody is told that it is the same system.
 */
function isTakenBack(world: Judged, event: string, before: number): boolean {
  const { labels } = truthOf(world, event);
  const isNumber = (attribute: number) => world.attributes[attribute]?.kind === 'number';
  return world.known.some(
    ({ fact, attributes, how, timed, at }) =>
      fact.says === 'stays' &&
      !hasAnotherName(world, fact.system) &&
      how === 'delivery' &&
      timed &&
      at < before &&
      labels.length > 0 &&
      labels.every(
        (label) =>
          label.timed &&
          label.fact.system === fact.system &&
          label.fact.recordedAt + 2 * DAY < fact.recordedAt &&
          label.attributes.some((one) => isNumber(one) && attributes.includes(one)),
      ),
  );
}

const hasAnotherName = ({ sources }: Judged, system: string): boolean => [...sources.values()].filter(({ id }) => id === system).length > 1;
