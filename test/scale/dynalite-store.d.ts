/** The internals of dynalite 4.0.0: its LevelDB, and its names of items there. */
declare module 'dynalite/db/index.js' {
  import type { AttributeValue, TableDescription } from '@aws-sdk/client-dynamodb';

  type Item = Record<string, AttributeValue>;
  interface Store {
    db: { batch(puts: { type: 'put'; key: string; value: Item }[]): Promise<void>; close(): Promise<void> };
  }
  const inside: {
    create(options: { path: string }): Store;
    createKey(item: Item, table: TableDescription): string;
    createIndexKey(item: Item, table: TableDescription, keys: unknown): string;
  };
  export default inside;
}
