import { type AdminConsoleSettings, adminConsoleSettings } from '../lambda/admin-console/settings.ts';
import { allMatchKeys, type Policy } from '../lambda/domain/policy.ts';
import { type LookUpConfigs, lookUpsOf } from '../lambda/sources/look-ups/registry.ts';
import type { SourceConfig, SourceConfigs } from '../lambda/sources/systems/registry.ts';
import { LOCAL_LOOK_UPS } from './hr/local-look-ups.ts';
import { LOCAL_SOURCES, secretOf } from './hr/local-sources.ts';

/** What the local system is told about HR, and the rules of its worker. */
export interface LocalStage {
  sources: SourceConfigs;
  lookUps: LookUpConfigs;
  policy: Policy;
  /** What leavers lose in the stand-in for the Admin Console; undefined: nothing is asked there. */
  adminConsole: AdminConsoleSettings | undefined;
}

type StageSource = Omit<SourceConfig, 'secretId'> & { lookUp?: Record<string, unknown> | undefined };

const LOCAL_CONSOLE = { profiles: ['Workfront'], groups: ['Workfront users'] };

/** The local system's own stage: every HR system that is known by name, and the Admin Console if it is asked for. */
export const ownStage = (policy: Policy, { hasAdminConsole }: { hasAdminConsole: boolean }): LocalStage => ({
  sources: LOCAL_SOURCES,
  lookUps: LOCAL_LOOK_UPS,
  policy,
  adminConsole: hasAdminConsole ? adminConsoleSettings.parse(LOCAL_CONSOLE) : undefined,
});

/** A stage of a file: its sources, mapping and rules, with secrets of this machine. */
export const stageFromFile = ({
  sources,
  policy,
  adminConsole,
}: {
  sources: Record<string, StageSource>;
  policy: Policy;
  adminConsole?: AdminConsoleSettings | undefined;
}): LocalStage => ({
  sources: Object.fromEntries(
    Object.entries(sources).map(([name, { system, scheme, settings }]) => [name, { system, scheme, settings, secretId: secretOf(name) }]),
  ),
  lookUps: lookUpsOf(sources),
  policy,
  adminConsole,
});

/** The custom fields by which the stage finds people. The stand-in for Workfront has the employee number in each. */
export const numberFieldsOf = ({ policy }: LocalStage): string[] => [
  ...new Set(
    allMatchKeys(policy)
      .map(({ field }) => field)
      .filter((field) => field.startsWith('DE:')),
  ),
];
