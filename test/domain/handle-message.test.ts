import { describe, expect, it } from '@jest/globals';
import { handleMessage } from '../../lambda/domain/handle-message.ts';
import { aDirectory, anArrival, aTermination, guid } from '../support/builders.ts';
import { aDesk } from '../support/in-memory-desk.ts';

const turn = { owner: 'worker-1', leaseUntil: Date.parse('2026-11-24T12:01:00Z') };

describe('a termination', () => {
  it('deactivates the one user it names, with two calls', async () => {
    const desk = aDesk({ users: aDirectory({ id: guid(1) }) });

    const disposition = await handleMessage(anArrival(aTermination()), desk, turn);

    expect(disposition).toMatchObject({ kind: 'settled', entry: { status: 'deactivated', workfrontUserId: guid(1) } });
    expect(desk.directory.writes).toEqual([{ userId: guid(1), changed: true }]);
    expect(desk.directory.calls).toBe(2);
    expect(desk.ledger.entries.get('acme-hr/evt-1')?.history.map(({ to }) => to)).toEqual(['received', 'processing', 'deactivated']);
  });
});
