import {
  DescribeContinuousBackupsCommand,
  DescribeTableCommand,
  DescribeTimeToLiveCommand,
  type DynamoDBClient,
} from '@aws-sdk/client-dynamodb';
import type { Deployment } from '../deployment/deployment.ts';
import { type Check, checked, green, red } from './check.ts';

/** What DynamoDB does not restore, or what somebody may have chosen in another way: "Point-in-time recovery", Amazon DynamoDB. */
interface Facts {
  'point-in-time recovery': string;
  expiry: string;
  'deletion protection': string;
  key: string;
  indexes: string;
}

/** The command of the AWS CLI that makes a fact of one table that of the other. */
const CURES: Record<keyof Facts, (table: string, wanted: string) => string> = {
  'point-in-time recovery': (table) =>
    `aws dynamodb update-continuous-backups --table-name ${table} --point-in-time-recovery-specification PointInTimeRecoveryEnabled=true`,
  expiry: (table, wanted) =>
    `aws dynamodb update-time-to-live --table-name ${table} --time-to-live-specification Enabled=true,AttributeName=${wanted}`,
  'deletion protection': (table, wanted) =>
    `aws dynamodb update-table --table-name ${table} --${wanted === 'on' ? '' : 'no-'}deletion-protection-enabled`,
  key: (table, wanted) =>
    `aws dynamodb update-table --table-name ${table} --sse-specification Enabled=true,SSEType=KMS,KMSMasterKeyId=${wanted}`,
  indexes: (table, wanted) => `restore ${table} again with the indexes ${wanted}: without them nothing is found by month or status`,
};

/** Compares a restored ledger with the stage's own table. @returns nothing if the ledger is the stage's own */
export async function checkRestoredTable({ places }: Pick<Deployment, 'places'>, dynamo: DynamoDBClient): Promise<Check[]> {
  const { ledgerTable, ledgerRestoredFrom } = places;
  if (ledgerRestoredFrom === undefined) return [];
  return [
    await checked('restored ledger', async () => {
      const [is, wanted] = [await factsOf(ledgerTable, dynamo), await factsOf(ledgerRestoredFrom, dynamo)];
      const other = FACTS.filter((fact) => is[fact] !== wanted[fact]);
      if (other.length === 0) return green(`${ledgerTable} is as ${ledgerRestoredFrom}`);
      return red(other.map((fact) => `${fact} is ${is[fact]} and not ${wanted[fact]}`).join(', '), {
        fix: other.map((fact) => CURES[fact](ledgerTable, wanted[fact])).join('\n'),
      });
    }),
  ];
}

const FACTS = ['point-in-time recovery', 'expiry', 'deletion protection', 'key', 'indexes'] as const;

async function factsOf(TableName: string, dynamo: DynamoDBClient): Promise<Facts> {
  const { Table } = await dynamo.send(new DescribeTableCommand({ TableName }));
  const { TimeToLiveDescription: expiry } = await dynamo.send(new DescribeTimeToLiveCommand({ TableName }));
  const { ContinuousBackupsDescription: backups } = await dynamo.send(new DescribeContinuousBackupsCommand({ TableName }));
  const names = (Table?.GlobalSecondaryIndexes ?? []).map(({ IndexName }) => IndexName).sort();
  return {
    'point-in-time recovery': backups?.PointInTimeRecoveryDescription?.PointInTimeRecoveryStatus === 'ENABLED' ? 'on' : 'off',
    expiry: expiry?.TimeToLiveStatus?.startsWith('ENABL') ? (expiry.AttributeName ?? 'off') : 'off',
    'deletion protection': Table?.DeletionProtectionEnabled ? 'on' : 'off',
    key: Table?.SSEDescription?.KMSMasterKeyArn ?? 'not told',
    indexes: names.join(' and ') || 'none',
  };
}
