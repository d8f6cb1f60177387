import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import * as z from 'zod';
import { leaverMessage } from '../../lambda/domain/event/leaver-message.ts';
import { parseJson } from '../../lambda/domain/parse.ts';
import { CREDENTIALS, REGION } from '../../local/aws/account.ts';
import { aTermination, gatewayEvent, queueEvent } from '../bench/setup/events.ts';
import { plainAddresses, type StandIns, startStandIns } from '../bench/setup/stand-ins.ts';
import { freePort, startServerProcess } from '../support/programs/loopback-process.ts';
import { synthBundles } from '../support/synth-bundles.ts';
import { LAMBDA_EMULATOR, RUNTIME_CLIENT } from './install.ts';

const UP_WITHIN_MS = 20_000;
const ANSWER_WITHIN_MS = 30_000;

const folder = mkdtempSync(join(tmpdir(), 'functions-'));
let bundles: ReturnType<typeof synthBundles>;
let standIns: StandIns;
const running: (() => Promise<void>)[] = [];

beforeAll(async () => {
  mkdirSync('reports', { recursive: true });
  bundles = synthBundles(folder);
  standIns = await startStandIns({ users: 100 });
}, 60_000);
afterEach(async () => {
  for (const stop of running.splice(0)) await stop();
});
afterAll(async () => {
  await standIns.close();
  rmSync(folder, { recursive: true });
});

/** Starts a bundle under AWS's Lambda emulator and runtime client. @returns what invokes it ("Invoke", Lambda API Reference) */
async function invokerOf(name: 'receiver' | 'worker'): Promise<(event: object) => Promise<unknown>> {
  const port = await freePort();
  const stop = await startServerProcess(
    {
      what: 'the Lambda emulator',
      command: LAMBDA_EMULATOR,
      args: [
        `--runtime-interface-emulator-address=127.0.0.1:${port}`,
        `--runtime-api-address=127.0.0.1:${await freePort()}`,
        process.execPath,
        RUNTIME_CLIENT,
        'index.handler',
      ],
      env: {
        ...standIns.environment,
        PATH: process.env.PATH,
        LAMBDA_TASK_ROOT: bundles[name],
        AWS_LAMBDA_FUNCTION_NAME: name,
      },
      port,
      log: `reports/engine-lambda-${name}.log`,
      // The emulator ends with jest if the run is stopped, and the function with the emulator.
      sharesGroup: true,
    },
    AbortSignal.timeout(UP_WITHIN_MS),
  );
  running.push(stop);
  return async (event) => {
    const response = await fetch(`http://127.0.0.1:${port}/2015-03-31/functions/function/invocations`, {
      method: 'POST',
      body: JSON.stringify(event),
      signal: AbortSignal.timeout(ANSWER_WITHIN_MS),
    });
    return response.json();
  };
}

async function queued(): Promise<string[]> {
  const { AWS_ENDPOINT_URL_SQS: endpoint = '', LEAVER_QUEUE_URL: QueueUrl } = standIns.environment;
  const client = new SQSClient({ endpoint, region: REGION, credentials: CREDENTIALS });
  const { Messages = [] } = await client.send(new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10 }));
  client.destroy();
  return Messages.map(({ Body = '' }) => Body);
}

const problem = z.object({ statusCode: z.number(), body: z.string() });

describe('the functions as AWS runs them', () => {
  it('take a signed termination from the delivery to the inactive user', async () => {
    const [email = ''] = plainAddresses(standIns.workfront, 1);
    const receive = await invokerOf('receiver');

    expect(await receive(gatewayEvent(aTermination(email)))).toMatchObject({ statusCode: 202 });

    const messages = (await queued()).map((body) => parseJson(leaverMessage, body, 'message'));
    expect(messages).toMatchObject([{ kind: 'arrival', event: { employee: { email } } }]);
    const work = await invokerOf('worker');
    expect(await work(queueEvent(messages))).toEqual({ batchItemFailures: [] });
    const user = standIns.workfront.directory.all().find(({ emailAddr }) => emailAddr === email);
    expect(user?.isActive).toBe(false);
    expect(standIns.workfront.calls.changingWrites).toBe(1);
  }, 90_000);

  it('refuse a forged delivery, and queue nothing', async () => {
    const receive = await invokerOf('receiver');
    const forged = { ...gatewayEvent(aTermination('nobody@acme.test')), body: Buffer.from('{}').toString('base64') };

    expect(problem.parse(await receive(forged)).statusCode).toBe(401);
    expect(await queued()).toEqual([]);
  }, 90_000);

  it('give a message back that the worker cannot finish now', async () => {
    const [, email = ''] = plainAddresses(standIns.workfront, 2);
    const work = await invokerOf('worker');
    const receive = await invokerOf('receiver');
    await receive(gatewayEvent(aTermination(email)));
    const messages = (await queued()).map((body) => parseJson(leaverMessage, body, 'message'));
    standIns.workfront.behaviour.down = true;
    const event = queueEvent(messages);

    expect(await work(event)).toEqual({ batchItemFailures: event.Records.map(({ messageId }) => ({ itemIdentifier: messageId })) });
  }, 90_000);
});
