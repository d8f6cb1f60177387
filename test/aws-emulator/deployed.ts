import { setTimeout as sleep } from 'node:timers/promises';
import { ListSchedulesCommand, SchedulerClient } from '@aws-sdk/client-scheduler';
import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { Webhook } from 'standardwebhooks';
import * as z from 'zod';
import type { LedgerEntry } from '../../lambda/domain/event/ledger-entry.ts';
import { openDeployment } from '../../ops/deployment/deployment.ts';
import { depthOf } from '../../ops/queues/queue-messages.ts';
import { moveByHand } from '../../ops/queues/redrive.ts';
import { servedAt } from './api-address.ts';
import { type Emulator, REGION, STAGE } from './emulator.ts';
import { PYTHON } from './install-emulator.ts';
import { orThrow, type Ran, type Shell } from './shell.ts';

export const SOURCE = 'standard-webhooks';
export const SIGNING_SECRET = `whsec_${Buffer.from('a secret for the emulator alone').toString('base64')}`;

/** Reads logs with the botocore of the emulator, because our own SDK has no client for logs. */
const READ_LOGS = `
import os, botocore.session
logs = botocore.session.get_session().create_client("logs", verify=os.environ["NODE_EXTRA_CA_CERTS"])
for group in logs.describe_log_groups()["logGroups"]:
    for page in logs.get_paginator("filter_log_events").paginate(logGroupName=group["logGroupName"]):
        for event in page["events"]:
            print(event["message"])
`;

/** A question that is asked again until its answer is good. */
interface Wait<T> {
  /** A noun for the error message. */
  what: string;
  seconds: number;
  ask: () => Promise<T>;
  isGood: (answer: T) => boolean;
}

const accepted = z.object({ eventIds: z.tuple([z.string()]) });

/** Opens the stage in the emulator, for HR and for the operator. */
export async function openDeployed({ environment }: Emulator, shell: Shell, signal: AbortSignal) {
  const { ledger, places } = await openDeployment({ stage: STAGE, region: REGION, data: '' });
  const sqs = new SQSClient();
  const scheduler = new SchedulerClient();
  const webhooks = servedAt(new URL(places.webhooksUrl), environment.AWS_ENDPOINT_URL ?? '');

  const deliver = async (event: object, { id, secret = SIGNING_SECRET }: { id: string; secret?: string }) => {
    const body = JSON.stringify(event);
    const now = new Date();
    const headers = {
      'content-type': 'application/json',
      'webhook-id': id,
      'webhook-timestamp': String(Math.floor(now.getTime() / 1000)),
      'webhook-signature': new Webhook(secret).sign(id, now, body),
    };
    const response = await fetch(`${webhooks}/${SOURCE}`, { method: 'POST', body, headers, signal });
    return { status: response.status, body: await response.text() };
  };

  /** Asks until the answer is good. @throws Error with the last answer if that takes too long */
  const until = async <T>({ what, seconds, ask, isGood }: Wait<T>): Promise<T> => {
    for (const end = Date.now() + seconds * 1000; ; ) {
      const answer = await ask();
      if (isGood(answer)) return answer;
      if (Date.now() > end) throw new Error(`no ${what} within ${seconds} s; the last answer is ${JSON.stringify(answer)}`);
      await sleep(250, undefined, { signal });
    }
  };
  const entryOf = (eventId: string) => ledger.readEntry({ source: SOURCE, eventId });

  return {
    deliver,
    until,
    entryOf,
    /** @returns the event's id */
    async accepted(event: object, id: string): Promise<string> {
      const { status, body } = await deliver(event, { id });
      if (status !== 202) throw new Error(`the delivery got ${status} instead of 202: ${body}`);
      return accepted.parse(JSON.parse(body)).eventIds[0];
    },
    async becomes(eventId: string, status: LedgerEntry['status'], seconds = 30): Promise<LedgerEntry> {
      const entry = await until({
        what: `status ${status} of ${eventId}`,
        seconds,
        ask: () => entryOf(eventId),
        isGood: (one) => one?.status === status,
      });
      if (entry === undefined) throw new Error(`the ledger has no event ${eventId}; deliver it first`);
      return entry;
    },
    /** Changes the time since which an event waits, as soon as it waits. @returns the reason of the wait */
    async waitsSince({ eventId, since }: { eventId: string; since: string }): Promise<string> {
      const code = await until({
        what: `wait of ${eventId}`,
        seconds: 30,
        ask: async () => {
          const entry = await entryOf(eventId);
          if (entry?.waiting === undefined) return undefined;
          const changed = { ...entry, waiting: { ...entry.waiting, since } };
          // The worker may write it too: then try again.
          return ledger.writeEntry(changed).then(
            () => entry.waiting?.code,
            () => undefined,
          );
        },
        isGood: (reason) => reason !== undefined,
      });
      return code ?? '';
    },
    putOnQueue: (body: string) => sqs.send(new SendMessageCommand({ QueueUrl: places.leaverQueueUrl, MessageBody: body })),
    putOnDeadLetterQueue: (body: string) => sqs.send(new SendMessageCommand({ QueueUrl: places.deadLetterQueueUrl, MessageBody: body })),
    deadLetters: async () => (await depthOf(sqs, places.deadLetterQueueUrl)).visible,
    /** Moves the messages one by one: the emulator has no StartMessageMoveTask, which `ops dlq redrive` uses on AWS. */
    redrive: () => moveByHand({ client: sqs, ...places }),
    async hasSchedule(eventId: string): Promise<boolean> {
      const NamePrefix = `${SOURCE}.${eventId}`;
      const { Schedules = [] } = await scheduler.send(new ListSchedulesCommand({ GroupName: places.scheduleGroup, NamePrefix }));
      return Schedules.length > 0;
    },
    functionLogs: async () => orThrow(await shell.run(PYTHON, ['-c', READ_LOGS]), 'reading the logs'),
    /** Runs an ops command. @param input its standard input */
    ops: (args: readonly string[], input?: string): Promise<Ran> =>
      shell.run('node', ['bin/ops.ts', '--stage', STAGE, '--region', REGION, ...args], input),
  };
}

export type Deployed = Awaited<ReturnType<typeof openDeployed>>;
