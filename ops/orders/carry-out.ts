import type { LedgerEntry } from '../../lambda/domain/event/ledger-entry.ts';
import { withStatus } from '../../lambda/domain/event/transition.ts';
import { Contended } from '../../lambda/domain/failures.ts';
import { letPersonGo } from '../../lambda/domain/person/known-person.ts';
import { toInstant } from '../../lambda/domain/time/time.ts';
import type { Deployment } from '../deployment/deployment.ts';
import { sentenceOf } from '../terminal/trouble.ts';
import { judge, type Order } from './order.ts';

/** What an order did to one event. */
export interface Deed {
  before: LedgerEntry;
  did: 'done' | 'sent' | 'nothing' | 'refused' | 'failed' | 'not reached';
  why: string;
  /** As it is now, if it was read since. */
  after?: LedgerEntry;
}

/**
 * Carries out an order on one event after the other: with one message if the worker must do it, else with one conditional write. Stops
 * at the first trouble, or if the operator interrupts; later events are `not reached`.
 */
export async function carryOut(
  entries: readonly LedgerEntry[],
  order: Order,
  { deployment, signal, onStep }: { deployment: Deployment; signal: AbortSignal; onStep: (done: number) => void },
): Promise<Deed[]> {
  const by = await deployment.operator();
  const deeds: Deed[] = [];
  let stopped = false;
  for (const before of entries) {
    if (stopped || signal.aborted) {
      deeds.push({ before, did: 'not reached', why: 'stopped before this event' });
      continue;
    }
    const deed = await carryOutOne(before, { ...order, by }, deployment);
    stopped = deed.did === 'failed';
    deeds.push(deed);
    onStep(deeds.length);
  }
  return deeds;
}

async function carryOutOne(before: LedgerEntry, order: Order & { by: string }, deployment: Deployment): Promise<Deed> {
  const verdict = judge(before, order, deployment.clock());
  if (verdict.kind !== 'act') return { before, did: verdict.kind, why: verdict.why };

  try {
    return await perform(before, order, deployment);
  } catch (error) {
    if (error instanceof Contended) return { before, did: 'refused', why: 'it has just changed; look at it again with show' };
    return { before, did: 'failed', why: sentenceOf(error) };
  }
}

async function perform(
  before: LedgerEntry,
  { kind, by, reason, userId, recheck, because }: Order & { by: string },
  { ledger, queue, schedules, clock }: Deployment,
): Promise<Deed> {
  const { source, eventId } = before;
  const order = { source, eventId, entryVersion: before.version, by, ...(reason !== undefined && { reason }) };
  switch (kind) {
    case 'release':
      await queue.send({
        kind,
        ...order,
        guard: before.hold?.guard ?? '',
        ...(userId !== undefined && { userId }),
        ...(recheck && { recheck }),
        ...(because !== undefined && { because }),
      });
      return { before, did: 'sent', why: 'sent to the worker' };
    case 'replay':
    case 'reopen':
    case 'deactivate-again':
      await queue.send({ kind: 'replay', ...order, ...(userId !== undefined && { userId }) });
      return { before, did: 'sent', why: 'sent to the worker' };
    case 'undo':
      await queue.send({ kind, source, eventId, steps: before.history.length, by, reason: reason ?? '', at: toInstant(clock()) });
      return { before, did: 'sent', why: 'sent to the worker' };
    case 'reject': {
      const why = `rejected: ${reason}${cutShort(before)}`;
      const rejected = { ...withStatus(before, 'rejected', { by, why, now: clock() }), ...(before.reason && { reason: before.reason }) };
      const after = await ledger.writeEntry(rejected);
      await letPersonGo(after, { ledger });
      return { before, did: 'done', why, after };
    }
    case 'accept': {
      const why = `accepted: ${reason}`;
      const after = await ledger.writeEntry(withStatus(before, 'accepted', { by, why, now: clock() }));
      await letPersonGo(after, { ledger });
      return { before, did: 'done', why, after };
    }
    case 'cancel': {
      const why = `cancelled: ${reason}${cutShort(before)}`;
      const after = await ledger.writeEntry({ ...withStatus(before, 'cancelled', { by, why, now: clock() }), reason: 'operator' });
      await letPersonGo(after, { ledger });
      // A schedule that could not be removed finds its event finished, and does nothing.
      if (before.effectiveAt !== undefined) await schedules.remove(before, before.effectiveAt);
      return { before, did: 'done', why, after };
    }
  }
}

/** The warning to a person who ends an event in the middle of a write. */
const cutShort = ({ intent }: LedgerEntry): string =>
  intent === undefined ? '' : `; a write to user ${intent.userId} at ${intent.at} may have taken effect; look at this user in Workfront`;
