import type { Employee } from '../event/hr-event.ts';
import type { User } from '../ports.ts';

/** Unicode form, case and blanks at the ends do not tell two names or addresses apart. */
export const fold = (text: string): string => text.normalize('NFC').trim().toLowerCase();

/** Compares two names or addresses as people do. */
export function sameName(one: string | undefined, other: string): boolean {
  return one !== undefined && fold(one) === fold(other);
}

/**
 * Two identifiers that differ in leading zeros, case or punctuation alone: nobody can say whether they are the same.
 * HR systems and spreadsheets drop leading zeros.
 */
export const foldIdentifier = (text: string): string =>
  fold(text)
    .replace(/[^\p{L}\p{N}]/gu, '')
    .replace(/^0+(?=.)/, '');

/** What a comparison of what both sides know says; `unknown` if there is nothing that both know. */
export type Comparison = 'agree' | 'differ' | 'unknown';

/**
 * Compares the words of two whole names. Nicknames, marriages and the order of the parts are common, so that one common word agrees,
 * and only names without any differ. Names in different scripts are not compared.
 */
export function compareNames(one: readonly string[], other: readonly string[]): Comparison {
  const [a, b] = [wordsOf(one), wordsOf(other)];
  const scripts = new Set(a.map(scriptOf));
  const comparable = b.filter((word) => scripts.has(scriptOf(word)));
  if (comparable.length === 0) return 'unknown';

  const joined = (words: readonly string[]) => words.join('');
  const agree = comparable.some((word) => a.includes(word)) || joined(a) === joined(b);
  return agree ? 'agree' : 'differ';
}

/** What HR calls somebody, for {@link compareNames}. */
export const namesInHr = ({ givenName, familyName, displayName }: Employee): string[] =>
  [givenName, familyName, displayName].flatMap((name) => (name ? [name] : []));

/** What Workfront calls somebody, for {@link compareNames}. */
export const namesInWorkfront = ({ firstName, lastName, displayName }: User): string[] =>
  [firstName, lastName, displayName].flatMap((name) => (name ? [name] : []));

/** One way to write each sound of the letters that names are written with or without: `Jörg`, `Joerg` and `Jorg` are one word. */
const SPELLINGS: readonly [RegExp, string][] = [
  [/ß/g, 'ss'],
  [/æ/g, 'ae'],
  [/œ/g, 'oe'],
  [/ø/g, 'o'],
  [/å/g, 'a'],
  [/ł/g, 'l'],
  [/[đð]/g, 'd'],
  [/þ/g, 'th'],
  [/ı/g, 'i'],
  [/([aou])e/g, '$1'],
  [/aa/g, 'a'],
];

/** Initials name nobody: words of one letter are left out. */
function wordsOf(names: readonly string[]): string[] {
  const text = names.join(' ').toLowerCase().normalize('NFD').replace(/\p{M}/gu, '');
  const spelled = SPELLINGS.reduce((known, [letters, plain]) => known.replace(letters, plain), text);
  const words = spelled.replace(/[’'`]/g, '').split(/[^\p{L}\p{N}]+/u);
  return [...new Set(words.filter((word) => word.length > 1 || scriptOf(word) === 'ideographs'))];
}

const SCRIPTS: readonly [string, RegExp][] = [
  ['latin', /\p{Script=Latin}/u],
  ['cyrillic', /\p{Script=Cyrillic}/u],
  ['greek', /\p{Script=Greek}/u],
  ['arabic', /\p{Script=Arabic}/u],
  ['hebrew', /\p{Script=Hebrew}/u],
  ['hangul', /\p{Script=Hangul}/u],
  ['ideographs', /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}]/u],
];

const scriptOf = (word: string): string => SCRIPTS.find(([, letter]) => letter.test(word))?.[0] ?? 'other';
