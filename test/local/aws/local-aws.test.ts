import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { connect } from 'node:net';
import { networkInterfaces } from 'node:os';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { DynamoDBClient, PutItemCommand, ScanCommand } from '@aws-sdk/client-dynamodb';
import { CreateScheduleCommand, ListSchedulesCommand, SchedulerClient } from '@aws-sdk/client-scheduler';
import { GetSecretValueCommand, PutSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { DeleteMessageCommand, ReceiveMessageCommand, SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { expect, it, jest } from '@jest/globals';
import * as z from 'zod';
import { readReceiverConfig } from '../../../lambda/receiver-config.ts';
import { readWorkerConfig } from '../../../lambda/worker-config.ts';
import { startLocalAws } from '../../../local/aws/local-aws.ts';
import { dynamoClient, schedulerClient, secretsClient, sqsClient } from '../support/clients.ts';
import { closing } from '../support/closing.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

const ENDPOINTS = ['SQS', 'DYNAMODB', 'SECRETS_MANAGER', 'SCHEDULER'].map((service) => `AWS_ENDPOINT_URL_${service}`);
const MESSAGES = 100;

async function localAws(dataDir: string) {
  return closing(await startLocalAws({ dataDir, secrets: { 'hr-acme': 'first' }, visibilitySeconds: 2 }), ({ close }) => close());
}

/** The same in a process of its own; `kill` ends it without a chance to clean up. */
async function localAwsProcess(dataDir: string) {
  const script = fileURLToPath(new URL('../support/local-aws-process.ts', import.meta.url));
  const child = closing(spawn(process.execPath, [script, dataDir], { stdio: ['ignore', 'pipe', 'inherit'] }), (one) => one.kill('SIGKILL'));
  const [line] = await once(createInterface(child.stdout), 'line');
  const kill = async () => {
    const exited = once(child, 'exit');
    child.kill('SIGKILL');
    await exited;
  };
  return { environment: z.record(z.string(), z.string()).parse(JSON.parse(line)), kill };
}

function clients(environment: Record<string, string>) {
  const endpoint = (service: string) => environment[`AWS_ENDPOINT_URL_${service}`] ?? '';
  return {
    sqs: sqsClient(endpoint('SQS')),
    dynamo: dynamoClient(endpoint('DYNAMODB')),
    secrets: secretsClient(endpoint('SECRETS_MANAGER')),
    scheduler: schedulerClient(endpoint('SCHEDULER')),
  };
}

it('gives the functions the environment that they read', async () => {
  const { environment } = await localAws(await temporaryDirectory());
  const stage = {
    STAGE: 'local',
    SOURCES: '{}',
    POLICY: '{}',
    WORKFRONT_SECRET_ID: 'workfront',
    WORKFRONT_BASE_URL: 'http://127.0.0.1:1',
    WORKFRONT_API_VERSION: 'v21.0',
    CALLS_IN_FLIGHT: '2',
  };

  expect(readReceiverConfig({ ...environment, ...stage }).LEAVER_QUEUE_URL).toBe(environment.LEAVER_QUEUE_URL);
  expect(readWorkerConfig({ ...environment, ...stage }).LEDGER_TABLE).toBe(environment.LEDGER_TABLE);
});

it('is found by SDK clients by the environment only, regardless of the settings of the developer', async () => {
  const { environment } = await localAws(await temporaryDirectory());
  const before = { ...process.env };
  Object.assign(
    process.env,
    { AWS_PROFILE: 'work', AWS_USE_FIPS_ENDPOINT: 'true', AWS_IGNORE_CONFIGURED_ENDPOINT_URLS: 'true' },
    environment,
  );
  closing(before, () => {
    for (const name of Object.keys(process.env)) if (!(name in before)) delete process.env[name];
    Object.assign(process.env, before);
  });
  const warnings = closing(jest.spyOn(console, 'warn').mockReturnValue(), (spy) => spy.mockRestore());

  const answers = await Promise.all([
    new SQSClient().send(new SendMessageCommand({ QueueUrl: environment.LEAVER_QUEUE_URL, MessageBody: 'x' })),
    new DynamoDBClient().send(new ScanCommand({ TableName: environment.LEDGER_TABLE })),
    new SecretsManagerClient().send(new GetSecretValueCommand({ SecretId: 'hr-acme' })),
    new SchedulerClient().send(new ListSchedulesCommand({ GroupName: environment.SCHEDULE_GROUP })),
  ]);

  expect(answers.map(({ $metadata }) => $metadata.httpStatusCode)).toEqual([200, 200, 200, 200]);
  expect(warnings).not.toHaveBeenCalled();
});

it.each(ENDPOINTS)('keeps %s off every network but loopback', async (name) => {
  const { environment } = await localAws(await temporaryDirectory());
  const { hostname, port } = new URL(environment[name] ?? '');
  const others = Object.values(networkInterfaces())
    .flatMap((addresses) => addresses ?? [])
    .filter(({ family, internal }) => family === 'IPv4' && !internal);

  const reached = await Promise.all(others.map(({ address }) => isReached(address, Number(port))));

  expect(hostname).toBe('127.0.0.1');
  expect(await isReached('127.0.0.1', Number(port))).toBe(true);
  expect(reached).toEqual(others.map(() => false));
});

it('refuses a directory that another system uses', async () => {
  const dataDir = await temporaryDirectory();
  const first = await localAws(dataDir);

  await expect(localAws(dataDir)).rejects.toMatchObject({ code: 'directory-in-use' });
  await first.close();
  await expect(localAws(dataDir)).resolves.toBeDefined();
});

it('keeps everything that it acknowledged before it was killed', async () => {
  const dataDir = await temporaryDirectory();
  const before = await localAwsProcess(dataDir);
  const numbers = Array.from({ length: MESSAGES }, (_, index) => String(index));
  await writeAll(before.environment, numbers);

  await before.kill();
  const { environment } = await localAws(dataDir);

  expect(await readAll(environment)).toEqual({ items: numbers, messages: numbers, schedules: MESSAGES, secret: 'second' });
}, 60_000);

async function writeAll(environment: Record<string, string>, numbers: string[]): Promise<void> {
  const { sqs, dynamo, secrets, scheduler } = clients(environment);
  const QueueUrl = environment.LEAVER_QUEUE_URL;
  for (const number of numbers) {
    await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: number }));
    await dynamo.send(new PutItemCommand({ TableName: environment.LEDGER_TABLE, Item: { pk: { S: number }, sk: { S: 'entry' } } }));
    await scheduler.send(
      new CreateScheduleCommand({
        Name: number,
        GroupName: environment.SCHEDULE_GROUP,
        ScheduleExpression: 'at(2099-01-01T00:00:00)',
        FlexibleTimeWindow: { Mode: 'OFF' },
        ActionAfterCompletion: 'DELETE',
        Target: { Arn: environment.LEAVER_QUEUE_ARN, RoleArn: environment.SCHEDULE_ROLE_ARN, Input: number },
      }),
    );
  }
  await secrets.send(new PutSecretValueCommand({ SecretId: 'hr-acme', SecretString: 'second' }));
  // Some messages are in flight when the process dies.
  await sqs.send(new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10 }));
}

