import type { SystemName } from '../../lambda/sources/systems/registry.ts';

interface SourceOfStage {
  system?: SystemName | undefined;
  settings?: Record<string, unknown> | undefined;
  lookUp?: object | undefined;
}

interface RulesOfStage {
  matchKeys: readonly { field: string; from: string }[];
  sources: Record<string, { matchKeys?: readonly { field: string; from: string }[] | undefined }>;
}

/** A setting with which no leaver of a source could ever be deactivated. `expected` says what would work. */
export interface Unworkable {
  path: string[];
  expected: string;
}

/** Systems whose terminations name people by the system's own id alone: docs/sources/README.md. */
const IDS_ALONE: readonly SystemName[] = ['deel', 'finch', 'gusto', 'personio', 'rippling', 'successfactors', 'ukg-pro'];

/** Systems that only say that something changed: HR must be asked. */
const SAY_NOTHING: readonly SystemName[] = ['finch'];

/** Systems that may send a termination long before its date, and that cannot be asked for it. */
const AHEAD_UNASKED: readonly SystemName[] = ['rippling', 'ukg-pro'];

/** What is wrong with a source although each of its settings is right. */
export function unworkable(name: string, { system, settings = {}, lookUp }: SourceOfStage, rules: RulesOfStage): Unworkable | undefined {
  if (lookUp !== undefined || system === undefined) return undefined;
  const { employeeIdIs, comes } = settings;
  if (SAY_NOTHING.includes(system)) return { path: ['lookUp'], expected: 'a look-up, since the system never says that somebody left' };
  if (IDS_ALONE.includes(system) && employeeIdIs === undefined) {
    return {
      path: ['settings', 'employeeIdIs'],
      expected: "the Workfront field that has the system's own id, or a lookUp, since nobody is found otherwise",
    };
  }
  if (AHEAD_UNASKED.includes(system) && comes !== 'when-due') {
    return {
      path: ['settings', 'comes'],
      expected: '"when-due", since the system cannot be asked for the date; see on a test that it sends on the day',
    };
  }
  if (typeof employeeIdIs !== 'string') return undefined;
  const key =
    employeeIdIs === 'employeeNumber' ? { field: 'extRefID', from: 'employeeNumber' } : { field: employeeIdIs, from: 'customField' };
  const keys = rules.sources[name]?.matchKeys ?? rules.matchKeys;
  if (keys.some(({ field, from }) => from === key.from && (from === 'employeeNumber' || field === key.field))) return undefined;
  return {
    path: ['settings', 'employeeIdIs'],
    expected: `a field among the match keys, since nobody is found otherwise: add ${JSON.stringify(key)} to policy.sources.${name}.matchKeys`,
  };
}
