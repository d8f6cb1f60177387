import { describe, expect, it } from '@jest/globals';
import { sinceDue } from '../../../lambda/domain/event/since-due.ts';
import { MINUTE, toInstant, toMillis } from '../../../lambda/domain/time/time.ts';

const NOON = toMillis('2026-11-24T12:00:00Z');
const noon = (minutes: number) => toInstant(NOON + minutes * MINUTE);

describe('how long a leaver has had to be inactive', () => {
  it.each([
    { what: 'since the effective time', receivedAt: noon(-60), effectiveAt: noon(-10), minutes: 10 },
    { what: 'since we knew, if that came later', receivedAt: noon(-10), effectiveAt: noon(-60), minutes: 10 },
    { what: 'since we knew, if there is no time', receivedAt: noon(-5), minutes: 5 },
    { what: 'not at all, before it is due', receivedAt: noon(-60), effectiveAt: noon(10), minutes: 0 },
  ])('$what', ({ receivedAt, effectiveAt, minutes }) => {
    expect(sinceDue({ receivedAt, effectiveAt }, NOON)).toBe(minutes * MINUTE);
  });
});
