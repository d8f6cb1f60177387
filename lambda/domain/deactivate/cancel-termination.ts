import type { EventRef } from '../event/leaver-message.ts';
import type { Termination } from '../event/termination.ts';
import type { Desk } from '../ports.ts';
import { conclude } from './conclude.ts';
import { concludeTookEffect, settledWrite } from './cut-short.ts';
import type { TurnEnd } from './turn-end.ts';

/** Why a termination is cancelled. */
export interface Cancellation {
  reason: 'rescinded' | 'superseded' | 'not-a-termination';
  why: string;
}

/**
 * Cancels; unless a write cut short had taken effect already, which then is the truth.
 *
 * @throws Blocked while a write that was sent may still take effect
 */
export async function cancelTermination(entry: Termination, { reason, why }: Cancellation, desk: Desk): Promise<TurnEnd> {
  const outcome = await settledWrite(entry, desk);
  if (outcome === 'took-effect') return concludeTookEffect(entry, desk);
  return conclude(entry, { status: 'cancelled', reason, why, write: 'not-done' }, desk);
}

/** Why a termination is cancelled that HR took back. */
export const rescindedBy = ({ source, eventId }: EventRef): Cancellation => ({
  reason: 'rescinded',
  why: `HR withdrew the termination: rescission ${eventId} of ${source}`,
});

/** Why a termination is cancelled that HR replaced. */
export const supersededBy = ({ eventId, effectiveAt }: EventRef & { effectiveAt?: string | undefined }): Cancellation => ({
  reason: 'superseded',
  why: `HR recorded another date later: ${effectiveAt ?? 'at once'} by event ${eventId}`,
});
