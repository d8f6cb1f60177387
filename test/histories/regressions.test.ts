import { describe, expect, it } from '@jest/globals';
import { handleMessage } from '../../lambda/domain/handle-message.ts';
import type { LeaverMessage } from '../../lambda/domain/leaver-message.ts';
import { aDirectory, anArrival, aTermination, guid } from '../support/builders.ts';
import { aDesk, type TestDesk } from '../support/in-memory-desk.ts';

let turns = 0;
const handle = (desk: TestDesk, message: LeaverMessage) => {
  turns += 1;
  return handleMessage(message, desk, { owner: `worker-${turns}`, leaseUntil: desk.now + 60_000 });
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

    expect(desk.ledger.entries.get('acme-hr/evt-1')).toMatchObject({ status: 'held', reason: 'ambiguous' });
  });
});
