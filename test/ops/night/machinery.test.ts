import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import * as z from 'zod';
import { SIGN } from '../../support/signing.ts';
import { aBody, allUsers, type FakeRow, post, type StartedSystem, startSystem, untilSettled } from '../../support/started-system.ts';
import { behave } from '../mass-trouble.ts';
import { runOps } from '../run-ops.ts';
import { runWithInput } from '../run-with-input.ts';
import { anOperator } from './operator.ts';

const environment = z.object({ AWS_ENDPOINT_URL_SQS: z.string(), DEAD_LETTER_QUEUE_URL: z.string() });

/** What did not even become a held event. Each test begins at `status`, follows printed commands, and leaves nothing behind. */
describe('at three in the morning, from status on by printed commands alone', () => {
  let system: StartedSystem;
  let leavers: FakeRow[];
  let sqs: SQSClient;
  let deadLetters = '';
  const isActive = async (row: FakeRow | undefined) => (await allUsers(system)).find(({ ID }) => ID === row?.ID)?.isActive;

  beforeAll(async () => {
    system = await startSystem({ users: 60, policy: { brake: { floorPerDay: 50 } } });
    leavers = (await allUsers(system)).filter(({ isActive, isAdmin }) => isActive && !isAdmin);
    const urls = environment.parse(JSON.parse(readFileSync(join(system.dataDir, 'environment.json'), 'utf8')));
    deadLetters = urls.DEAD_LETTER_QUEUE_URL;
    const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
    sqs = new SQSClient({ endpoint: urls.AWS_ENDPOINT_URL_SQS, region: 'us-east-1', credentials });
  }, 60_000);
  afterAll(async () => {
    sqs.destroy();
    await system.stop();
  });

  it('a failed event: the reason is shown, and a replay after the fix ends it', async () => {
    await behave(system, { readOnlyCredential: true });
    await post(system, aBody(leavers[0]?.emailAddr ?? ''), { id: 'night-failed' });
    await untilSettled(system, 1);
    const operator = anOperator(system.dataDir);
    await operator.status();
    await operator.follow('todo');
    const shown = await operator.follow('show night-failed');
    await behave(system, { readOnlyCredential: false });

    const replayed = await operator.follow('replay night-failed');

    expect(shown.text).toContain('forbidden');
    expect(replayed.code).toBe(0);
    expect(await isActive(leavers[0])).toBe(false);
  }, 60_000);

  it('nobody was found: who HR named is shown, and a replay after the fix in Workfront ends it', async () => {
    await post(system, aBody('new.address@acme.test'), { id: 'night-none' });
    await untilSettled(system, 2);
    const operator = anOperator(system.dataDir);
    expect((await operator.status()).text).toContain('without an account: 1');
    await operator.follow('list --status no-account');
    await operator.follow('show night-none');
    const shown = await operator.follow('show night-none --person');
    await fetch(`${system.workfront}/_fake/users/${leavers[1]?.ID}`, {
      method: 'PUT',
      body: JSON.stringify({ emailAddr: 'new.address@acme.test', username: 'new.address@acme.test' }),
    });

    const replayed = await operator.follow('replay night-none', { reason: 'the address is in Workfront now' });

    expect(shown.text).toContain('Workfront has nobody with what HR says');
    expect(replayed.code).toBe(0);
    expect(await isActive(leavers[1])).toBe(false);
  }, 60_000);

  it('dead letters: what the worker can read goes back to it, what nobody can read is deleted', async () => {
    const arrival = {
      kind: 'arrival',
      source: 'standard-webhooks',
      eventId: 'night-lost',
      digest: 'a'.repeat(64),
      receivedAt: new Date().toISOString(),
      event: { type: 'employee.terminated', employee: { email: leavers[2]?.emailAddr }, effective: { immediate: true } },
    };
    for (const MessageBody of [JSON.stringify(arrival), 'poison'])
      await sqs.send(new SendMessageCommand({ QueueUrl: deadLetters, MessageBody }));
    const operator = anOperator(system.dataDir);
    expect((await operator.status()).text).toContain('2 dead letters');
    await operator.follow('todo');
    const listed = await operator.follow('dlq list');

    await operator.follow('dlq delete', { reason: 'a test of another system' });
    await operator.follow('dlq redrive');
    await untilSettled(system, 3);

    expect(listed.text).toMatch(/delete what nobody can read/);
    expect(operator.questions[0]).toMatch(/Delete it permanently/);
    expect(await isActive(leavers[2])).toBe(false);
    expect((await operator.status()).text).not.toContain('dead letters');
  }, 60_000);

  it('one stray request is amber, and can be dismissed; what HR proved and nobody understood is red, and comes first', async () => {
    await post(system, aBody('nobody@acme.test'), { secret: 'whsec_ZGlmZmVyZW50IGtleSBvZiBIUiBzeXN0ZW0h' });
    const health = async () => {
      const { code, stdout } = await runOps(system.dataDir, 'doctor', '--json');
      const checks = z.array(z.object({ check: z.string(), health: z.string() })).parse(JSON.parse(stdout));
      return { code, is: checks.find(({ check }) => check === 'quarantine')?.health };
    };
    expect(await health()).toEqual({ code: 0, is: 'amber' });
    await post(system, '{"type":"employee.terminated"}');
    expect(await health()).toEqual({ code: 3, is: 'red' });
    const operator = anOperator(system.dataDir);
    expect((await operator.status()).text).toContain('2 in the quarantine');
    await operator.follow('todo');
    await operator.follow('quarantine list --source standard-webhooks --why unreadable');
    await operator.follow('quarantine list --body');
    await operator.follow('quarantine dismiss', { reason: 'a test of the new mapping', answer: true });
    await operator.follow('quarantine list --source standard-webhooks --why signature');
    await operator.follow('quarantine dismiss', { reason: 'a scanner on the internet' });

    expect(operator.questions).toEqual([
      'Delete 1 deliveries permanently? 1 are proven to be of HR: a leaver in them keeps access.',
      'Delete 1 deliveries permanently?',
    ]);
    const { text } = await operator.status();
    expect(text).not.toContain('quarantine:');
    expect(text.replace(/\s+/g, ' ')).toMatch(/dismissed delivery .*a scanner on the internet/);
    expect(await health()).toEqual({ code: 0, is: 'green' });
  }, 60_000);

  it('a rescission after the deactivation: the undo is named, and nobody loses access by the release', async () => {
    const leaver = leavers[3];
    await post(system, aBody(leaver?.emailAddr ?? ''), { id: 'night-gone' });
    await untilSettled(system, 4);
    const rescission = { type: 'employee.termination_rescinded', data: { employee: { email: leaver?.emailAddr } } };
    await post(system, JSON.stringify(rescission), { id: 'night-back' });
    await untilSettled(system, 5);
    const operator = anOperator(system.dataDir);
    await operator.status();
    await operator.follow('todo');
    const shown = await operator.follow('show night-back --person');
    const undone = await operator.follow('undo night-gone', { reason: 'HR says that they stay' });
    await operator.status();
    await operator.follow('todo');
    await operator.follow('show night-back --person');

    const released = await operator.follow('release night-back', { reason: 'undone' });

    expect(shown.text).toContain(`/user/view?ID=${leaver?.ID}`);
    expect(operator.questions).toEqual([
      '1 person gets access again. Undo?',
      'No access changes: only that a person has decided is recorded. Release?',
    ]);
    expect([undone.code, released.code]).toEqual([0, 0]);
    expect(await isActive(leaver)).toBe(true);
  }, 60_000);
});

