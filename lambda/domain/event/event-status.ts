import * as z from 'zod/mini';

/** Every status of an event and where it may go from there. */
const ARROWS = {
  received: ['scheduled', 'processing', 'held', 'failed', 'cancelled', 'rescinded', 'noted'],
  scheduled: ['scheduled', 'processing', 'held', 'failed', 'cancelled'],
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
  // `deactivated`: a write that was cut short turns out to have taken effect, when a rescission looks.
  held: ['processing', 'deactivated', 'rejected', 'cancelled', 'rescinded'],
  failed: ['processing', 'deactivated', 'cancelled'],
  // Somebody or something activated the user again, or a person undid our write.
  deactivated: ['returned', 'undone'],
  'already-inactive': ['returned'],
  returned: ['processing', 'accepted', 'undone'],
  'no-account': ['processing'],
  'would-deactivate': ['processing'],
  cancelled: [],
  rejected: ['processing'],
  // The employee could be looked up in Workfront only later, and was deactivated before.
  rescinded: ['held'],
  noted: [],
  accepted: [],
  undone: [],
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

/** What no worker touches again by itself. Three of them a person may take up again: {@link mayBeReopened}. */
const FINISHED: readonly EventStatus[] = [
  'deactivated',
  'already-inactive',
  'no-account',
  'would-deactivate',
  'cancelled',
  'rejected',
  'rescinded',
  'noted',
  'accepted',
  'undone',
];

/** Whether the event is over: nothing changes it, unless a person reopens it. */
export function isFinished(status: EventStatus): boolean {
  return FINISHED.includes(status);
}

/** Whether the event waits for a person. */
export const needsPerson = (status: EventStatus): boolean => status === 'held' || status === 'failed' || status === 'returned';

/**
 * Whether a person may process a finished event again: match keys were corrected, a dry run ended, or a rejection was a mistake. In
 * none of these the account was touched.
 */
export function mayBeReopened(status: EventStatus): boolean {
  return isFinished(status) && mayMove(status, 'processing');
}

function isEventStatus(name: string): name is EventStatus {
  return Object.hasOwn(ARROWS, name);
}
