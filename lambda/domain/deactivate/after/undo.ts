import type { EventStatus } from '../../event/event-status.ts';
import type { LeaverMessage } from '../../event/leaver-message.ts';
import type { LedgerEntry, Placement, Undoing } from '../../event/ledger-entry.ts';
import { isTermination, type Termination } from '../../event/termination.ts';
import { withStatus } from '../../event/transition.ts';
import { Blocked, CredentialFailure, type Foreseen, isForeseen, PermanentFailure, StageFailure, TransientFailure } from '../../failures.ts';
import { letPersonGo, lookUpPerson } from '../../person/known-person.ts';
import type { KnownTermination } from '../../person/person-record.ts';
import type { Desk, Turn, User } from '../../ports.ts';
import { passCircuit, reportFailure, reportTurn, reportWrite } from '../../stage/gate.ts';
import { STAGE_KEYS } from '../../stage/shared-record.ts';
import { isOurCustomer } from '../../stage/tenant.ts';
import { backOffSeconds } from '../../time/back-off.ts';
import { DAY, toInstant, toMillis } from '../../time/time.ts';
import type { TurnEnd } from '../turn-end.ts';
import { lostOf } from './lost.ts';

export type UndoOrder = Extract<LeaverMessage, { kind: 'undo' }>;

type Undone = Termination & { undoing: Undoing };

/** The statuses of a termination that we carried out, and whose end an undo may be. */
export const UNDOABLE: readonly EventStatus[] = ['deactivated', 'returned'];

/** A person who orders an undo waits for it. Days later it would surprise everybody: it is given up, and can be ordered again. */
const WITHIN = DAY;

/**
 * Activates the user that this event deactivated, because a person ordered it, and gives back what the user lost. A pause does not stop it:
 * whoever pauses the stage because of a mistake undoes the mistake next.
 *
 * The order is written into the entry before the write to Workfront, under a lease. So after a crash the same message goes on, and no late
 * worker can activate somebody that a newer event deactivated.
 *
 * @throws Contended, and what is no failure of ours
 */
export async function undoDeactivation(entry: LedgerEntry, order: UndoOrder, { desk, turn }: { desk: Desk; turn: Turn }): Promise<TurnEnd> {
  // The worker may have died before it announced the undo: whoever hears of the event at rest is told again.
  if (entry.status === 'undone') return { kind: 'nothing-to-do', entry, why: 'undone before' };
  const refusal = whyNot(entry, order);
  if (refusal !== undefined || !isTermination(entry)) return { kind: 'nothing-to-do', entry: undefined, why: refusal ?? 'no termination' };
  const busy = busyFor(entry, turn, desk.clock());
  if (busy > 0) return { kind: 'wait', entry, code: 'busy', seconds: busy };

  const taken = await take(entry, order, { desk, turn });
  try {
    return await activate(taken, desk);
  } catch (failure) {
    if (!isForeseen(failure)) throw failure;
    return goOn((await desk.ledger.readEntry(taken)) ?? taken, failure, desk);
  }
}

/**
 * An order counts for what had happened when the person saw the event; what is noted beside that, such as counts, changes nothing. One that a
 * worker took up goes on: its own write may be what somebody else has noticed since.
 */
function whyNot({ status, history, undoing, workfrontUserId }: LedgerEntry, order: UndoOrder): string | undefined {
  if (!UNDOABLE.includes(status)) return `nothing to undo: ${status}`;
  if (workfrontUserId === undefined) return 'the event names no user';
  if (undoing?.at === order.at) return undoing.refused && `refused before: ${undoing.refused.code}`;
  return history.length === order.steps ? undefined : 'the event has changed since the order to undo it';
}

/** Seconds for which another worker still has the event; 0 if nobody has. */
export function busyFor({ lease }: LedgerEntry, { worker }: Turn, now: number): number {
  return lease === undefined || lease.owner === worker ? 0 : Math.ceil((toMillis(lease.until) - now) / 1000);
}

function take(entry: Termination, { by, at, reason }: UndoOrder, { desk, turn }: { desk: Desk; turn: Turn }): Promise<Undone> {
  const undoing = entry.undoing?.at === at ? entry.undoing : { by, at, reason };
  const lease = { owner: turn.worker, until: toInstant(turn.leaseUntil) };
  return desk.ledger.writeEntry({ ...entry, undoing, lease });
}

async function activate(entry: Undone, desk: Desk): Promise<TurnEnd> {
  const { undoing, workfrontUserId: userId = '' } = entry;
  const circuit = await passCircuit(STAGE_KEYS.circuit, 'circuit-open', desk);
  if (!(await isOurCustomer(desk)))
    throw new Blocked('wrong-customer', 'the credential is of another Workfront customer; set the right one');

  const user = await desk.directory.read(userId);
  if (user === undefined) throw new PermanentFailure('user-not-found', `user ${userId} does not exist any more; make a new account`);
  const lost = lostOf(entry.placement, user.placement);
  const isOurs = undoing.sent !== undefined;
  const sent: Undone = isOurs
    ? entry
    : { ...(await desk.ledger.writeEntry({ ...entry, undoing: { ...undoing, sent: toInstant(desk.clock()) } })), undoing };
  await mustBeLastWord(sent, user, desk);

  const isDone = user.isActive && Object.keys(lost).length === 0;
  if (!isDone) await desk.directory.reactivate(userId, lost);
  if (circuit !== 'clean') await (isDone ? reportTurn(desk) : reportWrite(desk));
  return concludeUndone(sent, { user, lost, wrote: isDone ? (isOurs ? 'before' : 'nothing') : 'now' }, desk);
}

