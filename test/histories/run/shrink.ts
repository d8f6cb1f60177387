import type { Scenario } from '../world/scenario.ts';
import type { Violation } from '../world/world.ts';
import { play } from './play.ts';

/** How often a smaller scenario is tried with other throws of who goes on when, before it counts as innocent. */
const TRIES = 15;

export interface Shrunk {
  scenario: Scenario;
  variant: number;
}

/** Leaves out of a failing history whatever it fails without: whole stories, the faults, then ever smaller runs of actions. */
export async function shrink(failing: Scenario, { rule, stories }: Pick<Violation, 'rule' | 'stories'>): Promise<Shrunk> {
  let best: Shrunk = { scenario: failing, variant: 0 };
  const tryOne = async (scenario: Scenario): Promise<boolean> => {
    for (let variant = 0; variant < TRIES; variant++) {
      const { violations } = await play(scenario, { variant });
      if (!violations.some((one) => one.rule === rule && one.stories.join() === stories.join())) continue;
      best = { scenario, variant };
      return true;
    }
    return false;
  };

  for (const story of new Set(failing.actions.map((action) => action.story))) {
    await tryOne({ ...best.scenario, actions: best.scenario.actions.filter((action) => action.story !== story) });
  }
  for (const fault of ['crash', 'aws', 'workfront', 'duplicate', 'skew'] as const) {
    await tryOne({ ...best.scenario, faults: { ...best.scenario.faults, [fault]: 0 } });
  }
  for (let size = Math.ceil(best.scenario.actions.length / 2); size >= 1; size = size === 1 ? 0 : Math.ceil(size / 2)) {
    for (let from = 0; from < best.scenario.actions.length; ) {
      const { actions } = best.scenario;
      const removed = await tryOne({ ...best.scenario, actions: [...actions.slice(0, from), ...actions.slice(from + size)] });
      if (!removed) from += size;
    }
  }
  return best;
}
