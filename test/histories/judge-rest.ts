import type { LedgerEntry } from '../../lambda/domain/event/ledger-entry.ts';
import { isFinal } from './judge-entry.ts';
import { settledRescissionOf } from './judge-write.ts';
import { effectiveMillis, isRescinding, isTerminated, type Terminated, takesBack } from './truth.ts';
import { nameOf, violated, type World } from './world.ts';

/** The longest back-off several times over, a schedule that is late, and a dead worker's lease. */
const SOON = 45 * 60_000;

/** Left alone with all trouble gone, nothing is lost, nothing is stuck, and every outcome is true. */
export function judgeRest(world: World): void {
  for (const arrival of world.arrivals) {
    const first = world.entries.get(nameOf(arrival));
    const isNameless = arrival.eventId.startsWith('evt_') && arrival.event.occurredAt === undefined;
    const again = `${nameOf(arrival)}~${arrival.receivedAt.slice(0, 10)}`;
    if (
      isNameless &&
      first?.digest === arrival.digest &&
      first.reason === 'rescinded' &&
      Date.parse(arrival.receivedAt) > (world.finishedAt.get(nameOf(arrival)) ?? 0) &&
      !world.entries.has(again)
    ) {
      violated(world, 'who-leaves-again-is-not-forgotten', again);
    }
    const known = [...world.entries.values()].some(
      ({ source, eventId, digest }) =>
        source === arrival.source &&
        digest === arrival.digest &&
        (eventId === arrival.eventId || eventId.startsWith(`${arrival.eventId}~`)),
    );
    if (!known) violated(world, 'what-was-accepted-is-in-the-ledger', nameOf(arrival));
  }
  for (const entry of world.entries.values()) {
    if (entry.status === 'received' || entry.status === 'processing')
      violated(world, 'nothing-is-stuck', `${nameOf(entry)} is ${entry.status}`);
    if (isTerminated(entry)) judgeTermination(world, entry);
    else judgeRescission(world, entry);
  }
}

function judgeTermination(world: World, entry: Terminated): void {
  const name = nameOf(entry);
  const since = Math.max(world.quietAt, effectiveMillis(entry, world.policy), Date.parse(entry.receivedAt));
  const settledAt = Date.parse(entry.history.at(-1)?.at ?? '');
  if (settledAt > since + SOON) violated(world, 'once-all-is-well-it-is-soon-done', `${name} took ${settledAt - since} ms`);
  if (entry.status === 'scheduled') {
    const effective = effectiveMillis(entry, world.policy);
    const schedule = world.schedules.get(name);
    if (schedule === undefined || Date.parse(schedule.at) !== effective || effective < world.now)
      violated(world, 'scheduled-will-fire', name);
  }
  if (entry.status === 'deactivated') {
    const userId = entry.workfrontUserId ?? '';
    const isActive = world.directory.users.get(userId)?.isActive !== false;
    if (isActive && world.reactivatedAt.get(userId) === undefined) violated(world, 'deactivated-stays-true', name);
    if (userId !== entry.intent?.userId) violated(world, 'outcome-names-the-user-written-to', name);
  }
  const rescission = isFinal(entry.status) ? undefined : settledRescissionOf(world, entry);
  if (rescission !== undefined) violated(world, 'void-is-closed', `${name} is ${entry.status} after ${nameOf(rescission)}`);
}

/** HR took back what had been done: a person must have heard of it, once. */
function judgeRescission(world: World, rescission: LedgerEntry): void {
  if (!isRescinding(rescission) || !isFinal(rescission.status) || wasHeld(rescission)) return;
  for (const entry of world.entries.values()) {
    if (!isTerminated(entry) || !takesBack(rescission, entry)) continue;
    const written = world.landed.find(({ event, changed }) => changed && event === nameOf(entry));
    const undone = written !== undefined && (world.reactivatedAt.get(written.userId) ?? 0) >= written.at;
    const heard = [...world.entries.values()].some((other) => isRescinding(other) && wasHeld(other) && takesBack(other, entry));
    if (written !== undefined && !undone && !heard)
      violated(world, 'a-rescission-too-late-is-heard', `${nameOf(rescission)} after ${nameOf(entry)}`);
  }
}

const wasHeld = ({ history }: LedgerEntry): boolean => history.some(({ to }) => to === 'held');
