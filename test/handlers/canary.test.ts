import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { CredentialFailure, PermanentFailure, TransientFailure } from '../../lambda/domain/failures.ts';
import { reportFailure, STAGE_KEYS } from '../../lambda/domain/stage/stage-state.ts';
import { aRecord, aWorker } from '../support/a-worker.ts';
import { aDirectory, guid } from '../support/builders.ts';
import { aDesk } from '../support/in-memory-desk.ts';

const newDesk = () => aDesk({ users: aDirectory({ id: guid(1) }) });
const canary = { kind: 'canary' };
const refusal = new CredentialFailure('rejected', 'expected a user, got status 401');

afterEach(() => {
  jest.restoreAllMocks();
});

describe('the canary', () => {
  it('asks each time, also where the owner is remembered, and changes nothing', async () => {
    const desk = newDesk();
    const worker = aWorker(desk);

    expect(await worker.process([aRecord(canary), aRecord(canary, { messageId: 'm-2' })])).toEqual([]);

    expect(worker.metrics()).toEqual({ CanaryPassed: 2, CredentialTrouble: 0 });
    expect(desk.directory.calls).toBe(2);
    expect(desk.directory.writes).toEqual([]);
    expect(desk.ledger.entries.size + desk.ledger.records.size).toBe(0);
  });

  it.each(['owner', 'read'] as const)('opens the circuit and counts as trouble of the credential when %s is refused', async (call) => {
    const desk = newDesk();
    Object.assign(desk.directory, { [call]: () => Promise.reject(refusal) });
    const worker = aWorker(desk);

    expect(await worker.process([aRecord(canary)])).toEqual([]);

    expect(worker.metrics()).toEqual({ CanaryFailed: 1, CredentialTrouble: 1 });
    expect(desk.ledger.records.get(STAGE_KEYS.circuit)?.value).toMatchObject({ open: { cause: 'credentials', saw: 'rejected' } });
  });

  it.each([
    ['is not there', undefined],
    ['is inactive', false],
  ])('is trouble of the credential when its own user %s', async (_, isActive) => {
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

  it.each([new TransientFailure('server-error', 'status 503'), new PermanentFailure('api-version-gone', 'status 410')])(
    'leaves the circuit alone and waits for tomorrow when it meets $code',
    async (failure) => {
      const desk = newDesk();
      desk.directory.read = () => Promise.reject(failure);
      const worker = aWorker(desk);

      expect(await worker.process([aRecord(canary)])).toEqual([]);

      expect(worker.metrics()).toEqual({ CanaryFailed: 1 });
      expect(desk.ledger.records.size).toBe(0);
    },
  );

  it('closes the circuit when the credential is well again', async () => {
    const desk = newDesk();
    await reportFailure('credentials', 'rejected', desk);

    await aWorker(desk).process([aRecord(canary)]);

    expect(desk.ledger.records.get(STAGE_KEYS.circuit)?.value).toEqual({ failures: 0 });
  });

  it('goes back to the queue, like its neighbours, where the ledger is in trouble', async () => {
    const desk = newDesk();
    desk.directory.owner = () => Promise.reject(refusal);
    desk.ledger.readRecord = () => Promise.reject(new TransientFailure('throttled', 'ledger'));

    expect(await aWorker(desk).process([aRecord(canary)])).toEqual(['m-1']);
  });
});
