import { expect, it } from '@jest/globals';
import { verdictOn } from '../../../ops/stage/verdict.ts';

const well = { dryRun: false, last7Days: { deactivated: 3, 'would-deactivate': 0 }, deadLetters: 0, quarantine: 0 };

it('everybody is out only if nobody is late and nothing could hide a leaver', () => {
  expect(verdictOn(well, 0)).toEqual({ isWell: true, says: 'Everybody is out who should be.' });
});

it.each([
  { what: well, late: 1, says: '1 leaver still has access.' },
  { what: well, late: 20, says: '20 leavers still have access.' },
  { what: { ...well, dryRun: true }, late: 0, says: 'not everybody is out' },
  { what: { ...well, last7Days: { 'would-deactivate': 1 } }, late: 0, says: 'not everybody is out' },
  { what: { ...well, deadLetters: 1 }, late: 0, says: 'may be about leavers' },
  { what: { ...well, quarantine: 1 }, late: 0, says: 'may be about leavers' },
])('not everybody is out: $says', ({ what, late, says }) => {
  const verdict = verdictOn(what, late);

  expect(verdict.isWell).toBe(false);
  expect(verdict.says).toContain(says);
});
