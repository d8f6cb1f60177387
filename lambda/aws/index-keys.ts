import { type AttributeValue, type DynamoDBClient, QueryCommand } from '@aws-sdk/client-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import * as z from 'zod/mini';
import { parse } from '../domain/parse.ts';
import { toInstant } from '../domain/time/time.ts';
import { monthOf } from './index-places.ts';
import { stored } from './ledger-table.ts';

/** A period. Instants are RFC 3339. */
export interface Period {
  since: string;
  until: string;
}

/** A place in an index, whose range includes both ends. */
export interface IndexRange extends Period {
  index: string;
  hash: string;
  is: string;
  range: string;
  ascending: boolean;
}

const indexKey = z.object({ pk: z.string(), sk: z.string(), receivedSort: z.optional(z.string()) });

/** What an index holds of an item: its key, and in the index by month when it was received. */
export type IndexKey = z.infer<typeof indexKey>;

/** Reads the keys of a range of an index, at most `most` at a time. */
export async function* keysOf(
  { index, hash, is, range, since, until, ascending }: IndexRange,
  { client, table, most }: { client: DynamoDBClient; table: string; most: number },
): AsyncGenerator<IndexKey[]> {
  let from: Record<string, AttributeValue> | undefined;
  do {
    const page = await client.send(
      new QueryCommand({
        TableName: table,
        IndexName: index,
        KeyConditionExpression: '#hash = :is AND #range BETWEEN :since AND :until',
        ExpressionAttributeNames: { '#hash': hash, '#range': range },
        ExpressionAttributeValues: stored({ ':is': is, ':since': since, ':until': `${until}~` }),
        ScanIndexForward: ascending,
        Limit: most,
        ...(from && { ExclusiveStartKey: from }),
      }),
    );
    yield (page.Items ?? []).map((key) => parse(indexKey, unmarshall(key), 'key of the ledger'));
    from = page.LastEvaluatedKey;
  } while (from !== undefined);
}

/** What was received in a month, or the audit facts of it, newest first. */
export const inMonth = (is: string, { since, until }: Period): IndexRange => ({
  ...{ index: 'by-month', hash: 'month', is, range: 'receivedSort' },
  ...{ since, until, ascending: false },
});

/** The months from `until` back to `since`, as `2026-11`. */
export function monthsBack({ since, until }: Period): string[] {
  const [year = 0, month = 1] = monthOf(until).split('-').map(Number);
  const months: string[] = [];
  for (let back = 0; ; back++) {
    const name = toInstant(Date.UTC(year, month - 1 - back)).slice(0, 7);
    if (name < monthOf(since)) return months;
    months.push(name);
  }
}
