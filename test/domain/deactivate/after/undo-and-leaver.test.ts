import { expect, it } from '@jest/globals';
import type { LeaverMessage } from '../../../../lambda/domain/event/leaver-message.ts';
import { toInstant } from '../../../../lambda/domain/time/time.ts';
import { aDirectory, anArrival, aTermination, guid } from '../../../support/builders.ts';
import { interrupted } from '../../../support/crashing.ts';
import { aDesk, type TestDesk } from '../../../support/in-memory-desk.ts';
import { untilSettled, work } from '../../../support/working.ts';

/** Somebody who was deactivated by us, whose undo a person has ordered, and who leaves after all, as HR says a second later. */
async function outAndLeaving(): Promise<{ desk: TestDesk; undo: LeaverMessage; again: LeaverMessage }> {
  const desk = aDesk({ users: aDirectory({ id: guid(1) }) });
  await untilSettled(desk, anArrival(aTermination()));
  desk.now += 60_000;
  const ref = { source: 'acme-hr', eventId: 'evt-1' };
  const steps = (await desk.ledger.readEntry(ref))?.history.length ?? 0;
  const undo = { kind: 'undo' as const, ...ref, steps, by: 'ops-person', reason: 'the wrong Ana', at: toInstant(desk.now) };
  desk.now += 1000;
  return { desk, undo, again: anArrival(aTermination(), { eventId: 'evt-2', receivedAt: toInstant(desk.now) }) };
}

async function callsOf(which: 'undo' | 'again'): Promise<number> {
  const one = await outAndLeaving();
  const counting = interrupted(one.desk, {});
  await work(one[which], counting.desk);
  return counting.calls();
}

/** The undo begins after one call of the leaver's worker, waits after one of its own, and goes on to its end after a later one of the leaver's. */
async function playTogether({ begins, waits, ends }: { begins: number; waits: number; ends: number }): Promise<boolean> {
  const { desk, undo, again } = await outAndLeaving();
  const reached = Promise.withResolvers<unknown>();
  const goesOn = Promise.withResolvers<unknown>();
  let undone: Promise<unknown> = Promise.resolve();
  const until = () => {
    reached.resolve(undefined);
    return goesOn.promise;
  };
  const begin = () => {
    undone = work(undo, interrupted(desk, { [waits]: until }).desk, 'worker-2').then(reached.resolve, reached.reject);
    return reached.promise;
  };
  const end = () => {
    goesOn.resolve(undefined);
    return undone;
  };
  await work(again, interrupted(desk, { [begins]: begin, [ends]: end }).desk);
  await end();
  await untilSettled(desk, undo, again);
  return desk.directory.users.get(guid(1))?.isActive === true;
}

it('whoever leaves while their undo is under way is inactive in the end, however far the two workers have come', async () => {
  const [ofAgain, ofUndo] = [await callsOf('again'), await callsOf('undo')];
  for (let begins = 1; begins <= ofAgain; begins++) {
    for (let ends = begins + 1; ends <= ofAgain + 1; ends++) {
      for (let waits = 1; waits <= ofUndo; waits++) {
        const calls = { begins, waits, ends };
        expect({ calls, isActive: await playTogether(calls) }).toEqual({ calls, isActive: false });
      }
    }
  }
  expect(ofAgain).toBeGreaterThan(5);
  expect(ofUndo).toBeGreaterThan(5);
});
