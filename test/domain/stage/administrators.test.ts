import { describe, expect, it } from '@jest/globals';
import type { LedgerEntry } from '../../../lambda/domain/event/ledger-entry.ts';
import { administratorsWithout, announceAdministrator } from '../../../lambda/domain/stage/administrators.ts';
import { STAGE_KEYS } from '../../../lambda/domain/stage/shared-record.ts';
import { aDirectory, aTermination, guid } from '../../support/builders.ts';
import { anEntry } from '../../support/entries.ts';
import { aDesk } from '../../support/in-memory-desk.ts';

/** A stage whose only administrators are these users. */
function withAdministrators(...numbers: number[]) {
  const desk = aDesk({ users: aDirectory(...numbers.map((number) => ({ id: guid(number), isAdmin: true }))) });
  desk.directory.activeAdministrators = async () => numbers.map(guid);
  return desk;
}

describe('the administrators who stay', () => {
  it('are all but the one who leaves, also if nobody has announced that yet', async () => {
    expect(await administratorsWithout(guid(1), withAdministrators(1, 2, 3))).toBe(2);
    expect(await administratorsWithout(guid(1), withAdministrators(1))).toBe(0);
  });

  it('count each person once, if two events are about to deactivate the same one', async () => {
    const desk = withAdministrators(1, 2, 3);
    for (const eventId of ['evt-1', 'evt-2']) {
      await desk.ledger.writeEntry(anEntry(aTermination(), { eventId, status: 'processing' }));
      await announceAdministrator({ source: 'acme-hr', eventId }, guid(2), desk);
    }

    expect(await administratorsWithout(guid(2), desk)).toBe(2);
    expect(await administratorsWithout(guid(1), desk)).toBe(1);
  });

  it('are not those of another event that is about to deactivate them, and are those of an event that has ended', async () => {
    const desk = withAdministrators(1, 2);
    const other = await desk.ledger.writeEntry(anEntry(aTermination(), { eventId: 'evt-2', status: 'processing' }));
    await announceAdministrator(other, guid(2), desk);
    expect(await administratorsWithout(guid(1), desk)).toBe(0);

    await desk.ledger.writeEntry({ ...other, status: 'cancelled' });

    expect(await administratorsWithout(guid(1), desk)).toBe(1);
  });

  it.each<{ what: string; entry: Partial<LedgerEntry> | undefined; stay: number }>([
    { what: 'whose write is announced', entry: { status: 'held', intent: { userId: guid(2), at: '2026-11-24T12:00:00.000Z' } }, stay: 0 },
    { what: 'that is in work', entry: { status: 'processing' }, stay: 0 },
    { what: 'that waits for a person', entry: { status: 'held' }, stay: 1 },
    {
      what: 'that has ended, whatever it announced',
      entry: { status: 'cancelled', intent: { userId: guid(2), at: '2026-11-24T12:00:00.000Z' } },
      stay: 1,
    },
    { what: 'that the ledger does not have', entry: undefined, stay: 1 },
  ])('are $stay beside an event $what', async ({ entry, stay }) => {
    const desk = withAdministrators(1, 2);
    if (entry !== undefined) await desk.ledger.writeEntry(anEntry(aTermination(), { eventId: 'evt-2', ...entry }));
    await announceAdministrator({ source: 'acme-hr', eventId: 'evt-2' }, guid(2), desk);

    expect(await administratorsWithout(guid(1), desk)).toBe(stay);
  });
});

describe('who is about to be deactivated', () => {
  const leaving = async (desk: ReturnType<typeof withAdministrators>) =>
    (desk.ledger.records.get(STAGE_KEYS.administrators)?.value as { leaving: object[] } | undefined)?.leaving;
  const one = (source: string, eventId: string, number: number) => ({ source, eventId, userId: guid(number) });

  it('is announced once for each event, and the last user of it counts', async () => {
    const desk = withAdministrators(1, 2);
    const announced = [one('hr', 'a', 1), one('hr', 'b', 1), one('payroll', 'a', 1)];
    for (const { userId, ...ref } of announced) await announceAdministrator(ref, userId, desk);
    expect(await leaving(desk)).toEqual(announced);

    const version = desk.ledger.records.get(STAGE_KEYS.administrators)?.version;
    for (const { userId, ...ref } of announced) await announceAdministrator(ref, userId, desk);
    expect(desk.ledger.records.get(STAGE_KEYS.administrators)?.version).toBe(version);

    await announceAdministrator({ source: 'hr', eventId: 'a' }, guid(2), desk);
    expect(await leaving(desk)).toEqual([one('hr', 'b', 1), one('payroll', 'a', 1), one('hr', 'a', 2)]);
  });

  it('makes room: a hundred before stay', async () => {
    const desk = withAdministrators(1);
    for (let number = 0; number < 103; number++) await announceAdministrator({ source: 'hr', eventId: `e${number}` }, guid(number), desk);

    const kept = await leaving(desk);
    expect([kept?.length, kept?.[0], kept?.at(-1)]).toEqual([101, one('hr', 'e2', 2), one('hr', 'e102', 102)]);
  });
});
