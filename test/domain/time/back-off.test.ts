import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { backOffSeconds } from '../../../lambda/domain/time/back-off.ts';

const ALMOST_ONE = 1 - Number.EPSILON;

describe('the wait before the next attempt', () => {
  it.each([
    { attempts: 1, most: 2 },
    { attempts: 2, most: 4 },
    { attempts: 3, most: 8 },
    { attempts: 6, most: 64 },
    { attempts: 7, most: 90 },
    { attempts: 5000, most: 90 },
  ])('after $attempts is anything from 1 to $most seconds', ({ attempts, most }) => {
    expect(backOffSeconds(attempts, 0)).toBe(1);
    expect(backOffSeconds(attempts, 0.5)).toBe(Math.ceil(most / 2));
    expect(backOffSeconds(attempts, ALMOST_ONE)).toBe(most);
  });

  it.each([
    { asked: 0, seconds: 1 },
    { asked: 1.2, seconds: 2 },
    { asked: 90, seconds: 90 },
    { asked: 300, seconds: 300 },
    { asked: 300.1, seconds: 300 },
    { asked: 86_400, seconds: 300 },
  ])('is $seconds s where Workfront asked for $asked s', ({ asked, seconds }) => {
    expect(backOffSeconds(1, 0, asked)).toBe(seconds);
  });

  it('is a whole number of seconds that SQS takes, never earlier than asked, and never more than five minutes', () => {
    const attempts = fc.integer({ min: 1, max: 10_000 });
    const random = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
    const asked = fc.double({ min: 0, max: 11 * 3600, noNaN: true });

    fc.assert(
      fc.property(attempts, random, asked, (tries, chance, retryAfter) => {
        const seconds = backOffSeconds(tries, chance, retryAfter);

        expect(Number.isInteger(seconds)).toBe(true);
        expect(seconds).toBeGreaterThanOrEqual(Math.max(1, Math.min(retryAfter, 300)));
        expect(seconds).toBeLessThanOrEqual(Math.max(90, Math.min(Math.ceil(retryAfter), 300)));
      }),
    );
  });
});
