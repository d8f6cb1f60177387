import type { System } from '../world/people.ts';
import type { Plot } from './plot.ts';

/** One more HR system, or identity provider, beside those that the company has. */
export function aSystem(plot: Plot, changes: Partial<System> = {}): System {
  const index = plot.systems.length;
  const system: System = {
    id: `s${index}`,
    source: `source-${index}`,
    kind: 'hr',
    carries: ['address', 'number', 'given', 'family'],
    ownIds: plot.throws.chance(0.5),
    times: plot.throws.pick(['milliseconds', 'milliseconds', 'minutes', 'days', 'none', 'sometimes'] as const),
    thin: false,
    canBeAsked: false,
    lag: 0,
    ...changes,
  };
  plot.systems.push(system);
  return system;
}

/** An HR system that knows its events by their content alone. */
export const namelessSystem = (plot: Plot): System => aSystem(plot, { ownIds: false, times: 'none' });

/** An HR system whose events say by themselves what they are. */
export const clearSystem = (plot: Plot): System =>
  plot.systems.find(({ kind, thin, canBeAsked }) => kind === 'hr' && !thin && !canBeAsked) ?? aSystem(plot);
