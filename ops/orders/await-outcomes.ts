import { setTimeout as sleep } from 'node:timers/promises';
import pLimit from 'p-limit';
import { UNDOABLE } from '../../lambda/domain/deactivate/after/undo.ts';
import type { LedgerEntry } from '../../lambda/domain/event/ledger-entry.ts';
import { SECOND, toMillis } from '../../lambda/domain/time/time.ts';
import type { Deployment } from '../deployment/deployment.ts';
import type { Deed } from './carry-out.ts';

const READS_AT_ONCE = 8;
const FIRST_LOOK = 150;
const SLOWEST_LOOK = 2 * SECOND;
/** An event that waits longer than this waits for longer trouble to pass, and is not watched further. */
const SHORT_WAIT = 10 * SECOND;

/**
 * Waits until the worker has finished each event that was sent to it, or the time is over, or the operator interrupts.
 *
 * @returns the deeds, with each event as it was last read
 */
export async function awaitOutcomes(
  deeds: readonly Deed[],
  {
    deployment,
    signal,
    seconds,
    onStep,
  }: { deployment: Deployment; signal: AbortSignal; seconds: number; onStep: (settled: number) => void },
): Promise<Deed[]> {
  const { ledger, clock } = deployment;
  const inTurn = pLimit(READS_AT_ONCE);
  const deadline = clock() + seconds * SECOND;
  const latest = new Map<Deed, LedgerEntry>();
  let moving = deeds.filter(({ did }) => did === 'sent');
  const sent = moving.length;

  for (let pause = FIRST_LOOK; moving.length > 0 && !signal.aborted && clock() < deadline; pause = Math.min(pause * 1.5, SLOWEST_LOOK)) {
    await sleep(Math.min(pause, Math.max(0, deadline - clock())), undefined, { signal }).catch(() => undefined);
    const looked = await Promise.all(moving.map((deed) => inTurn(async () => ({ deed, now: await ledger.readEntry(deed.before) }))));
    for (const { deed, now } of looked) if (now !== undefined && now.version !== deed.before.version) latest.set(deed, now);
    moving = moving.filter((deed) => isStillToUndo(deed.before, latest.get(deed)) || !isAtRest(latest.get(deed), clock()));
    onStep(sent - moving.length);
  }
  return deeds.map((deed) => {
    const after = latest.get(deed);
    return after === undefined ? deed : { ...deed, after };
  });
}

/**
 * Whether an order to undo is not carried out yet. Of what we deactivated nothing else is ordered without a step in its history; counts that
 * the worker notes beside it say nothing.
 */
export function isStillToUndo({ status, history, undoing }: LedgerEntry, after: LedgerEntry | undefined): boolean {
  if (!UNDOABLE.includes(status) || after?.history.length !== history.length) return false;
  return after.undoing?.refused === undefined || after.undoing.at === undoing?.at;
}

/** Whether nothing changes for a while. @param entry undefined: the worker has not changed it yet */
function isAtRest(entry: LedgerEntry | undefined, now: number): boolean {
  if (entry === undefined) return false;
  if (entry.status !== 'received' && entry.status !== 'processing') return true;
  return entry.waiting !== undefined && toMillis(entry.waiting.until) - now > SHORT_WAIT;
}