async function readAll(environment: Record<string, string>) {
  const { sqs, dynamo, secrets, scheduler } = clients(environment);
  const QueueUrl = environment.LEAVER_QUEUE_URL;
  const inOrder = (found: (string | undefined)[]) =>
    found
      .map(Number)
      .sort((a, b) => a - b)
      .map(String);

  const messages: (string | undefined)[] = [];
  for (;;) {
    const { Messages = [] } = await sqs.send(new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10, WaitTimeSeconds: 3 }));
    if (Messages.length === 0) break;
    for (const { Body, ReceiptHandle } of Messages) {
      messages.push(Body);
      await sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle }));
    }
  }
  const { Items = [] } = await dynamo.send(new ScanCommand({ TableName: environment.LEDGER_TABLE }));
  const { Schedules = [] } = await scheduler.send(new ListSchedulesCommand({ GroupName: environment.SCHEDULE_GROUP }));
  const { SecretString } = await secrets.send(new GetSecretValueCommand({ SecretId: 'hr-acme' }));
  return {
    items: inOrder(Items.map(({ pk }) => pk?.S)),
    messages: inOrder(messages),
    schedules: Schedules.length,
    secret: SecretString,
  };
}

function isReached(host: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host, port, timeout: 1_000 });
    const settle = (reached: boolean) => {
      socket.destroy();
      resolve(reached);
    };
    socket.once('connect', () => settle(true));
    for (const event of ['error', 'timeout']) socket.once(event, () => settle(false));
  });
}
