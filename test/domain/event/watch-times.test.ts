import { describe, expect, it } from '@jest/globals';
import type { LedgerEntry } from '../../../lambda/domain/event/ledger-entry.ts';
import { isWatched, nextLook } from '../../../lambda/domain/event/watch-times.ts';
import { parse } from '../../../lambda/domain/parse.ts';
import { policy } from '../../../lambda/domain/policy.ts';
import { DAY, HOUR, toInstant, toMillis } from '../../../lambda/domain/time/time.ts';
import { aRescission, aTermination, guid } from '../../support/builders.ts';
import { anEntry } from '../../support/entries.ts';

const ENDED = '2026-11-24T12:00:00.000Z';
const AT = toMillis(ENDED);
const ended = (changes: Partial<LedgerEntry> = {}) =>
  anEntry(aTermination(), { status: 'deactivated', workfrontUserId: guid(1), finishedAt: ENDED, ...changes });

describe('the user of an event is watched', () => {
  it.each<{ what: string; entry: LedgerEntry; watched: boolean }>([
    { what: 'who was deactivated by us', entry: ended(), watched: true },
    { what: 'who was inactive before', entry: ended({ status: 'already-inactive' }), watched: true },
    { what: 'who is active again', entry: ended({ status: 'returned' }), watched: false },
    { what: 'who does not exist any more', entry: ended({ userGone: ENDED }), watched: false },
    { what: 'who is not named by the event', entry: anEntry(aTermination(), { status: 'deactivated', finishedAt: ENDED }), watched: false },
    { what: 'of no termination', entry: ended({ event: aRescission() }), watched: false },
  ])('$what: $watched', ({ entry, watched }) => {
    expect(isWatched(entry)).toBe(watched);
    expect(nextLook(entry, parse(policy, {}, 'policy'), AT)).toBe(watched ? toInstant(AT + HOUR) : undefined);
  });
});

describe('the next look at a user', () => {
  const { watch } = parse(policy, { watch: { after: ['7d', '1h', '24h'] } }, 'policy');

  it.each([
    { after: 0, next: HOUR },
    { after: HOUR - 1, next: HOUR },
    { after: HOUR, next: DAY },
    { after: 2 * DAY, next: 7 * DAY },
  ])('$after ms after the end comes $next ms after it', ({ after, next }) => {
    expect(nextLook(ended(), { watch }, AT + after)).toBe(toInstant(AT + next));
  });

  it('is none after the last one, and none while nobody knows when the event ended', () => {
    expect(nextLook(ended(), { watch }, AT + 7 * DAY)).toBeUndefined();
    const { finishedAt: _, ...entry } = ended();
    expect(nextLook(entry, { watch }, AT)).toBeUndefined();
  });
});
