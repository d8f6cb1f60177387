import { describe, expect, it } from '@jest/globals';
import { administratorsWithout, announceAdministrator } from '../../../lambda/domain/stage/administrators.ts';
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
});
