/** One measurement as a table, for the terminal and for docs/performance.md. */
export interface Section {
  title: string;
  columns: readonly string[];
  rows: readonly (readonly string[])[];
  notes: readonly string[];
}

/** A target, and what was measured. */
export interface Target {
  what: string;
  expected: string;
  came: string;
  met: boolean;
}

/** A column of numbers is aligned to the right. */
const isNumber = (cell = '') => /^[\d.,]+( (ms|MB|KB|s|%|x))?$/.test(cell);
const toTheRight = ({ columns, rows }: Section): boolean[] => columns.map((_, column) => rows.every((cells) => isNumber(cells[column])));

export function plainTable(section: Section): string {
  const { title, columns, rows, notes } = section;
  const right = toTheRight(section);
  const lines = [columns, ...rows];
  const widths = columns.map((_, column) => Math.max(...lines.map((cells) => cells[column]?.length ?? 0)));
  const line = (cells: readonly string[]) =>
    cells
      .map((cell, column) => (right[column] ? cell.padStart(widths[column] ?? 0) : cell.padEnd(widths[column] ?? 0)))
      .join('  ')
      .trimEnd();
  return [`\n${title}\n`, ...lines.map(line), ...notes.map((note) => `  ${note}`)].join('\n');
}

export function markdownTable(section: Section): string {
  const { title, columns, rows, notes } = section;
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  const rule = line(toTheRight(section).map((right) => (right ? '--:' : '---')));
  return [`## ${title}\n`, line(columns), rule, ...rows.map(line), ...notes.map((note) => `\n${note}`)].join('\n');
}

export const targetsSection = (targets: readonly Target[]): Section => ({
  title: 'Targets',
  columns: ['target', 'expected', 'measured', ''],
  rows: targets.map(({ what, expected, came, met }) => [what, expected, came, met ? 'met' : 'NOT MET']),
  notes: [],
});
