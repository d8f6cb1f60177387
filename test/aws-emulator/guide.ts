import { stripVTControlCharacters } from 'node:util';

/** A command of the guide that a reader types. */
export interface GuideCommand {
  line: string;
  /** The exit code in the guide. */
  exit: number;
  /** The lines in the guide that it prints: `...` stands for any number of lines, `…` for any text. */
  prints: string[];
}

/**
 * Reads the commands in the blocks marked `console`, in their order: each begins with `$ `, its output follows. A block whose commands
 * do not end with 0 has the exit code beside the mark: `console exit=3`.
 */
export function commandsOf(markdown: string): GuideCommand[] {
  return [...markdown.matchAll(/^```console(?: exit=(\d+))?\n([\s\S]*?)^```$/gm)].flatMap(([, exit = '0', block = '']) =>
    block
      .split(/^\$ /m)
      .slice(1)
      .map((text) => {
        const [line = '', ...prints] = text.trimEnd().split('\n');
        return { line, exit: Number(exit), prints };
      }),
  );
}

/** @returns a sentence on the first difference between the guide and the output; undefined if there is none */
export function differenceFrom(prints: readonly string[], printed: string): string | undefined {
  const lines = linesOf(printed);
  let next = 0;
  let maySkip = false;
  for (const expected of linesOf(prints.join('\n'))) {
    if (expected === '...') {
      maySkip = true;
      continue;
    }
    const isMeant = patternOf(expected);
    const at = maySkip ? lines.findIndex((line, index) => index >= next && isMeant.test(line)) : next;
    if (at < 0 || !isMeant.test(lines[at] ?? ''))
      return `the guide has the line "${expected}", the output ${lines[next] === undefined ? 'ends' : `has "${lines[next]}"`}; correct one of them`;
    next = at + 1;
    maySkip = false;
  }
  return maySkip || next === lines.length ? undefined : `the guide ends, the output goes on with "${lines[next]}"; correct one of them`;
}

/** The parts that differ between runs and places. */
const CHANGING: readonly [RegExp, string][] = [
  [/\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(\.\d+)?Z?/g, '<time>'],
  [/\b\d+(\.\d+)? ?(ms|s)\b/g, '<length of time>'],
  [/\b[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\b/g, '<id>'],
  [/\b[0-9a-f]{32}\b/g, '<id>'],
  [/\b\d{12}\b/g, '<account>'],
  [/\b[a-z0-9]+\.execute-api\./g, '<api>.execute-api.'],
  [/ +/g, ' '],
];

/** The lines without those that npm prints first, without colours and empty lines. */
function linesOf(text: string): string[] {
  return stripVTControlCharacters(text)
    .split(/\r?\n/)
    .map((line) => CHANGING.reduce((changed, [pattern, word]) => changed.replace(pattern, word), line).trim())
    .filter((line) => line !== '' && !line.startsWith('> '));
}

function patternOf(expected: string): RegExp {
  return new RegExp(`^${expected.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&').replaceAll('…', '.*')}$`);
}
