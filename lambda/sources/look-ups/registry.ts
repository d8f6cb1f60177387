import * as z from 'zod/mini';
import { timeZone } from '../../domain/event/hr-event.ts';
import { sourceName } from '../../domain/event/leaver-message.ts';
import { expected, parse, parseJson } from '../../domain/parse.ts';
import type { HrSystems } from '../../domain/ports.ts';
import { bamboohrLookUp } from './bamboohr.ts';
import { entraLookUp } from './entra.ts';
import { finchLookUp } from './finch.ts';
import { hibobLookUp } from './hibob.ts';
import type { LookUp } from './look-up.ts';
import { type LookUpPorts, lookUpAsker } from './look-up-asker.ts';
import { mergeLookUp } from './merge.ts';
import { personioLookUp } from './personio.ts';
import { successfactorsLookUp } from './successfactors.ts';

const LOOK_UP_NAMES = ['bamboohr', 'entra', 'finch', 'hibob', 'merge', 'personio', 'successfactors'] as const;

const lookUpName = z.enum(LOOK_UP_NAMES);

/** Every HR system that can be asked about an employee. Separate from the registry of systems, which the worker does not need. */
const LOOK_UPS: Record<z.infer<typeof lookUpName>, LookUp> = {
  bamboohr: bamboohrLookUp,
  entra: entraLookUp,
  finch: finchLookUp,
  hibob: hibobLookUp,
  merge: mergeLookUp,
  personio: personioLookUp,
  successfactors: successfactorsLookUp,
};

/** The settings of a look-up. A source that has them in the stage has HR asked. */
export const lookUpSettings = z.record(z.string(), z.unknown());

/** Checks that the system can be asked, and that its settings fit: a mistake is found at synth, not at the first leaver. */
export const fitsLookUp = z.check<{ system?: string | undefined; lookUp?: z.infer<typeof lookUpSettings> | undefined }>(
  ({ value: { system, lookUp }, issues }) => {
    if (lookUp === undefined) return;
    const name = z.safeParse(lookUpName, system);
    if (!name.success) {
      issues.push({
        code: 'custom',
        path: ['lookUp'],
        input: lookUp,
        message: `no look-up, because only ${LOOK_UP_NAMES.join(', ')} can be asked`,
      });
      return;
    }
    const { settings: schema } = LOOK_UPS[name.data];
    for (const issue of z.safeParse(schema, lookUp).error?.issues ?? []) {
      issues.push({ code: 'custom', path: ['lookUp', ...issue.path], input: lookUp, message: expected(issue), params: { issue, schema } });
    }
  },
);

/** The schema of the settings of a system's look-up; undefined if the system cannot be asked. */
export const lookUpSettingsOf = (system: string): z.core.$ZodType | undefined => {
  const name = z.safeParse(lookUpName, system);
  return name.success ? LOOK_UPS[name.data].settings : undefined;
};

const lookUpConfig = z
  .strictObject({
    system: lookUpName,
    lookUp: lookUpSettings,
    employeeIdIs: z.optional(z.string()),
    timeZone: z.optional(timeZone),
  })
  .check(fitsLookUp);

/** The look-ups of a stage by source, as the worker gets them. */
export const lookUpConfigs = z.record(sourceName, lookUpConfig);

export type LookUpConfig = z.infer<typeof lookUpConfig>;
export type LookUpConfigs = z.infer<typeof lookUpConfigs>;

interface StageSource {
  system?: string | undefined;
  settings?: Record<string, unknown> | undefined;
  lookUp?: Record<string, unknown> | undefined;
}

/** The look-ups among the sources of a stage. */
export function lookUpsOf(sources: Record<string, StageSource>): LookUpConfigs {
  return Object.fromEntries(
    Object.entries(sources).flatMap(([name, { system, settings = {}, lookUp }]) => {
      if (lookUp === undefined) return [];
      const { employeeIdIs, timeZone: zone } = settings;
      return [[name, parse(lookUpConfig, { system, lookUp, employeeIdIs, timeZone: zone }, `look-up of ${name}`)]];
    }),
  );
}

/** Checks a text before it becomes the secret of a look-up. @throws InvalidInput with one line that never shows a value */
export function checkLookUpSecret({ system }: LookUpConfig, text: string): void {
  parseJson(LOOK_UPS[system].credential, text, 'secret');
}

/**
 * The HR systems of a stage.
 *
 * @param secrets the prefix of the names of the look-ups' secrets; the name of the source follows
 */
export function hrSystems(configs: LookUpConfigs, { secrets, ...ports }: LookUpPorts & { secrets: string }): HrSystems {
  const askers = new Map(
    Object.entries(configs).map(([source, { system, lookUp: settings, ...sourceSettings }]) => [
      source,
      lookUpAsker(LOOK_UPS[system], { settings, secretId: `${secrets}${source}`, sourceSettings }, ports),
    ]),
  );
  return {
    canBeAsked: (source) => askers.has(source),
    async ask(source, sourceId) {
      const ask = askers.get(source);
      if (ask === undefined) throw new Error('expected a source with a look-up, got one without; ask canBeAsked first');
      return ask(sourceId);
    },
  };
}
