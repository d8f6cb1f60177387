import type { LedgerEntry } from '../../lambda/domain/event/ledger-entry.ts';
import { parse } from '../../lambda/domain/parse.ts';
import { isVoidFor, namedKey, personKeys, personRecord } from '../../lambda/domain/person/generation.ts';
import { pauseRecord } from '../../lambda/domain/stage/stage-state.ts';
import { activeAdministrators, hasTrouble } from './directory.ts';
import { ASKED, hrConfirms, knownAs } from './hr.ts';
import {
  addressAlone,
  agrees,
  contradicts,
  effectiveMillis,
  isProtected,
  isRescinding,
  isTerminated,
  keysOf,
  type Rescinding,
  type Terminated,
  takesBack,
} from './truth.ts';
import { isPinnedElsewhere, type Landed, nameOf, type TurnSeen, violated, type World } from './world.ts';

const DAY = 86_400_000;

/** What was raised before the intent was written is there for the worker to see: the write must not begin any more. */
export function judgeIntent(world: World, entry: LedgerEntry, turn: TurnSeen): void {
  turn.pauseRead = 'not since the intent';
  turn.forbidden = isRaised(world, entry) ? 'the termination was void' : undefined;
}

export function judgePauseRead(world: World, turn: TurnSeen): void {
  if (turn.pauseRead !== 'paused') turn.pauseRead = isPaused(world) ? 'paused' : 'clear';
}

/** The moment at which a worker asks Workfront for the one write. @returns the event it is for */
export function judgeWrite(world: World, userId: string, turn: TurnSeen): string {
  const refuse = (invariant: string, detail: string) => violated(world, invariant, detail);
  const entry = turn.written && world.entries.get(nameOf(turn.written));
  if (entry === undefined || !isTerminated(entry)) {
    refuse('writes-only-for-a-termination', `user ${userId}`);
    return 'none';
  }
  const event = nameOf(entry);

  if (turn.policy.dryRun) refuse('no-write-in-dry-run', event);
  if (entry.status !== 'processing') refuse('writes-only-while-processing', `${event} is ${entry.status}`);
  if (entry.intent?.userId !== userId) refuse('intent-before-write', event);
  if (entry.lease?.owner !== turn.owner || Date.parse(entry.lease.until) <= world.now) refuse('lease-while-writing', event);
  if ((world.writing.get(event) ?? 0) > world.now) refuse('one-write-at-a-time', event);
  if (world.now < effectiveMillis(entry, turn.policy)) refuse('never-early', `${event} at ${new Date(world.now).toISOString()}`);
  if (turn.forbidden !== undefined) refuse('nothing-known-at-the-intent-is-ignored', `${event}: ${turn.forbidden}`);
  if (turn.pauseRead !== 'clear') refuse('pause-is-read-before-the-write', `${event}: ${turn.pauseRead}`);
  const settled = settledRescissionOf(world, entry);
  if (settled !== undefined) refuse('void-never-acts', `${event} after ${nameOf(settled)} was settled`);
  judgeHeard(entry, turn, refuse);
  judgeUser(world, userId, entry, turn, refuse);

  world.writing.set(event, turn.leaseUntil);
  return event;
}

type Refuse = (invariant: string, detail: string) => void;

/** Nobody is written to unless HR, where it can be asked, said in this very turn that they are gone; or a person knows better. */
function judgeHeard(entry: Terminated, { heard, policy }: TurnSeen, refuse: Refuse): void {
  const event = nameOf(entry);
  if (entry.source !== ASKED) {
    if (entry.event.unconfirmed === true) refuse('what-nobody-confirms-is-not-done', event);
    return;
  }
  if (entry.event.employee.sourceId === undefined) return;
  if (heard === undefined) refuse('hr-is-asked-before-the-write', event);
  else if (!entry.released.includes('hr-contradicts') && !hrConfirms(heard.fact, entry, policy, heard.at))
    refuse('hr-confirms-at-the-moment', `${event}: ${JSON.stringify(heard.fact)}`);
}

