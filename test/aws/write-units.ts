import type { AttributeValue } from '@aws-sdk/client-dynamodb';

type Item = Record<string, AttributeValue>;

const INDEXES = [
  ['month', 'receivedSort'],
  ['status', 'updatedSort'],
] as const;

/**
 * The write units of puts, in their order: one for each kilobyte that was begun, and for each index one for a place that is taken and one
 * for a place that is left ("Read and write operations", "Using Global Secondary Indexes", Amazon DynamoDB Developer Guide). The indexes
 * hold keys alone.
 */
export function writeUnitsOf(inputs: readonly { Item?: unknown }[]): number {
  const places = new Map<string, string>();
  let units = 0;
  for (const { Item: put } of inputs) {
    if (put === undefined) continue;
    const item = put as Item;
    units += Math.ceil(sizeOf(item) / 1024);
    for (const keys of INDEXES) {
      const name = JSON.stringify([keys, item.pk, item.sk]);
      const before = places.get(name);
      const place = keys.every((key) => item[key] !== undefined) ? JSON.stringify(keys.map((key) => item[key])) : undefined;
      if (place === before) continue;
      units += (place === undefined ? 0 : 1) + (before === undefined ? 0 : 1);
      if (place === undefined) places.delete(name);
      else places.set(name, place);
    }
  }
  return units;
}

/** The size of an item in bytes: its names and values ("DynamoDB item sizes and formats", Amazon DynamoDB Developer Guide). */
export const sizeOf = (item: Item): number =>
  Object.entries(item).reduce((sum, [name, value]) => sum + Buffer.byteLength(name) + sizeOfValue(value), 0);

function sizeOfValue({ S, N, L, M }: AttributeValue): number {
  if (S !== undefined) return Buffer.byteLength(S);
  // At most: two digits take a byte.
  if (N !== undefined) return Math.ceil(N.length / 2) + 1;
  if (L !== undefined) return L.reduce((sum, one) => sum + 1 + sizeOfValue(one), 3);
  if (M !== undefined) return 3 + Object.values(M).length + sizeOf(M);
  return 1;
}
