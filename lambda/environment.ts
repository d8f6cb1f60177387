import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod/mini';
import { parse, readJson } from './domain/parse.ts';

/** A value that is JSON: in one environment variable, or already read from the file of settings. */
export const json = <Schema extends z.core.$ZodType>(name: string, schema: Schema) =>
  z.pipe(
    z.pipe(
      z.unknown(),
      z.transform((value: unknown) => (typeof value === 'string' ? readJson(value, name) : value)),
    ),
    schema,
  );

export const required = z.string().check(z.minLength(1));

const place = z.object({ SETTINGS_FILE: z.optional(required), LAMBDA_TASK_ROOT: z._default(z.string(), '') });

const settingsFile = z.record(z.string(), z.unknown());

/**
 * The environment, completed by the file that it names beside the function's code: docs/decisions/0011-settings-are-a-file-beside-the-code.md.
 *
 * @throws InvalidInput if the file is not an object of JSON; what reading it throws
 */
export function withSettings(environment: NodeJS.ProcessEnv): Record<string, unknown> {
  const { SETTINGS_FILE: file, LAMBDA_TASK_ROOT: root } = parse(place, environment, 'environment');
  if (file === undefined) return environment;
  return { ...parse(settingsFile, readJson(readFileSync(join(root, file), 'utf8'), file), file), ...environment };
}
