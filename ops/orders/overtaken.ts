import type { Deed } from './carry-out.ts';
import type { Order } from './order.ts';

/** Orders of which only one of two can come true. */
const DECISIONS: readonly Order['kind'][] = ['release', 'reject', 'cancel', 'deactivate-again', 'accept'];

/** Whether somebody or something had decided before, so that the order did nothing. */
export function wasOvertaken({ did, before, after }: Deed, { kind }: Pick<Order, 'kind'>): boolean {
  if (!DECISIONS.includes(kind)) return false;
  if (did === 'nothing') return true;
  // A release that another order overtook was sent, and is not obeyed.
  return did === 'sent' && kind === 'release' && after !== undefined && after.version !== before.version && after.status === 'rejected';
}

/** Tells the operator whose order did nothing who was faster. */
export function overtakenText(deeds: readonly Deed[]): string {
  return deeds
    .map(({ before, after = before }) => {
      const last = after.history.at(-1);
      const by = last === undefined ? '' : ` by ${last.by} at ${last.at}`;
      return `Your order did nothing for ${after.eventId}: it is ${after.status}${by}.`;
    })
    .join('\n');
}
