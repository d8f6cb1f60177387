import { describe, expect, it } from '@jest/globals';
import { secondsUntil } from '../../../lambda/domain/time/retry-after.ts';

const NOON = Date.parse('2026-11-24T12:00:00.000Z');

describe('the time that the other side asks us to wait', () => {
  it.each<{ what: string; header: string | undefined; now?: number; seconds: number | undefined }>([
    { what: 'where it asks nothing', header: undefined, seconds: undefined },
    { what: 'in seconds', header: '120', seconds: 120 },
    { what: 'of no second', header: '0', seconds: 0 },
    { what: 'in as many seconds as count', header: '999999999', seconds: 999_999_999 },
    { what: 'in more seconds than anybody waits', header: '1000000000', seconds: undefined },
    { what: 'with a unit behind', header: '120s', seconds: undefined },
    { what: 'with a word in front', header: 'in 120', seconds: undefined },
    { what: 'with a fraction', header: '1.5', seconds: undefined },
    { what: 'below 0', header: '-5', seconds: undefined },
    { what: 'that is empty', header: '', seconds: undefined },
    { what: 'until a date', header: 'Tue, 24 Nov 2026 12:01:00 GMT', seconds: 60 },
    { what: 'until a date, not a moment less', header: 'Tue, 24 Nov 2026 12:01:00 GMT', now: NOON + 1, seconds: 60 },
    { what: 'until now', header: 'Tue, 24 Nov 2026 12:00:00 GMT', seconds: 0 },
    { what: 'until a date that is over', header: 'Tue, 24 Nov 2026 11:00:00 GMT', seconds: 0 },
    { what: 'until a date of another form', header: '2026-11-24T12:01:00Z', seconds: undefined },
    { what: 'until a date of another zone', header: 'Tue, 24 Nov 2026 12:01:00 GMT+0200', seconds: undefined },
    { what: 'until a date with a word in front', header: 'until Tue, 24 Nov 2026 12:01:00 GMT', seconds: undefined },
    { what: 'until no date', header: 'Tomorrow GMT', seconds: undefined },
  ])('$what: $header', ({ header, now = NOON, seconds }) => {
    expect(secondsUntil(header, now)).toBe(seconds);
  });
});
