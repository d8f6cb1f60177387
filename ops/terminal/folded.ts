/** A sentence gets at least so much of a line. */
const SENTENCE = 40;

/**
 * A line as lines of whole words that fit a terminal; a word that is longer stands alone. Commands are left whole, to be copied.
 *
 * @param width undefined: nothing is folded
 * @param hang how far the lines after the first are indented
 */
export function folded(text: string, { width, hang }: { width: number | undefined; hang: number }): string[] {
  if (width === undefined || text.length <= width || text.trimStart().startsWith('npm run ')) return [text];

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
