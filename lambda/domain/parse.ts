import * as z from 'zod/mini';
import { InvalidInput } from './failures.ts';

/**
 * Parses data at a border.
 *
 * @param what names the border in the error, for example `termination event`
 * @throws InvalidInput one line that names the first wrong place, what was expected and what kind of value came;
 *   never the value itself, which may be personal or secret
 */
export function parse<Schema extends z.core.$ZodType>(schema: Schema, input: unknown, what: string): z.output<Schema> {
  const parsed = z.safeParse(schema, input);
  if (parsed.success) return parsed.data;

  throw new InvalidInput(`${what}: ${problemOf(firstIssue(parsed.error.issues), input)}`);
}

/** Parses JSON text at a border. @throws InvalidInput as {@link parse}, and where the text is no JSON */
export function parseJson<Schema extends z.core.$ZodType>(schema: Schema, text: string, what: string): z.output<Schema> {
  return parse(schema, readJson(text, what), what);
}

/** @throws InvalidInput where the text is no JSON */
export function readJson(text: string, what: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new InvalidInput(`${what}: expected JSON, got text of ${text.length} characters that is not`);
  }
}

/** The first thing that is wrong: of a union, what is wrong with the branch that the sender meant. */
export function firstIssue(issues: readonly z.core.$ZodIssue[]): z.core.$ZodIssue | undefined {
  const [issue] = issues;
  if (issue?.code !== 'invalid_union' || !isZods(issue.message)) return issue;
  const closest = closestBranch(issue.errors).map((one) => ({ ...one, path: [...issue.path, ...one.path] }));
  return closest.length > 0 ? firstIssue(closest) : issue;
}

function problemOf(issue: z.core.$ZodIssue | undefined, input: unknown): string {
  if (issue === undefined) return 'not valid';

  if (issue.code === 'invalid_key') {
    // The key is as private as a value: somebody may have written a name or address where a field's name belongs.
    const record = issue.path.slice(0, -1).map(String).join('.') || 'the whole';
    return `${record}: expected each key to be ${issue.issues[0]?.message ?? 'another one'}, got one that is not`;
  }
  const place = issue.path.map(String).join('.') || 'the whole';
  return `${place}: expected ${expected(issue)}, got ${kindOf(valueAt(input, issue.path))}`;
}

/** The branch of a union that got furthest is the one the sender meant. */
function closestBranch(branches: readonly (readonly z.core.$ZodIssue[])[]): readonly z.core.$ZodIssue[] {
  const depth = (issues: readonly z.core.$ZodIssue[]) => Math.max(0, ...issues.map((issue) => issue.path.length));
  return branches.reduce<readonly z.core.$ZodIssue[]>(
    (best, branch) => (best.length === 0 || depth(branch) > depth(best) ? branch : best),
    [],
  );
}

/** What would have been right, in words: `a string`, `no key "x"`, or what the schema itself says. */
export function expected(issue: z.core.$ZodIssue): string {
  if (!isZods(issue.message)) return issue.message;

  switch (issue.code) {
    case 'invalid_type':
      return `${article(issue.expected)} ${issue.expected}`;
    case 'unrecognized_keys':
      return `no key ${issue.keys.map((key) => JSON.stringify(key)).join(', ')}`;
    case 'invalid_value':
      return issue.values.map((value) => JSON.stringify(value)).join(' or ');
    case 'too_small':
      return `at least ${issue.minimum} ${issue.origin === 'string' ? 'characters' : ''}`.trim();
    case 'too_big':
      return `at most ${issue.maximum} ${issue.origin === 'string' ? 'characters' : ''}`.trim();
    default:
      return 'another value';
  }
}

/** Zod's own words begin with a capital, ours do not. They differ by whether anything loaded zod's locale. */
const isZods = (message: string) => /^[A-Z]/.test(message);

const article = (noun: string) => (/^[aeiou]/.test(noun) ? 'an' : 'a');

/** The value at a place, or undefined. */
export function valueAt(input: unknown, path: readonly PropertyKey[]): unknown {
  let value = input;
  for (const key of path) {
    if (typeof value !== 'object' || value === null) return undefined;
    value = Object.getOwnPropertyDescriptor(value, key)?.value;
  }
  return value;
}

/** What a value is, without showing it. */
export function kindOf(value: unknown): string {
  if (value === undefined) return 'nothing';
  if (value === null) return 'null';
  if (Array.isArray(value)) return `a list of ${value.length}`;
  if (typeof value === 'string') return value === '' ? 'an empty string' : `a string of ${value.length} characters`;
  return `${article(typeof value)} ${typeof value}`;
}
