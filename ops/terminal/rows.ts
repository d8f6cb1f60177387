import { type Column, tablePrinter } from './table.ts';
import type { Terminal } from './terminal.ts';

/** Prints rows one at a time, in constant memory: as a table, or as one JSON array. */
export function rowPrinter<Row extends object>(
  { columns, cells, none }: { columns: readonly Column[]; cells: (row: Row) => readonly (string | undefined)[]; none: string },
  { json, terminal }: { json: boolean | undefined; terminal: Terminal },
) {
  const { print } = terminal;
  if (json) {
    let last: string | undefined;
    return {
      async row(row: Row): Promise<void> {
        await print(last === undefined ? '[' : `${last},`);
        last = JSON.stringify(row);
      },
      end: () => print(last === undefined ? '[]' : `${last}\n]`),
    };
  }

  const table = tablePrinter(columns, terminal);
  let any = false;
  return {
    row(row: Row): Promise<void> {
      any = true;
      return table.row(cells(row));
    },
    async end(): Promise<void> {
      await table.end();
      if (!any) await print(none);
    },
  };
}
