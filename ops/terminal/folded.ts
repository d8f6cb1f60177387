/** A sentence gets at least this much of a line. */
const SENTENCE = 40;

/**
 * Folds a line into lines of whole words that fit the terminal. A longer word stands alone. Commands stay whole, so that they can be copied.
 *
 * @param width in columns; undefined: does not fold
 * @param hang by how many columns to indent the lines after the first
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
