import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import { HOUR, toInstant } from '../../../lambda/domain/time/time.ts';
import {
  changes,
  down,
  fails,
  forbidden,
  is,
  Life,
  leaves,
  paused,
  released,
  replayed,
  resumed,
  type Step,
  stays,
  told,
  works,
} from './life.ts';
import { wronglyKept } from './wrongly-kept.ts';

const EMPLOYEES = [
  { email: 'ana@acme.test' },
  { employeeNumber: '10042' },
  { email: 'ana@acme.test', employeeNumber: '10042' },
  { sourceId: '7' },
];
const OPEN = new Set(['held', 'failed']);

/** An operator orders something about an event, if there is anything to order. */
const orders =
  (pick: number): Step =>
  async (life) => {
    const labels = [...life.desk.ledger.entries.values()].filter(({ status }) => OPEN.has(status)).map(({ eventId }) => eventId);
    const label = labels[pick % Math.max(1, labels.length)];
    if (label === undefined) return;
    const user = pick % 3 === 0 ? 1 : undefined;
    await (life.entry(label).status === 'held' ? released(label, user) : replayed(label, user))(life);
  };

const step = fc.oneof(
  fc.record({ who: fc.nat({ max: 3 }), days: fc.nat({ max: 60 }), timed: fc.boolean() }).map(
    ({ who, days, timed }): Step =>
      (life) => {
        const now = life.desk.now;
        const employee = EMPLOYEES[who] ?? { sourceId: '7' };
        const effective = days < 20 ? { immediate: true as const } : { at: toInstant(now + days * 24 * HOUR) };
        const occurred = timed ? { occurredAt: toInstant(now - HOUR + 1) } : {};
        return leaves(`t-${now}`, { employee, effective, ...occurred })(life);
      },
  ),
  fc.nat({ max: 3 }).map(
    (who): Step =>
      (life) =>
        stays(`r-${life.desk.now}`, { employee: EMPLOYEES[who] ?? { sourceId: '7' } })(life),
  ),
  fc.constant<Step>((life) => works(`s-${life.desk.now}`)(life)),
  fc.nat({ max: 9 }).map(orders),
  fc.constantFrom<Step>(
    changes(1, { isActive: true }),
    changes(1, { emailAddr: 'x@acme.test' }),
    changes(1, { emailAddr: 'ana@acme.test' }),
    changes(2, { emailAddr: 'ana@acme.test' }),
    changes(2, { emailAddr: 'bo@acme.test' }),
    changes(1, { isAdmin: true }),
    changes(1, { isAdmin: false }),
    fails('find', down),
    fails('find', undefined),
    fails('deactivate', down),
    fails('deactivate', forbidden),
    fails('deactivate', undefined),
    paused,
    resumed,
  ),
  fc.nat({ max: 40 }).map(
    (days): Step =>
      (life) =>
        life.until(toInstant(life.desk.now + days * 24 * HOUR + 61_000)),
  ),
);

it('what is known of a person is kept exactly as long as one of their events is open, whatever happens', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 4, maxLength: 14 }), async (steps) => {
      const users = [{ emailAddr: 'ana@acme.test', extRefID: '10042' }, { emailAddr: 'bo@acme.test' }];
      const life = new Life({ users, rules: { rememberDays: 35, waitLimitHours: 100 }, lookUps: [] }, '2026-11-24T12:00:00Z');
      for (const happens of steps) {
        await life.until(toInstant(life.desk.now + 7000));
        await happens(life);
        expect(wronglyKept(life.desk)).toEqual([]);
      }
    }),
    { numRuns: 150, seed: 20_261_124 },
  );
}, 60_000);

it.each<{ what: string; steps: [string, ...Step[]][] }>([
  {
    what: 'other users were found in between',
    steps: [
      ['2026-11-24T12:00:00Z', leaves('t'), is('t', 'held administrator')],
      ['2026-11-24T13:00:00Z', changes(1, { emailAddr: 'x@acme.test' }), changes(2, { emailAddr: 'ana@acme.test' }), released('t')],
      ['2026-11-24T14:00:00Z', changes(2, { emailAddr: 'y@acme.test' }), changes(3, { emailAddr: 'ana@acme.test' }), released('t')],
      ['2026-11-24T15:00:00Z', is('t', 'held identity-changed'), released('t', 3), is('t', 'deactivated')],
    ],
  },
  {
    what: 'it waited before anybody was found',
    steps: [
      ['2026-11-24T12:00:00Z', changes(1, { isAdmin: false }), fails('find', down), fails('deactivate', down), leaves('t')],
      ['2026-11-24T12:30:00Z', fails('find', undefined)],
      ['2026-11-24T13:00:00Z', is('t', 'processing')],
    ],
  },
])('nothing is kept that need not be, and all that must, if $what', async ({ steps }) => {
  const users = [{ isAdmin: true }, { emailAddr: 'bo@acme.test' }, { emailAddr: 'cy@acme.test' }];

  const { life } = await told({ what: '', users, steps, ends: {}, gone: [] });

  expect(wronglyKept(life.desk)).toEqual([]);
});
