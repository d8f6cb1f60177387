import * as z from 'zod/mini';
import { lookUpSettingsOf } from '../../lambda/sources/look-ups/registry.ts';
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

/** Systems whose terminations name people by the system's own id alone, unless the stage maps other fields: docs/sources/README.md. */
const IDS_ALONE: readonly SystemName[] = [
  'dayforce',
  'deel',
  'entra',
  'finch',
  'gusto',
  'personio',
  'remote',
  'rippling',
  'successfactors',
  'ukg-pro',
];

/** Systems that only say that something changed: HR must be asked. */
const SAY_NOTHING: readonly SystemName[] = ['entra', 'finch'];

/** Systems that may send a termination long before its date, and that cannot be asked for it. */
const AHEAD_UNASKED: readonly SystemName[] = ['rippling', 'ukg-pro'];

/** Fields by which a user is found without `employeeIdIs`. */
const FINDING = ['email', 'employeeNumber', 'ssoUsername'];

type Settings = Record<string, unknown>;

/** What is wrong with a source although each of its settings is right. */
export function unworkable(name: string, { system, settings = {}, lookUp }: SourceOfStage, rules: RulesOfStage): Unworkable | undefined {
  if (lookUp !== undefined || system === undefined) return undefined;
  if (SAY_NOTHING.includes(system)) return { path: ['lookUp'], expected: 'a look-up, since the system never says that somebody left' };
  return namesNobody(system, settings) ?? comesAhead(system, settings) ?? isNoKey(name, settings, rules);
}

function namesNobody(system: SystemName, settings: Settings): Unworkable | undefined {
  const own = ownFields(settings);
  if (own === undefined ? !IDS_ALONE.includes(system) : FINDING.some((field) => own.fields[field] !== undefined)) return undefined;
  if (own !== undefined && own.fields.sourceId === undefined) {
    return { path: ['settings', own.setting], expected: `a path of ${FINDING.join(', ')} or sourceId, since nobody is found otherwise` };
  }
  if (settings.employeeIdIs !== undefined) return undefined;
  const orAsked = lookUpSettingsOf(system) === undefined ? '' : ', or a lookUp';
  return {
    path: ['settings', 'employeeIdIs'],
    expected: `the Workfront field that has the system's own id${orAsked}, since nobody is found otherwise`,
  };
}

function comesAhead(system: SystemName, settings: Settings): Unworkable | undefined {
  // A body that the stage describes may have the date itself.
  if (!AHEAD_UNASKED.includes(system) || settings.comes === 'when-due' || ownFields(settings) !== undefined) return undefined;
  return {
    path: ['settings', 'comes'],
    expected: '"when-due", since the system cannot be asked for the date; see on a test that it sends on the day',
  };
}

function isNoKey(name: string, { employeeIdIs }: Settings, rules: RulesOfStage): Unworkable | undefined {
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

const fieldsOfBody = z.record(z.string(), z.unknown());

/** The fields of a body, if the stage describes them in place of the system. */
function ownFields(settings: Settings): { setting: string; fields: Record<string, unknown> } | undefined {
  for (const setting of ['mapping', 'workflow']) {
    const { data: fields } = z.safeParse(fieldsOfBody, settings[setting]);
    if (fields !== undefined) return { setting, fields };
  }
  return undefined;
}
