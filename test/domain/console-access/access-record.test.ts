import { describe, expect, it } from '@jest/globals';
import { type AccessRecord, begunAgain, needsPerson } from '../../../lambda/domain/console-access/access-record.ts';
import { consoleMessage, needsFollowUp } from '../../../lambda/domain/console-access/follow-up.ts';
import { readAccess, writeAccess } from '../../../lambda/domain/console-access/open-access.ts';
import { EVENT_STATUSES } from '../../../lambda/domain/event/event-status.ts';
import type { LedgerEntry } from '../../../lambda/domain/event/ledger-entry.ts';
import { MINUTE, SECOND, toInstant, toMillis } from '../../../lambda/domain/time/time.ts';
import { ANA, aConsole, anAccess, EVENT } from '../../admin-console/a-console.ts';
import { aTermination, guid } from '../../support/builders.ts';
import { anEntry } from '../../support/entries.ts';
import { InMemoryLedger } from '../../support/in-memory-desk.ts';

const NOON = '2026-11-24T12:00:00.000Z';
const after = (millis: number) => toInstant(toMillis(NOON) + millis);

const aLeaver = (changes: Partial<LedgerEntry> = {}) =>
  anEntry(aTermination(), { status: 'deactivated', workfrontUserId: guid(1), finishedAt: NOON, ...changes });

/** A ledger that has this record of the leaver, or none. */
async function ledgerWith(record: AccessRecord | undefined): Promise<InMemoryLedger> {
  const ledger = new InMemoryLedger();
  if (record !== undefined) await writeAccess({ value: record, version: 0 }, ledger);
  return ledger;
}

describe('an event at rest whose follow-up has no record', () => {
  it.each(EVENT_STATUSES.map((status) => ({ status, begins: status === 'deactivated' || status === 'would-deactivate' })))(
    'as $status: it is to begin: $begins',
    async ({ status, begins }) => {
      expect(await needsFollowUp(aLeaver({ status }), await ledgerWith(undefined))).toBe(begins);
    },
  );

  it('names no user: nobody could say whose access is meant, so it never begins', async () => {
    const { workfrontUserId: _workfrontUserId, ...nameless } = aLeaver();

    expect(await needsFollowUp(nameless, await ledgerWith(undefined))).toBe(false);
  });

  it('is begun by a message that points to the event and has nothing of the person', () => {
    expect(consoleMessage(aLeaver())).toEqual({ kind: 'console-access', source: 'acme-hr', eventId: 'evt-1' });
  });
});

describe('an event that was deactivated again, after the user returned, has its access removed again', () => {
  it.each<{ status: AccessRecord['status']; later: number; begins: boolean }>([
    { status: 'removed', later: MINUTE, begins: false },
    { status: 'removed', later: MINUTE + 1, begins: true },
    { status: 'nothing-to-remove', later: MINUTE, begins: false },
    { status: 'nothing-to-remove', later: MINUTE + 1, begins: true },
    // A worker is at it, or a person has the word.
    { status: 'waiting', later: 60 * MINUTE, begins: false },
    { status: 'held', later: 60 * MINUTE, begins: false },
    { status: 'failed', later: 60 * MINUTE, begins: false },
    { status: 'closed', later: 60 * MINUTE, begins: false },
  ])('if it was $status $later ms before: $begins', async ({ status, later, begins }) => {
    const ledger = await ledgerWith(anAccess({ status }));

    expect(await needsFollowUp(aLeaver({ finishedAt: after(later) }), ledger)).toBe(begins);
  });
});

describe('a removal that a person wants tried again', () => {
  const order = { by: 'ops-person', why: 'tried again: left the synced group' };

  it('says who wanted it and why, and forgets what was tried, but not what was asked to be removed', () => {
    const tried = anAccess({
      status: 'held',
      code: 'read-only-group',
      asked: ['WF-Users'],
      removals: 3,
      internalErrors: 2,
      oneByOne: true,
      refused: { Shared: { code: 'read-only-group', saw: 'shared' } },
    });

    expect(begunAgain(tried, { ...order, now: toMillis(NOON) + SECOND })).toEqual({
      ...anAccess({ asked: ['WF-Users'], updatedAt: after(SECOND) }),
      history: [...tried.history, { at: after(SECOND), to: 'waiting', by: 'ops-person', why: 'tried again: left the synced group' }],
    });
  });

  it('has as many removals again, and is gone if no sync brings it back', async () => {
    const { desk, untilOver, fake, directory } = await aConsole({ switches: { syncReadds: 0 } });
    expect(await untilOver()).toMatchObject({ status: 'held', code: 'not-gone' });
    const known = await readAccess(EVENT, desk.ledger);
    if (known === undefined) throw new Error('no record');
    fake.switches.syncReadds = null;

    await writeAccess({ ...known, value: begunAgain(known.value, { ...order, now: desk.now }) }, desk.ledger);

    expect(await untilOver()).toMatchObject({ status: 'removed' });
    expect(directory.find(ANA.email)?.direct).toEqual(['Acrobat']);
  });
});

it('a person has to act if a removal is held or failed, and in no other case', () => {
  const statuses = ['waiting', 'removed', 'would-remove', 'nothing-to-remove', 'held', 'failed', 'closed'] as const;

  expect(statuses.filter((status) => needsPerson(anAccess({ status })))).toEqual(['held', 'failed']);
});

it('the history says that the worker did each step, when, and why', async () => {
  const { desk, untilOver } = await aConsole();
  const begun = toInstant(desk.now);

  const record = await untilOver();

  expect(record?.history).toEqual([
    { at: begun, to: 'waiting', by: 'worker', why: 'after deactivated' },
    { at: toInstant(desk.now), to: 'removed', by: 'worker', why: 'Workfront removed; gone when read again' },
  ]);
});
