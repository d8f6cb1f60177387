import {
  CreateScheduleCommand,
  type CreateScheduleCommandInput,
  DeleteScheduleCommand,
  GetScheduleCommand,
  ListSchedulesCommand,
  UpdateScheduleCommand,
} from '@aws-sdk/client-scheduler';
import { ReceiveMessageCommand } from '@aws-sdk/client-sqs';
import { describe, expect, it } from '@jest/globals';
import { ACCOUNT } from '../../../local/aws/account.ts';
import { type LocalQueues, startLocalQueues } from '../../../local/aws/queues.ts';
import { startLocalSchedules } from '../../../local/aws/schedules.ts';
import { schedulerClient, sqsClient } from '../support/clients.ts';
import { closing } from '../support/closing.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

const START = Date.parse('2026-11-24T09:00:00Z');
const HOUR = 3_600_000;
const nameOf = ({ name }: Error) => name;

async function someQueues(): Promise<LocalQueues> {
  return closing(await startLocalQueues({ dataDir: await temporaryDirectory(), visibilitySeconds: 30 }), ({ close }) => close());
}

async function schedulerIn(dataDir: string, queues: LocalQueues, start = START) {
  let time = start;
  const errors: unknown[] = [];
  const server = closing(
    await startLocalSchedules({
      dataDir,
      group: 'offboarding',
      sqsEndpoint: queues.endpoint,
      onError: (error) => errors.push(error),
      now: () => time,
    }),
    ({ close }) => close(),
  );
  const client = schedulerClient(server.endpoint);
  const sqs = sqsClient(queues.endpoint);
  const definition = (changes: Partial<CreateScheduleCommandInput> = {}): CreateScheduleCommandInput => ({
    Name: 'acme-1',
    GroupName: 'offboarding',
    ScheduleExpression: 'at(2026-11-24T10:00:00)',
    ScheduleExpressionTimezone: 'UTC',
    FlexibleTimeWindow: { Mode: 'OFF' },
    ActionAfterCompletion: 'DELETE',
    Target: {
      Arn: queues.leaver.arn,
      RoleArn: `arn:aws:iam::${ACCOUNT}:role/scheduler`,
      Input: '{"kind":"due"}',
      DeadLetterConfig: { Arn: queues.deadLetter.arn },
    },
    ...changes,
  });
  return {
    close: server.close,
    errors,
    advance: (milliseconds: number) => {
      time += milliseconds;
    },
    definition,
    create: (changes: Partial<CreateScheduleCommandInput> = {}) => client.send(new CreateScheduleCommand(definition(changes))),
    update: (changes: Partial<CreateScheduleCommandInput> = {}) => client.send(new UpdateScheduleCommand(definition(changes))),
    read: () => client.send(new GetScheduleCommand({ Name: 'acme-1', GroupName: 'offboarding' })),
    remove: () => client.send(new DeleteScheduleCommand({ Name: 'acme-1', GroupName: 'offboarding' })),
    list: (rest = {}) => client.send(new ListSchedulesCommand({ GroupName: 'offboarding', ...rest })),
    receive: async (QueueUrl = queues.leaver.url, WaitTimeSeconds = 5) => {
      const { Messages } = await sqs.send(new ReceiveMessageCommand({ QueueUrl, WaitTimeSeconds }));
      return Messages?.map(({ Body }) => Body);
    },
  };
}

