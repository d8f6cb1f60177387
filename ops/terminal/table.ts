import { folded } from './folded.ts';
import { printable, type Style, type Terminal } from './terminal.ts';

export interface Column {
  title: string;
  /** Never cut, because it is copied into the next command. */
  copied?: boolean;
  /** A sentence in the last column, which goes on in the next line instead of being cut. */
  wraps?: boolean;
  style?: (cell: string) => Style | undefined;
}

/** How many rows are read before the first is printed, to find the widths of the columns. */
const ROWS_AHEAD = 100;
const NARROWEST = 8;
/** A sentence gets at least this many columns. */
const SENTENCE = 30;
const GAP = '  ';

/**
 * Prints a table row by row, in constant memory. Fits it to the width of a terminal; elsewhere it cuts and wraps nothing. If the terminal is
 * too narrow for what must be copied, each row becomes lines of `title  value`, of which nothing is cut.
 */
export function tablePrinter(columns: readonly Column[], { print, style, width }: Pick<Terminal, 'print' | 'style' | 'width'>) {
  let waiting: string[][] | undefined = [];
  let widths: number[] = [];
  let isNarrow = false;

  const paint = (text: string, cell: string, index: number) => {
    const chosen = columns[index]?.style?.(cell);
    return chosen === undefined ? text : style(chosen, text);
  };
  const printLine = (cells: readonly string[], painted: typeof paint) =>
    print(
      cells
        .map((cell, index) => {
          const text = width === undefined || columns[index]?.wraps ? cell : cut(cell, widths[index] ?? cell.length);
          return painted(index === cells.length - 1 ? text : text.padEnd(widths[index] ?? 0), cell, index);
        })
        .join(GAP)
        .trimEnd(),
    );
  const printRecord = async (cells: readonly string[]) => {
    for (const [index, cell] of cells.entries()) {
      if (cell === '') continue;
      const head = (columns[index]?.title ?? '').padEnd(titleWidth(columns)) + GAP;
      const [first = '', ...more] = cell.includes(' ') ? folded(head + cell, { width, hang: head.length }) : [head + cell];
      await print(style('dim', first.slice(0, head.length)) + paint(first.slice(head.length), cell, index));
      for (const line of more) await print(line);
    }
    await print('');
  };
  const printRow = async (cells: readonly string[]) => {
    if (isNarrow) return printRecord(cells);
    const last = cells.length - 1;
    const sentence =
      width !== undefined && columns[last]?.wraps ? wrapped(cells[last] ?? '', widths[last] ?? SENTENCE) : [cells[last] ?? ''];
    await printLine([...cells.slice(0, last), sentence[0] ?? ''], paint);
    for (const more of sentence.slice(1)) await printLine([...cells.slice(0, last).map(() => ''), more], paint);
  };
  const flush = async () => {
    const rows = waiting ?? [];
    waiting = undefined;
    if (rows.length === 0) return;
    widths = fit(columns, rows, width);
    isNarrow =
      width !== undefined &&
      columns.some(({ copied }, index) => copied && rows.some((cells) => (cells[index] ?? '').length > (widths[index] ?? 0)));
    if (isNarrow) {
      for (const cells of rows) await printRecord(cells);
      return;
    }
    await printLine(
      columns.map(({ title }) => title),
      (text) => style('dim', text),
    );
    for (const cells of rows) await printRow(cells);
  };

  return {
    async row(cells: readonly (string | undefined)[]): Promise<void> {
      const clean = cells.map((cell) => printable(cell ?? ''));
      if (waiting === undefined) return printRow(clean);
      waiting.push(clean);
      if (waiting.length === ROWS_AHEAD) await flush();
    },
    end: flush,
  };
}

const titleWidth = (columns: readonly Column[]): number => Math.max(...columns.map(({ title }) => title.length));

function fit(columns: readonly Column[], rows: readonly string[][], width: number | undefined): number[] {
  const widths = columns.map(({ title }, index) => rows.reduce((most, cells) => Math.max(most, cells[index]?.length ?? 0), title.length));
  if (width === undefined) return widths;

  const total = () => widths.reduce((sum, one) => sum + one + GAP.length, -GAP.length);
  const shrink = (least: (column: Column) => number) => {
    while (total() > width) {
      const widest = widestOf(widths, (index) => (widths[index] ?? 0) > least(columns[index] ?? { title: '' }));
      if (widest === undefined) return;
      widths[widest] = (widths[widest] ?? 0) - 1;
    }
  };
  shrink(({ wraps }) => (wraps ? SENTENCE : Number.POSITIVE_INFINITY));
  shrink(({ copied, wraps }) => (copied ? Number.POSITIVE_INFINITY : wraps ? SENTENCE : NARROWEST));
  shrink(({ wraps }) => (wraps ? SENTENCE : NARROWEST));
  return widths;
}

function widestOf(widths: readonly number[], allowed: (index: number) => boolean): number | undefined {
  let found: number | undefined;
  for (const [index, width] of widths.entries()) {
    if (allowed(index) && (found === undefined || width > (widths[found] ?? 0))) found = index;
  }
  return found;
}

const cut = (text: string, width: number): string => (text.length > width ? `${text.slice(0, width - 1)}…` : text);

/** Wraps a text into lines of whole words. A word that is longer than a line stands alone. */
function wrapped(text: string, width: number): string[] {
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + 1 + word.length <= width) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines;
}
