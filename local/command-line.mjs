// @ts-check
// Plain JavaScript without packages: `npm start` checks its options before anything is installed, with the Node.js that the machine has.
import { parseArgs } from 'node:util';

/**
 * An option of a program.
 *
 * @template Value
 * @typedef {object} Option
 * @property {string} [takes] the name of its value in the help; undefined: the option is a switch
 * @property {string} help
 * @property {string} allowed what its value can be, as a noun with its article
 * @property {(text: string) => Value | undefined} read undefined if the text is not allowed
 * @property {Value} otherwise the value without the option
 */

/** @typedef {Record<string, Option<any>>} Options */

/**
 * The value of each option.
 *
 * @template {Options} All
 * @typedef {{ [Name in keyof All]: All[Name]['otherwise'] }} Values
 */

/** The exit code of a program that was called with a wrong option. */
const WRONG_USAGE = 2;

/** A wrong command line. The message names the option, what is wrong with it and what to do. */
export class UsageError extends Error {}

/**
 * An option whose value is a whole number.
 *
 * @template {number | undefined} Value
 * @param {{ takes: string, help: string, from: number, to: number, otherwise: Value }} option
 * @returns {Option<number | Value>}
 */
export function wholeNumber({ takes, help, from, to, otherwise }) {
  const read = (/** @type {string} */ text) => {
    const isInRange = /^\d{1,15}$/.test(text) && Number(text) >= from && Number(text) <= to;
    return isInRange ? Number(text) : undefined;
  };
  return { takes, help, otherwise, allowed: `a whole number from ${from} to ${to}`, read };
}

/**
 * An option whose value is any text.
 *
 * @param {{ takes: string, help: string, allowed: string, otherwise: string }} option
 * @returns {Option<string>}
 */
export const anyText = (option) => ({ ...option, read: (text) => (text === '' ? undefined : text) });

/**
 * An option without a value: false unless it is given.
 *
 * @param {string} help
 * @returns {Option<boolean>}
 */
export const aSwitch = (help) => ({ help, allowed: '', otherwise: false, read: () => true });

/**
 * Reads the options of a program, and ends the program with exit code 2 if one is wrong, or with 0 after its help.
 *
 * @template {Options} All
 * @template [Result=Values<All>]
 * @param {object} program
 * @param {string} program.call how the program is called, such as `npm start --`
 * @param {All} program.options
 * @param {(values: Values<All>) => Result} [program.check] looks at all options together; may throw UsageError
 * @returns {Result}
 */
export function readCommandLine({ call, options, check = (values) => /** @type {any} */ (values) }) {
  const args = process.argv.slice(2);
  if (args.includes('--help')) {
    console.log(helpOf({ call, options }));
    process.exit(0);
  }
  try {
    return check(readOptions(args, options));
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    console.error(`${error.message}\n${call} --help lists all options.`);
    process.exit(WRONG_USAGE);
  }
}

/**
 * The known name that a mistyped one probably means, or undefined.
 *
 * @param {string} name
 * @param {readonly string[]} known
 */
export function nearest(name, known) {
  const [best] = known
    .map((one) => ({ one, distance: name.length > 2 && one.startsWith(name) ? 0 : distanceOf(name.toLowerCase(), one.toLowerCase()) }))
    .filter(({ one, distance }) => distance <= Math.min(3, Math.floor(one.length / 2)))
    .sort((a, b) => a.distance - b.distance);
  return best?.one;
}

/**
 * @template {Options} All
 * @param {readonly string[]} args
 * @param {All} options
 * @returns {Values<All>}
 */
function readOptions(args, options) {
  const config = Object.fromEntries(Object.entries(options).map(([name, { takes }]) => [name, { type: typeOf(takes) }]));
  const { tokens } = parseArgs({ args: [...args], options: config, strict: false, tokens: true });
  /** @type {Map<string, unknown>} */
  const given = new Map();
  for (const token of tokens) {
    if (token.kind === 'option-terminator') continue;
    if (token.kind === 'positional') throw unknown(token.value, options);
    const option = Object.hasOwn(options, token.name) && token.rawName.startsWith('--') ? options[token.name] : undefined;
    if (option === undefined) throw unknown(token.rawName, options);
    if (given.has(token.name)) throw new UsageError(`--${token.name} is given twice; give it once`);
    given.set(token.name, readOption(token, option));
  }
  const entries = Object.entries(options).map(([name, { otherwise }]) => [name, given.has(name) ? given.get(name) : otherwise]);
  return Object.fromEntries(entries);
}

/** @returns {'string' | 'boolean'} */
const typeOf = (/** @type {string | undefined} */ takes) => (takes === undefined ? 'boolean' : 'string');

/**
 * @param {{ name: string, value: string | undefined, inlineValue: boolean | undefined }} token
 * @param {Option<unknown>} option
 */
function readOption({ name, value, inlineValue }, { takes, allowed, read }) {
  if (takes === undefined) {
    if (value !== undefined) throw new UsageError(`--${name} takes no value; leave out ${quoted(value)}`);
    return read('');
  }
  if (value === undefined || (!inlineValue && value.startsWith('--'))) throw new UsageError(`--${name} has no value; add ${allowed}`);
  const read_ = read(value);
  if (read_ === undefined) throw new UsageError(`--${name} cannot be ${quoted(value)}; use ${allowed}`);
  return read_;
}

/**
 * @param {string} word
 * @param {Options} options
 */
function unknown(word, options) {
  const names = Object.keys(options);
  const meant = nearest(word.replace(/^-+/, ''), names);
  if (meant !== undefined) return new UsageError(`unknown option ${word}; did you mean --${meant}?`);
  if (names.length === 0) return new UsageError(`unknown option ${word}; there are no options`);
  return new UsageError(`unknown option ${word}; use ${names.map((name) => `--${name}`).join(', ')}`);
}

const quoted = (/** @type {string} */ text) => JSON.stringify(text.length > 60 ? `${text.slice(0, 60)}…` : text);

/** @param {{ call: string, options: Options }} program */
function helpOf({ call, options }) {
  const lines = Object.entries(options).map(([name, { takes, help, otherwise }]) => {
    const usual = takes === undefined || otherwise === undefined ? '' : ` (default ${otherwise})`;
    return [`--${name}${takes === undefined ? '' : ` ${takes}`}`, `${help}${usual}`];
  });
  const width = Math.max(0, ...lines.map(([option = '']) => option.length));
  return [call + (lines.length > 0 ? ' [options]' : ''), ...lines.map(([option = '', help]) => `  ${option.padEnd(width)}  ${help}`)].join(
    '\n',
  );
}

/**
 * The number of letters to add, remove or replace.
 *
 * @param {string} one
 * @param {string} other
 */
function distanceOf(one, other) {
  let row = Array.from({ length: other.length + 1 }, (_, index) => index);
  for (let line = 1; line <= one.length; line++) {
    const next = [line];
    for (let column = 1; column <= other.length; column++) {
      const replaced = (row[column - 1] ?? 0) + (one[line - 1] === other[column - 1] ? 0 : 1);
      next.push(Math.min(replaced, (row[column] ?? 0) + 1, (next[column - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row.at(-1) ?? 0;
}