describe('the local scheduler', () => {
  it('sends the input of a schedule to the queue when it is due, not earlier, and removes the schedule', async () => {
    const queues = await someQueues();
    const dataDir = await temporaryDirectory();
    const scheduler = await schedulerIn(dataDir, queues);
    await scheduler.create();

    const early = await scheduler.receive(queues.leaver.url, 1);
    scheduler.advance(HOUR);
    const due = await scheduler.receive();
    await scheduler.close();

    expect(early).toBeUndefined();
    expect(due).toEqual(['{"kind":"due"}']);
    const later = await schedulerIn(dataDir, queues, START + 2 * HOUR);
    await expect(later.read().catch(nameOf)).resolves.toBe('ResourceNotFoundException');
    expect(await later.receive(queues.leaver.url, 1)).toBeUndefined();
  });

  it('fires a schedule at the next start that became due while it was down', async () => {
    const queues = await someQueues();
    const dataDir = await temporaryDirectory();
    const before = await schedulerIn(dataDir, queues);
    await before.create();
    await before.close();

    const after = await schedulerIn(dataDir, queues, START + 48 * HOUR);

    expect(await after.receive()).toEqual(['{"kind":"due"}']);
  });

  it('describes a schedule, and replaces it on an update', async () => {
    const scheduler = await schedulerIn(await temporaryDirectory(), await someQueues());
    const created = await scheduler.create();
    await scheduler.update({ ScheduleExpression: 'at(2027-03-01T00:00:00)' });

    const { Arn, CreationDate, ...read } = await scheduler.read();

    expect(Arn).toBe(created.ScheduleArn);
    expect(CreationDate).toEqual(new Date(START));
    expect(read).toMatchObject({ Name: 'acme-1', ScheduleExpression: 'at(2027-03-01T00:00:00)', State: 'ENABLED' });
    scheduler.advance(2 * HOUR);
    expect(await scheduler.receive(undefined, 1)).toBeUndefined();
  });

  it('does not fire a deleted schedule', async () => {
    const scheduler = await schedulerIn(await temporaryDirectory(), await someQueues());
    await scheduler.create();

    await scheduler.remove();
    scheduler.advance(2 * HOUR);

    expect(await scheduler.receive(undefined, 1)).toBeUndefined();
    await expect(scheduler.remove().catch(nameOf)).resolves.toBe('ResourceNotFoundException');
  });

  it('lists in pages', async () => {
    const scheduler = await schedulerIn(await temporaryDirectory(), await someQueues());
    for (const Name of ['acme-1', 'acme-2', 'acme-3', 'other-1']) await scheduler.create({ Name });

    const first = await scheduler.list({ NamePrefix: 'acme', MaxResults: 2 });
    const second = await scheduler.list({ NamePrefix: 'acme', MaxResults: 2, NextToken: first.NextToken });

    expect([first, second].map(({ Schedules }) => Schedules?.map(({ Name }) => Name))).toEqual([['acme-1', 'acme-2'], ['acme-3']]);
    expect(second.NextToken).toBeUndefined();
  });

  it('accepts a repeated create once, and refuses another one as a conflict', async () => {
    const scheduler = await schedulerIn(await temporaryDirectory(), await someQueues());
    await scheduler.create({ ClientToken: 'same' });

    const repeated = await scheduler.create({ ClientToken: 'same' }).catch(nameOf);
    const another = await scheduler.create({ ClientToken: 'other' }).catch(nameOf);

    expect(repeated).toMatchObject({ ScheduleArn: expect.stringContaining('acme-1') });
    expect(another).toBe('ConflictException');
  });

  it.each<{ what: string; changes: Partial<CreateScheduleCommandInput>; exception: string }>([
    { what: 'a name of 65 characters', changes: { Name: 'x'.repeat(65) }, exception: 'ValidationException' },
    { what: 'a name with a slash', changes: { Name: 'a/b' }, exception: 'ValidationException' },
    { what: 'a rate', changes: { ScheduleExpression: 'rate(1 hour)' }, exception: 'ValidationException' },
    { what: 'a day that does not exist', changes: { ScheduleExpression: 'at(2027-02-30T00:00:00)' }, exception: 'ValidationException' },
    { what: 'a time with a fraction', changes: { ScheduleExpression: 'at(2027-02-03T00:00:00.5)' }, exception: 'ValidationException' },
    { what: 'a time in the past', changes: { ScheduleExpression: 'at(2026-11-24T08:58:00)' }, exception: 'ValidationException' },
    { what: 'another zone', changes: { ScheduleExpressionTimezone: 'Europe/Amsterdam' }, exception: 'ValidationException' },
    { what: 'a schedule that would stay', changes: { ActionAfterCompletion: 'NONE' }, exception: 'ValidationException' },
    { what: 'an unknown group', changes: { GroupName: 'nobody' }, exception: 'ResourceNotFoundException' },
  ])('refuses $what', async ({ changes, exception }) => {
    const scheduler = await schedulerIn(await temporaryDirectory(), await someQueues());

    await expect(scheduler.create(changes).catch(nameOf)).resolves.toBe(exception);
  });

  it.each([{ name: 'a'.repeat(64) }, { name: 'A-b_c.9' }])('accepts the name $name', async ({ name }) => {
    const scheduler = await schedulerIn(await temporaryDirectory(), await someQueues());

    const outcome = await scheduler.create({ Name: name }).then(
      () => 'taken',
      ({ message }: Error) => message,
    );

    expect(outcome).toBe('taken');
  });

  it('updates only a schedule that exists', async () => {
    const scheduler = await schedulerIn(await temporaryDirectory(), await someQueues());

    await expect(scheduler.update().catch(nameOf)).resolves.toBe('ResourceNotFoundException');
  });

  it('sends to the dead-letter queue if the queue does not exist', async () => {
    const queues = await someQueues();
    const scheduler = await schedulerIn(await temporaryDirectory(), queues);
    const { Target } = scheduler.definition();
    await scheduler.create({ Target: { ...Target, RoleArn: Target?.RoleArn, Arn: `arn:aws:sqs:us-east-1:${ACCOUNT}:gone` } });

    scheduler.advance(HOUR);

    expect(await scheduler.receive(queues.deadLetter.url)).toEqual(['{"kind":"due"}']);
  });

  it('tries again until the queues answer', async () => {
    const dataDir = await temporaryDirectory();
    const queues = await someQueues();
    const scheduler = await schedulerIn(dataDir, { ...queues, endpoint: 'http://127.0.0.1:9' });
    await scheduler.create();
    scheduler.advance(HOUR);
    while (scheduler.errors.length === 0) await new Promise((resolve) => setTimeout(resolve, 20));
    await scheduler.close();

    const repaired = await schedulerIn(dataDir, queues, START + 2 * HOUR);

    expect(await repaired.receive()).toEqual(['{"kind":"due"}']);
  });
});
