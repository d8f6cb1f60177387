import { type AttributeValue, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import { dynamoLedger } from '../../lambda/aws/ledger.ts';
import { toMillis } from '../../lambda/domain/time/time.ts';
import { CREDENTIALS, REGION } from '../../local/aws/account.ts';
import { aTable } from './a-table.ts';

const NOW = toMillis('2026-11-24T12:00:00Z');

const signed = z.object({ headers: z.record(z.string(), z.string()), body: z.instanceof(Uint8Array) });
const input = z.looseObject({
  TableName: z.optional(z.string()),
  Item: z.optional(z.unknown()),
  IndexName: z.optional(z.string()),
  ConsistentRead: z.optional(z.boolean()),
  RequestItems: z.optional(z.record(z.string(), z.looseObject({ ConsistentRead: z.optional(z.boolean()), Keys: z.array(z.unknown()) }))),
});

/** A request as the SDK sends it. */
interface Sent {
  operation: string;
  input: z.infer<typeof input>;
}

type Items = Record<string, AttributeValue>[];
interface BatchOutput {
  Responses?: Record<string, Items>;
  UnprocessedKeys?: Record<string, { Keys: Items }>;
}

/** The ledger on its own table, with every request that it sends. */
export async function aLedger() {
  const { endpoint, table, close } = await aTable();
  const client = new DynamoDBClient({ endpoint, region: REGION, credentials: CREDENTIALS });
  const sent: Sent[] = [];
  const waits: number[] = [];
  let mostInBatch = Number.POSITIVE_INFINITY;

  client.middlewareStack.add(
    (next) => async (args) => {
      const { headers, body } = signed.parse(args.request);
      const operation = headers['x-amz-target']?.split('.')[1] ?? '';
      sent.push({ operation, input: input.parse(JSON.parse(new TextDecoder().decode(body))) });
      const result = await next(args);
      if (operation === 'BatchGetItem') leaveOut(Object(result.output), { table, most: mostInBatch });
      return result;
    },
    { step: 'finalizeRequest', name: 'watch' },
  );

  return {
    ledger: dynamoLedger({
      client,
      table,
      keepDays: 400,
      clock: () => NOW,
      random: () => 1,
      wait: async (millis) => waits.push(millis),
    }),
    documents: DynamoDBDocumentClient.from(client),
    table,
    sent,
    waits,
    /** Lets DynamoDB read at most so many items of each batch, as it does under load. */
    limitBatches(most: number): void {
      mostInBatch = most;
    },
    async close(): Promise<void> {
      client.destroy();
      await close();
    },
  };
}

/** Moves the items beyond the most to the unprocessed keys. */
function leaveOut(output: BatchOutput, { table, most }: { table: string; most: number }): void {
  const items = output.Responses?.[table] ?? [];
  const Keys = items.slice(most).map(({ pk, sk }) => ({ ...(pk && { pk }), ...(sk && { sk }) }));
  output.Responses = { [table]: items.slice(0, most) };
  output.UnprocessedKeys = Keys.length > 0 ? { [table]: { Keys } } : {};
}
