import { printable, type Style, type Terminal } from './terminal.ts';

export interface Column {
  title: string;
  /** Cut last where the terminal is narrow: what is copied into the next command. */
  copied?: boolean;
  style?: (cell: string) => Style | undefined;
}

/** Rows are looked at before the first is printed, to know how wide the columns are. */
const ROWS_AHEAD = 100;
const NARROWEST = 8;

/** Prints a table row by row, in constant memory. On a terminal it fits the width; elsewhere no cell is cut. */
export function tablePrinter(columns: readonly Column[], { print, style, width }: Terminal) {
  let waiting: string[][] | undefined = [];
  let widths: number[] = [];

  const line = (cells: readonly string[], paint: (text: string, index: number) => string) =>
    cells
      .map((cell, index) => {
        const text = width === undefined ? cell : cut(cell, widths[index] ?? cell.length);
        return paint(index === cells.length - 1 ? text : text.padEnd(widths[index] ?? 0), index);
      })
      .join('  ')
      .trimEnd();
  const printRow = (cells: readonly string[]) =>
    print(
      line(cells, (text, index) => {
        const chosen = columns[index]?.style?.(cells[index] ?? '');
        return chosen === undefined ? text : style(chosen, text);
      }),
    );
  const flush = async () => {
    const rows = waiting ?? [];
    waiting = undefined;
    if (rows.length === 0) return;
    widths = fit(columns, rows, width);
    await print(
      line(
        columns.map(({ title }) => title),
        (text) => style('dim', text),
      ),
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

function fit(columns: readonly Column[], rows: readonly string[][], width: number | undefined): number[] {
  const widths = columns.map(({ title }, index) => rows.reduce((most, cells) => Math.max(most, cells[index]?.length ?? 0), title.length));
  if (width === undefined) return widths;

  const total = () => widths.reduce((sum, one) => sum + one + 2, -2);
  for (const copied of [false, true]) {
    while (total() > width) {
      const widest = widestOf(widths, columns, copied);
      if (widest === undefined) break;
      widths[widest] = (widths[widest] ?? 0) - 1;
    }
  }
  return widths;
}

function widestOf(widths: readonly number[], columns: readonly Column[], copied: boolean): number | undefined {
  let found: number | undefined;
  for (const [index, width] of widths.entries()) {
    if ((columns[index]?.copied ?? false) !== copied || width <= NARROWEST) continue;
    if (found === undefined || width > (widths[found] ?? 0)) found = index;
  }
  return found;
}

const cut = (text: string, width: number): string => (text.length > width ? `${text.slice(0, width - 1)}…` : text);
