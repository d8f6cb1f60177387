import { describe, expect, it } from '@jest/globals';
import { noteImpact } from '../../../../lambda/domain/deactivate/after/note-impact.ts';
import { outcomeEventOf } from '../../../../lambda/domain/event/outcome-event.ts';
import { TransientFailure } from '../../../../lambda/domain/failures.ts';
import { CLOSED_CIRCUIT } from '../../../../lambda/domain/stage/circuit.ts';
import { STAGE_KEYS } from '../../../../lambda/domain/stage/shared-record.ts';
import { toInstant } from '../../../../lambda/domain/time/time.ts';
import { aDirectory, anArrival, aTermination, guid } from '../../../support/builders.ts';
import { aDesk } from '../../../support/in-memory-desk.ts';
import { untilSettled } from '../../../support/working.ts';

async function anaIsOut(rules = {}) {
  const desk = aDesk({ users: aDirectory({ placement: { managerID: guid(0xa5) } }), rules: { impactAtDeactivation: true, ...rules } });
  await untilSettled(desk, anArrival(aTermination()));
  const asked: string[] = [];
  desk.directory.countHoldings = async (userId, until) => {
    asked.push(userId);
    expect(until).toBe(desk.now + 10_000);
    return { counts: { projects: 3 }, unknown: ['teams'], partial: true };
  };
  const entry = await desk.ledger.readEntry({ source: 'acme-hr', eventId: 'evt-1' });
  if (entry === undefined) throw new Error('no such event');
  return { desk, entry, asked };
}

describe('what a leaver owns, after the write', () => {
  it('is kept with the event, and is in its outcome event beside the manager', async () => {
    const { desk, entry, asked } = await anaIsOut();

    const noted = await noteImpact(entry, desk);

    expect(asked).toEqual([guid(1)]);
    expect(outcomeEventOf(noted, 'test')).toMatchObject({
      status: 'deactivated',
      managerUserId: guid(0xa5),
      impact: { counts: { projects: 3 }, unknown: ['teams'], partial: true },
    });
    expect(await desk.ledger.readEntry(entry)).toEqual(noted);
  });

  it.each(['already-inactive', 'held', 'undone', 'would-deactivate'] as const)('is not counted for an event that is %s', async (status) => {
    const { desk, entry, asked } = await anaIsOut();

    await expect(noteImpact({ ...entry, status }, desk)).resolves.toEqual({ ...entry, status });
    expect(asked).toEqual([]);
  });

  it('is not counted if nobody can count it, or the event names no user', async () => {
    const { desk, entry, asked } = await anaIsOut();
    const { workfrontUserId: _user, ...nobody } = entry;
    await expect(noteImpact(nobody, desk)).resolves.toBe(nobody);
    expect(asked).toEqual([]);

    delete desk.directory.countHoldings;
    await expect(noteImpact(entry, desk)).resolves.toBe(entry);
  });

  it('is not counted unless the stage wants it', async () => {
    const { desk, entry, asked } = await anaIsOut({ impactAtDeactivation: false });

    await expect(noteImpact(entry, desk)).resolves.toBe(entry);
    expect(asked).toEqual([]);
  });

  it('is not counted while the circuit is open', async () => {
    const { desk, entry, asked } = await anaIsOut();
    const at = toInstant(desk.now);
    const open = { since: at, probeAt: toInstant(desk.now + 60_000), cause: 'trouble', saw: 'server-error' };
    await desk.ledger.writeRecord(STAGE_KEYS.circuit, { value: { ...CLOSED_CIRCUIT, open }, version: 0 });

    await expect(noteImpact(entry, desk)).resolves.toBe(entry);
    expect(asked).toEqual([]);
  });

  it('is missing, and nothing else, if it fails or somebody wrote the event first', async () => {
    const { desk, entry } = await anaIsOut();
    desk.directory.countHoldings = async () => {
      throw new TransientFailure('timed-out', 'no answer; wait');
    };
    await expect(noteImpact(entry, desk)).resolves.toBe(entry);

    desk.directory.countHoldings = async () => ({ counts: {}, unknown: [] });
    await expect(noteImpact({ ...entry, version: entry.version - 1 }, desk)).resolves.toMatchObject({ status: 'deactivated' });
  });

  it('does not hide a mistake of ours', async () => {
    const { desk, entry } = await anaIsOut();
    desk.directory.countHoldings = async () => {
      throw new TypeError('a mistake');
    };

    await expect(noteImpact(entry, desk)).rejects.toThrow('a mistake');
  });
});
