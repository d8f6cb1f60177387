declare module 'dynalite' {
  import type { Server } from 'node:http';

  /** Times are the milliseconds that a table stays in a state such as CREATING; `path` is a LevelDB directory. */
  export default function dynalite(options: { path: string; createTableMs: number; deleteTableMs: number; updateTableMs: number }): Server;
}
