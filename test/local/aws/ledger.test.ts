import { ConditionalCheckFailedException, DescribeTableCommand, PutItemCommand, QueryCommand } from '@aws-sdk/client-dynamodb';
import { expect, it } from '@jest/globals';
import { startLocalLedger } from '../../../local/aws/ledger.ts';
import { dynamoClient } from '../support/clients.ts';
import { closing } from '../support/closing.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

async function ledgerIn(dataDir: string) {
  const ledger = closing(await startLocalLedger({ dataDir }), ({ close }) => close());
  return { ledger, client: dynamoClient(ledger.endpoint) };
}

const item = (pk: string, receivedSort: string) => ({
  pk: { S: pk },
  sk: { S: 'entry' },
  month: { S: '2026-11' },
  receivedSort: { S: receivedSort },
  status: { S: 'held' },
  updatedSort: { S: receivedSort },
});

it('has the keys and indexes of the ledger', async () => {
  const { ledger, client } = await ledgerIn(await temporaryDirectory());

  const { Table } = await client.send(new DescribeTableCommand({ TableName: ledger.table }));

  expect(Table?.TableStatus).toBe('ACTIVE');
  expect(Table?.KeySchema?.map(({ AttributeName }) => AttributeName)).toEqual(['pk', 'sk']);
  const indexes = Table?.GlobalSecondaryIndexes?.map(({ IndexName, KeySchema, Projection }) => [
    IndexName,
    ...(KeySchema ?? []).map(({ AttributeName }) => AttributeName),
    Projection?.ProjectionType,
  ]);
  expect(indexes?.toSorted()).toEqual([
    ['by-month', 'month', 'receivedSort', 'KEYS_ONLY'],
    ['by-status', 'status', 'updatedSort', 'KEYS_ONLY'],
  ]);
});

it.each([
  { index: 'by-month', key: 'month', value: '2026-11' },
  { index: 'by-status', key: 'status', value: 'held' },
])('answers queries on $index in order, also after a restart', async ({ index, key, value }) => {
  const dataDir = await temporaryDirectory();
  const first = await ledgerIn(dataDir);
  for (const sort of ['2', '1', '3'])
    await first.client.send(new PutItemCommand({ TableName: first.ledger.table, Item: item(`event-${sort}`, sort) }));
  await first.ledger.close();

  const second = await ledgerIn(dataDir);
  const { Items } = await second.client.send(
    new QueryCommand({
      TableName: second.ledger.table,
      IndexName: index,
      KeyConditionExpression: '#key = :value',
      ExpressionAttributeNames: { '#key': key },
      ExpressionAttributeValues: { ':value': { S: value } },
    }),
  );

  expect(Items?.map(({ pk }) => pk?.S)).toEqual(['event-1', 'event-2', 'event-3']);
});

it('refuses a conditional write whose condition does not hold', async () => {
  const { ledger, client } = await ledgerIn(await temporaryDirectory());
  const write = () =>
    client.send(
      new PutItemCommand({ TableName: ledger.table, Item: item('event-1', '1'), ConditionExpression: 'attribute_not_exists(pk)' }),
    );
  await write();

  await expect(write()).rejects.toBeInstanceOf(ConditionalCheckFailedException);
});
