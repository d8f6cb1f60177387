import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Text, textsOfCode, textsOfMarkdown } from './texts.ts';

export interface Refusal {
  file: string;
  line: number;
  /** The refused words as they are written, on one line. */
  found: string;
  /** What to write instead. */
  instead: string;
}

/** The folder that somebody looks after, such as `ops/commands`: at most two levels deep. */
export const roomOf = (file: string): string => file.split('/').slice(0, -1).slice(0, 2).join('/') || 'the top level';

/** As `file:line "words" -> what to write instead`. */
export const inOneLine = ({ file, line, found, instead }: Refusal): string => `${file}:${line} "${found}" -> ${instead}`;

interface Rule {
  pattern: RegExp;
  instead: string;
}

/** Fields that are stored or printed as JSON: their names stay. They are allowed alone, in quotes or backticks. */
const FIELDS = [{ name: 'cure', reason: 'a key of what `doctor --json` prints' }];

/** Files that have refused words on purpose. */
const ON_PURPOSE = [
  { file: 'test/house/words.txt', reason: 'it lists them' },
  { file: 'test/house/words.test.ts', reason: 'it shows that they are found' },
  { file: 'package-lock.json', reason: 'npm writes it' },
];

const LIST = join(import.meta.dirname, 'words.txt');

/** The rules of words.txt. @throws TypeError if a line has no `->` */
export function readRules(list = readFileSync(LIST, 'utf8')): Rule[] {
  const lines = list.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  return lines.map((line) => {
    const [refused, instead] = line.split(' -> ');
    if (refused === undefined || instead === undefined) throw new TypeError(`words.txt: expected "refused -> instead", got "${line}"`);

    const words = refused.split(' ').map((word) => (word === '...' ? '[^.!?]*?' : `\\b${word}\\b`));
    return { pattern: new RegExp(words.join('\\s+').replaceAll('\\s+[^.!?]*?\\s+', '[^.!?]*?'), 'gi'), instead };
  });
}

/** The refused words in a file. @param content the whole text of it */
export function refusedWords(file: string, content: string, rules = readRules()): Refusal[] {
  if (ON_PURPOSE.some((one) => one.file === file)) return [];

  return textsOf(file, content).flatMap(({ start, text }) =>
    rules.flatMap(({ pattern, instead }) =>
      [...withoutFields(text).matchAll(pattern)].map((match) => ({
        file,
        line: content.slice(0, start + match.index).split('\n').length,
        found: match[0].replace(/\s+/g, ' '),
        instead,
      })),
    ),
  );
}

function textsOf(file: string, content: string): Text[] {
  if (/\.(ts|mjs|cjs|js)$/.test(file)) return textsOfCode(content);
  if (file.endsWith('.md')) return textsOfMarkdown(content);
  return [{ start: 0, text: content }];
}

function withoutFields(text: string): string {
  const names = FIELDS.map(({ name }) => name).join('|');
  return text.replace(new RegExp(`(['"\`])(${names})\\1`, 'g'), (field) => ' '.repeat(field.length));
}
