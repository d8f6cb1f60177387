import type { EventStatus } from '../../lambda/domain/event/event-status.ts';
import type { LedgerEntry } from '../../lambda/domain/event/ledger-entry.ts';
import { ASKED, hrKnowsOfNone, hrLeavesOpenWho, hrPutsOff, knownAs } from './hr.ts';
import { judgeFailure, judgeHold } from './judge-cause.ts';
import { agrees, isRescinding, isTerminated, keysOf, recordedMillis, shareKey, type Terminated, takesBack } from './truth.ts';
import { isPinnedElsewhere, nameOf, type TurnSeen, violated, type World } from './world.ts';

/** The arrows of the design, said a second time. */
const ARROWS: Readonly<Record<EventStatus, string>> = {
  received: 'scheduled processing failed cancelled rescinded held',
  scheduled: 'scheduled processing cancelled failed',
  processing: 'scheduled processing deactivated already-inactive no-account would-deactivate held failed cancelled rescinded',
  held: 'processing rejected cancelled rescinded',
  failed: 'processing cancelled',
  deactivated: '',
  'already-inactive': '',
  'no-account': '',
  'would-deactivate': '',
  cancelled: '',
  rejected: '',
  rescinded: '',
};

export const isFinal = (status: EventStatus): boolean => ARROWS[status] === '';

export interface Written {
  before: LedgerEntry | undefined;
  after: LedgerEntry;
  /** The worker's turn; undefined where an operator wrote. */
  turn: TurnSeen | undefined;
}

/** Every write of an event must be a legal step with a complete history, and true when it is written. */
export function judgeEntry(world: World, written: Written): void {
  const { before, after, turn } = written;
  const name = nameOf(after);
  judgeHistory(world, written);
  if (before?.status === 'scheduled') world.scheduledUntil.set(name, world.now);
  if (before !== undefined && isFinal(before.status) && !isSameOutcome(before, after)) {
    violated(world, 'finished-is-final', `${name} was ${before.status}`);
  }
  if (isFinal(after.status) && before?.status !== after.status) world.finishedAt.set(name, world.now);

  const rests = after.status !== 'received' && after.status !== 'processing' && after.status !== 'scheduled';
  if (rests && (after.lease !== undefined || after.waiting !== undefined))
    violated(world, 'who-rests-does-not-wait', `${name} ${after.status}`);
  const { waiting, putOff } = after;
  if (waiting?.code.startsWith('hr-') && after.source !== ASKED) violated(world, 'hr-trouble-stays-with-its-source', name);
  if (putOff !== undefined && putOff !== before?.putOff) judgePutOff(world, after, turn);
  if (after.released.length !== (before?.released.length ?? 0)) judgeRelease(world, written);
  if (turn === undefined || before?.status === after.status) return;

  const step = after.history.at(-1);
  const waitsForPerson = before?.status === 'held' || before?.status === 'failed';
  if (waitsForPerson && after.status === 'processing' && step?.by.startsWith('op-') !== true)
    violated(world, 'only-a-person-resumes', name);
  if (after.status === 'held') judgeHold(world, after, turn);
  if (after.status === 'failed') judgeFailure(world, before, after, turn);
  if (!isTerminated(after)) return;

  if (after.status === 'deactivated') judgeDeactivated(world, after, turn);
  if (after.status === 'would-deactivate' && !turn.policy.dryRun) violated(world, 'dry-run-is-said-only-in-dry-run', name);
  if (after.status === 'no-account' || after.status === 'already-inactive') judgeNothingToDo(world, after, turn);
  if (isFinal(after.status) && after.status !== 'deactivated' && before?.status === 'processing') judgeForgottenWrite(world, after);
  if (after.status === 'cancelled') judgeCancelled(world, after, turn);
}

const isSameOutcome = (before: LedgerEntry, after: LedgerEntry): boolean =>
  after.status === before.status && after.workfrontUserId === before.workfrontUserId && after.history.length === before.history.length;

function judgeHistory(world: World, { before, after }: Written): void {
  const name = nameOf(after);
  const past = before?.history ?? [];
  const added = after.history.slice(past.length);
  if (past.some((step, index) => after.history[index] !== step)) violated(world, 'history-only-grows', name);
  if (added.length > 1 || (added.length === 0 && before?.status !== after.status)) violated(world, 'each-step-is-in-the-history', name);
  if (after.history.at(-1)?.to !== after.status) violated(world, 'history-ends-at-the-status', name);

  const [step] = added;
  if (step === undefined || before === undefined) return;
  if (step.from !== before.status || !ARROWS[before.status].split(' ').includes(step.to)) {
    violated(world, 'only-legal-arrows', `${name}: ${before.status} to ${step.to}`);
  }
  if (step.at < (past.at(-1)?.at ?? '')) violated(world, 'history-is-in-order', name);
  if (step.by.startsWith('op-') && past.some(({ by }) => by === step.by)) violated(world, 'an-order-is-obeyed-once', `${name} ${step.by}`);
}

