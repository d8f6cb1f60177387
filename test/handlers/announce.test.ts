import { afterEach, describe, expect, it, jest } from '@jest/globals';
import type { LedgerEntry } from '../../lambda/domain/event/ledger-entry.ts';
import { outcomeEventOf } from '../../lambda/domain/event/outcome-event.ts';
import { PermanentFailure, TransientFailure } from '../../lambda/domain/failures.ts';
import { aRecord, aWorker } from '../support/a-worker.ts';
import { aDirectory, anArrival, aTermination, guid } from '../support/builders.ts';
import { aDesk } from '../support/in-memory-desk.ts';

const ana = anArrival(aTermination());
const newDesk = () => aDesk({ users: aDirectory({ id: guid(1) }) });

/** A bus that is in trouble for a while. */
function aBus(failures = 0) {
  const published: LedgerEntry[] = [];
  let left = failures;
  return {
    published,
    outcomes: {
      publish: async (entry: LedgerEntry) => {
        if (left-- > 0)
          throw new TransientFailure('outcomes-unavailable', 'expected the event bus, got ThrottlingException; wait and try again');
        published.push(entry);
      },
    },
  };
}

afterEach(() => {
  jest.restoreAllMocks();
});

describe('an outcome', () => {
  it('is announced after the ledger has it', async () => {
    const desk = newDesk();
    const { published, outcomes } = aBus();

    expect(await aWorker(desk, { outcomes }).process([aRecord(ana)])).toEqual([]);

    expect(published).toEqual([desk.ledger.entries.get('acme-hr/evt-1')]);
    expect(published).toMatchObject([{ status: 'deactivated', workfrontUserId: guid(1) }]);
  });

  it('stays if the bus is in trouble, and its message is put back until it is announced', async () => {
    const desk = newDesk();
    const { published, outcomes } = aBus(2);
    const worker = aWorker(desk, { outcomes });

    const first = await worker.process([aRecord(ana)]);
    const entry = desk.ledger.entries.get('acme-hr/evt-1');
    const second = await worker.process([aRecord(ana, { receives: 2 })]);
    const third = await worker.process([aRecord(ana, { receives: 3 })]);

    expect([first, second, third]).toEqual([['m-1'], ['m-1'], []]);
    expect(entry?.status).toBe('deactivated');
    expect(published).toEqual([entry]);
    expect(desk.directory.writes).toHaveLength(1);
    expect(worker.asked.postponed).toHaveLength(2);
    expect(worker.metrics()).toMatchObject({ Deactivated: 1, Unannounced: 2 });
    expect(worker.lines.map((line) => JSON.parse(line))).toContainEqual(
      expect.objectContaining({
        level: 'ERROR',
        message: 'outcome could not be announced',
        correlation_id: 'evt-1',
        status: 'deactivated',
        failure: 'outcomes-unavailable',
      }),
    );
  });

  it('is announced after a crash between ledger and bus, by the worker that finds the event at rest', async () => {
    const desk = newDesk();
    await aWorker(desk).process([aRecord(ana)]);
    const { published, outcomes } = aBus();

    await aWorker(desk, { outcomes }).process([aRecord(ana, { receives: 2 })]);

    expect(published).toMatchObject([{ status: 'deactivated' }]);
  });

  it('is announced for events that are held or failed, and not for events that wait', async () => {
    const held = aDesk({ users: aDirectory({ id: guid(1), isAdmin: true }) });
    const failed = newDesk();
    failed.directory.find = () => Promise.reject(new PermanentFailure('too-long', 'no'));
    const waiting = newDesk();
    waiting.directory.find = () => Promise.reject(new TransientFailure('server-error', 'no'));
    const { published, outcomes } = aBus();

    for (const desk of [held, failed, waiting]) await aWorker(desk, { outcomes }).process([aRecord(ana)]);

    expect(published.map(({ status, reason }) => ({ status, reason }))).toEqual([
      { status: 'held', reason: 'administrator' },
      { status: 'failed', reason: 'too-long' },
    ]);
  });

  it('of nobody is announced as a test, and is in no ledger', async () => {
    const desk = newDesk();
    const { published, outcomes } = aBus();
    const message = { kind: 'test-outcome', source: 'ops-test', eventId: 'ops-test-1', at: '2026-11-24T12:00:00.000Z', by: 'ana' };

    expect(await aWorker(desk, { outcomes }).process([aRecord(message)])).toEqual([]);

    expect(published.map((entry) => outcomeEventOf(entry, 'test'))).toMatchObject([
      { test: true, status: 'deactivated', workfrontUserId: '0'.repeat(32), impact: { counts: { projects: 3 } } },
    ]);
    expect(desk.ledger.entries.size).toBe(0);
    expect(desk.directory.calls).toBe(0);
  });

  it('has what the leaver owns, if the stage counts it and nobody else waits', async () => {
    const desk = newDesk();
    desk.policy = { ...desk.policy, impactAtDeactivation: true };
    desk.directory.countHoldings = async () => ({ counts: { projects: 2 }, unknown: [] });
    const { published, outcomes } = aBus();
    const ben = anArrival(aTermination({ employee: { email: 'other1@acme.test' } }), { eventId: 'evt-2' });

    await aWorker(desk, { outcomes, eventsAtOnce: 1 }).process([aRecord(ana), aRecord(ben, { messageId: 'm-2' })]);

    expect(published.map(({ eventId, impact }) => [eventId, impact?.counts])).toEqual([
      ['evt-1', undefined],
      ['evt-2', { projects: 2 }],
    ]);
  });
});
