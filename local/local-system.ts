import { randomBytes } from 'node:crypto';
import { renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import * as z from 'zod';
import { sourceSecrets } from '../lambda/aws/secrets.ts';
import { schemeOf } from '../lambda/sources/systems/registry.ts';
import { NEW_CONSOLE_SECRET, startLocalConsole } from './admin-console/local-console.ts';
import { CREDENTIALS, REGION } from './aws/account.ts';
import { directoryFailure, isDiskFull } from './aws/directory-failure.ts';
import { startLocalAws } from './aws/local-aws.ts';
import { fakeEmployees } from './hr/employees.ts';
import { startFakeHr } from './hr/fake-hr.ts';
import { employeesOf, LOCAL_LOOK_UP_SECRETS, newLookUpSecrets } from './hr/local-look-ups.ts';
import { newSourceSecrets } from './hr/local-sources.ts';
import { startEventSource } from './lambda/event-source.ts';
import { startGateway } from './lambda/gateway.ts';
import { type LocalStage, numberFieldsOf } from './local-stage.ts';
import { type FakeWorkfront, startFakeWorkfront } from './workfront/fake-workfront.ts';

export const API_VERSION = 'v21.0';

const WORKFRONT_SECRET = 'offboarding/local/workfront';

/** How long an event waits at most for the next start after a kill. */
const VISIBILITY_SECONDS = 12;
const WORKER_TIMEOUT_SECONDS = 10;
const BATCH_SIZE = 10;
const INVOCATIONS_AT_ONCE = 2;
const CALLS_PER_WORKER = 2;

const workfrontSecret = z.object({ apiKey: z.string() });

export interface LocalSystem {
  /** `http://127.0.0.1:N/webhooks`; a source's name follows. */
  webhooks: string;
  workfront: FakeWorkfront;
  /** The stand-in for the APIs of HR systems. */
  hr: string;
  /** The stand-in for the Admin Console; undefined if nothing is asked there. */
  adminConsole: string | undefined;
  apiKey: string;
  /** By source: where to send, how to sign, and the secret. */
  sources: Record<string, { url: string; scheme: string; secret: string }>;
  /** The environment in which the ops commands find this system; also in `environment.json` of the data directory. */
  environment: Record<string, string>;
  /** Resolves when all running work has ended. */
  close(): Promise<void>;
}

export interface LocalOptions {
  /** 0: any free port. */
  port: number;
  workfrontPort: number;
  dataDir: string;
  users: number;
  stage: LocalStage;
  onError: (error: unknown) => void;
}

/**
 * Starts the whole product on this machine, on loopback only: the entry files that are deployed, with the AWS SDK calls that they
 * make on AWS, over durable stand-ins; and a stand-in for Workfront.
 * The functions read their configuration from `process.env`, so one process can hold one system.
 *
 * @throws PermanentFailure `port-in-use`, `directory-in-use`, `disk-full` and the other codes of a directory that cannot be used
 */
export async function startLocalSystem(options: LocalOptions): Promise<LocalSystem> {
  try {
    return await startAll(options);
  } catch (error) {
    throw isDiskFull(error) ? directoryFailure(options.dataDir, error) : error;
  }
}

async function startAll({ port, workfrontPort, dataDir, users, stage, onError }: LocalOptions): Promise<LocalSystem> {
  const aws = await startLocalAws({
    dataDir,
    secrets: newSecrets(stage),
    visibilitySeconds: VISIBILITY_SECONDS,
    onError,
  });
  const secrets = await readSecrets(aws.environment, stage);
  const workfront = await startFakeWorkfront({
    port: workfrontPort,
    users,
    numberFields: numberFieldsOf(stage),
    apiKey: secrets.apiKey,
    dataFile: join(dataDir, `workfront-${users}.jsonl`),
  });
  const employees = fakeEmployees(employeesOf(workfront.directory), join(dataDir, 'employees.json'));
  const hr = await startFakeHr({ employees });
  const adminConsole = await startLocalConsole(stage.adminConsole, { workfront: workfront.directory, dataDir });
  const environment: Record<string, string> = {
    ...aws.environment,
    ...adminConsole?.environment,
    STAGE: 'local',
    SOURCES: JSON.stringify(stage.sources),
    POLICY: JSON.stringify(stage.policy),
    WORKFRONT_SECRET_ID: WORKFRONT_SECRET,
    WORKFRONT_BASE_URL: workfront.url,
    WORKFRONT_API_VERSION: API_VERSION,
    // As a stage has it, so that an ageing key can be rehearsed: store one with a `createdAt` of last month.
    WORKFRONT_KEY_LIFETIME_DAYS: '30',
    CALLS_IN_FLIGHT: String(CALLS_PER_WORKER),
    LOOK_UPS: JSON.stringify(stage.lookUps),
    LOOK_UP_SECRETS: LOCAL_LOOK_UP_SECRETS,
    LOOK_UP_STAND_IN: hr.url,
  };
  Object.assign(process.env, environment);
  const [receiver, worker] = await Promise.all([import('../lambda/receiver.ts'), import('../lambda/worker.ts')]);

  const gateway = await startGateway({ port, handler: receiver.handler, onError });
  const eventSource = startEventSource({
    endpoint: environment.AWS_ENDPOINT_URL_SQS ?? '',
    queueUrl: environment.LEAVER_QUEUE_URL ?? '',
    queueArn: environment.LEAVER_QUEUE_ARN ?? '',
    handler: worker.handler,
    batchSize: BATCH_SIZE,
    maximumConcurrency: INVOCATIONS_AT_ONCE,
    timeoutSeconds: WORKER_TIMEOUT_SECONDS,
    visibilitySeconds: VISIBILITY_SECONDS,
    onError,
  });
  const webhooks = `${gateway.url}/webhooks`;
  keep(join(dataDir, 'environment.json'), { ...environment, WEBHOOKS_URL: webhooks });

  return {
    webhooks,
    workfront,
    hr: hr.url,
    adminConsole: adminConsole?.url,
    apiKey: secrets.apiKey,
    sources: Object.fromEntries(
      Object.entries(stage.sources).map(([name, source]) => [
        name,
        { url: `${webhooks}/${name}`, scheme: schemeOf(source).kind, secret: secrets.sources[name] ?? '' },
      ]),
    ),
    environment,
    async close() {
      await gateway.close();
      await eventSource.stop();
      await hr.close();
      await adminConsole?.close();
      await workfront.close();
      await aws.close();
    },
  };
}

/** The first values of all secrets; a secret that the data directory already has keeps its own. */
const newSecrets = ({ sources, lookUps, adminConsole }: LocalStage): Record<string, string> => ({
  [WORKFRONT_SECRET]: JSON.stringify({ kind: 'api-key', apiKey: randomBytes(16).toString('hex'), createdAt: new Date().toISOString() }),
  ...newSourceSecrets(sources),
  ...newLookUpSecrets(lookUps),
  ...(adminConsole !== undefined && NEW_CONSOLE_SECRET),
});

async function readSecrets(
  environment: Record<string, string>,
  stage: LocalStage,
): Promise<{ apiKey: string; sources: Record<string, string> }> {
  const client = new SecretsManagerClient({
    endpoint: environment.AWS_ENDPOINT_URL_SECRETS_MANAGER ?? '',
    region: REGION,
    credentials: CREDENTIALS,
  });
  const read = async (SecretId: string) => (await client.send(new GetSecretValueCommand({ SecretId }))).SecretString ?? '';
  const sources: Record<string, string> = {};
  // An operator may have rotated it: the first of a list is the current one.
  const { read: readCurrent } = sourceSecrets({ client, clock: Date.now });
  for (const [name, { secretId }] of Object.entries(stage.sources)) [sources[name] = ''] = await readCurrent(secretId);
  return { apiKey: workfrontSecret.parse(JSON.parse(await read(WORKFRONT_SECRET))).apiKey, sources };
}

/** Writes a file completely or not at all, readable by its owner only. */
function keep(file: string, value: object): void {
  writeFileSync(`${file}.new`, `${JSON.stringify(value, null, 2)}\n`, { mode: 0o600 });
  renameSync(`${file}.new`, file);
}
