import { describe, expect, it } from '@jest/globals';
import { MINUTE } from '../../lambda/domain/time.ts';
import { aDirectory, anArrival, aRescission, aTermination, guid } from '../support/builders.ts';
import { aDesk, type TestDesk } from '../support/in-memory-desk.ts';
import { work } from '../support/working.ts';

const newDesk = () => aDesk({ users: aDirectory({ id: guid(1) }) });
const entryOf = (desk: TestDesk) => desk.ledger.entries.get('acme-hr/evt-1');

/** Works on the termination until the process ends at the write: before it takes effect, or after. */
async function diesAt(desk: TestDesk, when: 'before' | 'after'): Promise<void> {
  const { deactivate } = desk.directory;
  desk.directory.deactivate = async (userId) => {
    desk.directory.deactivate = deactivate;
    if (when === 'after') await deactivate.call(desk.directory, userId);
    throw new Error('the process ended');
  };
  await expect(work(anArrival(aTermination()), desk, 'worker-1')).rejects.toThrow('the process ended');
}

describe('a termination whose worker died at the write', () => {
  it('is taken up at once by the same worker', async () => {
    const desk = newDesk();
    await diesAt(desk, 'before');

    expect(await work(anArrival(aTermination()), desk, 'worker-1')).toMatchObject({ kind: 'settled', entry: { status: 'deactivated' } });
    expect(desk.directory.writes).toEqual([{ userId: guid(1), changed: true }]);
  });

  it('is not written twice, and says what proves it', async () => {
    const desk = newDesk();
    await diesAt(desk, 'after');
    desk.now += MINUTE;

    await work(anArrival(aTermination()), desk, 'worker-2');

    expect(entryOf(desk)).toMatchObject({ status: 'deactivated', workfrontUserId: guid(1) });
    expect(entryOf(desk)?.history.at(-1)?.why).toBe(
      `user ${guid(1)} is inactive after a write at 2026-11-24T12:00:00.000Z that was cut short; Workfront shows isActive false when read again`,
    );
    expect(desk.directory.writes).toHaveLength(1);
  });

  it('is decided anew where the user is no more', async () => {
    const desk = newDesk();
    await diesAt(desk, 'before');
    desk.directory.users.delete(guid(1));
    desk.now += MINUTE;

    await work(anArrival(aTermination()), desk, 'worker-2');

    expect(entryOf(desk)).toMatchObject({ status: 'no-account' });
  });

  it.each([
    { when: 'after', entry: { status: 'deactivated' } },
    { when: 'before', entry: { status: 'cancelled', reason: 'rescinded' } },
  ] as const)('and that HR took back since says what is true of the user: died $when it, $entry.status', async ({ when, entry }) => {
    const desk = newDesk();
    await diesAt(desk, when);
    await work(anArrival(aRescission(), { eventId: 'evt-r' }), desk);
    desk.now += MINUTE;

    expect(await work(anArrival(aTermination()), desk, 'worker-2')).toMatchObject({ kind: 'settled', entry });
  });
});
