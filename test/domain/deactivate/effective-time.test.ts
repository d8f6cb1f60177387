import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { effectiveTime } from '../../../lambda/domain/deactivate/effective-time.ts';
import { effective } from '../../../lambda/domain/event/hr-event.ts';
import { parse } from '../../../lambda/domain/parse.ts';
import { policy } from '../../../lambda/domain/policy.ts';
import { DAY, toInstant, toMillis } from '../../../lambda/domain/time/time.ts';

const RECEIVED = '2026-11-24T12:00:00.000Z';
const CASES = new URL('../../../docs/effective-time.md', import.meta.url);

/** The rows of the tables of the page, headings left out. */
function documentedCases() {
  const rows = readFileSync(CASES, 'utf8')
    .split('\n')
    .filter((line) => line.startsWith('| `'));
  return rows.map((line) => {
    const [said = '', zone = '', means = '', time = '', why = ''] = line
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.replaceAll('`', '').trim());
    const [at = '', from] = time.split(' from ');
    return { said, zone, means, why, expected: from === undefined ? { at } : { at, from } };
  });
}

function whatHrSaid(text: string) {
  if (text === 'immediate') return parse(effective, { immediate: true }, 'case');
  if (/^\d{4}-\d\d-\d\dT/.test(text)) return parse(effective, { at: text }, 'case');
  const [date, timeZone] = text.split(' ');
  return parse(effective, { date, ...(timeZone === undefined ? {} : { timeZone }) }, 'case');
}

function rulesOf({ zone, means }: { zone: string; means: string }) {
  const [moment = 'end-of-day', offset = 'PT0S'] = means.split(' ').filter((word) => word !== '');
  return parse(policy, { dateMeans: { moment, offset }, ...(zone === '' ? {} : { defaultTimeZone: zone }) }, 'case');
}

describe('the effective time', () => {
  it.each(documentedCases())('of "$said" ($means, $zone) is as documented: $why', ({ said, expected, ...stage }) => {
    expect(effectiveTime(whatHrSaid(said), rulesOf(stage), RECEIVED)).toEqual(expected);
  });

  it('is documented by cases that the tests find', () => {
    expect(documentedCases().length).toBeGreaterThan(45);
  });

  it('of the same date is past in one zone and to come in another', () => {
    const noon = toMillis('2026-11-30T12:00:00Z');
    const on = (timeZone: string) => toMillis(effectiveTime({ date: '2026-11-30', timeZone }, parse(policy, {}, 'policy'), RECEIVED).at);

    expect(on('Pacific/Kiritimati')).toBeLessThan(noon);
    expect(on('Pacific/Honolulu') - noon).toBe(22 * 3_600_000);
  });
});

const zones = fc.constantFrom(...Intl.supportedValuesOf('timeZone'), 'UTC', 'Etc/GMT+12');
const dates = fc
  .integer({ min: toMillis('2000-01-01T00:00:00Z') / DAY, max: toMillis('2099-12-30T00:00:00Z') / DAY })
  .map((day) => toInstant(day * DAY).slice(0, 10));
const endOfDay = parse(policy, {}, 'policy');
const startOfDay = parse(policy, { dateMeans: { moment: 'start-of-day' } }, 'policy');
const nextDay = (date: string) => toInstant(toMillis(`${date}T00:00:00Z`) + DAY).slice(0, 10);

/** The date on a calendar on the wall there: another implementation than ours. */
const onTheWall = (instant: number, timeZone: string) =>
  new Intl.DateTimeFormat('sv-SE', { timeZone, year: 'numeric', month: '2-digit', day: '2-digit' }).format(instant);

describe('in any zone, on any day of this century', () => {
  it('the end of a day is the first instant at which the wall shows a later date', () => {
    fc.assert(
      fc.property(dates, zones, (date, timeZone) => {
        const at = toMillis(effectiveTime({ date, timeZone }, endOfDay, RECEIVED).at);

        expect(onTheWall(at, timeZone) > date).toBe(true);
        expect(onTheWall(at - 1, timeZone) <= date).toBe(true);
      }),
      { numRuns: 400 },
    );
  });

  it('a day ends when the next begins', () => {
    fc.assert(
      fc.property(dates, zones, (date, timeZone) => {
        expect(effectiveTime({ date, timeZone }, endOfDay, RECEIVED)).toEqual(
          effectiveTime({ date: nextDay(date), timeZone }, startOfDay, RECEIVED),
        );
      }),
    );
  });

  it('the range of an unknown zone holds what the date means there', () => {
    fc.assert(
      fc.property(dates, zones, fc.constantFrom(endOfDay, startOfDay), (date, timeZone, rules) => {
        const there = toMillis(effectiveTime({ date, timeZone }, rules, RECEIVED).at);
        const unknown = effectiveTime({ date }, rules, RECEIVED);

        expect(there).toBeLessThanOrEqual(toMillis(unknown.at));
        expect(there).toBeGreaterThanOrEqual(toMillis(unknown.from ?? ''));
      }),
      { numRuns: 400 },
    );
  });
});
