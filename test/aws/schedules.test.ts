import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { GetScheduleCommand, ListSchedulesCommand, SchedulerClient } from '@aws-sdk/client-scheduler';
import { afterEach, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { eventBridgeSchedules, scheduleName, scheduleRemoval } from '../../lambda/aws/schedules.ts';
import { leaverMessage } from '../../lambda/domain/event/leaver-message.ts';
import { parseJson } from '../../lambda/domain/parse.ts';
import { queuedMessage } from '../../lambda/domain/stage/canary.ts';
import { DAY, SECOND, toInstant, toMillis } from '../../lambda/domain/time/time.ts';
import { ACCOUNT, CREDENTIALS, REGION } from '../../local/aws/account.ts';
import { startLocalSchedules } from '../../local/aws/schedules.ts';

const NOW = toMillis('2026-11-24T12:00:00Z');
const REF = { source: 'acme-hr', eventId: 'evt-1' };
const SETTINGS = {
  group: 'offboarding',
  queueArn: `arn:aws:sqs:${REGION}:${ACCOUNT}:leavers`,
  roleArn: `arn:aws:iam::${ACCOUNT}:role/scheduler`,
  deadLetterArn: `arn:aws:sqs:${REGION}:${ACCOUNT}:dead-letters`,
};

const open: (() => Promise<unknown>)[] = [];

afterEach(async () => {
  for (const close of open.splice(0).reverse()) await close();
});

/** Our schedules on the local EventBridge Scheduler, with one clock that a test may set. */
async function someSchedules({ rememberDays = 1000 }: { rememberDays?: number } = {}) {
  const dataDir = await mkdtemp(join(tmpdir(), 'schedules-'));
  open.push(() => rm(dataDir, { recursive: true, force: true }));
  const time = { now: NOW };
  const clock = () => time.now;
  // Nothing fires, because the scheduler's own clock stands still.
  const server = await startLocalSchedules({
    dataDir,
    group: SETTINGS.group,
    sqsEndpoint: 'http://127.0.0.1:9',
    onError: () => undefined,
    now: () => NOW,
  });
  open.push(() => server.close());
  const client = new SchedulerClient({ endpoint: server.endpoint, region: REGION, credentials: CREDENTIALS, maxAttempts: 1 });
  open.push(async () => client.destroy());

  return {
    client,
    time,
    schedules: eventBridgeSchedules({ client, settings: SETTINGS, rememberDays, clock }),
    schedulesOf: (settings: Partial<typeof SETTINGS>) =>
      eventBridgeSchedules({ client, settings: { ...SETTINGS, ...settings }, rememberDays, clock }),
    read: (Name: string) => client.send(new GetScheduleCommand({ Name, GroupName: SETTINGS.group })),
    names: async () =>
      ((await client.send(new ListSchedulesCommand({ GroupName: SETTINGS.group }))).Schedules ?? []).map(({ Name }) => Name),
  };
}

describe('a schedule', () => {
  it('sends the event back to the queue once, at its instant in UTC, and is then gone', async () => {
    const { schedules, read } = await someSchedules();

    await schedules.set(REF, '2026-11-30T23:00:00.000Z');

    const { Target, ...schedule } = await read(scheduleName(REF, '2026-11-30T23:00:00.000Z'));
    expect(schedule).toMatchObject({
      GroupName: 'offboarding',
      ScheduleExpression: 'at(2026-11-30T23:00:00)',
      ScheduleExpressionTimezone: 'UTC',
      FlexibleTimeWindow: { Mode: 'OFF' },
      ActionAfterCompletion: 'DELETE',
      State: 'ENABLED',
    });
    expect(Target).toMatchObject({ Arn: SETTINGS.queueArn, RoleArn: SETTINGS.roleArn, DeadLetterConfig: { Arn: SETTINGS.deadLetterArn } });
    expect(parseJson(leaverMessage, Target?.Input ?? '', 'input')).toEqual({ kind: 'due', ...REF });
  });

  it.each([
    { what: 'a whole second', at: '2026-11-30T23:00:00.000Z', fires: 'at(2026-11-30T23:00:00)' },
    { what: 'a moment after it', at: '2026-11-30T23:00:00.001Z', fires: 'at(2026-11-30T23:00:01)' },
    { what: 'the last moment of a year', at: '2026-12-31T23:59:59.999Z', fires: 'at(2027-01-01T00:00:00)' },
    { what: 'the end of February', at: '2027-02-28T23:59:59.001Z', fires: 'at(2027-03-01T00:00:00)' },
    { what: 'an offset', at: '2026-12-01T00:00:00+01:00', fires: 'at(2026-11-30T23:00:00)' },
    { what: 'now', at: '2026-11-24T12:00:00.000Z', fires: 'at(2026-11-24T12:01:00)' },
    { what: 'a time within the next minute', at: '2026-11-24T12:00:59.000Z', fires: 'at(2026-11-24T12:01:00)' },
    { what: 'the past', at: '2020-01-01T00:00:00.000Z', fires: 'at(2026-11-24T12:01:00)' },
    { what: 'a year from now', at: toInstant(NOW + 365 * DAY), fires: 'at(2027-11-24T12:00:00)' },
  ])('for $what is never early and never refused: $fires', async ({ at, fires }) => {
    const { schedules, read } = await someSchedules();

    await schedules.set(REF, at);

    expect((await read(scheduleName(REF, at))).ScheduleExpression).toBe(fires);
  });

  it('that is set again for the same time exists once', async () => {
    const { schedules, names } = await someSchedules();

    await schedules.set(REF, '2026-11-30T23:00:00.000Z');
    await schedules.set(REF, '2026-11-30T23:00:00.000Z');

    expect(await names()).toHaveLength(1);
  });

  it('that is set for another time has another name, because the first may be deleted later, after it fired', async () => {
    const { schedules, read } = await someSchedules();
    await schedules.set(REF, '2026-11-30T23:00:00.000Z');
    await schedules.set(REF, '2026-12-15T23:00:00.000Z');

    await schedules.remove(REF, '2026-11-30T23:00:00.000Z');

    expect((await read(scheduleName(REF, '2026-12-15T23:00:00.000Z'))).ScheduleExpression).toBe('at(2026-12-15T23:00:00)');
  });

  it('can be removed twice', async () => {
    const at = '2026-11-30T23:00:00.000Z';
    const other = { ...REF, eventId: 'evt-2' };
    const { client, schedules, names } = await someSchedules();
    await schedules.set(REF, at);
    await schedules.set(other, at);

    await schedules.remove(REF, at);
    await scheduleRemoval({ client, group: SETTINGS.group }).remove(REF, at);

    expect(await names()).toEqual([scheduleName(other, at)]);
  });

  it('that cannot be set is an error, never ignored', async () => {
    const { schedulesOf } = await someSchedules();

    await expect(schedulesOf({ group: 'gone' }).set(REF, '2026-11-30T23:00:00.000Z')).rejects.toMatchObject({
      name: 'ResourceNotFoundException',
    });
    await expect(schedulesOf({ roleArn: 'nobody' }).set(REF, '2026-11-30T23:00:00.000Z')).rejects.toMatchObject({
      name: 'ValidationException',
    });
  });
});

describe('the daily look', () => {
  it('is set again under one name, with the time that is remembered', async () => {
    const { schedules, read, names } = await someSchedules();

    await schedules.setDailyLook('2026-11-24T17:00:00.000Z', { rememberedAt: '2026-11-24T05:00:00.000Z' });
    await schedules.setDailyLook('2026-11-25T17:00:00.000Z', { rememberedAt: '2026-11-25T05:00:00.000Z' });

    expect(await names()).toEqual(['DailyLook']);
    const { ScheduleExpression, Target } = await read('DailyLook');
    expect(ScheduleExpression).toBe('at(2026-11-25T17:00:00)');
    expect(parseJson(queuedMessage, Target?.Input ?? '', 'input')).toEqual({ kind: 'canary', rememberedAt: '2026-11-25T05:00:00.000Z' });
  });
});

describe('a look at a user whose event ended', () => {
  it('has a schedule beside that of the event, for the same time too, and the same one if it is set again', async () => {
    const { schedules, read, names } = await someSchedules();
    const at = toInstant(NOW + DAY);

    await schedules.set(REF, at);
    await schedules.setWatch(REF, at);
    await schedules.setWatch(REF, at);

    const set = await names();
    const inputs = await Promise.all(
      set.map(async (name) => parseJson(queuedMessage, (await read(name ?? '')).Target?.Input ?? '', 'input')),
    );
    expect(inputs.map(({ kind }) => kind).sort()).toEqual(['due', 'watch']);
  });
});

describe('a time more than a year ahead', () => {
  const at = toInstant(NOW + 800 * DAY);

  it('is reached in hops, each under a name of its own', async () => {
    const { schedules, time, read, names } = await someSchedules();

    await schedules.set(REF, at);
    time.now = NOW + 365 * DAY;
    await schedules.set(REF, at);
    time.now = NOW + 730 * DAY;
    await schedules.set(REF, at);

    const expected = ['2027-11-24T00:00:00Z', '2028-11-23T00:00:00Z', at].map((one) => scheduleName(REF, one));
    expect((await names()).toSorted()).toEqual(expected.toSorted());
    const fires = await Promise.all(expected.map((name) => read(name)));
    expect(fires.map(({ ScheduleExpression }) => ScheduleExpression)).toEqual([
      'at(2027-11-24T00:00:00)',
      'at(2028-11-23T00:00:00)',
      'at(2029-02-01T12:00:00)',
    ]);
    expect(fires.map(({ Target }) => Target?.Input)).toEqual(Array(3).fill(JSON.stringify({ kind: 'due', ...REF })));
  });

  it('is reached in hops of half the memory of the stage, if that is shorter', async () => {
    const { schedules, names } = await someSchedules({ rememberDays: 400 });

    await schedules.set(REF, at);

    expect(await names()).toEqual([scheduleName(REF, '2027-06-12T00:00:00Z')]);
  });

  it('begins a moment after a year', async () => {
    const { schedules, names } = await someSchedules();

    await schedules.set(REF, toInstant(NOW + 365 * DAY + SECOND));

    expect(await names()).toEqual([scheduleName(REF, '2027-11-24T00:00:00Z')]);
  });

  it('has a schedule for each event, however alike their ids', async () => {
    const { schedules, names } = await someSchedules();

    for (const last of ['1', '2']) await schedules.set({ ...REF, eventId: `termination-${'0'.repeat(60)}${last}` }, at);

    expect(await names()).toHaveLength(2);
  });

  it('has a legal name whatever the id', async () => {
    const { schedules, names } = await someSchedules();

    await schedules.set({ source: 'a'.repeat(32), eventId: '!'.repeat(200) }, at);

    expect(await names()).toEqual([expect.stringMatching(/^[0-9a-zA-Z_.-]{1,64}$/)]);
  });
});

describe('the name of a schedule', () => {
  it.each([
    { what: 'has the id in it', eventId: 'evt-1', name: /^acme-hr\.evt-1\.[0-9a-z]{6}$/ },
    { what: 'has a dot and an underscore too', eventId: 'A_b.9', name: /^acme-hr\.A_b\.9\.[0-9a-z]{6}$/ },
    { what: 'has at most 64 characters', eventId: 'x'.repeat(49), name: /^acme-hr\.x{49}\.[0-9a-z]{6}$/ },
    { what: 'has a digest for an id that is too long', eventId: 'x'.repeat(50), name: /^acme-hr\.[0-9a-f]{49}\.[0-9a-z]{6}$/ },
    { what: 'has a digest for an id with other characters', eventId: 'urn:evt/1', name: /^acme-hr\.[0-9a-f]{49}\.[0-9a-z]{6}$/ },
  ])('$what', ({ eventId, name }) => {
    expect(scheduleName({ source: 'acme-hr', eventId }, '2026-11-30T23:00:00Z')).toMatch(name);
  });

  it('is legal, and different for each event', () => {
    const visible = fc.integer({ min: 0x21, max: 0x7e }).map((code) => String.fromCharCode(code));
    const ref = fc.record({
      source: fc.stringMatching(/^[a-z][a-z0-9-]{0,31}$/),
      eventId: fc.array(visible, { minLength: 1, maxLength: 200 }).map((letters) => letters.join('')),
    });

    fc.assert(
      fc.property(
        fc.uniqueArray(ref, { minLength: 2, maxLength: 20, selector: ({ source, eventId }) => `${source} ${eventId}` }),
        (refs) => {
          const names = refs.map((one) => scheduleName(one, '2026-11-30T23:00:00Z'));

          for (const name of names) expect(name).toMatch(/^[0-9a-zA-Z_.-]{1,64}$/);
          expect(new Set(names).size).toBe(refs.length);
        },
      ),
    );
  });
});
