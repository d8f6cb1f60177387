import { describe, expect, it } from '@jest/globals';
import {
  EVENT_STATUSES,
  type EventStatus,
  eventStatus,
  isFinished,
  mayBeReopened,
  mayMove,
  needsPerson,
} from '../../../lambda/domain/event/event-status.ts';
import { parse } from '../../../lambda/domain/parse.ts';
import { refusalOf } from '../../support/refusal.ts';

const OUTCOMES: EventStatus[] = ['deactivated', 'already-inactive', 'no-account', 'would-deactivate'];
const ALLOWED: Record<EventStatus, EventStatus[]> = {
  received: ['scheduled', 'processing', 'held', 'failed', 'cancelled', 'rescinded', 'noted'],
  scheduled: ['scheduled', 'processing', 'held', 'failed', 'cancelled'],
  processing: ['scheduled', 'processing', ...OUTCOMES, 'held', 'failed', 'cancelled', 'rescinded'],
  held: ['processing', 'deactivated', 'cancelled', 'rejected', 'rescinded'],
  failed: ['processing', 'deactivated', 'cancelled'],
  deactivated: ['returned', 'undone'],
  'already-inactive': ['returned'],
  returned: ['processing', 'accepted', 'undone'],
  'no-account': ['processing'],
  'would-deactivate': ['processing'],
  cancelled: [],
  rejected: ['processing'],
  rescinded: ['held'],
  noted: [],
  accepted: [],
  undone: [],
};

describe('an event', () => {
  it.each(EVENT_STATUSES.map((from) => ({ from, allowed: ALLOWED[from] })))(
    'that is $from may become $allowed and nothing else',
    ({ from, allowed }) => {
      expect(EVENT_STATUSES.filter((to) => mayMove(from, to)).toSorted()).toEqual(allowed.toSorted());
    },
  );

  it('has no other status than these', () => {
    expect(EVENT_STATUSES.toSorted()).toEqual(Object.keys(ALLOWED).toSorted());
  });

  const OPEN: EventStatus[] = ['received', 'scheduled', 'processing', 'held', 'failed', 'returned'];

  it.each(EVENT_STATUSES.map((status) => ({ status, finished: !OPEN.includes(status) })))(
    'that is $status is finished: $finished',
    ({ status, finished }) => {
      expect(isFinished(status)).toBe(finished);
    },
  );

  it('waits for a person where a guard, a refusal or a return is to be looked at', () => {
    expect(EVENT_STATUSES.filter(needsPerson).toSorted()).toEqual(['failed', 'held', 'returned']);
  });

  it('that is finished a person may take up again, if no account was touched', () => {
    expect(EVENT_STATUSES.filter(mayBeReopened)).toEqual(['no-account', 'would-deactivate', 'rejected']);
  });

  it.each(['toString', '__proto__', 'Received', ''])('is never %p', (status) => {
    expect(refusalOf(() => parse(eventStatus, status, 'status'))).toMatch(/^status: the whole: expected "received" or/);
  });
});
