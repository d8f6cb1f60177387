import type { EventRef } from '../event/leaver-message.ts';
import type { LedgerEntry } from '../event/ledger-entry.ts';
import type { Termination } from '../event/termination.ts';
import { withStatus } from '../event/transition.ts';
import { recordedAt } from '../person/generation.ts';
import { isVoid, registerPerson } from '../person/known-person.ts';
import type { Desk, Turn } from '../ports.ts';
import { passGate } from '../stage/stage-state.ts';
import { toInstant, toMillis } from '../time/time.ts';
import { waitForHr } from './ask-hr.ts';
import { cancel, finishAfterCrash } from './conclude.ts';
import { decideLeaver } from './decide-leaver.ts';
import type { Disposition } from './disposition.ts';
import { type EffectiveTime, effectiveTime } from './effective-time.ts';
import { waitForDate } from './wait-for-date.ts';

/**
 * Takes one termination as far as it can go now: scheduled, cancelled, held, or to its outcome.
 * Every step is written before the next begins, so that a crash between any two of them is taken up again where it
 * stopped. The order of the last steps decides: intent first, then a last look at the person, then the one write.
 *
 * @throws Contended, TransientFailure, CredentialFailure, PermanentFailure: the caller turns them into waiting or failing
 */
export async function deactivateLeaver(entry: Termination, desk: Desk, turn: Turn): Promise<Disposition> {
  const { ledger, schedules, clock } = desk;

  const busy = leaseOfAnother(entry, turn, clock());
  if (busy !== undefined) return { kind: 'wait', entry, code: 'busy', seconds: busy };

  const others = await registerPerson(entry, desk);
  if (await isVoid(entry, desk))
    return cancel(entry, 'rescinded', 'HR took the termination back, or rehired the person, after it was recorded', desk);

  const due = effectiveTime(entry.putOff ?? entry.event.effective, desk.policy, entry.receivedAt);
  if (clock() < toMillis(due.at)) {
    const crashed = await finishAfterCrash(entry, desk);
    if (crashed !== undefined) return crashed;
    const scheduled =
      entry.effectiveAt === due.at && entry.status === 'scheduled' ? entry : await ledger.writeEntry(waitForDate(entry, due, clock()));
    await schedules.set(scheduled, due.at);
    return { kind: 'settled', entry: scheduled };
  }
  const later = await laterDate(entry, others, desk);
  if (later !== undefined)
    return cancel(entry, 'superseded', `HR recorded a later date: ${later.effectiveAt} by event ${later.eventId}`, desk);

  await waitForHr(entry, desk);
  const circuit = await passGate(desk);
  const leased = await takeLease(entry, due, desk, turn);
  return (await finishAfterCrash(leased, desk)) ?? decideLeaver(leased, desk, circuit);
}

/**
 * A last day that HR has put off: the termination recorded later, and still to come, is the one that counts.
 * An order to act at once stands, whatever date follows it.
 */
async function laterDate(entry: Termination, others: readonly EventRef[], { ledger }: Desk): Promise<LedgerEntry | undefined> {
  if (entry.event.effective.immediate) return undefined;
  for (const ref of others) {
    const other = await ledger.readEntry(ref);
    if (other?.status === 'scheduled' && recordedAt(other) > recordedAt(entry)) return other;
  }
  return undefined;
}

/** Seconds for which another worker still has the event; undefined when nobody has. */
function leaseOfAnother(entry: Termination, turn: Turn, now: number): number | undefined {
  if (entry.lease === undefined || entry.lease.owner === turn.owner) return undefined;
  const left = toMillis(entry.lease.until) - now;
  return left > 0 ? Math.ceil(left / 1000) : undefined;
}

async function takeLease(entry: Termination, due: EffectiveTime, { ledger, clock }: Desk, turn: Turn): Promise<Termination> {
  const now = clock();
  const lease = { owner: turn.owner, until: toInstant(turn.leaseUntil) };
  const times = { effectiveAt: due.at, ...(due.from === undefined ? {} : { effectiveFrom: due.from }) };
  const working =
    entry.status === 'processing'
      ? { ...entry, ...times, lease, updatedAt: toInstant(now) }
      : {
          ...withStatus(entry, 'processing', { ...times, by: entry.status === 'scheduled' ? 'schedule' : 'worker', why: 'due', now }),
          lease,
        };
  const written = await ledger.writeEntry(working);
  return { ...written, event: entry.event };
}