describe('what HR and the calendar do, from status on by printed commands alone', () => {
  let system: StartedSystem;
  beforeAll(async () => {
    system = await startSystem({ users: 60 });
  }, 60_000);
  afterAll(async () => {
    await system.stop();
  });

  it('HR contradicts: what HR says now is shown, and after HR corrected it a recheck goes on', async () => {
    const [leaver] = (await allUsers(system)).filter(({ isActive, isAdmin }) => isActive && !isAdmin);
    const row = await (await fetch(`${system.workfront}/_fake/users/${leaver?.ID}`)).json();
    const { extRefID: number } = z.object({ extRefID: z.string() }).parse(row);
    const body = JSON.stringify({ type: 'employee.left', triggeredAt: new Date().toISOString(), data: { employeeId: number } });
    const { url = '', secret = '' } = system.sources.hibob ?? {};
    const headers = SIGN.hibob(body, { secret, at: Date.now(), id: 'night-hr' });
    await fetch(url, { method: 'POST', body, headers });
    await untilSettled(system, 1);
    const operator = anOperator(system.dataDir);
    await operator.status();
    await operator.follow('todo');
    const shown = await operator.follow('show');
    await fetch(`${system.hr}/_fake/employees/${number}`, {
      method: 'PUT',
      body: JSON.stringify({ standing: 'left', lastDay: '2026-01-01' }),
    });

    const released = await operator.follow('release', { reason: 'HR corrected it' });

    expect(shown.text).toContain('HR, asked now: still employed');
    expect(operator.typed.at(-1)).toContain('--recheck');
    expect(released.code).toBe(0);
    expect((await allUsers(system)).find(({ ID }) => ID === leaver?.ID)?.isActive).toBe(false);
  }, 60_000);

  it('a key that ages: doctor counts the days, and a new key ends it', async () => {
    const createdAt = new Date(Date.now() - 27 * 86_400_000).toISOString();
    await runWithInput(system.dataDir, JSON.stringify({ kind: 'api-key', apiKey: system.apiKey, createdAt }), 'secret', 'set', 'workfront');
    await behave(system, { apiKeys: [system.apiKey, 'the-key-of-next-month'] });
    const operator = anOperator(system.dataDir);
    await operator.status();
    const before = await operator.follow('doctor');

    await operator.follow('secret set workfront', { input: 'the-key-of-next-month' });
    await operator.status();
    const after = await operator.follow('doctor');

    expect(before.text).toMatch(/red +secret workfront +api-key, expires in [23] days/);
    expect(after.text).toMatch(/green +secret workfront +api-key, expires in (29|30) days/);
  }, 60_000);
});

