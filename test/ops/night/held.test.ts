import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import * as z from 'zod';
import { dynamoLedger } from '../../../lambda/aws/ledger.ts';
import { GUARD_NAMES, isReleasable } from '../../../lambda/domain/deactivate/guards/order.ts';
import {
  aBody,
  allUsers,
  type FakeRow,
  listEvents,
  post,
  type StartedSystem,
  startSystem,
  untilSettled,
} from '../../support/started-system.ts';
import { anOperator } from './operator.ts';

const environment = z.object({ AWS_ENDPOINT_URL_DYNAMODB: z.string(), LEDGER_TABLE: z.string() });

/**
 * One event held by each guard, as the ledger has it. The hold is written by the test; what happens after the decision is the worker's own.
 * The events that the world itself makes the guards hold are below.
 */
describe('a held event, from status on by printed commands alone', () => {
  let system: StartedSystem;
  let leavers: FakeRow[];
  let ledger: ReturnType<typeof dynamoLedger>;
  const isActive = async (row: FakeRow | undefined) => (await allUsers(system)).find(({ ID }) => ID === row?.ID)?.isActive;

  beforeAll(async () => {
    system = await startSystem({ users: 120, policy: { brake: { floorPerDay: 100, perHour: 100 } } });
    leavers = (await allUsers(system)).filter(({ isActive, isAdmin }) => isActive && !isAdmin);
    const { AWS_ENDPOINT_URL_DYNAMODB: endpoint, LEDGER_TABLE: table } = environment.parse(
      JSON.parse(readFileSync(join(system.dataDir, 'environment.json'), 'utf8')),
    );
    const client = new DynamoDBClient({ endpoint, region: 'us-east-1', credentials: { accessKeyId: 'local', secretAccessKey: 'local' } });
    ledger = dynamoLedger({ client, table, keepDays: 400, clock: Date.now });
  }, 60_000);
  afterAll(async () => {
    await system.stop();
  });

  async function hold(guard: string, row: FakeRow, eventId = `night-${guard}`) {
    const now = new Date().toISOString();
    await ledger.writeEntry({
      source: 'standard-webhooks',
      eventId,
      version: 0,
      status: 'held',
      reason: guard,
      event: { type: 'employee.terminated', employee: { email: row.emailAddr }, effective: { immediate: true } },
      digest: '0'.repeat(64),
      receivedAt: now,
      updatedAt: now,
      effectiveAt: now,
      hold: { guard, saw: `something of user ${row.ID}`, releasing: 'deactivates this user', of: `user ${row.ID}` },
      released: [],
      history: [{ at: now, to: 'held', by: 'worker', why: guard }],
    });
    return eventId;
  }

  it.each(GUARD_NAMES.filter((guard) => guard !== 'brake'))(
    '%s: who it is about is shown before the decision, which ends it',
    async (guard) => {
      const row = leavers[GUARD_NAMES.indexOf(guard)];
      if (row === undefined) throw new Error('too few users');
      const eventId = await hold(guard, row);
      const operator = anOperator(system.dataDir);

      expect((await operator.status()).text).toContain('waiting for a person: 1 held');
      await operator.follow('todo');
      const shown = await operator.follow(`show ${eventId} --person`);
      const done = await operator.follow(`release ${eventId}`, { user: row.ID });

      expect(shown.text).toMatch(new RegExp(`address +${row.emailAddr}\\s+${row.emailAddr}`));
      expect(shown.text).toContain(`/user/view?ID=${row.ID}`);
      expect(operator.questions).toEqual(['1 person loses access: release?']);
      expect(done.code).toBe(0);
      expect(await isActive(row)).toBe(false);
      expect(operator.typed.some((command) => command.includes('--recheck'))).toBe(
        !isReleasable(guard) && guard !== 'ambiguous' ? true : guard === 'hr-contradicts',
      );
      expect((await operator.status()).text).toContain('waiting for a person: 0 held');
    },
    60_000,
  );

  it('the question of a rejection says that the person keeps access, and a no changes nothing', async () => {
    const row = leavers[40];
    if (row === undefined) throw new Error('too few users');
    const eventId = await hold('stale', row, 'night-no');
    const operator = anOperator(system.dataDir);
    await operator.status();
    await operator.follow('todo');
    await operator.follow(`show ${eventId} --person`);

    const no = await operator.follow(`reject ${eventId}`, { answer: false });
    const yes = await operator.follow(`reject ${eventId}`);

    expect(operator.questions).toEqual(['1 person keeps access. Reject?', '1 person keeps access. Reject?']);
    expect([no.code, yes.code]).toEqual([1, 0]);
    expect(await isActive(row)).toBe(true);
  }, 60_000);

  it('several users that fit: each is shown, and one is chosen by the id on the screen', async () => {
    const [one, other] = [leavers[50], leavers[51]];
    const number = await numberOf(other);
    await post(system, aBody(one?.emailAddr ?? '', { employee: { email: one?.emailAddr, employeeNumber: number } }), { id: 'night-two' });
    await untilSettledOne('night-two');
    const operator = anOperator(system.dataDir);
    await operator.status();
    await operator.follow('todo');

    const { text } = await operator.follow('show night-two --person');
    const chosen = await operator.follow('release night-two --user', { user: other?.ID ?? '' });

    expect(text).toContain('one of 2 users');
    expect(text).toContain(one?.name ?? 'missing');
    expect(text).toContain(other?.name ?? 'missing');
    expect(text).toMatch(/! address/);
    expect(chosen.text).toMatch(/held|deactivated/);
    expect(await isActive(one)).toBe(true);
  }, 60_000);

  const numberOf = async (row: FakeRow | undefined) => {
    const answer = await fetch(`${system.workfront}/_fake/users/${row?.ID}`);
    return z.object({ extRefID: z.string() }).parse(await answer.json()).extRefID;
  };

  async function untilSettledOne(eventId: string) {
    for (const deadline = Date.now() + 20_000; Date.now() < deadline; ) {
      const found = (await listEvents(system)).find((event) => event.eventId === eventId);
      if (found !== undefined && found.status !== 'received' && found.status !== 'processing') return;
    }
    throw new Error(`expected ${eventId} to settle`);
  }
});

