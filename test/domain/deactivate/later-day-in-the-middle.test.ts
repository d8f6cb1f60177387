import { expect, it } from '@jest/globals';
import type { Desk } from '../../../lambda/domain/ports.ts';
import { aDirectory, anArrival, aTermination, guid } from '../../support/builders.ts';
import { aDesk, type TestDesk } from '../../support/in-memory-desk.ts';
import { work } from '../../support/working.ts';

const first = anArrival(aTermination({ occurredAt: '2026-11-24T08:00:00Z', effective: { date: '2026-11-20', timeZone: 'UTC' } }));
const later = anArrival(aTermination({ occurredAt: '2026-11-24T11:00:00Z', effective: { date: '2026-12-15', timeZone: 'UTC' } }), {
  eventId: 'evt-2',
});

/** The desk of a worker in whose turn something else happens right after one call of the ledger. The first call is 1. */
function interrupted(desk: TestDesk, call: number, happens: () => Promise<unknown>): { desk: Desk; calls: () => number } {
  let calls = 0;
  const ledger = new Proxy(desk.ledger, {
    get(target, name) {
      const member = Reflect.get(target, name);
      if (typeof member !== 'function') return member;
      return async (...args: unknown[]) => {
        const answer = await member.apply(target, args);
        calls += 1;
        if (calls === call) await happens();
        return answer;
      };
    },
  });
  return { desk: { ...desk, ledger, maySight: () => desk.maySight() }, calls: () => calls };
}

const newDesk = () => aDesk({ users: aDirectory({ id: guid(1) }) });
const isKnown = ({ ledger }: TestDesk) => JSON.stringify([...ledger.records]).includes('evt-2');
const isActive = (desk: TestDesk) => desk.directory.users.get(guid(1))?.isActive;

it('nobody is deactivated by an older word once the person is known to have a later last day, however far its worker has come', async () => {
  const counting = interrupted(newDesk(), 0, async () => undefined);
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
    await work(later, interrupted(desk, call, middle).desk);
    seen.push(wasKnown);
  }
  expect(new Set(seen)).toEqual(new Set([false, true]));
});
