import { setTimeout as sleep } from 'node:timers/promises';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { GetQueueAttributesCommand, SQSClient } from '@aws-sdk/client-sqs';
import { dynamoLedger } from '../../../lambda/aws/ledger.ts';
import { type Intake, intakeQueue } from '../../../lambda/aws/queue.ts';
import type { LedgerEntry } from '../../../lambda/domain/event/ledger-entry.ts';
import { DAY, toInstant } from '../../../lambda/domain/time/time.ts';
import { CREDENTIALS, REGION } from '../../../local/aws/account.ts';
import type { StandIns } from './stand-ins.ts';

/** The queue and the ledger of running stand-ins, for a spectator. */
export interface Places {
  queue: Intake;
  /** Every event of the last day. */
  entries(): Promise<LedgerEntry[]>;
  /** Waits. @throws Error after that many seconds */
  untilQueueIsEmpty(seconds: number): Promise<void>;
}

export function placesOf({ environment }: StandIns): Places {
  const { LEAVER_QUEUE_URL: queueUrl = '', LEDGER_TABLE: table = '' } = environment;
  const account = { region: REGION, credentials: CREDENTIALS };
  const client = new SQSClient({ ...account, endpoint: environment.AWS_ENDPOINT_URL_SQS ?? '' });
  const dynamo = new DynamoDBClient({ ...account, endpoint: environment.AWS_ENDPOINT_URL_DYNAMODB ?? '' });
  const ledger = dynamoLedger({ client: dynamo, table, keepDays: 400, clock: Date.now });

  const left = async () => {
    const AttributeNames = ['ApproximateNumberOfMessages', 'ApproximateNumberOfMessagesNotVisible'] as const;
    const { Attributes = {} } = await client.send(
      new GetQueueAttributesCommand({ QueueUrl: queueUrl, AttributeNames: [...AttributeNames] }),
    );
    return AttributeNames.reduce((sum, name) => sum + Number(Attributes[name]), 0);
  };

  return {
    queue: intakeQueue({ queueUrl, client }),
    entries: () => Array.fromAsync(ledger.entries({ since: toInstant(Date.now() - DAY), until: toInstant(Date.now() + DAY) })),
    async untilQueueIsEmpty(seconds) {
      for (const deadline = Date.now() + seconds * 1000; (await left()) > 0; await sleep(250)) {
        if (Date.now() > deadline) throw new Error(`the queue is not empty after ${seconds} s; ${await left()} messages are left`);
      }
    },
  };
}
