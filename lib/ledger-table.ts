import { RemovalPolicy } from 'aws-cdk-lib';
import { AttributeType, BillingMode, type ITable, ProjectionType, Table, TableEncryption } from 'aws-cdk-lib/aws-dynamodb';
import { Grant, type IGrantable } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { Construct } from 'constructs';

export interface LedgerTableProps {
  encryptionKey: IKey;
  /** Whether it survives the stack. */
  isKept: boolean;
  /** The name of a table that is used in place of the stage's own. */
  restored: string | undefined;
}

const BY_MONTH = 'by-month';
const BY_STATUS = 'by-status';

/**
 * The ledger: events and the other records, by `pk` and `sk`. The ops CLI reads it by month and by status, the worker's looks too. The
 * indexes hold keys alone: a write that changes no place in them costs nothing there. Only what waits for something is in the one by status.
 */
export class LedgerTable extends Construct {
  /** The stage's own. */
  readonly own: Table;
  /** The one in use: its own, or one that was restored from it. */
  readonly table: Table | ITable;
  readonly #encryptionKey: IKey;

  constructor(scope: Construct, id: string, { encryptionKey, isKept, restored }: LedgerTableProps) {
    super(scope, id);
    this.#encryptionKey = encryptionKey;

    this.own = new Table(this, 'Table', {
      partitionKey: { name: 'pk', type: AttributeType.STRING },
      sortKey: { name: 'sk', type: AttributeType.STRING },
      billingMode: BillingMode.PAY_PER_REQUEST,
      encryption: TableEncryption.CUSTOMER_MANAGED,
      encryptionKey,
      pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
      timeToLiveAttribute: 'expiresAt',
      deletionProtection: isKept,
      // also if a first deployment is rolled back: a protected table cannot be deleted, and its name is new each time
      removalPolicy: isKept ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY,
    });
    this.#addIndex(BY_MONTH, 'month', 'receivedSort');
    this.#addIndex(BY_STATUS, 'status', 'updatedSort');
    this.table = restored === undefined ? this.own : Table.fromTableName(this, 'Restored', restored);
  }

  /**
   * Allows what the worker does: read and write items by key, and list what waits and what was received lately. No scan, no deletion.
   */
  grantReadAndRecord(grantee: IGrantable): void {
    // avoids `table.grant`, which would include every index
    const { tableArn } = this.table;
    const actions = ['dynamodb:BatchGetItem', 'dynamodb:GetItem', 'dynamodb:PutItem'];
    Grant.addToPrincipal({ grantee, actions, resourceArns: [tableArn] });
    const indexes = [BY_MONTH, BY_STATUS].map((name) => `${tableArn}/index/${name}`);
    Grant.addToPrincipal({ grantee, actions: ['dynamodb:Query'], resourceArns: indexes });
    // lists the actions that DynamoDB performs on behalf of the caller: "Encryption at rest usage notes", Amazon DynamoDB
    this.#encryptionKey.grant(
      grantee,
      'kms:Decrypt',
      'kms:DescribeKey',
      'kms:Encrypt',
      'kms:GenerateDataKey',
      'kms:ReEncryptFrom',
      'kms:ReEncryptTo',
    );
  }

  #addIndex(indexName: string, partitionKey: string, sortKey: string): void {
    this.own.addGlobalSecondaryIndex({
      indexName,
      partitionKey: { name: partitionKey, type: AttributeType.STRING },
      sortKey: { name: sortKey, type: AttributeType.STRING },
      projectionType: ProjectionType.KEYS_ONLY,
    });
  }
}
