import { employmentAt } from '../world/people.ts';
import { HOUR } from '../world/scenario.ts';
import { type Judged, type JudgedTurn, type Sent, truthOf, violated } from '../world/world.ts';
import { isCovered, isInAnotherOrder, isUnknowable, lastWords, ownerAt, sayGone, standingOf } from './truth.ts';

/** The moment at which a worker asks Workfront for the one write. */
export function judgeWrite(world: Judged, turn: JudgedTurn, sent: Sent): void {
  judgeOrderOfSteps(world, turn, sent);
  judgePerson(world, sent);
  judgeBrake(world, sent);
}

function judgeOrderOfSteps(world: Judged, turn: JudgedTurn, { event, account }: Sent): void {
  const refuse = (rule: string, detail = event) => violated(world, rule, { detail, event });
  const entry = turn.event === undefined ? undefined : world.entries.get(turn.event);
  if (entry === undefined) {
    refuse('writes-only-for-a-termination', account);
    return;
  }

  if (turn.kind === 'watch' || turn.kind === 'compare' || turn.kind === 'sweep')
    refuse('who-only-looks-writes-nothing', `${event}: ${account}`);
  if (turn.rules.dryRun) refuse('no-write-in-dry-run');
  if (entry.status !== 'processing') refuse('writes-only-while-processing', `${event} is ${entry.status}`);
  if (entry.intent?.userId !== account) refuse('intent-before-write');
  if (entry.lease?.owner !== turn.owner || Date.parse(entry.lease.until) <= world.now) refuse('lease-while-writing');
  if ((world.writing.get(event) ?? 0) - world.faults.skew > world.now) refuse('one-write-at-a-time');
  if (turn.pauseRead !== 'clear') refuse('pause-is-read-before-the-write', `${event}: ${turn.pauseRead}`);
  if (account === world.me) refuse('never-the-credentials-owner');
  const chosen = world.orders.findLast((order) => order.event === event && order.obeyedAt !== undefined && order.chosen)?.account;
  if (chosen !== undefined && chosen !== account) refuse('only-the-chosen-account', `${event}: ${account} instead of ${chosen}`);
  const isReleased = world.orders.some((order) => order.event === event && order.obeyedAt !== undefined && order.account === account);
  if (turn.rules.protected?.includes(account) && !isReleased) refuse('the-protected-are-not-touched', `${event}: ${account}`);
  if (turn.rules.approval && !isReleased) refuse('each-leaver-is-approved', `${event}: ${account}`);
  const user = world.accounts.get(account);
  const isAdmin = user?.isAdmin === true && user.changedAt < turn.startedAt;
  if (isAdmin && turn.rules.holdAdministrators !== false && !isReleased) refuse('administrators-are-not-touched', `${event}: ${account}`);
  const { labels } = truthOf(world, event);
  if (labels.some(({ askable }) => askable) && turn.answers.length === 0) refuse('hr-is-asked-before-the-write');
  world.writing.set(event, turn.leaseUntil);
}

/** Whether the person who loses access is the one meant, and has left as far as anybody told. */
function judgePerson(world: Judged, sent: Sent): void {
  const { event, account: id } = sent;
  const account = world.accounts.get(id);
  const owner = account === undefined ? undefined : world.people.get(ownerAt(account, world.now) ?? '');
  if (account === undefined || owner === undefined || employmentAt(owner, world.now) === undefined) return;

  const meant = truthOf(world, event).labels.map(({ person }) => person);
  if (!meant.includes(owner.id)) {
    const words = meant.flatMap((one) => lastWords(world, world.people.get(one) ?? owner, sent));
    if (isCovered(world, sent, { owner: owner.id, words })) return;
    if (isUnknowable(world, sent, owner)) world.unknowable.push(event);
    else
      violated(world, 'nobody-else-is-touched', {
        detail: `${event} is about ${meant}, the account ${id} is ${owner.id}'s`,
        event,
        persons: [owner.id],
      });
    return;
  }

  const words = lastWords(world, owner, sent);
  if (isCovered(world, sent, { owner: owner.id, words })) return;
  const last = words.map(
    (fact) => `${fact.id || 'employed'} of ${fact.system} ${fact.says} ${fact.says === 'ends' ? new Date(fact.endsAt).toISOString() : ''}`,
  );
  // A worker's clock may be ahead.
  if (!sayGone(words, world.now + world.faults.skew)) {
    if (isInAnotherOrder(world, event, words)) {
      world.unknowable.push(event);
      return;
    }
    violated(world, 'nobody-who-stays-is-touched', {
      detail: `${event}: ${owner.id} works, and HR's last word is: ${last.join('; ')}`,
      event,
    });
    return;
  }
  const standing = standingOf(world, { person: owner, account, words });
  if (standing === 'came-back')
    violated(world, 'nobody-who-came-back-is-touched', {
      detail: `${event}: ${owner.id} works again and logged in after ${last.join('; ')}`,
      event,
    });
  if (standing === 'unknowable') world.unknowable.push(event);
}

/** A release from the brake is for one attempt: it ends with the turn's outcome. */
function judgeBrake(world: Judged, sent: Sent): void {
  const { event } = sent;
  const last = world.orders.findLast((order) => order.event === event && order.obeyedAt !== undefined);
  sent.braked = last?.do === 'release' && last.guard === 'brake';
  if (sent.braked) return;
  const perHour = world.rules.brake?.perHour;
  if (perHour === undefined) return;
  const from = Math.max(world.now - HOUR, world.brakeReleasedAt);
  const others = world.sent.filter((one) => one.event !== event && !one.braked && one.changedAt !== undefined && one.changedAt > from);
  const wasReserved = world.sent.some((one) => one.event === event && one.at > from);
  if (others.length >= perHour && !wasReserved)
    violated(world, 'the-brake-lets-nothing-by', { detail: `${event} is write ${others.length + 1} of ${perHour} in an hour`, event });
}

/** A write that took effect: at most one per event changes anything, and an administrator remains. */
export function judgeLanding(world: Judged, { event, account: id }: Sent): void {
  const landed = world.sent.filter((one) => one.event === event && one.changedAt !== undefined);
  const account = world.accounts.get(id);
  // A write without an answer may land after one that was sent later.
  const first = Math.min(...landed.flatMap(({ changedAt }) => changedAt ?? []));
  const reopened = account?.activity.some((one) => one.active && one.at >= first) ?? false;
  if (landed.length > 1 && !reopened && landed.every((one) => one.account === id))
    violated(world, 'at-most-one-changing-write', { detail: event, event });
  const left = [...world.accounts.values()].filter(({ isActive, isAdmin }) => isActive && isAdmin);
  if (account?.isAdmin && left.length === 0) violated(world, 'an-administrator-remains', { detail: event, event });
}
