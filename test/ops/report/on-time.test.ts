import { describe, expect, it } from '@jest/globals';
import type { LedgerEntry } from '../../../lambda/domain/event/ledger-entry.ts';
import { HOUR, toInstant } from '../../../lambda/domain/time/time.ts';
import { onTimeCount, onTimeText } from '../../../ops/report/on-time.ts';
import { aTermination } from '../../support/builders.ts';
import { anEntry } from '../../support/entries.ts';

const DUE = Date.parse('2026-11-24T12:00:00Z');

/** An event that was due, came and was finished at these times, in milliseconds after {@link DUE}. */
const done = ({ came = -HOUR, after, ...changes }: { came?: number; after: number } & Partial<LedgerEntry>) =>
  anEntry(aTermination(), {
    status: 'deactivated',
    receivedAt: toInstant(DUE + came),
    effectiveAt: toInstant(DUE),
    finishedAt: toInstant(DUE + after),
    ...changes,
  });

function figureOf(...entries: LedgerEntry[]) {
  const count = onTimeCount(HOUR);
  for (const entry of entries) count.add(entry);
  return count.figure();
}

describe('the figure of what is on time', () => {
  it.each<[string, LedgerEntry, number]>([
    ['exactly the time', done({ after: HOUR }), 1],
    ['a millisecond more', done({ after: HOUR + 1 }), 0],
    ['from when the event came, if that is later', done({ came: 5 * HOUR, after: 6 * HOUR }), 1],
  ])('counts %s', (_, entry, within) => {
    expect(figureOf(entry)).toMatchObject({ of: 1, within });
  });

  it('counts deactivations only', () => {
    expect(figureOf(done({ after: 0, status: 'no-account' }), done({ after: 0, status: 'already-inactive' })).of).toBe(0);
  });

  it('is rounded down, so that it never shows what was not reached', () => {
    const late = done({ after: 2 * HOUR });
    const figure = figureOf(...Array.from({ length: 1999 }, () => done({ after: 0 })), late);

    expect(figure).toEqual({ of: 2000, within: 1999, percent: 99.9, target: HOUR });
    expect(onTimeText(figure, ' in the last 30 days')).toBe('on time in the last 30 days, within 1 h: 1999 of 2000 (99.9 %)');
  });

  it('has no share of nobody', () => {
    expect(onTimeText(figureOf())).toBe('on time, within 1 h: 0 of 0');
  });
});
