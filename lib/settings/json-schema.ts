import * as z from 'zod';
import { lookUpSettingsOf } from '../../lambda/sources/look-ups/registry.ts';
import { SYSTEM_NAMES, type SystemName, settingsOf } from '../../lambda/sources/systems/registry.ts';
import { stage, stageName } from '../stage.ts';

type Json = z.core.JSONSchema.JSONSchema;

/**
 * The JSON Schema of a file of stages, made from the schema that checks it, so that an editor completes and checks the same.
 *
 * @param effects what each setting does, by its name as in docs/settings.md
 */
export function stagesJsonSchema(effects: ReadonlyMap<string, string>): Json {
  const one = asJson(stage);
  for (const { name, schema } of settingsIn(one)) {
    const effect = effects.get(name);
    if (effect !== undefined) schema.description = effect;
  }
  const source = valuesOf(one.properties?.sources);
  source.allOf = SYSTEM_NAMES.map(ofSystem);
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title: 'The stages of Workfront offboarding',
    type: 'object',
    required: ['stages'],
    additionalProperties: false,
    properties: {
      $schema: { type: 'string' },
      stages: { type: 'object', propertyNames: asJson(stageName), additionalProperties: one },
    },
  };
}

/** A setting of a stage, with its dotted name: `<source>` is the name of a source. */
export interface Setting {
  name: string;
  schema: Json;
}

/** Every setting of a stage. */
export const stageSettings = (): Setting[] => settingsIn(asJson(stage));

function settingsIn(schema: Json, at: readonly string[] = []): Setting[] {
  const { properties, additionalProperties } = schema;
  if (properties !== undefined) return Object.entries(properties).flatMap(([key, inner]) => settingsIn(asSchema(inner), [...at, key]));
  const { properties: ofEach } = asSchema(additionalProperties);
  if (ofEach !== undefined) return settingsIn(asSchema(additionalProperties), [...at, '<source>']);
  return [{ name: at.join('.'), schema }];
}

/** What `settings` and `lookUp` may hold depends on the system. */
function ofSystem(system: SystemName): Json {
  const lookUp = lookUpSettingsOf(system);
  return {
    if: { required: ['system'], properties: { system: { const: system } } },
    // biome-ignore lint/suspicious/noThenProperty: a keyword of JSON Schema
    then: { properties: { settings: asJson(settingsOf(system)), lookUp: lookUp === undefined ? false : asJson(lookUp) } },
  };
}

function asJson(schema: z.core.$ZodType): Json {
  const { $schema: _, ...rest } = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' });
  return rest;
}

const asSchema = (schema: boolean | Json | undefined): Json => (typeof schema === 'object' ? schema : {});

const valuesOf = (schema: boolean | Json | undefined): Json => asSchema(asSchema(schema).additionalProperties);
