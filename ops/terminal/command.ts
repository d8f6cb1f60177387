import type { Argument, Command, Option } from 'commander';
import { Usage } from './exit-code.ts';
import { advice, nearest } from './nearest.ts';

/** A command as each is: with `--json`, and a help that ends in an example. */
export function newCommand(parent: Command, name: string, { what, example }: { what: string; example: string }): Command {
  return parent
    .command(name)
    .description(what)
    .option('--json', 'print JSON, for programs')
    .addHelpText('after', `\nExample:\n  npm run ops -- ${example}`);
}

/** Each command that does something: those that only group others are left out. */
export const leavesOf = (command: Command): Command[] =>
  command.commands.length === 0 ? [command] : command.commands.flatMap((one) => leavesOf(one));

/** As it is typed behind the program's name: `brake release`. */
export const pathOf = (command: Command): string =>
  command.parent === null ? '' : [pathOf(command.parent), command.name()].filter((name) => name !== '').join(' ');

/**
 * Lets a command, and all below it, name mistakes of the command line in the words of this program instead of commander's. Also refuses an
 * option that is given twice, since commander would silently take the last.
 *
 * @param onMistake is called with the command, before the mistake is thrown as Usage
 */
export function explainMistakes(command: Command, onMistake: (command: Command) => void): void {
  const refuse = (sentence: string): never => {
    onMistake(command);
    throw new Usage(sentence);
  };
  command.helpOption('-h, --help', 'show this help');
  command.error = (message, { code = '' } = {}) => refuse(sentenceOn(command, { message, code }));
  for (const option of command.options.filter(({ required, variadic }) => required && !variadic)) {
    option.argParser((value: string) => {
      if (command.getOptionValueSource(option.attributeName()) === 'cli') return refuse(`${option.long} is given twice; give it once`);
      // `--reason --yes` would otherwise take "--yes" for the reason
      return /^--[a-z]/.test(value) ? refuse(withoutValue(option)) : value;
    });
  }
  for (const one of command.commands) explainMistakes(one, onMistake);
}

function sentenceOn(command: Command, { message, code }: { message: string; code: string }): string {
  const [, named = ''] = /'([^']*)'/.exec(message) ?? [];
  const option = optionsOf(command).find(({ flags }) => flags === named);
  switch (code) {
    case 'commander.unknownOption':
      // Leaves out the value in `--option=value`: it may be a secret.
      return unknown('option', {
        name: named.replace(/=.*/s, ''),
        known: [...optionsOf(command).map(({ long, flags }) => long ?? flags), '--help'],
      });
    case 'commander.unknownCommand':
      return unknown('command', { name: named, known: command.commands.map((one) => one.name()) });
    case 'commander.optionMissingArgument':
      return option === undefined ? `${named} has no value; add one` : withoutValue(option);
    case 'commander.missingMandatoryOptionValue':
      return `${option?.long ?? named} is missing; add ${named}${option === undefined ? '' : ` (${option.description})`}`;
    case 'commander.missingArgument':
      return `<${named}> is missing; use ${callOf(command)}`;
    case 'commander.excessArguments':
      return tooManyArguments(command);
    default:
      return message.replace(/^error: /, '');
  }
}

function unknown(what: string, { name, known }: { name: string; known: readonly string[] }): string {
  return `unknown ${what} ${name}; ${advice({ allowed: known.join(', '), meant: nearest(name, known) })}`;
}

const withoutValue = ({ long, flags, description }: Option): string => `${long} has no value; use ${flags} (${description})`;

/** Does not repeat the arguments: somebody may have typed a secret. */
function tooManyArguments(command: Command): string {
  const most = command.registeredArguments.length;
  const secret = pathOf(command).startsWith('secret ') ? '. A secret is read from standard input, and is never an argument' : '';
  if (most === 0) return `${pathOf(command)} takes no argument; leave it out`;
  return `${pathOf(command)} takes only ${most} argument; use ${callOf(command)}${secret}`;
}

const callOf = (command: Command): string => [pathOf(command), ...command.registeredArguments.map(placeOf)].join(' ');

function placeOf(argument: Argument): string {
  const name = `${argument.name()}${argument.variadic ? '...' : ''}`;
  return argument.required ? `<${name}>` : `[${name}]`;
}

const optionsOf = (command: Command): Option[] => [...command.options, ...(command.parent === null ? [] : optionsOf(command.parent))];
