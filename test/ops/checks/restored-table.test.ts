import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { afterEach, describe, expect, it } from '@jest/globals';
import { checkRestoredTable } from '../../../ops/checks/restored-table.ts';
import { aDeployment } from '../a-deployment.ts';
import { type AwsOnLoopback, startAws } from '../aws-on-loopback.ts';

const OWN = 'ledger';
const RESTORED = 'ledger-restored';

/** What DynamoDB says of a table. */
interface Table {
  isProtected?: boolean;
  isRecoverable?: boolean;
  expires?: boolean;
  key?: string;
  indexes?: string[];
}

const WELL: Table = { isProtected: true, isRecoverable: true, expires: true, key: 'arn:key/1', indexes: ['by-month', 'by-status'] };

describe('a restored ledger', () => {
  let aws: AwsOnLoopback | undefined;
  afterEach(() => aws?.close());

  async function checked(restored: Table, ledgerRestoredFrom: string | undefined = OWN) {
    aws = await startAws((operation, asked) => {
      const { TableName } = JSON.parse(asked.at(-1)?.input ?? '{}');
      return JSON.stringify(answer(operation, TableName === RESTORED ? restored : WELL));
    });
    const { places } = aDeployment({ users: [] });
    const settings = { endpoint: aws.url, region: 'eu-west-1', credentials: { accessKeyId: 'AKIA', secretAccessKey: 'secret' } };
    return checkRestoredTable({ places: { ...places, ledgerTable: RESTORED, ledgerRestoredFrom } }, new DynamoDBClient(settings));
  }

  it('is well if it is as the own table of the stage', async () => {
    expect(await checked(WELL)).toEqual([{ check: 'restored ledger', health: 'green', saw: 'ledger-restored is as ledger' }]);
  });

  it('is red as DynamoDB restores it, with the command for each difference', async () => {
    const [check] = await checked({ ...WELL, isProtected: false, isRecoverable: false, expires: false });

    expect(check).toMatchObject({
      health: 'red',
      saw: 'point-in-time recovery is off and not on, expiry is off and not expiresAt, deletion protection is off and not on',
      cure: [
        'aws dynamodb update-continuous-backups --table-name ledger-restored --point-in-time-recovery-specification PointInTimeRecoveryEnabled=true',
        'aws dynamodb update-time-to-live --table-name ledger-restored --time-to-live-specification Enabled=true,AttributeName=expiresAt',
        'aws dynamodb update-table --table-name ledger-restored --deletion-protection-enabled',
      ].join('\n'),
    });
  });

  it.each<[string, Table, string]>([
    ['another key', { key: 'arn:key/2' }, 'key is arn:key/2 and not arn:key/1'],
    ['one index', { indexes: ['by-month'] }, 'indexes is by-month and not by-month and by-status'],
  ])('is red with %s', async (_, changes, saw) => {
    expect(await checked({ ...WELL, ...changes })).toMatchObject([{ health: 'red', saw }]);
  });
});

it('a ledger of its own is compared with nothing', async () => {
  const { places } = aDeployment({ users: [] });

  expect(await checkRestoredTable({ places }, new DynamoDBClient({ region: 'eu-west-1' }))).toEqual([]);
});

function answer(operation: string, { isProtected, isRecoverable, expires, key, indexes = [] }: Table): object {
  switch (operation) {
    case 'DescribeTimeToLive':
      return {
        TimeToLiveDescription: expires ? { TimeToLiveStatus: 'ENABLED', AttributeName: 'expiresAt' } : { TimeToLiveStatus: 'DISABLED' },
      };
    case 'DescribeContinuousBackups':
      return {
        ContinuousBackupsDescription: {
          ContinuousBackupsStatus: 'ENABLED',
          PointInTimeRecoveryDescription: { PointInTimeRecoveryStatus: isRecoverable ? 'ENABLED' : 'DISABLED' },
        },
      };
    default:
      return {
        Table: {
          DeletionProtectionEnabled: isProtected,
          SSEDescription: { KMSMasterKeyArn: key },
          GlobalSecondaryIndexes: indexes.map((IndexName) => ({ IndexName })),
        },
      };
  }
}
