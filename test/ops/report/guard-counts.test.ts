import { describe, expect, it } from '@jest/globals';
import { guardCounts } from '../../../ops/report/guard-counts.ts';
import { openLeaverStore } from '../../../ops/report/leaver-store.ts';
import { guardText } from '../../../ops/report/numbers.ts';
import { aTermination, guid } from '../../support/builders.ts';
import { anEntry } from '../../support/entries.ts';

const AT = '2026-11-24T12:00:00.000Z';
const held = (guard: string) => ({ at: AT, to: 'held' as const, by: 'worker', why: `${guard}: something` });

describe('the counts of guards', () => {
  it('are by guard: holds, releases, and how often the guard was wrong', () => {
    const counts = guardCounts();
    const of = `user ${guid(1)}`;
    counts.add({ history: [held('newcomer')], released: [{ guard: 'newcomer', of, at: AT, because: 'import' }] });
    counts.add({ history: [held('newcomer')], released: [{ guard: 'newcomer', of, at: AT }] });
    counts.add({ history: [held('newcomer')], released: [] });

    expect(counts.all()).toEqual([{ guard: 'newcomer', holds: 3, releases: 2, wrong: 1, because: { import: 1 } }]);
  });

  it('have every guard of a hold, before and after its release', () => {
    const counts = guardCounts();
    const also = [{ guard: 'stale', saw: 'something', of: 'user 1' }];
    counts.add({ history: [held('newcomer')], hold: { guard: 'newcomer', saw: '', releasing: '', also }, released: [] });
    counts.add({ history: [held('newcomer')], released: [{ guard: 'newcomer' }, { guard: 'stale' }] });

    expect(counts.all()).toMatchObject([
      { guard: 'newcomer', holds: 2, releases: 1 },
      { guard: 'stale', holds: 2, releases: 1 },
    ]);
  });

  it('have the releases from the brake, which are good for one turn', () => {
    const counts = guardCounts();
    const step = { at: AT, to: 'processing' as const, by: 'ana', why: 'released from brake: a lay-off' };
    counts.add({ history: [held('brake'), step], released: [] });

    expect(counts.all()).toEqual([{ guard: 'brake', holds: 1, releases: 1, wrong: 0, because: {} }]);
  });

  it('are part of a report, the guard that was wrong most often first', () => {
    const store = openLeaverStore({ target: 1000, now: Date.parse(AT) });
    try {
      store.add(anEntry(aTermination(), { eventId: 'evt-1', history: [held('stale')] }));
      const released = [{ guard: 'identity-mismatch', because: 'renamed' as const }];
      store.add(anEntry(aTermination(), { eventId: 'evt-2', history: [held('identity-mismatch')], released }));

      expect(store.guards().map(guardText)).toEqual([
        'identity-mismatch: held 1, released 1, wrong 1 (1 renamed)',
        'stale: held 1, released 0, wrong 0',
      ]);
    } finally {
      store.close();
    }
  });
});
