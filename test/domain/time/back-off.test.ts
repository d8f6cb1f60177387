import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { backOffSeconds } from '../../../lambda/domain/time/back-off.ts';

const ALMOST_ONE = 1 - Number.EPSILON;

describe('the wait before the next attempt', () => {
  it.each([
    { attempts: 1, most: 2 },
    { attempts: 2, most: 4 },
    { attempts: 3, most: 8 },
    { attempts: 7, most: 128 },
    { attempts: 8, most: 256 },
    { attempts: 9, most: 300 },
    { attempts: 5000, most: 300 },
  ])('after $attempts is anything from 1 to $most seconds', ({ attempts, most }) => {
    expect(backOffSeconds(attempts, 0)).toBe(1);
    expect(backOffSeconds(attempts, 0.5)).toBe(Math.ceil(most / 2));
    expect(backOffSeconds(attempts, ALMOST_ONE)).toBe(most);
  });

  it.each([
    { asked: 0, seconds: 1 },
    { asked: 1.2, seconds: 2 },
    { asked: 90, seconds: 90 },
    { asked: 3600, seconds: 3600 },
    { asked: 11 * 3600, seconds: 11 * 3600 },
    { asked: 40 * 3600, seconds: 11 * 3600 },
  ])('is $seconds s where Workfront asked for $asked s', ({ asked, seconds }) => {
    expect(backOffSeconds(1, 0, asked)).toBe(seconds);
  });

  it('is a whole number of seconds that SQS takes, and never earlier than asked', () => {
    const attempts = fc.integer({ min: 1, max: 10_000 });
    const random = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
    const asked = fc.double({ min: 0, max: 11 * 3600, noNaN: true });

    fc.assert(
      fc.property(attempts, random, asked, (tries, chance, retryAfter) => {
        const seconds = backOffSeconds(tries, chance, retryAfter);

        expect(Number.isInteger(seconds)).toBe(true);
        expect(seconds).toBeGreaterThanOrEqual(Math.max(1, retryAfter));
        expect(seconds).toBeLessThanOrEqual(Math.max(300, Math.ceil(retryAfter)));
      }),
    );
  });
});
