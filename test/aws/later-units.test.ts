import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { noteImpact } from '../../lambda/domain/deactivate/after/note-impact.ts';
import { compareWithHr } from '../../lambda/domain/watch/compare.ts';
import { lookAgain } from '../../lambda/domain/watch/look-again.ts';
import { beginNightlySweep } from '../../lambda/domain/watch/sweep.ts';
import { aDirectory, anArrival, aTermination, guid } from '../support/builders.ts';
import { aDesk } from '../support/in-memory-desk.ts';
import { untilSettled } from '../support/working.ts';
import { aLedger } from './a-ledger.ts';
import { writeUnitsOf } from './write-units.ts';

/* What comes after the turn of an ordinary leaver. test/bench/cost.ts has these figures. */

const REF = { source: 'acme-hr', eventId: 'evt-1' };
let desk: ReturnType<typeof aDesk>;
let place: Awaited<ReturnType<typeof aLedger>>;

/** One leaver who was deactivated, in a ledger of their own. */
beforeEach(async () => {
  place = await aLedger();
  const rules = { impactAtDeactivation: true };
  desk = Object.assign(aDesk({ users: aDirectory({ id: guid(1) }), lookUps: ['acme-hr'], rules }), { ledger: place.ledger }) as never;
  desk.directory.countHoldings = async () => ({ counts: { projects: 3 }, unknown: [] });
  desk.hr.says.set('hr-1', { employee: {}, standing: 'left', lastDay: { date: '2026-11-20' }, startedOn: undefined });
  await untilSettled(desk, anArrival(aTermination({ employee: { email: 'ana@acme.test', sourceId: 'hr-1' } }), REF));
});
afterEach(() => place.close());

/** What something asks of the ledger beyond the turn: requests, items read by their keys, and write units. */
async function cost(act: () => Promise<unknown>) {
  const turn = place.sent.map(({ input }) => input);
  await act();
  const later = place.sent.slice(turn.length);
  const keysOf = ({ operation, input }: (typeof later)[number]) =>
    operation === 'GetItem' ? 1 : (input.RequestItems?.[place.table]?.Keys.length ?? 0);
  return {
    requests: later.length,
    items: later.reduce((sum, sent) => sum + keysOf(sent), 0),
    writeUnits: writeUnitsOf([...turn, ...later.map(({ input }) => input)]) - writeUnitsOf(turn),
  };
}

it('a look at the user costs five reads, one call to Workfront and the next schedule', async () => {
  const before = desk.directory.calls;

  expect(await cost(() => lookAgain(REF, desk))).toEqual({ requests: 5, items: 5, writeUnits: 0 });
  expect(desk.directory.calls - before).toBe(1);
  expect(desk.schedules.watch.size).toBe(1);
});

it('the impact costs one read, and writes the fact and the entry again', async () => {
  const entry = await place.ledger.readEntry(REF);
  if (entry === undefined) throw new Error('no such event');

  expect(await cost(() => noteImpact(entry, desk))).toEqual({ requests: 3, items: 1, writeUnits: 3 });
});

it('the sweep reads each event three times, and what it knows of the stage and of findings', async () => {
  expect(await cost(() => beginNightlySweep(desk))).toEqual({ requests: 20, items: 3 + 5, writeUnits: 1 });
});

it('a comparison with HR reads the event, the circuit of HR and the findings', async () => {
  expect(await cost(() => compareWithHr(REF, desk))).toEqual({ requests: 3, items: 3, writeUnits: 0 });
  expect(desk.hr.asked.length).toBeGreaterThan(0);
});
