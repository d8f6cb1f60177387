import * as z from 'zod';
import { InvalidInput } from '../lambda/domain/failures.ts';
import { parse } from '../lambda/domain/parse.ts';
import { type Policy, policy } from '../lambda/domain/policy.ts';
import { withSourceRules } from '../lambda/sources/systems/registry.ts';
import { nearest, UsageError } from './command-line.mjs';
import { LOCAL_LOOK_UPS } from './hr/local-look-ups.ts';
import { LOCAL_SOURCES } from './hr/local-sources.ts';

/** Reads the value of `--policy`. @throws UsageError that names the wrong rule and the nearest right one */
export function readPolicy(json: string): Policy {
  const written: unknown = JSON.parse(json);
  const unknown = unknownRule(written, policy);
  if (unknown !== undefined) throw new UsageError(`--policy has an unknown rule ${unknown}`);
  try {
    return parse(policy, withSourceRules(written, askedSources()), '--policy');
  } catch (error) {
    throw error instanceof InvalidInput ? new UsageError(`${error.message}; see lambda/domain/policy.ts`) : error;
  }
}

/** The sources of the local system, each with its look-up. */
const askedSources = () =>
  Object.fromEntries(Object.entries(LOCAL_SOURCES).map(([name, source]) => [name, { ...source, lookUp: LOCAL_LOOK_UPS[name]?.lookUp }]));

/** Describes the first key that no rule has, with the nearest rule or all rules of its place. */
function unknownRule(value: unknown, schema: z.core.$ZodType, place = ''): string | undefined {
  const object = objectIn(schema);
  if (object === undefined || typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
  const rules = object._zod.def.shape;
  for (const [key, inner] of Object.entries(value)) {
    const rule = Object.hasOwn(rules, key) ? rules[key] : undefined;
    const found =
      rule === undefined ? `"${place}${key}"; ${adviceOn(key, Object.keys(rules))}` : unknownRule(inner, rule, `${place}${key}.`);
    if (found !== undefined) return found;
  }
  return undefined;
}

function adviceOn(key: string, rules: readonly string[]): string {
  const meant = nearest(key, rules);
  return meant === undefined ? `use ${rules.join(', ')}` : `did you mean "${meant}"?`;
}

function objectIn(schema: z.core.$ZodType): z.core.$ZodObject | undefined {
  if (schema instanceof z.core.$ZodObject) return schema;
  if (schema instanceof z.core.$ZodDefault || schema instanceof z.core.$ZodOptional) return objectIn(schema._zod.def.innerType);
  return undefined;
}