describe('after a dry run, from status on by printed commands alone', () => {
  it('who was only tried is named, planned, and deactivated', async () => {
    const dry = await startSystem({ users: 60, policy: { dryRun: true } });
    const [leaver] = (await allUsers(dry)).filter(({ isActive, isAdmin }) => isActive && !isAdmin);
    await post(dry, aBody(leaver?.emailAddr ?? ''), { id: 'night-dry' });
    await untilSettled(dry, 1);
    await dry.stop();
    const system = await startSystem({ users: 60, dataDir: dry.dataDir });
    const plan = join(dry.dataDir, 'plan.json');
    try {
      const operator = anOperator(system.dataDir);
      const { text } = await operator.status();
      const planned = await operator.follow('plan replay', { reason: 'the dry run ended', file: plan });
      const applied = await operator.follow('apply');

      expect(text).toContain('only tried, and still active: 1');
      expect(planned.text).toContain('1 events in the plan');
      expect(applied.code).toBe(0);
      expect((await allUsers(system)).find(({ ID }) => ID === leaver?.ID)?.isActive).toBe(false);
    } finally {
      await system.stop();
    }
  }, 90_000);
});

describe('another customer, from status on by printed commands alone', () => {
  it('holds everybody, names the setting that exists, and a recheck after the fix goes on', async () => {
    const wrong = await startSystem({ users: 60, policy: { customerId: 'f'.repeat(32) } });
    const [leaver] = (await allUsers(wrong)).filter(({ isActive, isAdmin }) => isActive && !isAdmin);
    await post(wrong, aBody(leaver?.emailAddr ?? ''), { id: 'night-tenant' });
    await untilSettled(wrong, 1);
    const operator = anOperator(wrong.dataDir);
    await operator.status();
    await operator.follow('todo');
    const shown = await operator.follow('show night-tenant --person');
    await wrong.stop();
    const right = await startSystem({ users: 60, dataDir: wrong.dataDir });
    try {
      const released = await operator.follow('release night-tenant --recheck', { reason: 'the stage has the right customer' });

      expect(shown.text).toContain('policy.customerId');
      expect(released.code).toBe(0);
      expect((await allUsers(right)).find(({ ID }) => ID === leaver?.ID)?.isActive).toBe(false);
    } finally {
      await right.stop();
    }
  }, 90_000);
});
