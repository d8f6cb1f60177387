import type { QueryRules } from './scope.ts';

/** A user's value as filters compare it; instants are milliseconds since the epoch. */
export type Value = string | number | boolean | null;

export interface Modifier {
  /** Whether a user's value passes. `expected` has at least one value, and two for ranges. */
  passes: (value: Value, expected: readonly Value[]) => boolean;
  /** Set if an index over lower-cased values finds every user that passes. */
  indexed?: true;
}

const lower = (value: Value) => (typeof value === 'string' ? value.toLowerCase() : value);
const same = (value: Value, expected: readonly Value[]) => value !== null && expected.includes(value);
const sameAnyCase = (value: Value, expected: readonly Value[]) => same(lower(value), expected.map(lower));
const text = (value: Value) => (typeof value === 'string' ? value : undefined);
const holds = (value: Value, expected: readonly Value[], how: (value: string, expected: string) => boolean) =>
  expected.some((one) => typeof value === 'string' && how(value, String(one)));
const holdsAnyCase = (value: Value, expected: readonly Value[], how: (value: string, expected: string) => boolean) =>
  holds(lower(value), expected.map(lower), how);
const inside = (value: string, expected: string) => value.includes(expected);
const atStart = (value: string, expected: string) => value.startsWith(expected);
/** Values of different kinds have no order: a date compared with text that is not a date finds nobody. */
const ordered = (how: (order: number) => boolean) => (value: Value, expected: readonly Value[]) =>
  value !== null && expected.slice(0, 1).some((one) => typeof one === typeof value && how(compare(value, one)));
const long = (how: (order: number) => boolean) => (value: Value, expected: readonly Value[]) =>
  how((text(value)?.length ?? 0) - Number(expected[0]));

/** Compares two values of one kind; null comes last. */
export function compare(one: Value, other: Value): number {
  if (one === other) return 0;
  if (one === null) return 1;
  if (other === null) return -1;
  return one < other ? -1 : 1;
}

/** Matches like SQL's LIKE: `%` is any text, `_` is one character. */
function like(value: string, pattern: string): boolean {
  const source = pattern
    .split('')
    .map((sign) => (sign === '%' ? '.*' : sign === '_' ? '.' : sign.replace(/[\\^$.*+?()[\]{}|/-]/, '\\$&')))
    .join('');
  return new RegExp(`^${source}$`, 's').test(value);
}

const MODIFIERS: Readonly<Record<string, Modifier>> = {
  eq: { passes: same, indexed: true },
  in: { passes: same, indexed: true },
  cieq: { passes: sameAnyCase, indexed: true },
  ciin: { passes: sameAnyCase, indexed: true },
  ne: { passes: (value, expected) => !same(value, expected) },
  notin: { passes: (value, expected) => !same(value, expected) },
  nee: { passes: (value, expected) => value !== null && !same(value, expected) },
  cine: { passes: (value, expected) => !sameAnyCase(value, expected) },
  cinotin: { passes: (value, expected) => !sameAnyCase(value, expected) },
  lt: { passes: ordered((order) => order < 0) },
  lte: { passes: ordered((order) => order <= 0) },
  gt: { passes: ordered((order) => order > 0) },
  gte: { passes: ordered((order) => order >= 0) },
  between: {
    passes: (value, [from = null, to = null]) =>
      value !== null && [from, to].every((end) => typeof end === typeof value) && compare(value, from) >= 0 && compare(value, to) <= 0,
  },
  contains: { passes: (value, expected) => holds(value, expected, inside) },
  cicontains: { passes: (value, expected) => holdsAnyCase(value, expected, inside) },
  notcontains: { passes: (value, expected) => !holds(value, expected, inside) },
  cinotcontains: { passes: (value, expected) => !holdsAnyCase(value, expected, inside) },
  cicontainsany: { passes: (value, expected) => holdsAnyCase(value, wordsOf(expected), inside) },
  cicontainsall: { passes: (value, expected) => wordsOf(expected).every((word) => holdsAnyCase(value, [word], inside)) },
  like: { passes: (value, expected) => holds(value, expected, like) },
  cilike: { passes: (value, expected) => holdsAnyCase(value, expected, like) },
  startswith: { passes: (value, expected) => holds(value, expected, atStart) },
  isnull: { passes: (value) => value === null },
  notnull: { passes: (value) => value !== null },
  isblank: { passes: (value) => value === null || value === '' },
  notblank: { passes: (value) => value !== null && value !== '' },
  length_lt: { passes: long((order) => order < 0) },
  length_eq: { passes: long((order) => order === 0) },
  length_gt: { passes: long((order) => order > 0) },
};

const IGNORING_CASE: Readonly<Record<string, string>> = { eq: 'cieq', ne: 'cine', in: 'ciin', notin: 'cinotin' };

type CaseRules = Pick<QueryRules, 'eqIgnoresCase' | 'startsWithIgnoresCase'>;

/**
 * Finds a modifier by its name after `_Mod=`. Its meaning is the SQL that Workfront's published list of constants gives.
 *
 * @returns undefined for the names that only Workfront has (soundex, exacttime, allof, bitwise) and for all unknown ones
 */
export function modifierOf(name: string, { eqIgnoresCase, startsWithIgnoresCase }: CaseRules): Modifier | undefined {
  if (name === 'startswith' && startsWithIgnoresCase) return { passes: (value, expected) => holdsAnyCase(value, expected, atStart) };
  const meant = eqIgnoresCase ? (IGNORING_CASE[name] ?? name) : name;
  return Object.hasOwn(MODIFIERS, meant) ? MODIFIERS[meant] : undefined;
}

function wordsOf(expected: readonly Value[]): string[] {
  return expected.flatMap((one) => String(one).split(/[\s,]+/)).filter((word) => word !== '');
}
