import type { Terminal } from './terminal.ts';

/** A sentence gets at least this much of a line. */
const SENTENCE = 40;

/**
 * Folds a line into lines of whole words that fit the terminal. A longer word stands alone. A command
 * ends each line but its last in a backslash, so that it can be copied.
 *
 * @param width in columns; undefined: does not fold
 * @param hang by how many columns to indent the lines after the first
 */
export function folded(text: string, { width, hang }: { width: number | undefined; hang: number }): string[] {
  if (width === undefined || text.length <= width) return [text];
  if (text.trimStart().startsWith('npm run ')) return foldedCommand(text, width);

  const indent = ' '.repeat(Math.max(0, Math.min(hang, width - SENTENCE)));
  const lines: string[] = [];
  let line = '';
  for (const [index, word] of text.split(' ').entries()) {
    if (index > 0 && line.trim() !== '' && line.length + 1 + word.length > width) {
      lines.push(line.trimEnd());
      line = indent + word;
    } else line += index === 0 ? word : ` ${word}`;
  }
  return [...lines, line];
}

/** A shell reads on after a backslash at the end of a line. Parts between quotes stay whole: a backslash within them would be another thing. */
function foldedCommand(text: string, width: number): string[] {
  const indent = ' '.repeat(text.length - text.trimStart().length);
  const words = text.trim().match(/"[^"]*"|'[^']*'|\S+/g) ?? [];
  const lines: string[] = [];
  let line = indent;
  for (const word of words) {
    const isFirst = line.trim() === '';
    if (!isFirst && line.length + 1 + word.length + CONTINUED.length > width) {
      lines.push(line + CONTINUED);
      line = `${indent}    ${word}`;
    } else line += isFirst ? word : ` ${word}`;
  }
  return [...lines, line];
}

const CONTINUED = ' \\';

/** Says when a command leads on, and the command, which can be copied. */
export function sayCommand({ when, command }: { when: string; command: string }, { say, width }: Pick<Terminal, 'say' | 'width'>): void {
  say(when);
  for (const line of folded(`  ${command}`, { width, hang: 6 })) say(line);
}
