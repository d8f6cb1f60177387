import { personsOf } from '../world/world.ts';
import type { Played } from './play.ts';
import type { Counts } from './play-many.ts';

export const NO_COUNTS: Counts = { played: 0, steps: 0, writes: 0, unknowable: 0, leavers: 0, holds: {} };

/** What one history adds: writes, those that nothing could have stopped, and the holds of ordinary leavers with an account; a rescission's own is no leaver's. */
export function countsOf({ world, steps }: Played): Counts {
  const holds: Record<string, number> = {};
  const isOrdinary = world.scenario.people.every(({ ordinary }) => ordinary);
  const withAccount = new Set([...world.accounts.values()].flatMap(({ owners }) => owners.flatMap(({ person }) => person ?? [])));
  const left = new Set(world.known.filter(({ fact }) => fact.says === 'ends').map(({ person }) => person));
  const leavers = isOrdinary ? [...left].filter((person) => withAccount.has(person)) : [];
  const counted = new Set<string>();
  for (const { event, guard } of isOrdinary ? world.holds : []) {
    const [person = ''] = personsOf(world, event);
    if (world.truths.get(event)?.labels.some(({ says }) => says === 'stays')) continue;
    if (!leavers.includes(person) || counted.has(`${guard} ${person}`)) continue;
    counted.add(`${guard} ${person}`);
    holds[guard] = (holds[guard] ?? 0) + 1;
  }
  return { played: 1, steps, writes: world.sent.length, unknowable: world.unknowable.length, leavers: leavers.length, holds };
}

export const addCounts = (one: Counts, other: Counts): Counts => ({
  played: one.played + other.played,
  steps: one.steps + other.steps,
  writes: one.writes + other.writes,
  unknowable: one.unknowable + other.unknowable,
  leavers: one.leavers + other.leavers,
  holds: addEach(one.holds, other.holds),
});

function addEach(one: Counts['holds'], other: Counts['holds']): Counts['holds'] {
  const sum = { ...one };
  for (const [name, count] of Object.entries(other)) sum[name] = (sum[name] ?? 0) + count;
  return sum;
}