/** Whether it is the right user. What changed in Workfront while the worker was at it cannot be held against it. */
function judgeUser(world: World, userId: string, entry: Terminated, turn: TurnSeen, refuse: Refuse): void {
  const { directory } = world;
  const { policy } = turn;
  const employee = knownAs(entry, turn.heard);
  const event = nameOf(entry);
  const skipped = (guard: string) => entry.released.includes(guard);

  if (userId === directory.me) refuse('never-the-credentials-owner', event);
  if (!skipped('brake') && !world.brake.allowed.has(event)) refuse('brake-is-asked', event);
  if (entry.chosenUserId !== undefined && entry.chosenUserId !== userId) refuse('only-the-chosen-user', event);
  if (entry.repeats !== undefined && !skipped('repeated')) refuse('repeated-holds', event);
  if (directory.changedAt >= turn.startedAt) return;

  const user = directory.users.get(userId);
  if (user === undefined) {
    refuse('only-a-user-that-is-there', event);
    return;
  }
  const keys = keysOf(employee, policy.matchKeys);
  if (!keys.some((key) => agrees(user, key))) refuse('only-a-user-that-matches', event);
  if (contradicts(user, employee, keys) && !skipped('identity-mismatch')) refuse('identity-mismatch-holds', event);
  if (!policy.emailAloneIsEnough && addressAlone(user, employee, keys) && !skipped('identity-mismatch'))
    refuse('address-alone-holds', event);
  if (isProtected(user, employee, policy.protected) && !skipped('protected')) refuse('protected-holds', event);
  if (policy.holdAdministrators && user.isAdmin && !skipped('administrator')) refuse('administrator-holds', event);
  if (user.isAdmin && user.isActive && activeAdministrators(directory) < 2) refuse('never-the-last-administrator', event);
  const elsewhere = hasTrouble(directory, 'other-tenant', world.now, turn.startedAt) && !isPinnedElsewhere(world);
  if (elsewhere) refuse('wrong-tenant-holds', event);
  const effective = effectiveMillis(entry, policy);
  const loggedInSince = user.lastLoginAt !== undefined && Date.parse(user.lastLoginAt) > effective;
  if (loggedInSince && turn.startedAt - effective > policy.staleAfterDays * DAY && !skipped('stale')) refuse('stale-holds', event);

  const others = [...directory.users.values()].filter((other) => other.isActive && other.id !== userId);
  const first = keys.find((key) => agrees(user, key));
  const rivals = keys.filter((key) => key === first || !agrees(user, key)).flatMap((key) => others.filter((other) => agrees(other, key)));
  if (rivals.length > 0 && entry.chosenUserId !== userId) refuse('ambiguous-holds', `${event}: user ${userId} or ${rivals[0]?.id}`);
}

/** A write that took effect: at most one per event changes anything, unless somebody undid every one whose answer was lost. */
export function judgeLanding(world: World, landed: Landed): void {
  const before = world.landed.filter(({ event, changed }) => changed && event === landed.event);
  world.landed.push(landed);
  if (!landed.changed) return;
  const undone = ({ userId, at }: Landed) => (world.reactivatedAt.get(userId) ?? Number.NEGATIVE_INFINITY) >= at;
  if (!before.every(undone)) violated(world, 'at-most-one-changing-write', landed.event);
}

export function settledRescissionOf(world: World, termination: Terminated): Rescinding | undefined {
  for (const entry of world.entries.values()) {
    if (isRescinding(entry) && isSettled(entry) && takesBack(entry, termination)) return entry;
  }
  return undefined;
}

const isSettled = ({ status }: LedgerEntry) => status === 'rescinded' || status === 'held' || status === 'rejected';

function isRaised(world: World, entry: LedgerEntry): boolean {
  if (!isTerminated(entry)) return false;
  if (world.records.has(namedKey(entry))) return true;
  return personKeys(entry.source, entry.event.employee).some((key) => {
    const record = world.records.get(key);
    return record !== undefined && isVoidFor(entry, parse(personRecord, record.value, key));
  });
}

function isPaused({ records }: World): boolean {
  const record = records.get('stage/pause');
  return record !== undefined && parse(pauseRecord, record.value, 'pause').paused !== undefined;
}
