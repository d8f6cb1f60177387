import * as z from 'zod/mini';

/** Every status of an event and where it may go from there. What has no arrow is finished. */
const ARROWS = {
  received: ['scheduled', 'processing', 'held', 'failed', 'cancelled', 'rescinded'],
  scheduled: ['scheduled', 'processing', 'failed', 'cancelled'],
  processing: [
    'scheduled',
    'processing',
    'deactivated',
    'already-inactive',
    'no-account',
    'would-deactivate',
    'held',
    'failed',
    'cancelled',
    'rescinded',
  ],
  held: ['processing', 'rejected', 'cancelled', 'rescinded'],
  failed: ['processing', 'cancelled'],
  deactivated: [],
  'already-inactive': [],
  'no-account': [],
  'would-deactivate': [],
  cancelled: [],
  rejected: [],
  rescinded: [],
} as const satisfies Record<string, readonly string[]>;

export type EventStatus = keyof typeof ARROWS;

/** All statuses, in the order of an event's life. */
export const EVENT_STATUSES = Object.keys(ARROWS).filter(isEventStatus);

export const eventStatus = z.enum(EVENT_STATUSES);

/** Whether an event may go from one status to the other. */
export function mayMove(from: EventStatus, to: EventStatus): boolean {
  const arrows: readonly string[] = ARROWS[from];
  return arrows.includes(to);
}

/** Whether nothing can change the event any more. */
export function isFinished(status: EventStatus): boolean {
  return ARROWS[status].length === 0;
}

function isEventStatus(name: string): name is EventStatus {
  return Object.hasOwn(ARROWS, name);
}
