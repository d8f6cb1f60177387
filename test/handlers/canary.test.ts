import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { CredentialFailure, PermanentFailure, StageFailure, TransientFailure } from '../../lambda/domain/failures.ts';
import { reportFailure } from '../../lambda/domain/stage/gate.ts';
import { STAGE_KEYS } from '../../lambda/domain/stage/shared-record.ts';
import { aRecord, aWorker } from '../support/a-worker.ts';
import { aDirectory, aTermination, guid } from '../support/builders.ts';
import { anEntry } from '../support/entries.ts';
import { aDesk } from '../support/in-memory-desk.ts';

const newDesk = () => aDesk({ users: aDirectory({ id: guid(1) }) });
const canary = { kind: 'canary' };
const refusal = new CredentialFailure('rejected', 'expected a user, got status 401');

afterEach(() => {
  jest.restoreAllMocks();
});

describe('the canary', () => {
  it('asks each time, even if the owner is remembered, and changes nothing but its own record', async () => {
    const desk = newDesk();
    const worker = aWorker(desk);

    expect(await worker.process([aRecord(canary), aRecord(canary, { messageId: 'm-2' })])).toEqual([]);

    expect(worker.metrics()).toEqual({ CanaryPassed: 2, CredentialTrouble: 0, StageTrouble: 0 });
    expect(desk.directory.calls).toBe(2);
    expect(desk.directory.writes).toEqual([]);
    expect(desk.ledger.entries.size).toBe(0);
    expect([...desk.ledger.records.keys()]).toEqual([STAGE_KEYS.dailyLook]);
  });

  it.each(['owner', 'read'] as const)('opens the circuit and counts as trouble of the credential if %s is refused', async (call) => {
    const desk = newDesk();
    Object.assign(desk.directory, { [call]: () => Promise.reject(refusal) });
    const worker = aWorker(desk);

    expect(await worker.process([aRecord(canary)])).toEqual([]);

    expect(worker.metrics()).toEqual({ CanaryFailed: 1, CredentialTrouble: 1 });
    expect(desk.ledger.records.get(STAGE_KEYS.circuit)?.value).toMatchObject({ open: { cause: 'credentials', saw: 'rejected' } });
  });

  it.each([
    ['does not exist', undefined],
    ['is inactive', false],
  ])('is trouble of the credential if its own user %s', async (_, isActive) => {
    const desk = newDesk();
    const { read } = desk.directory;
    desk.directory.read = async (id) => {
      const user = await read.call(desk.directory, id);
      return isActive === undefined || user === undefined ? undefined : { ...user, isActive };
    };
    const worker = aWorker(desk);

    await worker.process([aRecord(canary)]);

    expect(worker.metrics()).toEqual({ CanaryFailed: 1, CredentialTrouble: 1 });
    expect(desk.ledger.records.get(STAGE_KEYS.circuit)?.value).toMatchObject({ open: { saw: 'blind' } });
  });

  it('opens the circuit and counts as trouble of the stage if everybody is refused', async () => {
    const desk = newDesk();
    desk.directory.owner = () => Promise.reject(new StageFailure('api-version-gone', 'status 410'));
    const worker = aWorker(desk);

    await worker.process([aRecord(canary)]);

    expect(worker.metrics()).toEqual({ CanaryFailed: 1, StageTrouble: 1 });
    expect(desk.ledger.records.get(STAGE_KEYS.circuit)?.value).toMatchObject({ open: { cause: 'stage', saw: 'api-version-gone' } });
  });

  it.each([new TransientFailure('server-error', 'status 503'), new PermanentFailure('forbidden', 'status 403')])(
    'leaves the circuit alone and waits for tomorrow after $code',
    async (failure) => {
      const desk = newDesk();
      desk.directory.read = () => Promise.reject(failure);
      const worker = aWorker(desk);

      expect(await worker.process([aRecord(canary)])).toEqual([]);

      expect(worker.metrics()).toEqual({ CanaryFailed: 1 });
      expect([...desk.ledger.records.keys()]).toEqual([STAGE_KEYS.dailyLook]);
    },
  );

  it('closes the circuit when the credential works again', async () => {
    const desk = newDesk();
    await reportFailure({ cause: 'credentials', saw: 'rejected' }, desk);

    await aWorker(desk).process([aRecord(canary)]);

    expect(desk.ledger.records.get(STAGE_KEYS.circuit)?.value).toEqual({ failures: 0 });
  });

  it('says which lost schedules it has set again', async () => {
    const desk = newDesk();
    const lost = anEntry(aTermination(), { source: 'acme-hr', status: 'scheduled', effectiveAt: '2026-11-24T08:00:00.000Z' });
    await desk.ledger.writeEntry(lost);
    const worker = aWorker(desk);

    await worker.process([aRecord(canary)]);

    expect(worker.metrics()).toEqual({ CanaryPassed: 1, CredentialTrouble: 0, StageTrouble: 0, ScheduledAgain: 1 });
    expect([...desk.schedules.due.values()]).toMatchObject([{ ref: { source: 'acme-hr', eventId: lost.eventId } }]);
    expect(worker.lines.map((line) => JSON.parse(line))).toContainEqual(
      expect.objectContaining({
        level: 'ERROR',
        message: 'a schedule was lost and is set again',
        source: 'acme-hr',
        eventId: lost.eventId,
      }),
    );
  });

  it('pauses the stage if the ledger has forgotten what a schedule remembers', async () => {
    const desk = newDesk();
    const worker = aWorker(desk);

    await worker.process([aRecord({ ...canary, rememberedAt: '2026-11-24T05:00:00.000Z' })]);

    expect(worker.metrics()).toEqual({ CanaryPassed: 1, CredentialTrouble: 0, StageTrouble: 0, LedgerRestored: 1 });
    expect(desk.ledger.records.has(STAGE_KEYS.pause)).toBe(true);
    expect(worker.lines.map((line) => JSON.parse(line))).toContainEqual(
      expect.objectContaining({
        level: 'ERROR',
        message: 'the stage was paused',
        why: expect.stringContaining('2026-11-24T05:00:00.000Z'),
      }),
    );
  });

  it('goes back to the queue, like other messages, if the ledger is in trouble', async () => {
    const desk = newDesk();
    desk.directory.owner = () => Promise.reject(refusal);
    desk.ledger.readRecord = () => Promise.reject(new TransientFailure('throttled', 'ledger'));

    expect(await aWorker(desk).process([aRecord(canary)])).toEqual(['m-1']);
  });
});
