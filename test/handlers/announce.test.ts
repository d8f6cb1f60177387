import { afterEach, describe, expect, it, jest } from '@jest/globals';
import type { LedgerEntry } from '../../lambda/domain/event/ledger-entry.ts';
import { PermanentFailure, TransientFailure } from '../../lambda/domain/failures.ts';
import { aRecord, aWorker } from '../support/a-worker.ts';
import { aDirectory, anArrival, aTermination, guid } from '../support/builders.ts';
import { aDesk } from '../support/in-memory-desk.ts';

const ana = anArrival(aTermination());
const newDesk = () => aDesk({ users: aDirectory({ id: guid(1) }) });

/** A bus that is in trouble for a while. */
function aBus(failures = 0) {
  const told: LedgerEntry[] = [];
  let left = failures;
  return {
    told,
    outcomes: {
      publish: async (entry: LedgerEntry) => {
        if (left-- > 0) throw new TransientFailure('outcomes-unavailable', 'expected the event bus, got ThrottlingException');
        told.push(entry);
      },
    },
  };
}

afterEach(() => {
  jest.restoreAllMocks();
});

describe('what became of a leaver', () => {
  it('is told once the ledger has it', async () => {
    const desk = newDesk();
    const { told, outcomes } = aBus();

    expect(await aWorker(desk, { outcomes }).process([aRecord(ana)])).toEqual([]);

    expect(told).toEqual([desk.ledger.entries.get('acme-hr/evt-1')]);
    expect(told).toMatchObject([{ status: 'deactivated', workfrontUserId: guid(1) }]);
  });

  it('is not undone by a bus in trouble, which puts the message back until it is told', async () => {
    const desk = newDesk();
    const { told, outcomes } = aBus(2);
    const worker = aWorker(desk, { outcomes });

    const first = await worker.process([aRecord(ana)]);
    const entry = desk.ledger.entries.get('acme-hr/evt-1');
    const second = await worker.process([aRecord(ana, { receives: 2 })]);
    const third = await worker.process([aRecord(ana, { receives: 3 })]);

    expect([first, second, third]).toEqual([['m-1'], ['m-1'], []]);
    expect(entry?.status).toBe('deactivated');
    expect(told).toEqual([entry]);
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

  it('is told after a crash between ledger and bus, by whoever finds the event at rest', async () => {
    const desk = newDesk();
    await aWorker(desk).process([aRecord(ana)]);
    const { told, outcomes } = aBus();

    await aWorker(desk, { outcomes }).process([aRecord(ana, { receives: 2 })]);

    expect(told).toMatchObject([{ status: 'deactivated' }]);
  });

  it('is told of what is held and failed, and not of what waits', async () => {
    const held = aDesk({ users: aDirectory({ id: guid(1), isAdmin: true }) });
    const failed = newDesk();
    failed.directory.search = () => Promise.reject(new PermanentFailure('forbidden', 'no'));
    const waiting = newDesk();
    waiting.directory.search = () => Promise.reject(new TransientFailure('server-error', 'no'));
    const { told, outcomes } = aBus();

    for (const desk of [held, failed, waiting]) await aWorker(desk, { outcomes }).process([aRecord(ana)]);

    expect(told.map(({ status, reason }) => ({ status, reason }))).toEqual([
      { status: 'held', reason: 'administrator' },
      { status: 'failed', reason: 'forbidden' },
    ]);
  });
});