/** What HR says after the order counts more than the order: who leaves again must not be active because of it. */
async function mustBeLastWord(entry: Undone, user: User, desk: Desk): Promise<void> {
  for (const ref of (await lookUpPerson(entry, { user }, desk)).others) {
    const other = await desk.ledger.readEntry(ref);
    if (other === undefined) stopWhileOpened(ref, entry);
    if (other === undefined || !isTermination(other) || toMillis(other.receivedAt) <= toMillis(entry.undoing.at)) continue;
    if (!LEAVES.includes(other.status)) continue;
    const saw = `event ${ref.eventId} of ${ref.source} says again that this person leaves, and came after the order`;
    throw new PermanentFailure('left-again', `${saw}; order the undo again if it is still right`);
  }
}

/** A worker that has not written the entry of an event by so many looks is dead, and whoever gets its message sees what we did. */
const MOST_LOOKS = 5;

/**
 * Lets a worker that has named another event of the person, and not written its entry yet, do so: it may have looked at the event that is
 * undone before the order was taken up. What has expired names when it was recorded.
 *
 * @throws Blocked `write-under-way`
 */
function stopWhileOpened({ eventId, recordedAt }: KnownTermination, { undoing: { waiting } }: Undone): void {
  const isDead = waiting?.code === 'write-under-way' && waiting.attempts >= MOST_LOOKS;
  if (recordedAt !== undefined || isDead) return;
  throw new Blocked('write-under-way', `event ${eventId} of this person is being opened`, { retryAfterSeconds: 5 });
}

/** The statuses of a termination by which the person leaves, or has left. */
export const LEAVES: readonly EventStatus[] = [
  'received',
  'scheduled',
  'processing',
  'held',
  'failed',
  'deactivated',
  'already-inactive',
  'no-account',
  'would-deactivate',
  'returned',
];

interface Deed {
  user: User;
  lost: Placement;
  /** `before`: in an earlier turn, whose end was not recorded. */
  wrote: 'now' | 'before' | 'nothing';
}

async function concludeUndone({ undoing, ...entry }: Undone, { user, lost, wrote }: Deed, desk: Desk): Promise<TurnEnd> {
  const fields = Object.keys(lost);
  const did = {
    now: `user ${user.id} is active again; Workfront shows isActive true when read again`,
    before: `user ${user.id} is active after a write that was cut short; Workfront shows isActive true when read again`,
    nothing: `user ${user.id} was active already, nothing was written`,
  }[wrote];
  const why = `undone: ${undoing.reason}; ${did}${fields.length === 0 ? '' : `; given back: ${fields.join(', ')}`}`;
  const written = await desk.ledger.writeEntry(withStatus(entry, 'undone', { by: undoing.by, why, now: desk.clock() }));
  await letPersonGo(written, desk);
  return { kind: 'settled', entry: written };
}

/** Trouble is waited out; what Workfront refuses is recorded, and can be ordered again. */
async function goOn(entry: LedgerEntry, failure: Foreseen, desk: Desk): Promise<TurnEnd> {
  const { undoing, lease: _lease, ...free } = entry;
  if (undoing === undefined) return { kind: 'nothing-to-do', entry: undefined, why: `nothing to undo: ${entry.status}` };
  await report(failure, desk);
  const { code, message: saw } = failure;
  const isLate = desk.clock() - toMillis(undoing.at) > WITHIN;
  const { waiting, ...order } = undoing;
  if (failure instanceof PermanentFailure || isLate) {
    const refused = { code: isLate ? `gave-up-${code}` : code, saw };
    await desk.ledger.writeEntry({ ...free, undoing: { ...order, refused } });
    return { kind: 'nothing-to-do', entry: undefined, why: `the undo was refused: ${refused.code}` };
  }
  const attempts = (waiting?.attempts ?? 0) + 1;
  const next = await desk.ledger.writeEntry({ ...free, undoing: { ...order, waiting: { attempts, code, saw } } });
  return { kind: 'wait', entry: next, code, seconds: backOffSeconds(attempts, desk.random(), retryAfter(failure)) };
}

const retryAfter = (failure: Foreseen): number | undefined => ('retryAfterSeconds' in failure ? failure.retryAfterSeconds : undefined);

/** Trouble that everybody has opens the circuit, as it does from any other turn. */
async function report(failure: Foreseen, desk: Desk): Promise<void> {
  if (failure instanceof CredentialFailure) await reportFailure({ cause: 'credentials', saw: failure.code }, desk);
  else if (failure instanceof StageFailure) await reportFailure({ cause: 'stage', saw: failure.code }, desk);
  else if (failure instanceof TransientFailure && !['throttled', 'conflict'].includes(failure.code))
    await reportFailure({ cause: 'trouble', saw: failure.code }, desk);
}
