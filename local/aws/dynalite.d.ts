declare module 'dynalite' {
  import type { Server } from 'node:http';

  /** Times are milliseconds that a table stays in a passing state; `path` is a LevelDB directory. */
  export default function dynalite(options: { path: string; createTableMs: number; deleteTableMs: number; updateTableMs: number }): Server;
}
