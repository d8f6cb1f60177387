import { describe, expect, it } from '@jest/globals';
import { handleMessage } from '../../lambda/domain/handle-message.ts';
import { aDirectory, anArrival, aRescission, aTermination, guid } from '../support/builders.ts';
import { aDesk } from '../support/in-memory-desk.ts';

const DERIVED = `evt_${'a'.repeat(40)}`;
const turn = { owner: 'worker-1', leaseUntil: Date.parse('2030-01-01T00:00:00Z') };

const arrivalAt = (receivedAt: string, eventId = DERIVED) => anArrival(aTermination(), { eventId, receivedAt });

describe('an event that equals a finished one and has no id or time of its own', () => {
  it.each([
    ['a day later', '2026-11-25T12:00:00.000Z'],
    ['just within the time in which HR sends again', '2026-12-01T12:00:00.000Z'],
  ])('is the same again %s', async (_, receivedAt) => {
    const desk = aDesk({ users: aDirectory({ id: guid(1) }) });
    await handleMessage(arrivalAt('2026-11-24T12:00:00.000Z'), desk, turn);

    const again = await handleMessage(arrivalAt(receivedAt), desk, turn);

    expect(again).toMatchObject({ kind: 'nothing-to-do' });
    expect(desk.ledger.entries.size).toBe(1);
  });

  it('waits for a person long after, when the user is active again', async () => {
    const desk = aDesk({ users: aDirectory({ id: guid(1) }) });
    await handleMessage(arrivalAt('2026-11-24T12:00:00.000Z'), desk, turn);
    reactivate(desk);
    desk.now = Date.parse('2027-03-01T12:00:00Z');

    const again = await handleMessage(arrivalAt('2027-03-01T12:00:00.000Z'), desk, turn);

    expect(again).toMatchObject({ kind: 'settled', entry: { eventId: `${DERIVED}~2027-03-01`, status: 'held', reason: 'repeated' } });
    expect(desk.directory.writes).toHaveLength(1);
  });

  it('waits for a person after a rescission, and leaves when released', async () => {
    const desk = aDesk({ users: aDirectory({ id: guid(1) }), now: Date.parse('2026-11-24T12:00:00Z') });
    const future = { effective: { at: '2026-11-30T00:00:00Z' } };
    const leaving = (receivedAt: string) => anArrival(aTermination(future), { eventId: DERIVED, receivedAt });
    await handleMessage(leaving('2026-11-24T12:00:00.000Z'), desk, turn);
    await handleMessage(anArrival(aRescission(), { eventId: 'back', receivedAt: '2026-11-24T13:00:00.000Z' }), desk, turn);
    desk.now = Date.parse('2026-12-01T00:00:00Z');

    const again = await handleMessage(leaving('2026-11-30T09:00:00.000Z'), desk, turn);

    expect(again).toMatchObject({ kind: 'settled', entry: { status: 'held', reason: 'repeated' } });
    const { version = 0 } = again.entry ?? {};
    const release = {
      kind: 'release',
      source: 'acme-hr',
      eventId: `${DERIVED}~2026-11-30`,
      guard: 'repeated',
      by: 'ops',
      entryVersion: version,
    } as const;
    expect(await handleMessage(release, desk, turn)).toMatchObject({ kind: 'settled', entry: { status: 'deactivated' } });
  });

  it('is the same again, however late, where HR gave it an id', async () => {
    const desk = aDesk({ users: aDirectory({ id: guid(1) }) });
    await handleMessage(arrivalAt('2026-11-24T12:00:00.000Z', 'term-1'), desk, turn);
    reactivate(desk);

    expect(await handleMessage(arrivalAt('2027-03-01T12:00:00.000Z', 'term-1'), desk, turn)).toMatchObject({ kind: 'nothing-to-do' });
  });
});

function reactivate({ directory }: ReturnType<typeof aDesk>): void {
  const user = directory.users.get(guid(1));
  if (user !== undefined) user.isActive = true;
}
