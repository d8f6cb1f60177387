import type { RemovalPolicy } from 'aws-cdk-lib';
import { AttributeType, BillingMode, ProjectionType, Table, TableEncryption } from 'aws-cdk-lib/aws-dynamodb';
import { Grant, type IGrantable } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { Construct } from 'constructs';

export interface LedgerTableProps {
  encryptionKey: IKey;
  removalPolicy: RemovalPolicy;
  deletionProtection: boolean;
}

/** The ledger: events and the records beside them, by `pk` and `sk`; ops read it by month and by status. */
export class LedgerTable extends Construct {
  readonly table: Table;
  readonly #encryptionKey: IKey;

  constructor(scope: Construct, id: string, { encryptionKey, removalPolicy, deletionProtection }: LedgerTableProps) {
    super(scope, id);
    this.#encryptionKey = encryptionKey;

    this.table = new Table(this, 'Table', {
      partitionKey: { name: 'pk', type: AttributeType.STRING },
      sortKey: { name: 'sk', type: AttributeType.STRING },
      billingMode: BillingMode.PAY_PER_REQUEST,
      encryption: TableEncryption.CUSTOMER_MANAGED,
      encryptionKey,
      pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
      timeToLiveAttribute: 'expiresAt',
      deletionProtection,
      removalPolicy,
    });
    this.#addIndex('by-month', 'month', 'receivedSort');
    this.#addIndex('by-status', 'status', 'updatedSort');
  }

  /** What the worker does with it: reads and writes single items by key. No query, no scan, no index, no deletion. */
  grantReadAndRecord(grantee: IGrantable): void {
    // not `table.grant`, which would give the indexes as well
    Grant.addToPrincipal({ grantee, actions: ['dynamodb:GetItem', 'dynamodb:PutItem'], resourceArns: [this.table.tableArn] });
    // the actions that DynamoDB takes in the caller's name: "Encryption at rest usage notes", Amazon DynamoDB
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
    this.table.addGlobalSecondaryIndex({
      indexName,
      partitionKey: { name: partitionKey, type: AttributeType.STRING },
      sortKey: { name: sortKey, type: AttributeType.STRING },
      projectionType: ProjectionType.ALL,
    });
  }
}
