import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { SchedulerClient } from '@aws-sdk/client-scheduler';
import { SQSClient } from '@aws-sdk/client-sqs';
import type { EntryList } from '../../lambda/aws/entry-list.ts';
import { dynamoLedger } from '../../lambda/aws/ledger.ts';
import { intakeQueue } from '../../lambda/aws/queue.ts';
import { scheduleRemoval } from '../../lambda/aws/schedules.ts';
import type { Ledger } from '../../lambda/domain/ledger-port.ts';
import type { Policy } from '../../lambda/domain/policy.ts';
import type { Clock, LeaverQueue, Schedules } from '../../lambda/domain/ports.ts';
import { Usage } from '../terminal/exit-code.ts';
import { findLocalSystem } from './local-system.ts';
import { findStage } from './stage.ts';

/** How the command line names the deployment. */
export interface Where {
  local?: boolean | undefined;
  /** Data directory of the local system. */
  data: string;
  stage?: string | undefined;
  region?: string | undefined;
}

/** A deployment that was found, before any part of it is opened. */
export interface Found {
  /** `local`, or the stage's name. */
  name: string;
  /** undefined: the SDK finds it. */
  region: string | undefined;
  places: Places;
  /** Who the operator is. It is recorded with everything that they do. */
  operator(): Promise<string>;
  /** The rules of the worker; undefined if the operator may not read them. */
  policy(): Promise<Policy | undefined>;
  /** The stage's objective; undefined if it has none, or if the operator may not read it. */
  objective(): Promise<Objective | undefined>;
}

/** The share of leavers who lose access within a time from the moment that HR names. */
export interface Objective {
  percent: number;
  withinMinutes: number;
}

/** Where the parts of a deployment are. */
interface Places {
  /** The name of the stack; undefined: the local system has none. */
  stack: string | undefined;
  webhooksUrl: string;
  ledgerTable: string;
  /** The stage's own table, if the ledger is one that was restored from it. */
  ledgerRestoredFrom: string | undefined;
  leaverQueueUrl: string;
  deadLetterQueueUrl: string;
  quarantineQueueUrl: string;
  scheduleGroup: string;
  workfrontSecret: string;
  /** Names of secrets by source. */
  sourceSecrets: Record<string, string>;
  /** undefined: the local system has no such function. */
  workerFunction: string | undefined;
  /** The ARN of the topic of alarms; undefined: the local system has none. */
  alarmTopic: string | undefined;
}

/** What the commands work on: the local system, or a deployed stage with the operator's own AWS identity. */
export interface Deployment extends Found {
  ledger: Ledger & EntryList;
  queue: LeaverQueue;
  schedules: Pick<Schedules, 'remove'>;
  clock: Clock;
}

/** A person can wait longer than an HR system. In milliseconds. */
const PATIENT = {
  maxAttempts: 4,
  requestHandler: { connectionTimeout: 5000, requestTimeout: 15_000, throwOnRequestTimeout: true },
};

/** Opens the deployment that the command line names. @throws Usage if it names none; PermanentFailure if there is no such deployment */
export async function openDeployment({ local, data, stage, region }: Where): Promise<Deployment> {
  if (local) return open(findLocalSystem(data));
  if (stage !== undefined) return open(await findStage({ stage, region }));
  throw new Usage('no deployment is named; use either --local or --stage NAME');
}

function open(found: Found): Deployment {
  const settings = { ...PATIENT, ...(found.region === undefined ? {} : { region: found.region }) };
  const { ledgerTable, leaverQueueUrl, scheduleGroup } = found.places;
  return {
    ...found,
    ledger: dynamoLedger({
      client: new DynamoDBClient(settings),
      table: ledgerTable,
      keepDays: daysOf(found),
      clock: Date.now,
    }),
    queue: intakeQueue({ queueUrl: leaverQueueUrl, client: new SQSClient(settings) }),
    schedules: scheduleRemoval({ client: new SchedulerClient(settings), group: scheduleGroup }),
    clock: Date.now,
  };
}

/** How long events that a person ends are remembered: as long as those that the worker ends. No command fails if it cannot read the number. */
function daysOf({ policy }: Found): () => Promise<number> {
  let days: Promise<number> | undefined;
  return () => {
    days ??= policy().then(
      (rules) => rules?.rememberDays ?? KEEP_DAYS,
      () => KEEP_DAYS,
    );
    return days;
  };
}

/** How far back the lists go, in days: the default of `policy.rememberDays`. */
export const KEEP_DAYS = 400;
