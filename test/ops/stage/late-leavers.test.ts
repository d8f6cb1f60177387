import { beforeEach, describe, expect, it } from '@jest/globals';
import type { LedgerEntry } from '../../../lambda/domain/event/ledger-entry.ts';
import { DAY, HOUR, MINUTE, SECOND, toInstant } from '../../../lambda/domain/time/time.ts';
import { lateLeavers } from '../../../ops/stage/late-leavers.ts';
import { aRescission, aTermination } from '../../support/builders.ts';
import { anEntry } from '../../support/entries.ts';
import { aDeployment, type TestDeployment } from '../a-deployment.ts';

const hold = { guard: 'brake', saw: 'too many', of: 'user', releasing: 'deactivates' };
const waiting = { code: 'rejected', saw: '401', since: '', until: '', attempts: 1 };

describe('a late leaver', () => {
  let deployment: TestDeployment;
  beforeEach(() => {
    deployment = aDeployment({ users: [] });
  });

  const put = async (ago: number, changes: Partial<LedgerEntry>, event: LedgerEntry['event'] = aTermination()) => {
    const at = toInstant(deployment.clock() - ago);
    await deployment.ledger.writeEntry(anEntry(event, { receivedAt: at, updatedAt: at, effectiveAt: at, ...changes }));
  };

  it.each<{ what: string; ago: number; changes: Partial<LedgerEntry>; waitsFor: string }>([
    { what: 'is held, at once', ago: SECOND, changes: { status: 'held', reason: 'brake', hold }, waitsFor: 'a person: brake' },
    { what: 'failed, at once', ago: SECOND, changes: { status: 'failed', reason: 'forbidden' }, waitsFor: 'a person: failed (forbidden)' },
    { what: 'is not begun', ago: 2 * MINUTE, changes: { status: 'received' }, waitsFor: 'the worker' },
    { what: 'waits for trouble', ago: HOUR, changes: { status: 'processing', waiting }, waitsFor: 'the end of trouble: rejected' },
    {
      what: 'waits for a repair',
      ago: HOUR,
      changes: { status: 'processing', waiting: { ...waiting, untilRepaired: true } },
      waitsFor: 'a person: rejected',
    },
    { what: 'has lost a schedule', ago: HOUR, changes: { status: 'scheduled' }, waitsFor: 'its schedule, which did not fire' },
  ])('$what', async ({ ago, changes, waitsFor }) => {
    await put(ago, changes);

    expect(await lateLeavers(deployment, { limit: 5 })).toMatchObject({ total: 1, leavers: [{ late: ago, waitsFor }] });
  });

  it.each<{ what: string; ago: number; changes: Partial<LedgerEntry>; event?: LedgerEntry['event'] }>([
    { what: 'is in work just now', ago: 30 * SECOND, changes: { status: 'processing' } },
    { what: 'is due later', ago: -DAY, changes: { status: 'scheduled' } },
    { what: 'is held before the date', ago: -DAY, changes: { status: 'held', reason: 'approval', hold } },
    { what: 'is out', ago: HOUR, changes: { status: 'deactivated' } },
    { what: 'is a rescission', ago: HOUR, changes: { status: 'held', reason: 'rescinded-after-deactivation', hold }, event: aRescission() },
  ])('is not who $what', async ({ ago, changes, event }) => {
    await put(ago, changes, event);

    expect(await lateLeavers(deployment, { limit: 5 })).toEqual({ total: 0, leavers: [] });
  });

  it('is counted, and only the latest are kept', async () => {
    for (const hours of [1, 3, 2, 5, 4]) await put(hours * HOUR, { eventId: `evt-${hours}`, status: 'held', reason: 'brake', hold });
    const { total, leavers } = await lateLeavers(deployment, { limit: 2 });

    expect(total).toBe(5);
    expect(leavers.map(({ eventId }) => eventId)).toEqual(['evt-5', 'evt-4']);
  });
});
