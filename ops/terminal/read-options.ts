import * as z from 'zod';
import { expected } from '../../lambda/domain/parse.ts';
import { Usage } from './exit-code.ts';
import { advice, nearest } from './nearest.ts';

/** Options whose values may be personal or long: an error repeats them only if they must be one of a list. */
const NOT_REPEATED = new Set(['employee', 'email', 'number', 'sso', 'givenName', 'familyName', 'field', 'reason', 'note']);
const MOST_REPEATED = 60;

/** Reads the options that commander parsed. @throws Usage that names the option and what is allowed */
export function readOptions<Schema extends z.core.$ZodType>(schema: Schema, options: unknown): z.output<Schema> {
  const parsed = z.safeParse(schema, options);
  if (parsed.success) return parsed.data;

  const [issue] = parsed.error.issues;
  const name = String(issue?.path[0] ?? '');
  const isRepeated = issue?.code === 'invalid_value' || !NOT_REPEATED.has(name);
  throw new Usage(mistake(`--${dashed(name)}`, { issue, value: isRepeated ? fieldOf(options, name) : undefined }));
}

/**
 * Reads an argument that is not an option.
 *
 * @param what names it in an error, such as `the event id`
 * @throws Usage
 */
export function readArgument<Schema extends z.core.$ZodType>(
  schema: Schema,
  { what, value, isPersonal = false }: { what: string; value: unknown; isPersonal?: boolean },
): z.output<Schema> {
  const parsed = z.safeParse(schema, value);
  if (parsed.success) return parsed.data;

  throw new Usage(mistake(what, { issue: parsed.error.issues[0], value: isPersonal ? undefined : value }));
}

/** The sentence on a value that must be one of a list which only the deployment knows. */
export function unknownValue(what: string, { value, known }: { value: string; known: readonly string[] }): string {
  const wrong = `${what} cannot be ${quoted(value)}`;
  if (known.length === 0) return `${wrong}; this deployment has none`;
  return `${wrong}; ${advice({ allowed: `one of ${known.join(', ')}`, meant: nearest(value, known) })}`;
}

function mistake(what: string, { issue, value }: { issue: z.core.$ZodIssue | undefined; value: unknown }): string {
  const wrong = typeof value === 'string' ? `${what} cannot be ${quoted(value)}` : `${what} has a wrong value`;
  const known = issue?.code === 'invalid_value' ? issue.values.map(String) : [];
  const meant = typeof value === 'string' ? nearest(value, known) : undefined;
  return `${wrong}; ${advice({ allowed: issue === undefined ? 'another value' : expected(issue), meant })}`;
}

const quoted = (text: string): string => JSON.stringify(text.length > MOST_REPEATED ? `${text.slice(0, MOST_REPEATED)}…` : text);

const dashed = (name: string): string => name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);

const fieldOf = (options: unknown, name: string): unknown =>
  typeof options === 'object' && options !== null ? Object.getOwnPropertyDescriptor(options, name)?.value : undefined;
