import { describe, expect, it } from '@jest/globals';
import { withStatus } from '../../../lambda/domain/event/transition.ts';
import { toMillis } from '../../../lambda/domain/time/time.ts';
import { aTermination } from '../../support/builders.ts';
import { anEntry } from '../../support/entries.ts';

const NOW = toMillis('2026-11-24T13:00:00Z');
const AT = '2026-11-24T13:00:00.000Z';

describe('an event that moves', () => {
  it('gets one more step of history: when, from, to, by which person, why', () => {
    const entry = anEntry(aTermination());

    const next = withStatus(entry, 'processing', { by: 'schedule', why: 'due', now: NOW });

    expect(next).toEqual({
      ...entry,
      status: 'processing',
      updatedAt: AT,
      history: [...entry.history, { at: AT, from: 'received', to: 'processing', by: 'schedule', why: 'due' }],
    });
    expect(entry.history).toHaveLength(1);
  });

  it('loses what belonged to its former status, and keeps what belongs to the event', () => {
    const kept = {
      released: [{ guard: 'stale', of: 'user u' }],
      chosenUserId: 'u',
      intent: { userId: 'u', at: AT },
      workfrontUserId: 'u',
      effectiveAt: AT,
    };
    const entry = anEntry(aTermination(), {
      ...kept,
      status: 'processing',
      reason: 'old',
      hold: { guard: 'stale', saw: 's', releasing: 'r' },
      lease: { owner: 'w', until: AT },
      waiting: { since: AT, attempts: 1, until: AT, code: 'timeout', saw: 's' },
    });

    const next = withStatus(entry, 'failed', { why: 'no', now: NOW });

    expect(next).toMatchObject(kept);
    expect(next.history.at(-1)?.by).toBe('worker');
    expect(Object.keys(next)).not.toEqual(expect.arrayContaining([expect.stringMatching(/^(reason|hold|lease|waiting|finishedAt)$/)]));
  });

  it('is finished where nothing more is to be done', () => {
    expect(withStatus(anEntry(aTermination()), 'cancelled', { why: 'rescinded', now: NOW }).finishedAt).toBe(AT);
  });

  it('is a mistake in the code where there is no arrow', () => {
    expect(() => withStatus(anEntry(aTermination(), { status: 'cancelled' }), 'processing', { why: 'due', now: NOW })).toThrow(
      'an event cannot go from cancelled to processing',
    );
  });
});
