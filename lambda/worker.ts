import { createHmac } from 'node:crypto';
import { Logger } from '@aws-lambda-powertools/logger';
import { Metrics } from '@aws-lambda-powertools/metrics';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { SchedulerClient } from '@aws-sdk/client-scheduler';
import middy from '@middy/core';
import type { SQSBatchResponse, SQSEvent } from 'aws-lambda';
import { umapiConsole } from './admin-console/console.ts';
import { dynamoLedger } from './aws/ledger.ts';
import { eventBridgeOutcomes } from './aws/outcomes.ts';
import { leaverQueue } from './aws/queue.ts';
import { eventBridgeSchedules } from './aws/schedules.ts';
import { secretReader } from './aws/secrets.ts';
import { Sha256 } from './aws/sha256.ts';
import { allMatchKeys } from './domain/policy.ts';
import { sightingsOf } from './domain/stage/sightings.ts';
import { processLeavers } from './handlers/process-leavers.ts';
import { reportCall, reportKey } from './handlers/workfront-report.ts';
import { hrSystems } from './sources/look-ups/registry.ts';
import { standIn } from './sources/look-ups/stand-in.ts';
import { readWorkerConfig } from './worker-config.ts';
import { credentialFromSecret } from './workfront/credentials.ts';
import { comparedFields, workfrontDirectory } from './workfront/directory.ts';
import { keyDaysLeft } from './workfront/key-age.ts';
import { tokenGiver } from './workfront/tokens.ts';

const config = readWorkerConfig();
const logger = new Logger({ serviceName: 'worker', persistentKeys: { stage: config.STAGE } });
const metrics = new Metrics({ namespace: 'WorkfrontOffboarding', serviceName: 'worker', defaultDimensions: { stage: config.STAGE } });
const clock = Date.now;
/** The SDK puts its middleware together once for each operation: nothing of it is changed after the first call. */
const CALLED_OFTEN = { cacheMiddleware: true, sha256: Sha256 };

const readSecret = secretReader();
const directory = workfrontDirectory({
  baseUrl: config.WORKFRONT_BASE_URL,
  apiVersion: config.WORKFRONT_API_VERSION,
  credential: credentialFromSecret({
    readSecret: readWorkfrontSecret,
    giveToken: tokenGiver({ baseUrl: config.WORKFRONT_BASE_URL, clock }),
    clock,
  }),
  callsInFlight: config.CALLS_IN_FLIGHT,
  ...comparedFields(allMatchKeys(config.POLICY)),
  pendingApprovalField: config.POLICY.pendingApprovalField,
  onCall: (call) => reportCall(call, metrics),
  clock,
});

/** The worker: takes leavers from the queue and brings each to its outcome. */
export const handler = middy<SQSEvent, SQSBatchResponse>({ timeoutEarlyInMillis: 0 }).handler(
  processLeavers({
    desk: {
      ledger: dynamoLedger({
        client: new DynamoDBClient(CALLED_OFTEN),
        table: config.LEDGER_TABLE,
        keepDays: config.POLICY.rememberDays,
        clock,
      }),
      directory,
      hr: hrSystems(config.LOOK_UPS, {
        secrets: config.LOOK_UP_SECRETS,
        readSecret,
        fetch: config.LOOK_UP_STAND_IN === undefined ? fetch : standIn(fetch, config.LOOK_UP_STAND_IN),
        clock,
      }),
      schedules: eventBridgeSchedules({
        client: new SchedulerClient(CALLED_OFTEN),
        settings: {
          group: config.SCHEDULE_GROUP,
          queueArn: config.LEAVER_QUEUE_ARN,
          roleArn: config.SCHEDULE_ROLE_ARN,
          deadLetterArn: config.SCHEDULE_DEAD_LETTER_ARN,
        },
        rememberDays: config.POLICY.rememberDays,
        clock,
      }),
      clock,
      random: Math.random,
      digest: (text) =>
        createHmac('sha256', config.LEDGER_RESTORED_FROM ?? config.LEDGER_TABLE)
          .update(text)
          .digest('base64url'),
      maySight: sightingsOf(clock),
      policy: config.POLICY,
    },
    queue: leaverQueue({ queueUrl: config.LEAVER_QUEUE_URL, deadLetterUrl: config.DEAD_LETTER_QUEUE_URL }),
    outcomes: config.OUTCOME_BUS === undefined ? undefined : eventBridgeOutcomes({ bus: config.OUTCOME_BUS, stage: config.STAGE }),
    console: config.ADMIN_CONSOLE && {
      adminConsole: umapiConsole({
        settings: config.ADMIN_CONSOLE,
        readSecret: () => readSecret(config.ADMIN_CONSOLE_SECRET_ID),
        fetch,
        clock,
      }),
      named: config.ADMIN_CONSOLE,
    },
    restoredLedger: config.LEDGER_RESTORED_FROM === undefined ? undefined : config.LEDGER_TABLE,
    // While one event waits for the ledger, another waits for Workfront.
    eventsAtOnce: 2 * config.CALLS_IN_FLIGHT,
    logger,
    metrics,
  }),
);

async function readWorkfrontSecret(): Promise<string> {
  const text = await readSecret(config.WORKFRONT_SECRET_ID);
  reportKey(keyDaysLeft(text, { lifetimeDays: config.WORKFRONT_KEY_LIFETIME_DAYS, now: clock() }), metrics);
  return text;
}
