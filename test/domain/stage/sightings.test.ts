import { expect, it } from '@jest/globals';
import { sightingsOf } from '../../../lambda/domain/stage/sightings.ts';
import { MINUTE } from '../../../lambda/domain/time/time.ts';

it('thirty terminations a minute are looked up before they are due', () => {
  const time = { now: 0 };
  const maySight = sightingsOf(() => time.now);
  const asks = (count: number) => Array.from({ length: count }, () => maySight()).filter(Boolean).length;

  expect(asks(100)).toBe(30);
  time.now = MINUTE - 1;
  expect(asks(1)).toBe(0);
  time.now = MINUTE;
  expect(asks(31)).toBe(30);
});
