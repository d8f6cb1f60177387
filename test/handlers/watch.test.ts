import { afterEach, describe, expect, it, jest } from '@jest/globals';
import type { LedgerEntry } from '../../lambda/domain/event/ledger-entry.ts';
import { DAY, HOUR, toInstant } from '../../lambda/domain/time/time.ts';
import { noteFinding } from '../../lambda/domain/watch/findings.ts';
import { aRecord, aWorker } from '../support/a-worker.ts';
import { aDirectory, anArrival, aTermination, guid } from '../support/builders.ts';
import { aDesk, type TestDesk } from '../support/in-memory-desk.ts';

const leaver = anArrival(aTermination());
const watch = { kind: 'watch', source: leaver.source, eventId: leaver.eventId };
const published: string[] = [];
const outcomes = { publish: async ({ status }: LedgerEntry) => void published.push(status) };

/** A worker that has deactivated one leaver; what that printed and announced is forgotten. */
async function aWatched() {
  const desk = aDesk({ users: aDirectory({ id: guid(1) }) });
  await aWorker(desk).process([aRecord(leaver)]);
  published.length = 0;
  return { desk, worker: aWorker(desk, { outcomes }) };
}

function comeBack({ directory }: TestDesk): void {
  const user = directory.users.get(guid(1));
  if (user !== undefined) user.isActive = true;
}

afterEach(() => {
  jest.restoreAllMocks();
});

describe('a message of the watch', () => {
  it('counts a look, and announces nothing, while the user stays inactive', async () => {
    const { worker } = await aWatched();

    expect(await worker.process([aRecord(watch)])).toEqual([]);
    expect(worker.metrics()).toEqual({ Watched: 1 });
    expect(published).toEqual([]);
  });

  it('rings and is announced if the user is active again, once more if it comes twice', async () => {
    const { desk, worker } = await aWatched();
    comeBack(desk);

    expect(await worker.process([aRecord(watch)])).toEqual([]);
    expect(worker.metrics()).toEqual({ Returned: 1 });
    expect(published).toEqual(['returned']);
    await worker.process([aRecord(watch, { receives: 2 })]);
    expect(worker.metrics()).toMatchObject({ Returned: 1, Duplicates: 1 });
    expect(published).toEqual(['returned', 'returned']);
  });

  it('goes back to the queue while the stage is paused', async () => {
    const { desk, worker } = await aWatched();
    await pause(desk);

    expect(await worker.process([aRecord(watch)])).toEqual(['m-1']);
    expect(worker.asked.postponed).toHaveLength(1);
  });

  it('does not count the time of a second deactivation', async () => {
    const { desk, worker } = await aWatched();
    desk.now += 2 * HOUR;
    comeBack(desk);
    await worker.process([aRecord(watch)]);
    const { version = 0 } = desk.ledger.entries.get(`${leaver.source}/${leaver.eventId}`) ?? {};
    await worker.process([aRecord({ ...watch, kind: 'replay', entryVersion: version, by: 'op', reason: 'sync' })]);

    expect(worker.metrics()).toMatchObject({ Deactivated: 1, Replayed: 1 });
    expect(worker.metrics()).not.toHaveProperty('FromEffective');
  });
});

describe('the message of the nightly sweep', () => {
  const sweep = { kind: 'sweep' };

  it('puts who came back on the queue, each for itself', async () => {
    const { desk, worker } = await aWatched();
    comeBack(desk);

    expect(await worker.process([aRecord(sweep)])).toEqual([]);
    expect(worker.asked.sent).toEqual([watch]);
    expect(worker.metrics()).toEqual({ Swept: 1, Findings: 0 });
  });

  it('says how much is found and not over', async () => {
    const { desk, worker } = await aWatched();
    await noteFinding({ source: leaver.source, eventId: leaver.eventId, what: 'employed', saw: 'x' }, desk);
    await worker.process([aRecord(sweep)]);

    expect(worker.metrics()).toEqual({ Swept: 1, Findings: 1 });
  });

  it('waits while the stage is paused, and leaves the rest to the next night', async () => {
    const { desk, worker } = await aWatched();
    await pause(desk);

    expect(await worker.process([aRecord(sweep, { sentAt: desk.now })])).toEqual(['m-1']);
    expect(await worker.process([aRecord(sweep, { sentAt: desk.now - DAY })])).toEqual([]);
    expect(worker.metrics()).not.toHaveProperty('Swept');
  });
});

async function pause(desk: TestDesk): Promise<void> {
  await desk.ledger.writeRecord('stage/pause', { value: { paused: { at: toInstant(desk.now), by: 'op', reason: 'test' } }, version: 0 });
}
