import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DeleteTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { CREDENTIALS, REGION } from '../../local/aws/account.ts';
import { createLedgerTable, type LocalLedger, startLocalLedger } from '../../local/aws/ledger.ts';
import { ENGINE_URL } from '../support/engine.ts';

/** An empty ledger table: on the engine that judges, or on the local DynamoDB. It is gone when it is closed. */
export const aTable = (): Promise<LocalLedger> => (ENGINE_URL === undefined ? onThisMachine() : onEngine(ENGINE_URL));

async function onThisMachine(): Promise<LocalLedger> {
  const dataDir = await mkdtemp(join(tmpdir(), 'ledger-'));
  const { close, ...rest } = await startLocalLedger({ dataDir });
  return {
    ...rest,
    async close() {
      await close();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}

async function onEngine(endpoint: string): Promise<LocalLedger> {
  const client = new DynamoDBClient({ endpoint, region: REGION, credentials: CREDENTIALS });
  const table = `ledger-${crypto.randomUUID()}`;
  await createLedgerTable(client, table);
  return {
    endpoint,
    table,
    async close() {
      await client.send(new DeleteTableCommand({ TableName: table }));
      client.destroy();
    },
  };
}
