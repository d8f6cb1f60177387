import { stripVTControlCharacters } from 'node:util';

/** A command of the guide, as a reader types it. */
export interface GuideCommand {
  line: string;
  /** The exit code that the guide has it end with. */
  exit: number;
  /** The lines that it prints: `...` stands for any number of lines, `…` for any text. */
  prints: string[];
}

/**
 * The commands in the blocks marked `console`, in their order: each begins with `$ `, what follows is what it prints. A block whose
 * commands do not end with 0 says so beside the mark: `console exit=3`.
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

/** @returns where what was printed first differs from what the guide says, in a sentence; undefined where it does not */
export function differenceFrom(prints: readonly string[], printed: string): string | undefined {
  const came = linesOf(printed);
  let next = 0;
  let mayskip = false;
  for (const expected of linesOf(prints.join('\n'))) {
    if (expected === '...') {
      mayskip = true;
      continue;
    }
    const isMeant = patternOf(expected);
    const at = mayskip ? came.findIndex((line, index) => index >= next && isMeant.test(line)) : next;
    if (at < 0 || !isMeant.test(came[at] ?? ''))
      return `expected the line "${expected}", got ${came[next] === undefined ? 'none' : `"${came[next]}"`}`;
    next = at + 1;
    mayskip = false;
  }
  return mayskip || next === came.length ? undefined : `expected nothing more, got "${came[next]}"`;
}

/** What is another at each run, and where. */
const CHANGING: readonly [RegExp, string][] = [
  [/\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(\.\d+)?Z?/g, '<time>'],
  [/\b\d+(\.\d+)? ?(ms|s)\b/g, '<length of time>'],
  [/\b[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\b/g, '<id>'],
  [/\b[0-9a-f]{32}\b/g, '<id>'],
  [/\b\d{12}\b/g, '<account>'],
  [/\b[a-z0-9]+\.execute-api\./g, '<api>.execute-api.'],
  [/ +/g, ' '],
];

/** Without what npm says first, colours, and empty lines. */
function linesOf(text: string): string[] {
  return stripVTControlCharacters(text)
    .split(/\r?\n/)
    .map((line) => CHANGING.reduce((changed, [pattern, word]) => changed.replace(pattern, word), line).trim())
    .filter((line) => line !== '' && !line.startsWith('> '));
}

function patternOf(expected: string): RegExp {
  return new RegExp(`^${expected.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&').replaceAll('…', '.*')}$`);
}
