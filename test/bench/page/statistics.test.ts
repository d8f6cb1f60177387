import { describe, expect, it } from '@jest/globals';
import { ratioOf, shuffled, spreadOf } from './statistics.ts';

describe('a spread', () => {
  it.each([
    { samples: [7], spread: { median: 7, lower: 7, upper: 7, samples: 1 } },
    { samples: [3, 1, 2], spread: { median: 2, lower: 1.5, upper: 2.5, samples: 3 } },
    { samples: [10, 1, 2, 3], spread: { median: 2.5, lower: 1.75, upper: 4.75, samples: 4 } },
  ])('of $samples is $spread.median between $spread.lower and $spread.upper', ({ samples, spread }) => {
    expect(spreadOf(samples)).toEqual(spread);
  });
});

it('divides by the baseline of the same round, so that a slow round changes nothing', () => {
  expect(ratioOf([20, 200, 20], [10, 100, 10])).toMatchObject({ median: 2, lower: 2, upper: 2 });
});

it('puts the items in a random order', () => {
  const draws = [0.9, 0.1, 0.5];

  expect(shuffled(['a', 'b', 'c'], () => draws.shift() ?? 0)).toEqual(['b', 'c', 'a']);
});
