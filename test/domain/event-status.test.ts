import { describe, expect, it } from '@jest/globals';
import { EVENT_STATUSES, type EventStatus, eventStatus, isFinished, mayMove } from '../../lambda/domain/event/event-status.ts';
import { parse } from '../../lambda/domain/parse.ts';
import { refusalOf } from '../support/refusal.ts';

const OUTCOMES: EventStatus[] = ['deactivated', 'already-inactive', 'no-account', 'would-deactivate'];
const ALLOWED: Record<EventStatus, EventStatus[]> = {
  received: ['scheduled', 'processing', 'held', 'failed', 'cancelled', 'rescinded'],
  scheduled: ['scheduled', 'processing', 'failed', 'cancelled'],
  processing: ['scheduled', 'processing', ...OUTCOMES, 'held', 'failed', 'cancelled', 'rescinded'],
  held: ['processing', 'cancelled', 'rejected', 'rescinded'],
  failed: ['processing', 'cancelled'],
  deactivated: [],
  'already-inactive': [],
  'no-account': [],
  'would-deactivate': [],
  cancelled: [],
  rejected: [],
  rescinded: [],
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

  it.each(EVENT_STATUSES.map((status) => ({ status, finished: ALLOWED[status].length === 0 })))(
    'that is $status is finished: $finished',
    ({ status, finished }) => {
      expect(isFinished(status)).toBe(finished);
    },
  );

  it.each(['toString', '__proto__', 'Received', ''])('is never %p', (status) => {
    expect(refusalOf(() => parse(eventStatus, status, 'status'))).toMatch(/^status: the whole: expected "received" or/);
  });
});
