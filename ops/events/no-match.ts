import type { Deployment } from '../deployment/deployment.ts';
import { advice, nearest } from '../terminal/nearest.ts';

/** Options that chose events, by their names on the command line. */
type Chosen = Partial<Record<string, string | undefined>>;

/** The sentence on options that chose no event, without a full stop. Never repeats who left. */
export function noMatch(chosen: Chosen, { places }: Pick<Deployment, 'places'>): string {
  const typed = Object.entries(chosen).flatMap(([name, value]) => {
    if (value === undefined) return [];
    return name === 'employee' ? ['--employee'] : [`--${name} ${value}`];
  });
  const none = typed.length === 0 ? 'No event matches' : `No event matches ${typed.join(' ')}`;
  const known = Object.keys(places.sourceSecrets);
  const { source } = chosen;
  // An event may be older than the removal of its source: an unknown source is not refused.
  if (source === undefined || known.includes(source)) return none;
  return `${none}, and there is no source ${source}; ${advice({ allowed: `one of ${known.join(', ')}`, meant: nearest(source, known) })}`;
}
