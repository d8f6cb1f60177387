import { describe, expect, it } from '@jest/globals';
import { isInDoubt, isRefusal, judgeRefusal, type Refusal } from '../../../lambda/domain/stage/refusals.ts';
import { HOUR, MINUTE, SECOND, toInstant, toMillis } from '../../../lambda/domain/time/time.ts';

const NOW = toMillis('2026-11-24T12:00:00Z');
const refused = (user: number, { eventId = `e${user}`, code = 'forbidden' } = {}) => ({ code, userId: `u${user}`, source: 'hr', eventId });
const known = (user: number, { ago = 0, ...changes }: { ago?: number } & Partial<Refusal> = {}): Refusal => ({
  ...refused(user),
  at: toInstant(NOW - ago),
  ...changes,
});

describe('a refusal of one user', () => {
  it.each<{ what: string; code?: string; before: Refusal[]; verdict: string }>([
    { what: 'is the first', before: [], verdict: 'waits' },
    { what: 'was refused a moment ago', before: [known(1, { ago: 8 * SECOND - 1 })], verdict: 'waits' },
    { what: 'was refused for so long, and nobody else was', before: [known(1, { ago: 8 * SECOND })], verdict: 'alone' },
    { what: 'comes beside one of another user', before: [known(1, { ago: 9 * SECOND }), known(2)], verdict: 'alone' },
    { what: 'is the first of this user, after one of another', before: [known(2, { ago: 9 * SECOND })], verdict: 'waits' },
    { what: 'comes beside those of two other users', before: [known(2), known(3)], verdict: 'stage' },
    { what: 'comes beside those of two others an hour ago', before: [known(2, { ago: HOUR }), known(3)], verdict: 'waits' },
    { what: 'comes beside those of two others almost an hour ago', before: [known(2, { ago: HOUR - 1 }), known(3)], verdict: 'stage' },
    { what: 'comes beside two events of one other user', before: [known(2), known(2, { eventId: 'again' })], verdict: 'waits' },
    { what: 'comes beside others that were refused otherwise', before: [known(2, { code: 'refused' }), known(3)], verdict: 'waits' },
    { what: 'comes beside one that was refused alone', before: [known(2, { alone: true }), known(3)], verdict: 'waits' },
    {
      what: 'was refused alone itself, and two others are refused now',
      before: [known(1, { ago: MINUTE, alone: true }), known(2), known(3)],
      verdict: 'alone',
    },
    {
      what: 'comes beside those of two others, in doubt',
      code: 'not-confirmed',
      before: [known(2, { code: 'not-confirmed' }), known(3, { code: 'not-confirmed' })],
      verdict: 'waits',
    },
    {
      what: 'stays in doubt for a moment, as do two others',
      code: 'not-confirmed',
      before: [1, 2, 3].map((user) => known(user, { code: 'not-confirmed', ago: 8 * SECOND })),
      verdict: 'stage',
    },
    { what: 'was refused for another reason before', before: [known(1, { ago: MINUTE, code: 'refused' })], verdict: 'waits' },
    { what: 'was refused for another event before', before: [known(1, { ago: MINUTE, eventId: 'earlier' })], verdict: 'alone' },
    { what: 'is refused more than an hour after the first time', before: [known(1, { ago: HOUR })], verdict: 'waits' },
  ])('that $what: $verdict', ({ before, verdict, code = 'forbidden' }) => {
    expect(judgeRefusal(before, refused(1, { code }), NOW).verdict).toBe(verdict);
  });

  it('is noted once for each event, with the time of the first', () => {
    const before = [known(1, { ago: MINUTE }), known(2, { ago: HOUR })];

    expect(judgeRefusal(before, refused(1), NOW).refusals).toEqual([known(1, { ago: MINUTE })]);
    expect(judgeRefusal(before, refused(1, { eventId: 'other' }), NOW).refusals).toEqual([
      known(1, { ago: MINUTE }),
      known(1, { eventId: 'other' }),
    ]);
    expect(judgeRefusal([known(1, { source: 'payroll' })], refused(1), NOW).refusals).toHaveLength(2);
    expect(judgeRefusal([known(1, { code: 'refused' })], refused(1), NOW).refusals).toHaveLength(2);
  });

  it('is noted with the latest fifty', () => {
    const before = Array.from({ length: 50 }, (_, index) => known(index + 1, { alone: true }));

    const { refusals } = judgeRefusal(before, refused(99), NOW);

    expect(refusals.map(({ userId }) => userId)).toEqual([...before.slice(1).map(({ userId }) => userId), 'u99']);
  });

  it.each([
    ['forbidden', true, false],
    ['refused', true, false],
    ['user-not-found', true, false],
    ['not-confirmed', true, true],
    ['unexpected-answer', true, true],
    ['too-large', true, true],
    ['too-long', false, false],
    ['hr-forbidden', false, false],
    ['no-match-key', false, false],
  ])('has one of the codes of Workfront: %s, %s; in doubt: %s', (code, is, inDoubt) => {
    expect([isRefusal(code), isInDoubt(code)]).toEqual([is, inDoubt]);
  });
});
