import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { pauseRecord } from '../../lambda/domain/stage/gate.ts';
import { changeRecord, STAGE_KEYS } from '../../lambda/domain/stage/shared-record.ts';
import { resume } from '../../lambda/domain/stage/stage-orders.ts';
import { aRecord, aWorker } from '../support/a-worker.ts';
import { aDirectory, anArrival, aTermination, guid } from '../support/builders.ts';
import { aDesk, type TestDesk } from '../support/in-memory-desk.ts';
import { statusOf } from '../support/working.ts';

const RESTORED = { restoredLedger: 'ledger-of-monday' };
const arrival = (eventId: string) => aRecord(anArrival(aTermination(), { eventId }));
const newDesk = () => aDesk({ users: aDirectory({ id: guid(1) }) });
const resumed = (desk: TestDesk) =>
  changeRecord(desk.ledger, { key: STAGE_KEYS.pause, schema: pauseRecord }, (record) =>
    resume(record, { by: 'ana', reason: 'HR sent again', now: desk.now }),
  );

afterEach(() => {
  jest.restoreAllMocks();
});

describe('a restored ledger', () => {
  it('pauses the stage before its first event: nobody is deactivated', async () => {
    const desk = newDesk();

    await aWorker(desk, RESTORED).process([arrival('t')]);

    expect(desk.directory.users.get(guid(1))?.isActive).toBe(true);
    expect(Object(desk.ledger.records.get(STAGE_KEYS.pause)?.value).paused).toMatchObject({
      by: 'worker',
      reason: 'the ledger is the restored table ledger-of-monday; see docs/runbook.md, "The table was restored"',
    });
  });

  it('goes on once a person has resumed, also in a worker that starts later', async () => {
    const desk = newDesk();
    await aWorker(desk, RESTORED).process([arrival('t')]);
    await resumed(desk);

    await aWorker(desk, RESTORED).process([arrival('t')]);

    expect(await statusOf(desk, 't')).toBe('deactivated');
  });

  it('that was restored again pauses again', async () => {
    const desk = newDesk();
    await aWorker(desk, RESTORED).process([arrival('t')]);
    await resumed(desk);

    await aWorker(desk, { restoredLedger: 'ledger-of-tuesday' }).process([arrival('t')]);

    expect(desk.directory.users.get(guid(1))?.isActive).toBe(true);
  });

  it('that cannot be read gives every message back, untouched', async () => {
    const desk = newDesk();
    desk.ledger.readRecord = () => Promise.reject(new Error('the ledger cannot be reached'));

    await expect(aWorker(desk, RESTORED).process([arrival('t')])).rejects.toThrow('the ledger cannot be reached');
    expect(desk.ledger.entries.size).toBe(0);
  });
});

it('a ledger of its own pauses nothing', async () => {
  const desk = newDesk();

  await aWorker(desk).process([arrival('t')]);

  expect(await statusOf(desk, 't')).toBe('deactivated');
});
