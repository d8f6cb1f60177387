import { describe, expect, it } from '@jest/globals';
import { FAILURE_REASONS, HOLD_REASONS, NO_ACCOUNT_REASONS, reasonsOf, WAIT_REASONS } from '../../../lambda/domain/event/event-reason.ts';
import { EVENT_STATUSES } from '../../../lambda/domain/event/event-status.ts';
import { isRefusal } from '../../../lambda/domain/stage/refusals.ts';
import { ANSWERS, type Row } from '../../../lambda/workfront/answers.ts';

describe('the reasons of events', () => {
  it("have every code of the table of Workfront's answers: to wait for, and to fail of if it may be of one user alone", () => {
    const alone = ANSWERS.filter((row: Row) => [row.read, row.write].some((one) => one === 'refused' || one === 'doubt'));

    expect(ANSWERS.filter(({ code }) => !WAIT_REASONS.some((reason) => reason === code))).toEqual([]);
    expect(alone.filter(({ code }) => !FAILURE_REASONS.some((reason) => reason === code) || !isRefusal(code))).toEqual([]);
  });

  it('are each of a status, and none is there twice', () => {
    const all = reasonsOf(EVENT_STATUSES);

    expect(all).toHaveLength(new Set(all).size);
    expect(reasonsOf(['held'])).toEqual([...HOLD_REASONS]);
    expect(reasonsOf(['failed'])).toEqual([...FAILURE_REASONS, ...WAIT_REASONS.map((code) => `gave-up-${code}`)]);
    expect(reasonsOf(['no-account'])).toEqual([...NO_ACCOUNT_REASONS]);
    expect(reasonsOf(['deactivated'])).toEqual([]);
  });
});
