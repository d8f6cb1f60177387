import {
  BatchGetItemCommand,
  ConditionalCheckFailedException,
  type DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
} from '@aws-sdk/client-dynamodb';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import { Contended } from '../domain/failures.ts';
import type { Random } from '../domain/ports.ts';

/** The primary key of an item. */
export interface ItemKey {
  pk: string;
  sk: string;
}

export type Item = Record<string, unknown>;

/** The table of the ledger, item by item. Every read is strongly consistent. */
export interface LedgerTable {
  read(key: ItemKey): Promise<Item | undefined>;
  /** @returns the items in the order of the keys, undefined for one that does not exist. @throws UnprocessedKeys */
  readMany(keys: readonly ItemKey[]): Promise<(Item | undefined)[]>;
  /** Replaces an item whatever is there. */
  put(item: Item & ItemKey): Promise<void>;
  /**
   * Puts an item unless there is one with another value of this attribute.
   *
   * @returns the other item; undefined if it was put
   */
  putUnlessOther(item: Item & ItemKey, attribute: string): Promise<Item | undefined>;
  /**
   * Replaces an item if it still has the version before this one, or puts version 1 if there is none.
   * @param what names the item in the failure, without personal data
   * @throws Contended
   */
  putNext(item: Item & ItemKey & { version: number }, what: string): Promise<void>;
}

export interface TableOptions {
  client: DynamoDBClient;
  table: string;
  random: Random;
  /** Waits so many milliseconds. */
  wait: (millis: number) => Promise<unknown>;
}

/** DynamoDB did not read all keys, however often it was asked: it is too busy. */
class UnprocessedKeys extends Error {
  override name = 'UnprocessedKeys';
}

/** The limit of one BatchGetItem (BatchGetItem, DynamoDB API Reference). */
const MOST_KEYS = 100;
/** Attempts in a row that bring no item. */
const TRIES = 5;
const FIRST_WAIT = 25;

export function ledgerTable(options: TableOptions): LedgerTable {
  const { client, table } = options;

  return {
    async read({ pk, sk }) {
      const { Item } = await client.send(new GetItemCommand({ TableName: table, Key: stored({ pk, sk }), ConsistentRead: true }));
      return Item && unmarshall(Item);
    },

    async readMany(keys) {
      // BatchGetItem refuses a key that occurs twice.
      const distinct = [...new Map(keys.map((key) => [textOf(key), key])).values()];
      const items = new Map<string, Item>();
      for (let at = 0; at < distinct.length; at += MOST_KEYS) {
        for (const item of await readBatch(distinct.slice(at, at + MOST_KEYS), options)) items.set(textOf(item), item);
      }
      return keys.map((key) => items.get(textOf(key)));
    },

    async put(item) {
      await client.send(new PutItemCommand({ TableName: table, Item: stored(item) }));
    },

    async putUnlessOther(item, attribute) {
      try {
        await client.send(
          new PutItemCommand({
            TableName: table,
            Item: stored(item),
            ConditionExpression: 'attribute_not_exists(pk) OR #same = :same',
            ExpressionAttributeNames: { '#same': attribute },
            ExpressionAttributeValues: stored({ ':same': item[attribute] }),
          }),
        );
        return undefined;
      } catch (failure) {
        if (failure instanceof ConditionalCheckFailedException) return this.read(item);
        throw failure;
      }
    },

    putNext: (item, what) => putNext(options, item, what),
  };
}

async function putNext({ client, table }: TableOptions, item: Item & ItemKey & { version: number }, what: string): Promise<void> {
  const isNew = item.version === 1;
  try {
    await client.send(
      new PutItemCommand({
        TableName: table,
        Item: stored(item),
        ConditionExpression: isNew ? 'attribute_not_exists(pk)' : 'version = :expected',
        ...(isNew ? {} : { ExpressionAttributeValues: stored({ ':expected': item.version - 1 }) }),
      }),
    );
  } catch (failure) {
    if (failure instanceof ConditionalCheckFailedException) throw new Contended(what);
    throw failure;
  }
}

/** Reads at most 100 items. DynamoDB may return a part of them, and the keys of the others to ask again (BatchGetItem). */
async function readBatch(keys: readonly ItemKey[], { client, table, random, wait }: TableOptions): Promise<Item[]> {
  const items: Item[] = [];
  let left = keys.map(({ pk, sk }) => stored({ pk, sk }));
  for (let fruitless = 0; ; ) {
    const { Responses, UnprocessedKeys: unprocessed } = await client.send(
      new BatchGetItemCommand({ RequestItems: { [table]: { Keys: left, ConsistentRead: true } } }),
    );
    const read = Responses?.[table] ?? [];
    items.push(...read.map((item) => unmarshall(item)));
    left = unprocessed?.[table]?.Keys ?? [];
    if (left.length === 0) return items;

    fruitless = read.length > 0 ? 0 : fruitless + 1;
    if (fruitless === TRIES)
      throw new UnprocessedKeys(
        `expected answers about ${keys.length} items of the ledger, got none about ${left.length}; wait and try again`,
      );
    await wait(random() * FIRST_WAIT * 2 ** fruitless);
  }
}

/** As DynamoDB has it. An attribute that is undefined is left out. */
export const stored = (item: object) => marshall(item, { removeUndefinedValues: true });

/** One text for each key. */
export const textOf = ({ pk, sk }: { pk?: unknown; sk?: unknown }): string => JSON.stringify([pk, sk]);
