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

const BY_STATUS = 'by-status';

/** The ledger: events and the other records, by `pk` and `sk`. The ops CLI reads it by month and by status, the worker's daily look by status. */
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
    this.#addIndex('by-month', 'month', 'receivedSort');
    this.#addIndex(BY_STATUS, 'status', 'updatedSort');
    this.table = restored === undefined ? this.own : Table.fromTableName(this, 'Restored', restored);
  }

  /**
   * Allows what the worker does: read and write items by key, find what stays of a finished event, and list scheduled events by the
   * index of statuses. No scan, no other index, no deletion.
   */
  grantReadAndRecord(grantee: IGrantable): void {
    // avoids `table.grant`, which would include every index
    const { tableArn } = this.table;
    const actions = ['dynamodb:BatchGetItem', 'dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:Query'];
    Grant.addToPrincipal({ grantee, actions, resourceArns: [tableArn] });
    Grant.addToPrincipal({ grantee, actions: ['dynamodb:Query'], resourceArns: [`${tableArn}/index/${BY_STATUS}`] });
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
      projectionType: ProjectionType.ALL,
    });
  }
}
