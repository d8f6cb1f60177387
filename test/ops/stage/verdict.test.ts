import { expect, it } from '@jest/globals';
import { verdictOn } from '../../../ops/stage/verdict.ts';

const FINDING = {
  source: 'hr',
  eventId: 't',
  what: 'still-active' as const,
  saw: 'gone for HR, active in Workfront',
  at: '2026-11-29T03:00:00.000Z',
};
const well = { dryRun: false, last7Days: { deactivated: 3, 'would-deactivate': 0 }, deadLetters: 0, quarantine: 0, findings: [] };

it('everybody is out only if nobody is late and nothing could hide a leaver', () => {
  expect(verdictOn(well, 0)).toEqual({ isWell: true, says: 'Everybody is out who should be.' });
});

it.each([
  { what: well, late: 1, says: '1 leaver still has access.' },
  { what: well, late: 20, says: '20 leavers still have access.' },
  { what: { ...well, dryRun: true }, late: 0, says: 'not everybody is out' },
  { what: { ...well, last7Days: { 'would-deactivate': 1 } }, late: 0, says: 'not everybody is out' },
  { what: { ...well, deadLetters: 1 }, late: 0, says: 'may be about leavers' },
  { what: { ...well, findings: [FINDING] }, late: 0, says: 'The nightly sweep' },
  { what: { ...well, quarantine: 1 }, late: 0, says: 'may be about leavers' },
])('not everybody is out: $says', ({ what, late, says }) => {
  const verdict = verdictOn(what, late);

  expect(verdict.isWell).toBe(false);
  expect(verdict.says).toContain(says);
});
