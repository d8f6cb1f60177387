import { describe, expect, it } from '@jest/globals';
import { GUARD_NAMES } from '../../../lambda/domain/deactivate/guards/order.ts';
import type { LedgerEntry } from '../../../lambda/domain/event/ledger-entry.ts';
import { PermanentFailure } from '../../../lambda/domain/failures.ts';
import { meaningOfHold } from '../../../ops/events/holds.ts';
import { storyOf } from '../../../ops/events/story.ts';
import { aDirectory, anArrival, aRescission, aTermination, guid } from '../../support/builders.ts';
import { anEntry } from '../../support/entries.ts';
import { aDeployment } from '../a-deployment.ts';

const toldOf = (entry: LedgerEntry) =>
  storyOf(entry, { person: false, again: (command) => `ops ${command}` })
    .map(({ text }) => text)
    .join('\n');

it.each([...GUARD_NAMES, 'rescinded-after-deactivation', 'cancelled-more-than-named'])('a hold by %s says what it means', (guard) => {
  expect(meaningOfHold(guard)).toMatch(/^\S.{20,}/);
});

describe('the story of a held event', () => {
  it('has every guard that holds, with what it saw and what releasing does', () => {
    const hold = {
      guard: 'newcomer',
      saw: 'user 1 was made later',
      releasing: 'deactivates a user whose account is younger',
      of: 'user 1',
      also: [{ guard: 'stale', saw: 'user 1 has logged in since', of: 'user 1' }],
    };

    const told = toldOf(anEntry(aTermination(), { status: 'held', reason: 'newcomer', hold }));

    expect(told).toContain('2 guards hold it; one release answers all that can be released');
    expect(told).toMatch(
      /guard {6}newcomer\n.*means {6}the account is younger.*\n.*found {6}user 1 was made later\n.*releasing {2}deactivates a user whose/,
    );
    expect(told).toMatch(/guard {6}stale\n.*\n.*found {6}user 1 has logged in since\n.*releasing {2}deactivates a user who has logged in/);
  });

  it('offers to name the user if two may be meant', () => {
    const hold = { guard: 'identity-changed', saw: 'something', releasing: 'does', of: 'user 1' };

    expect(toldOf(anEntry(aTermination(), { status: 'held', hold }))).toContain('ops release evt-1 --user GUID');
  });

  it('says what people released it from, and for what', () => {
    const released = [
      { guard: 'stale', of: `user ${guid(1)}`, at: '2026-11-24T12:00:00.000Z', because: 'renamed' as const },
      { guard: 'protected' },
    ];

    const told = toldOf(anEntry(aTermination(), { released }));

    expect(told).toMatch(new RegExp(`stale, for user ${guid(1)}, 2026-11-24 .*; the guard was wrong: renamed`));
    expect(told).toContain('protected, for the user it was held with');
  });
});

describe('the story of an event that ended', () => {
  it.each([
    {
      what: 'without an account, by limited sight',
      entry: { status: 'no-account' as const, reason: 'limited-sight' },
      says: /does not see every user/,
    },
    {
      what: 'rescinded, with nothing found',
      entry: { status: 'rescinded' as const, reason: 'found-nothing' },
      says: /neither a termination nor a user/,
    },
    { what: 'as a sign of life', entry: { status: 'noted' as const }, says: /a sign of life: it changes nothing by itself/ },
    { what: 'in a dry run', entry: { status: 'would-deactivate' as const }, says: /nothing was written[\s\S]*ops replay evt-1/ },
    { what: 'by a rejection', entry: { status: 'rejected' as const }, says: /ops reopen evt-1/ },
  ])('$what says what that means', ({ entry, says }) => {
    expect(toldOf(anEntry(aTermination(), entry))).toMatch(says);
  });

  it('shows a rescission that found nobody as the worker ends it', async () => {
    const deployment = aDeployment({ users: aDirectory() });
    await deployment.work(anArrival(aRescission()));
    const [entry] = await deployment.ledger.byEventId('evt-1');

    expect(toldOf(entry ?? anEntry(aRescission()))).toMatch(/rescinded \(found-nothing\)[\s\S]*neither a termination nor a user/);
  });
});

it('only an event with an intent says that a write may have taken effect', async () => {
  const deployment = aDeployment({ users: aDirectory({ id: guid(1) }) });
  deployment.desk.directory.deactivate = async () => {
    throw new PermanentFailure('forbidden', 'the credential may not edit this user; give it the right');
  };
  for (const later of [0, 20_000]) {
    deployment.desk.now += later;
    await deployment.work(anArrival(aTermination()));
  }
  const [failed] = await deployment.ledger.byEventId('evt-1');
  if (failed === undefined) throw new Error('expected an event');

  expect(failed.status).toBe('failed');
  expect(toldOf(failed)).not.toMatch(/may have taken effect/);
  expect(toldOf({ ...failed, intent: { userId: guid(1), at: failed.updatedAt } })).toMatch(/may have taken effect/);
});
