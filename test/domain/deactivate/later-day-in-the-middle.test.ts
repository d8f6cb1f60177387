import { expect, it } from '@jest/globals';
import { aDirectory, anArrival, aTermination, guid } from '../../support/builders.ts';
import { interrupted } from '../../support/crashing.ts';
import { aDesk, type TestDesk } from '../../support/in-memory-desk.ts';
import { work } from '../../support/working.ts';

const first = anArrival(aTermination({ occurredAt: '2026-11-24T08:00:00Z', effective: { date: '2026-11-20', timeZone: 'UTC' } }));
const later = anArrival(aTermination({ occurredAt: '2026-11-24T11:00:00Z', effective: { date: '2026-12-15', timeZone: 'UTC' } }), {
  eventId: 'evt-2',
});

const newDesk = () => aDesk({ users: aDirectory({ id: guid(1) }) });
const isKnown = ({ ledger }: TestDesk) => JSON.stringify([...ledger.records]).includes('evt-2');
const isActive = (desk: TestDesk) => desk.directory.users.get(guid(1))?.isActive;

it('nobody is deactivated by an older word once the person is known to have a later last day, however far its worker has come', async () => {
  const counting = interrupted(newDesk(), {});
  await work(later, counting.desk);
  const seen: boolean[] = [];

  for (let call = 1; call <= counting.calls(); call++) {
    const desk = newDesk();
    let wasKnown = false;
    const middle = async () => {
      wasKnown = isKnown(desk);
      await work(first, desk, 'worker-2').catch(() => undefined);
      if (wasKnown) expect({ call, isActive: isActive(desk) }).toEqual({ call, isActive: true });
    };
    await work(later, interrupted(desk, { [call]: middle }).desk);
    seen.push(wasKnown);
  }
  expect(new Set(seen)).toEqual(new Set([false, true]));
});
