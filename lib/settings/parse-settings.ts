import leven from 'leven';
import * as z from 'zod';
import { InvalidInput } from '../../lambda/domain/failures.ts';
import { expected, firstIssue, kindOf, valueAt } from '../../lambda/domain/parse.ts';
import { knownKeys } from './known-keys.ts';

/** With more edits than this, a word is another word. */
const MOST_EDITS = 3;

const MOST_SHOWN = 60;

/**
 * Parses settings that a person has written. Unlike the data of a border, a wrong value is shown, unless it may be personal or secret.
 *
 * @param what names the settings in the error, for example the file
 * @throws InvalidInput one line that names the first wrong place, what was expected, what is there, and what was probably meant
 */
export function parseSettings<Schema extends z.core.$ZodType>(schema: Schema, input: unknown, what: string): z.output<Schema> {
  const parsed = z.safeParse(schema, input);
  if (parsed.success) return parsed.data;

  throw new InvalidInput(`${what}: ${mistake(firstIssue(mistypedFirst(parsed.error.issues)), { input, schema })}`);
}

/** A mistyped key also leaves the right one out: what is unknown says more than what is missing. */
const mistypedFirst = (issues: readonly z.core.$ZodIssue[]) => issues.toSorted((one, other) => rank(one) - rank(other));
const rank = ({ code }: z.core.$ZodIssue) => (code === 'unrecognized_keys' ? 0 : 1);

/** A check of a system's own settings wraps what the system's schema found. */
const wrapped = z.object({ issue: z.custom<z.core.$ZodIssue>(), schema: z.instanceof(z.core.$ZodType) });

function mistake(issue: z.core.$ZodIssue | undefined, { input, schema }: { input: unknown; schema: z.core.$ZodType }): string {
  if (issue === undefined) return 'not valid; see docs/settings.md';
  const place = issue.path.map(String).join('.') || 'the whole';
  const inner = issue.code === 'custom' ? wrapped.safeParse(issue.params).data : undefined;
  const found = inner?.issue ?? issue;
  if (found.code === 'unrecognized_keys') {
    const known = knownKeys(inner?.schema ?? schema, found.path);
    return `${place}: unknown key ${found.keys.map((key) => JSON.stringify(key)).join(', ')}; ${adviceOn(found.keys[0] ?? '', known)}`;
  }
  if (found.code === 'invalid_key') {
    const record = issue.path.slice(0, -1).map(String).join('.') || 'the whole';
    return `${record}: expected each key to be ${found.issues[0]?.message ?? 'another one'}, got one that is not`;
  }
  const value = valueAt(input, issue.path);
  const meant = found.code === 'invalid_value' && typeof value === 'string' ? nearest(value, found.values.map(String)) : undefined;
  return `${place}: expected ${expected(issue)}, got ${shown(value, issue.path)}${meant === undefined ? '' : `; did you mean "${meant}"?`}`;
}

function adviceOn(key: string, known: readonly string[]): string {
  const meant = nearest(key, known);
  return meant === undefined ? `use ${known.join(', ') || 'none'}` : `did you mean "${meant}"?`;
}

/** The known word that a mistyped one probably means, or undefined if no known word is near. */
function nearest(word: string, known: readonly string[]): string | undefined {
  const [best] = known
    .map((one) => ({ one, edits: leven(word.toLowerCase(), one.toLowerCase()) }))
    .filter(({ one, edits }) => edits <= Math.min(MOST_EDITS, Math.floor(one.length / 2)))
    .sort((one, other) => one.edits - other.edits);
  return best?.one;
}

/** The value itself, if it is short and can be neither personal nor secret. */
function shown(value: unknown, path: readonly PropertyKey[]): string {
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  if (typeof value !== 'string' || value === '' || value.length > MOST_SHOWN) return kindOf(value);
  return path.includes('protected') || mayBePrivate(value) ? kindOf(value) : JSON.stringify(value);
}

/** An address, the query of a URL, or text that looks like a key: long, without spaces, with letters and digits. */
const mayBePrivate = (text: string): boolean =>
  /[@?]/.test(text) || /^(?=.*\d)(?=.*[A-Za-z])[\w+/=.-]{20,}$/.test(text) || /^(whsec_|bearer |basic )/i.test(text);
