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
}

type StageSource = Omit<SourceConfig, 'secretId'> & { lookUp?: Record<string, unknown> | undefined };

/** The local system's own stage: every HR system that is known by name. */
export const ownStage = (policy: Policy): LocalStage => ({ sources: LOCAL_SOURCES, lookUps: LOCAL_LOOK_UPS, policy });

/** A stage of a file: its sources, mapping and rules, with secrets of this machine. */
export const stageFromFile = ({ sources, policy }: { sources: Record<string, StageSource>; policy: Policy }): LocalStage => ({
  sources: Object.fromEntries(
    Object.entries(sources).map(([name, { system, scheme, settings }]) => [name, { system, scheme, settings, secretId: secretOf(name) }]),
  ),
  lookUps: lookUpsOf(sources),
  policy,
});

/** The custom fields by which the stage finds people. The stand-in for Workfront has the employee number in each. */
export const numberFieldsOf = ({ policy }: LocalStage): string[] => [
  ...new Set(
    allMatchKeys(policy)
      .map(({ field }) => field)
      .filter((field) => field.startsWith('DE:')),
  ),
];