describe('the brake, from status on by printed commands alone', () => {
  let system: StartedSystem;
  let leavers: FakeRow[];
  beforeAll(async () => {
    system = await startSystem({ users: 60, policy: { brake: { perHour: 2, floorPerDay: 2, shareOfActivePerDay: 0.01 } } });
    leavers = (await allUsers(system)).filter(({ isActive, isAdmin }) => isActive && !isAdmin).slice(0, 8);
    await post(system, JSON.stringify(leavers.map(({ emailAddr }) => JSON.parse(aBody(emailAddr)))), { id: 'lay-off' });
    await untilSettled(system, 8);
  }, 60_000);
  afterAll(async () => {
    await system.stop();
  });
  const active = async () => {
    const now = await allUsers(system);
    return leavers.filter((leaver) => now.find(({ ID }) => ID === leaver.ID)?.isActive).length;
  };

  it('is not released before who waits was on the screen, and the question counts people', async () => {
    const operator = anOperator(system.dataDir);

    const { text } = await operator.status();
    const shown = await operator.follow('brake status --person');
    const asked = await operator.follow('brake release --events', { answer: false });

    expect(text).not.toContain('brake release');
    expect(text).toMatch(/it holds 6 events: 6 of standard-webhooks/);
    const waiting = leavers.filter(({ emailAddr }) => shown.text.includes(emailAddr));
    expect(waiting).toHaveLength(6);
    expect(operator.questions).toEqual(['6 people lose access: release?']);
    expect(asked.code).toBe(1);
    expect(await active()).toBe(6);
    // From "brake latched" to a right decision: status, brake status --person, brake release.
    expect(operator.typed).toHaveLength(3);
  }, 60_000);

  it('a broken export is rejected in one order: all of them keep access, and nothing waits any more', async () => {
    const operator = anOperator(system.dataDir);
    await operator.status();
    await operator.follow('brake status --person');

    const refused = await operator.follow('reject --guard brake', { reason: 'HR sent last year’s list', answer: false });
    expect([refused.code, (await listEvents(system, '--status', 'held')).length]).toEqual([1, 6]);
    const rejected = await operator.follow('reject --guard brake', { reason: 'HR sent last year’s list' });

    expect(rejected.code).toBe(0);
    expect(operator.questions.at(-1)).toMatch(/6/);
    const events = await listEvents(system);
    expect(events.filter(({ status }) => status === 'rejected')).toHaveLength(6);
    expect(events.filter(({ status }) => status === 'held')).toEqual([]);
    expect(await active()).toBe(6);
  }, 60_000);

  it('a lay-off is released in one order', async () => {
    await post(system, JSON.stringify(leavers.map(({ emailAddr }) => JSON.parse(aBody(emailAddr)))), { id: 'the-right-list' });
    await untilSettled(system, 16);
    const [first] = await listEvents(system, '--status', 'held');
    const operator = anOperator(system.dataDir);
    await operator.status();
    await operator.follow('brake status --person');

    const released = await operator.follow('brake release --events', { reason: 'HR confirmed the list on the phone' });
    await operator.status();

    expect(first?.reason).toBe('brake');
    expect(released.code).toBe(0);
    expect(await active()).toBe(0);
  }, 60_000);
});
