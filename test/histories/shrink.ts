import { play } from './play.ts';
import type { Scenario } from './scenario.ts';

/** How often a smaller scenario is tried with other throws of who goes on when, before it counts as innocent. */
const TRIES = 25;

export interface Shrunk {
  scenario: Scenario;
  variant: number;
}

/** Leaves out of a failing history whatever it fails without: ever smaller runs of actions, then the faults. */
export async function shrink(failing: Scenario, invariant: string): Promise<Shrunk> {
  let best: Shrunk = { scenario: failing, variant: 0 };
  const tryOne = async (scenario: Scenario): Promise<boolean> => {
    for (let variant = 0; variant < TRIES; variant++) {
      const { violation } = await play(scenario, { variant });
      if (violation?.invariant !== invariant) continue;
      best = { scenario, variant };
      return true;
    }
    return false;
  };

  for (const fault of ['crash', 'aws', 'workfront', 'duplicate'] as const) {
    await tryOne({ ...best.scenario, faults: { ...best.scenario.faults, [fault]: 0 } });
  }
  for (let size = Math.ceil(failing.actions.length / 2); size >= 1; size = size === 1 ? 0 : Math.ceil(size / 2)) {
    for (let from = 0; from < best.scenario.actions.length; ) {
      const { actions } = best.scenario;
      const removed = await tryOne({ ...best.scenario, actions: [...actions.slice(0, from), ...actions.slice(from + size)] });
      if (!removed) from += size;
    }
  }
  return best;
}
