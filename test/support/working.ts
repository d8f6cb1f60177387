import { handleMessage } from '../../lambda/domain/deactivate/handle-message.ts';
import type { TurnEnd } from '../../lambda/domain/deactivate/turn-end.ts';
import type { EventRef, LeaverMessage } from '../../lambda/domain/event/leaver-message.ts';
import type { Desk } from '../../lambda/domain/ports.ts';
import { MINUTE, SECOND, toMillis } from '../../lambda/domain/time/time.ts';
import type { TestDesk } from './in-memory-desk.ts';

/** After so many turns a message that still waits is stuck. */
const PATIENCE = 300;

/** One turn of a worker at a message. */
export function work(message: LeaverMessage, desk: Desk, worker = 'worker-1'): Promise<TurnEnd> {
  return handleMessage(message, desk, { worker, leaseUntil: desk.clock() + MINUTE });
}

/** Works on messages in turn, as the queue does, moving the clock by what each waits, until none waits any more. */
export async function untilSettled(desk: TestDesk, ...messages: LeaverMessage[]): Promise<void> {
  const left = [...messages];
  for (let turn = 1; left.length > 0; turn++) {
    if (turn > PATIENCE) throw new Error(`still waiting after ${PATIENCE} turns: ${left.map(({ eventId }) => eventId).join(', ')}`);
    const message = left.shift();
    if (message === undefined) return;
    const end = await work(message, desk, `worker-${turn}`);
    if (end.kind !== 'wait') continue;
    desk.now += end.seconds * SECOND;
    left.push(message);
  }
}

/** Moves the clock to an instant and works on all that is due by then. */
export async function moveTo(desk: TestDesk, instant: string): Promise<void> {
  desk.now = toMillis(instant);
  for (const { ref, at } of [...desk.schedules.due.values()]) {
    if (toMillis(at) > desk.now) continue;
    // As EventBridge does: what ran is deleted.
    await desk.schedules.remove(ref);
    await untilSettled(desk, { kind: 'due', ...ref });
  }
}

/** The schedules that are removed from now on: of which event, and the instant that they were said to be set for. */
export function removals({ schedules }: TestDesk): string[] {
  const removed: string[] = [];
  const { remove } = schedules;
  schedules.remove = async (ref: EventRef, at?: string) => {
    removed.push(`${ref.eventId} ${at}`);
    await remove.call(schedules, ref);
  };
  return removed;
}

/** How far an event has come. */
export async function statusOf(desk: Desk, eventId: string, source = 'acme-hr'): Promise<string | undefined> {
  return (await desk.ledger.readEntry({ source, eventId }))?.status;
}

/** What an operator saw and now orders, by the entry's version. */
export async function seenBy(desk: Desk, ref: EventRef) {
  const entry = await desk.ledger.readEntry(ref);
  if (entry === undefined) throw new Error(`no event ${ref.eventId}`);
  return { source: ref.source, eventId: ref.eventId, entryVersion: entry.version, by: 'ops-person' };
}
