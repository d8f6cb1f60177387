import { describe, expect, it } from '@jest/globals';
import { handleMessage } from '../../lambda/domain/deactivate/handle-message.ts';
import type { LeaverMessage } from '../../lambda/domain/event/leaver-message.ts';
import type { LedgerEntry } from '../../lambda/domain/event/ledger-entry.ts';
import { CredentialFailure, PermanentFailure, TransientFailure } from '../../lambda/domain/failures.ts';
import type { Together } from '../../lambda/domain/ledger-port.ts';
import { aDirectory, anArrival, aRescission, aTermination, aUser, guid } from '../support/builders.ts';
import { aDesk, type TestDesk } from '../support/in-memory-desk.ts';

const PAUSED = { paused: { at: '2026-11-24T12:00:00.000Z', by: 'ops', reason: 'test' } };

let turns = 0;
const handle = (desk: TestDesk, message: LeaverMessage) => {
  turns += 1;
  return handleMessage(message, desk, { worker: `worker-${turns}`, leaseUntil: desk.now + 60_000 });
};

describe('what random histories found', () => {
  it('an active account that has the employee number is not overlooked behind an inactive one that has the address too', async () => {
    const desk = aDesk({
      users: aDirectory(
        { id: guid(1), isActive: false, extRefID: '10042' },
        { id: guid(2), emailAddr: 'ana.new@acme.test', extRefID: '10042' },
      ),
    });

    await handle(desk, anArrival(aTermination({ employee: { email: 'ana@acme.test', employeeNumber: '10042' } })));

    expect(desk.ledger.entries.get('acme-hr/evt-1')).toMatchObject({ status: 'held', reason: 'identity-mismatch' });
  });

  it('an event that waits for the end of a pause asks ever less often', async () => {
    const desk = aDesk({ users: aDirectory({ id: guid(1) }) });
    await desk.ledger.writeRecord('stage/pause', { value: PAUSED, version: 0 });

    for (let turn = 0; turn < 12; turn++) await handle(desk, anArrival(aTermination()));

    expect(await handle(desk, anArrival(aTermination()))).toMatchObject({ kind: 'wait', code: 'paused', seconds: 45 });
  });

  it('a worker that was stopped at the gate leaves alone what another one held meanwhile, so that its release still counts', async () => {
    const desk = aDesk({ users: aDirectory({ id: guid(1), isAdmin: true }) });
    const readTogether = desk.ledger.readTogether.bind(desk.ledger);
    Object.assign(desk.ledger, {
      readTogether: async (what: Together) => {
        Object.assign(desk.ledger, { readTogether });
        await handle(desk, anArrival(aTermination()));
        desk.ledger.records.set('stage/pause', { value: PAUSED, version: 1 });
        return readTogether({ records: what.records ?? [] });
      },
    });

    const overtaken = await handle(desk, anArrival(aTermination()));

    expect(overtaken).toMatchObject({ kind: 'nothing-to-do', entry: { status: 'held', version: 2 } });
    expect(desk.ledger.entries.get('acme-hr/evt-1')?.waiting).toBeUndefined();
  });

  describe('a rescission of a termination that waits for a person after a write was cut short', () => {
    const deactivate = async (desk: TestDesk, userId: string) => {
      const user = desk.directory.users.get(userId);
      if (user !== undefined) user.isActive = false;
      throw new PermanentFailure('unexpected-answer', 'neither yes nor no');
    };
    const cutShort = async () => {
      const desk = aDesk({ users: aDirectory({ id: guid(1) }) });
      Object.assign(desk.directory, { deactivate: (userId: string) => deactivate(desk, userId) });
      await handle(desk, anArrival(aTermination()));
      return desk;
    };
    const rescission = anArrival(aRescission(), { eventId: 'evt-2', receivedAt: '2026-11-24T12:00:01.000Z' });

    it.each([
      ['transient', new TransientFailure('timed-out', 'no answer'), { kind: 'wait', code: 'timed-out' }],
      ['of the credential', new CredentialFailure('refused', 'refused'), { kind: 'wait', code: 'refused' }],
      ['permanent', new PermanentFailure('forbidden', 'refused'), { kind: 'settled', entry: { status: 'failed', reason: 'forbidden' } }],
    ])('waits or fails as a termination does when trouble to read the user is %s', async (_, failure, expected) => {
      const desk = await cutShort();
      Object.assign(desk.directory, { read: () => Promise.reject(failure) });

      // A refusal of one user is known as one a moment later.
      if (failure instanceof PermanentFailure) {
        expect(await handle(desk, rescission)).toMatchObject({ kind: 'wait', code: 'forbidden' });
        desk.now += 10_000;
      }
      expect(await handle(desk, rescission)).toMatchObject(expected);
    });

    it('is heard by a person also if the worker crashed after it recorded what the write had done', async () => {
      const desk = await cutShort();
      const writeEntry = desk.ledger.writeEntry.bind(desk.ledger);
      const crash = async (entry: LedgerEntry) => {
        if (entry.eventId === 'evt-2' && entry.status !== 'received') throw new Error('crash');
        return writeEntry(entry);
      };
      Object.assign(desk.ledger, { writeEntry: crash });
      await expect(handle(desk, rescission)).rejects.toThrow('crash');
      Object.assign(desk.ledger, { writeEntry });

      await handle(desk, rescission);

      expect(desk.ledger.entries.get('acme-hr/evt-1')?.status).toBe('deactivated');
      expect(desk.ledger.entries.get('acme-hr/evt-2')).toMatchObject({ status: 'held', reason: 'rescinded-after-deactivation' });
    });
  });

  describe('a user that a person chose among several', () => {
    const chosen = async (change: (desk: TestDesk) => void) => {
      const desk = aDesk({ users: aDirectory({ id: guid(1) }, { id: guid(2) }) });
      await handle(desk, anArrival(aTermination()));
      change(desk);
      const order = {
        kind: 'release',
        source: 'acme-hr',
        eventId: 'evt-1',
        entryVersion: desk.ledger.entries.get('acme-hr/evt-1')?.version ?? 0,
        guard: 'ambiguous',
        userId: guid(2),
        by: 'ops',
      } as const;
      await handle(desk, order);
      return desk;
    };

    it('is not replaced by the other one when deactivated by hand meanwhile', async () => {
      const desk = await chosen(({ directory }) => directory.users.set(guid(2), aUser({ id: guid(2), isActive: false })));

      expect(desk.ledger.entries.get('acme-hr/evt-1')).toMatchObject({ status: 'already-inactive', workfrontUserId: guid(2) });
      expect(desk.directory.writes).toEqual([]);
    });

    it('does not silently keep access when nobody has the address any more', async () => {
      const desk = await chosen(({ directory }) => {
        for (const id of [guid(1), guid(2)]) directory.users.set(id, aUser({ id, emailAddr: 'ana.new@acme.test' }));
      });

      expect(desk.ledger.entries.get('acme-hr/evt-1')).toMatchObject({ status: 'held', reason: 'identity-mismatch' });
    });

    it('is the outcome when everybody who matches is inactive', async () => {
      const desk = await chosen(({ directory }) => {
        for (const id of [guid(1), guid(2)]) directory.users.set(id, aUser({ id, isActive: false }));
      });

      expect(desk.ledger.entries.get('acme-hr/evt-1')).toMatchObject({ status: 'already-inactive' });
    });
  });

  it('a credential of another customer, where nobody has the address, is no proof that the leaver has no account', async () => {
    const desk = aDesk({ users: aDirectory(), rules: { customerId: 'd'.repeat(32) } });

    await handle(desk, anArrival(aTermination()));

    expect(desk.ledger.entries.get('acme-hr/evt-1')).toMatchObject({ status: 'held', reason: 'wrong-tenant' });
  });
});