function judgeRelease(world: World, { before, after, turn }: Written): void {
  const message = turn?.message.body;
  const added = after.released.filter((guard) => !before?.released.includes(guard));
  const asOrdered =
    message?.kind === 'release' &&
    !message.recheck &&
    added.length === 1 &&
    added[0] === message.guard &&
    before?.hold?.guard === message.guard;
  if (!asOrdered) violated(world, 'released-only-from-what-held', nameOf(after));
}

/** Only HR puts off, and only to the last day that it has. */
function judgePutOff(world: World, entry: LedgerEntry, turn: TurnSeen | undefined): void {
  const heard = turn?.heard;
  const had = isTerminated(entry) && heard !== undefined && turn !== undefined && hrPutsOff(heard.fact, entry, turn.policy, heard.at);
  if (!had || entry.putOff?.date !== heard.fact?.lastDay) violated(world, 'only-hr-puts-off', nameOf(entry));
}

function judgeDeactivated(world: World, entry: Terminated, turn: TurnSeen): void {
  const userId = entry.intent?.userId ?? '';
  const isInactive = world.directory.users.get(userId)?.isActive === false;
  const changedMeanwhile = (world.directory.userChangedAt.get(userId) ?? 0) >= turn.startedAt;
  if (entry.intent === undefined) violated(world, 'intent-before-outcome', nameOf(entry));
  else if (!isInactive && !changedMeanwhile) violated(world, 'deactivated-is-true', nameOf(entry));
}

/** Nobody silently keeps access: while an active user matches, "nothing to do" is wrong, unless a person chose another one. */
function judgeNothingToDo(world: World, entry: Terminated, turn: TurnSeen): void {
  const { heard } = turn;
  if (heard !== undefined && hrLeavesOpenWho(heard.fact, entry) && !entry.released.includes('hr-contradicts'))
    violated(world, 'nobody-is-concluded-from-no-name', nameOf(entry));
  // A change of tenant between two calls of one turn nobody can see; a stage first used with the wrong one is pinned to that.
  const swapped = world.directory.trouble.get('other-tenant');
  if (swapped !== undefined && ((swapped.until >= turn.startedAt && swapped.from >= turn.startedAt) || isPinnedElsewhere(world))) return;
  const keys = keysOf(knownAs(entry, turn.heard), turn.policy.matchKeys);
  for (const user of world.directory.users.values()) {
    const settled = (world.directory.userChangedAt.get(user.id) ?? 0) < turn.startedAt;
    const meant = entry.chosenUserId === undefined || entry.chosenUserId === user.id;
    if (user.isActive && meant && settled && keys.some((key) => agrees(user, key))) {
      violated(world, 'nobody-silently-keeps-access', `${nameOf(entry)} is ${entry.status}, user ${user.id} is active`);
    }
  }
}

/** A write of ours that took effect is the outcome, whatever came between: only then is it known to whom HR's change of mind matters. */
function judgeForgottenWrite(world: World, entry: Terminated): void {
  const written = world.landed.find(({ event, changed }) => changed && event === nameOf(entry));
  const undone = written !== undefined && (world.directory.userChangedAt.get(written.userId) ?? 0) > written.at;
  if (written !== undefined && !undone) violated(world, 'a-write-is-not-forgotten', `${nameOf(entry)} is ${entry.status}`);
}

function judgeCancelled(world: World, entry: Terminated, turn: TurnSeen): void {
  const others = [...world.entries.values()];
  if (entry.reason === 'rescinded') {
    const taken = others.some((other) => isRescinding(other) && takesBack(other, entry));
    if (!taken) violated(world, 'only-what-was-taken-back-is-void', nameOf(entry));
  } else if (entry.reason === 'superseded') {
    const later = others.some(
      (other) =>
        isTerminated(other) &&
        shareKey(other, entry) &&
        recordedMillis(other) > recordedMillis(entry) &&
        (other.status === 'scheduled' || (world.scheduledUntil.get(nameOf(other)) ?? 0) >= turn.startedAt),
    );
    if (!later || entry.event.effective.immediate === true) violated(world, 'superseded-only-by-a-later-date', nameOf(entry));
  } else if (entry.reason === 'not-a-termination') {
    if (turn.heard === undefined || !hrKnowsOfNone(turn.heard.fact, entry)) violated(world, 'only-hr-says-that-it-is-none', nameOf(entry));
  } else violated(world, 'workers-cancel-only-for-hr', nameOf(entry));
}
