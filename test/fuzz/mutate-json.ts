import type { Dice } from '../support/dice.ts';

/** Texts that a program may not expect. */
export const DIFFICULT_TEXTS: readonly string[] = [
  '',
  ' ',
  '\u0000',
  '\ud800',
  '\udfff\ud800',
  '\uffff\ufffe',
  '\u202e\u2066',
  '\u{1f468}\u200d\u{1f469}',
  'I\u0307\u0131\u00df',
  'a'.repeat(300),
  'x'.repeat(20_000),
  'line\nbreak\r\n{"level":"ERROR"}',
  '__proto__',
  'constructor',
  'undefined',
  'null',
  'NaN',
  '[object Object]',
  '%s%n%d',
  "' OR 1=1 --",
  '<script>',
  '../../etc/passwd',
  '$$USER.ID',
  '*',
  '%',
  'a@b',
  '@',
  '2026-02-30',
  '0000-00-00',
  '9999-12-31',
  '+275760-09-13',
  '2026-11-30T24:00:00Z',
  '2026-06-30T23:59:60Z',
  '2026-11-30T17:00:00+23:59',
  '2026-11-30T17:00:00-99:99',
  '2026-11-30T17:00:00.123456789123456789Z',
  '0000-01-01T00:00:00Z',
  '9999-12-31T23:59:59.999-23:59',
  '-000001-01-01T00:00:00Z',
  'Europe/../Berlin',
  'EST5EDT',
  'Etc/GMT+12',
  '+05:30',
];

/** Values in JSON, and some that no program would write. */
const DIFFICULT_VALUES: readonly string[] = [
  ...DIFFICULT_TEXTS.map((text) => JSON.stringify(text)),
  ...['null', 'true', 'false', '[]', '{}', '[[]]', '[null]', '""', '0', '-0', '-1', '1.5', '1e400', '-1e400', '1e-400', '1e308'],
  ...['9007199254740993', `${'9'.repeat(400)}`, `0.${'1'.repeat(2000)}`, '1E+2', '9999999999999', '-62135596800000'],
  ...['{"__proto__":{"isAdmin":true}}', '{"constructor":{"prototype":{"x":1}}}', '{"toString":1,"valueOf":2}', '{"length":-1}', '{"":""}'],
  ...['01', '+1', '.5', '1.', '0x10', 'NaN', 'Infinity', "'single'", '"\\x41"', '"\\ud83d"', '"\t"', '/* a */1', '1,', 'undefined'],
];

const VALUE = /"(?:[^"\\]|\\.)*"(?!\s*:)|-?\d+(?:\.\d+)?|\btrue\b|\bfalse\b|\bnull\b/g;
const KEY = /"(?:[^"\\]|\\.)*"\s*:/g;

/** Mutates JSON as text, so that it also writes what no serialiser would. */
export function mutateJson(text: string, dice: Dice): string {
  let mutated = text;
  for (let times = 1 + dice.int(3); times > 0; times -= 1) mutated = dice.pick(WAYS)(mutated, dice);
  return mutated;
}

/** The length of text that is searched for a mark: if quotes do not match, the time to find it grows with the square. */
const WINDOW = 16 * 1024;

export type OnText = (text: string, dice: Dice) => string;

/** Replaces one of the marks in a text. */
export const replacing =
  (mark: RegExp, by: (found: string, dice: Dice) => string): OnText =>
  (text, dice) => {
    const from = dice.int(Math.max(1, text.length - WINDOW));
    const found = [...text.slice(from, from + WINDOW).matchAll(mark)];
    if (found.length === 0) return text;
    const { index, 0: piece } = dice.pick(found);
    return text.slice(0, from + index) + by(piece, dice) + text.slice(from + index + piece.length);
  };

/** Twice the limit of the receiver. Longer texts take long to make, in the process that also plays the queue. */
const LONGEST = 1024 * 1024;

const repeated = (text: string, times: number) =>
  `[${Array.from({ length: Math.min(times, Math.ceil(LONGEST / text.length)) }, () => text).join(',')}]`;

const nest = (inner: string, depth: number) => '['.repeat(depth) + inner + ']'.repeat(depth);

const WAYS: readonly OnText[] = [
  (text) => text,
  replacing(VALUE, (_, dice) => dice.pick(DIFFICULT_VALUES)),
  replacing(VALUE, (_, dice) => dice.pick(DIFFICULT_VALUES)),
  replacing(VALUE, (_, dice) => dice.pick(DIFFICULT_VALUES)),
  replacing(VALUE, (value, dice) => nest(value, 10 ** dice.int(5))),
  replacing(VALUE, (value) => '{"a":'.repeat(2000) + value + '}'.repeat(2000)),
  replacing(KEY, (key, dice) => `${key}${dice.pick(DIFFICULT_VALUES)},${key}`),
  replacing(KEY, (key) => `"__proto__":{"employee":{"email":"x@y"}},"constructor":1,${key}`),
  replacing(KEY, (_, dice) => `${JSON.stringify(dice.pick(DIFFICULT_TEXTS))}:`),
  replacing(KEY, (key) => key.toUpperCase()),
  replacing(/[,:{}[\]"]/g, (_, dice) => dice.pick(['', ',', ':', '{', '}', '[', ']', '"', '\\'])),
  (text, dice) => repeated(text, 1 + dice.int(dice.chance(0.05) ? 600 : 5)),
  (text, dice) => nest(text, 1 + dice.int(3)),
  (text) => JSON.stringify(text),
  (_, dice) => dice.pick(DIFFICULT_VALUES),
  (text) => text + text,
  (text) => `${text.slice(0, -1)},"customFields":{${Array.from({ length: 150 }, (_, n) => `"DE:${n}":"v"`).join(',')}}}`,
];
