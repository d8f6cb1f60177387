import type { Command } from 'commander';
import { pathOf } from './command.ts';

export const SHELLS = ['bash', 'zsh', 'fish'] as const;

/** What can follow a command: the commands below it, and its options. */
interface Place {
  path: string;
  words: string[];
}

/**
 * The script that completes commands and options in a shell.
 *
 * @param name as which the program is typed
 */
export function completionFor(shell: (typeof SHELLS)[number], { program, name }: { program: Command; name: string }): string {
  const places = placesOf(program);
  if (shell === 'fish') return fish(places, name);
  // zsh reads completions of bash, after these two functions are loaded (zshcompsys, "bashcompinit").
  const begin = shell === 'zsh' ? 'autoload -U +X compinit && compinit\nautoload -U +X bashcompinit && bashcompinit\n' : '';
  return begin + bash(places, name);
}

function placesOf(command: Command): Place[] {
  const below = command.commands.filter((one) => one.name() !== 'help');
  const options = command.options.flatMap(({ long }) => (long ? [long] : []));
  return [{ path: pathOf(command), words: [...below.map((one) => one.name()), ...options, '--help'] }, ...below.flatMap(placesOf)];
}

function bash(places: readonly Place[], name: string): string {
  const known = places.filter(({ path }) => path !== '').map(({ path }) => `"${path}"`);
  return `_${name}() {
  local path="" words="" word
  for word in "\${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
    case "\${path:+$path }$word" in
      ${known.join('|')}) path="\${path:+$path }$word" ;;
    esac
  done
  case "$path" in
${places.map(({ path, words }) => `    "${path}") words="${words.join(' ')}" ;;`).join('\n')}
  esac
  COMPREPLY=($(compgen -W "$words" -- "\${COMP_WORDS[COMP_CWORD]}"))
}
complete -o default -F _${name} ${name}`;
}

function fish(places: readonly Place[], name: string): string {
  const lines = places.map(({ path, words }) => {
    const when = path === '' ? '__fish_use_subcommand' : `string match -q -r '\\b${path}\\b' -- (commandline -opc | string join ' ')`;
    return `complete -c ${name} -n "${when}" -f -a "${words.join(' ')}"`;
  });
  return lines.join('\n');
}
