import { mkdirSync } from 'node:fs';
import type { Server } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  CreateTableCommand,
  type CreateTableCommandInput,
  DescribeTableCommand,
  DynamoDBClient,
  ResourceInUseException,
} from '@aws-sdk/client-dynamodb';
import dynalite from 'dynalite';
import { CREDENTIALS, REGION } from './account.ts';
import { listenOnLoopback } from './loopback-server.ts';

const CLOSING_GRACE_MS = 5_000;

export interface LocalLedger {
  endpoint: string;
  table: string;
  close(): Promise<void>;
}

const TABLE: CreateTableCommandInput & { TableName: string } = {
  TableName: 'offboarding-ledger',
  BillingMode: 'PAY_PER_REQUEST',
  AttributeDefinitions: ['pk', 'sk', 'month', 'receivedSort', 'status', 'updatedSort'].map((AttributeName) => ({
    AttributeName,
    AttributeType: 'S',
  })),
  KeySchema: keys('pk', 'sk'),
  GlobalSecondaryIndexes: [
    { IndexName: 'by-month', KeySchema: keys('month', 'receivedSort'), Projection: { ProjectionType: 'KEYS_ONLY' } },
    { IndexName: 'by-status', KeySchema: keys('status', 'updatedSort'), Projection: { ProjectionType: 'KEYS_ONLY' } },
  ],
};

/**
 * DynamoDB on 127.0.0.1 with the ledger's table and indexes, kept in a LevelDB directory. It has no time to live, no
 * transactions and no point-in-time recovery. Only one process at a time may use the directory.
 */
export async function startLocalLedger({ dataDir }: { dataDir: string }): Promise<LocalLedger> {
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  const server = dynalite({ path: dataDir, createTableMs: 0, deleteTableMs: 0, updateTableMs: 0 });
  surviveAborts(server);
  const { url, close } = await listenOnLoopback(server);

  const client = new DynamoDBClient({ endpoint: url, region: REGION, credentials: CREDENTIALS, maxAttempts: 1 });
  try {
    await createLedgerTable(client, TABLE.TableName);
  } finally {
    client.destroy();
  }
  // dynalite throws from a request whose database is closed, so requests get time to end.
  return { endpoint: url, table: TABLE.TableName, close: () => close(CLOSING_GRACE_MS) };
}

/** Makes the ledger's table with its indexes if there is none, and waits until it can be used. */
export async function createLedgerTable(client: DynamoDBClient, TableName: string): Promise<void> {
  try {
    await client.send(new CreateTableCommand({ ...TABLE, TableName }));
  } catch (error) {
    if (!(error instanceof ResourceInUseException)) throw error;
  }
  while (!(await isActive(client, TableName))) await sleep(5);
}

async function isActive(client: DynamoDBClient, TableName: string): Promise<boolean> {
  const { Table } = await client.send(new DescribeTableCommand({ TableName }));
  return Table?.TableStatus === 'ACTIVE';
}

/** Ignores a client that goes away in the middle of a request: dynalite 4.0.0 rethrows that, which would end this process. */
function surviveAborts(server: Server): void {
  server.on('request', (request) => {
    request.removeAllListeners('error');
    request.on('error', () => undefined);
  });
}

function keys(hash: string, range: string): CreateTableCommandInput['KeySchema'] {
  return [
    { AttributeName: hash, KeyType: 'HASH' },
    { AttributeName: range, KeyType: 'RANGE' },
  ];
}
