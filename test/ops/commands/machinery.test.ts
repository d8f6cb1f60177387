import { readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import * as z from 'zod';
import { aBody, allUsers, type FakeRow, listEvents, post, type StartedSystem, startSystem } from '../../support/started-system.ts';
import { runOps } from '../run-ops.ts';
import { runWithInput } from '../run-with-input.ts';

const environment = z.object({ AWS_ENDPOINT_URL_SQS: z.string(), DEAD_LETTER_QUEUE_URL: z.string(), LEAVER_QUEUE_URL: z.string() });
const NEW_SECRET = 'whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYX';

/** One local system, with its secrets, quarantine and dead letters. Each test continues where the last one ended. */
describe('ops', () => {
  let system: StartedSystem;
  let leavers: FakeRow[];
  let sqs: SQSClient;
  let urls: z.infer<typeof environment>;
  const ops = (...args: string[]) => runOps(system.dataDir, ...args);
  const json = async (...args: string[]) => {
    const { code, stdout, stderr } = await ops(...args, '--json');
    if (stdout === '') throw new Error(`expected JSON from ${args.join(' ')}, got ${stderr}`);
    return { code, out: JSON.parse(stdout) };
  };
  const isActive = async (row: FakeRow | undefined) => (await allUsers(system)).find(({ ID }) => ID === row?.ID)?.isActive;

  beforeAll(async () => {
    system = await startSystem({ users: 60 });
    leavers = (await allUsers(system)).filter(({ isActive, isAdmin }) => isActive && !isAdmin);
    urls = environment.parse(JSON.parse(readFileSync(join(system.dataDir, 'environment.json'), 'utf8')));
    sqs = new SQSClient({
      endpoint: urls.AWS_ENDPOINT_URL_SQS,
      region: 'us-east-1',
      credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
    });
  }, 60_000);
  afterAll(async () => {
    sqs.destroy();
    await system.stop();
  });

  it.each(['standard-webhooks', 'hmac', 'bamboohr', 'hibob', 'okta', 'merge', 'rippling'])(
    'send a test through %s that touches nobody',
    async (source) => {
      const { code, out } = await json('send', source);

      expect(code).toBe(0);
      expect(out.entry).toMatchObject({ eventId: out.eventId, source, status: 'no-account' });
    },
  );

  it('list every source: how it proves deliveries, whether HR is asked, when its last event was received', async () => {
    const { code, out } = await json('sources');

    expect(code).toBe(0);
    expect(out.map(({ source }: { source: string }) => source).sort()).toEqual(Object.keys(system.sources).sort());
    const url = `${system.webhooks}/hibob`;
    expect(out).toContainEqual({
      source: 'hibob',
      system: 'hibob',
      scheme: 'hmac',
      url,
      asksHr: true,
      lastEventAt: expect.stringMatching(/Z$/),
    });
    expect(out).toContainEqual(expect.objectContaining({ source: 'workday', scheme: 'basic', asksHr: false, lastEventAt: null }));
    expect((await ops('sources')).stdout).toMatch(/^okta +okta +bearer +no +20.*\/okta$/m);
  }, 30_000);

  it('set the credential of a look-up, and refuse one that cannot work', async () => {
    const set = (input: string, name = 'look-up/merge') => runWithInput(system.dataDir, input, 'secret', 'set', name);

    const wrong = await set('{"apiKey":"secret-key"}');
    expect(wrong).toMatchObject({ code: 1, stderr: expect.stringContaining('accountToken: expected a string') });
    expect(wrong.stderr).not.toContain('secret-key');
    expect(await set('{}', 'look-up/gusto')).toMatchObject({ code: 2, stderr: expect.stringContaining('look-up/bamboohr') });
    expect(await set('{"apiKey":"another-key","accountToken":"a"}')).toMatchObject({ code: 0 });

    const { out } = await json('doctor');
    const lookUps = out.filter(({ check }: { check: string }) => check.startsWith('look-up '));
    expect(lookUps.map(({ check, health }: { check: string; health: string }) => `${check} ${health}`)).toEqual([
      'look-up bamboohr green',
      'look-up entra green',
      'look-up finch green',
      'look-up hibob green',
      'look-up merge green',
      'look-up personio green',
      'look-up successfactors green',
    ]);
  }, 30_000);

  it('send a real termination only if two options ask for it', async () => {
    const email = leavers[0]?.emailAddr ?? '';

    expect(await ops('send', 'hmac', '--employee', email)).toMatchObject({ code: 2, stderr: expect.stringContaining('--really') });
    expect(await ops('send', 'hmac', '--body', 'package.json')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('--body is for a real'),
    });
    expect(await ops('send', 'hmac', '--employee', email, '--really')).toMatchObject({ code: 2, stderr: expect.stringContaining('--yes') });
    expect(await isActive(leavers[0])).toBe(true);

    const { code, out } = await json('send', 'hmac', '--employee', email, '--really', '--yes');
    expect(code).toBe(0);
    expect(out.entry).toMatchObject({ status: 'deactivated', workfrontUserId: leavers[0]?.ID });
  }, 30_000);

  it('resolve a leaver by the directory that the worker has, and print no name', async () => {
    const found = await ops('resolve', leavers[1]?.emailAddr ?? '');
    const { code, out } = await json('resolve', 'nobody@acme.test', '--number', '0');

    expect(found).toMatchObject({
      code: 0,
      stdout: expect.stringContaining(`user ${leavers[1]?.ID}, found by emailAddr, would be deactivated`),
    });
    expect(found.stdout).not.toContain('@acme.test');
    expect(code).toBe(0);
    expect(out.would.become).toBe('no-account');
    expect(await isActive(leavers[1])).toBe(true);
  }, 30_000);

  it('keep a secret out of sight, and refuse what nobody could use', async () => {
    const unusable = await runWithInput(system.dataDir, 'not base64!', 'secret', 'rotate', 'standard-webhooks');
    const present = await runWithInput(system.dataDir, NEW_SECRET, 'secret', 'set', 'standard-webhooks');
    const short = await runWithInput(system.dataDir, '{"kind":"api-key","apiKey":"short"}', 'secret', 'set', 'workfront');
    const nothing = await runWithInput(system.dataDir, '\n', 'secret', 'set', 'workfront');

    expect(unusable).toMatchObject({ code: 2, stderr: expect.stringContaining('must be base64') });
    expect(present).toMatchObject({ code: 2, stderr: expect.stringContaining('--replace') });
    expect(short).toMatchObject({ code: 1, stderr: expect.stringContaining('apiKey: expected a key of 8') });
    expect(nothing.code).toBe(2);
    for (const { stdout, stderr } of [unusable, present, short]) expect(stdout + stderr).not.toMatch(/not base64!|AAECAw|short"/);
    expect((await ops('send', 'standard-webhooks')).code).toBe(0);
  }, 30_000);

  it('rotate a secret without a gap: both are good, until the former is retired', async () => {
    const former = system.sources['standard-webhooks']?.secret ?? '';

    const rotated = await runWithInput(system.dataDir, `${NEW_SECRET}\n`, 'secret', 'rotate', 'standard-webhooks', '--json');
    expect(rotated).toMatchObject({ code: 0, stdout: '{"secret":"standard-webhooks","stored":true,"values":2}\n' });
    const body = aBody('nobody@acme.test');
    expect((await post(system, body, { secret: NEW_SECRET })).status).toBe(202);
    expect((await post(system, body, { secret: former })).status).toBe(202);
    expect(await runWithInput(system.dataDir, former, 'secret', 'rotate', 'standard-webhooks')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('secret retire'),
    });

    expect(await ops('secret', 'retire', 'standard-webhooks')).toMatchObject({ code: 2, stderr: expect.stringContaining('--yes') });
    const { code, out } = await json('secret', 'retire', 'standard-webhooks', '--yes');
    expect([code, out.values, out.oldLastUsedKnown]).toEqual([0, 1, false]);
    expect((await json('secret', 'retire', 'standard-webhooks', '--yes')).out.stored).toBe(false);
  }, 30_000);

  it('say how to make a Workfront key, since the API makes none', async () => {
    expect(await ops('secret', 'set', 'workfront', '--generate')).toMatchObject({
      code: 1,
      stdout: expect.stringContaining('API Key Settings'),
    });
  });

  it('list deliveries that were not accepted, without a body unless an option asks for it', async () => {
    const wrong = 'whsec_ZGlmZmVyZW50IGtleSBvZiBIUiBzeXN0ZW0h';
    await post(system, aBody(leavers[2]?.emailAddr ?? ''), { id: 'msg_wrong', secret: wrong });
    await post(system, '{"type":"employee.terminated"}', { id: 'msg_unread', secret: NEW_SECRET });

    const { code, out } = await json('quarantine', 'list');

    expect(code).toBe(3);
    expect(out.map(({ why, source }: { why: string; source: string }) => `${source} ${why}`).sort()).toEqual([
      'standard-webhooks signature',
      'standard-webhooks unreadable',
    ]);
    expect(JSON.stringify(out)).not.toContain('@acme.test');
    const [forged] = out.filter(({ why }: { why: string }) => why === 'signature');
    expect((await ops('quarantine', 'list', '--body', forged.id)).stdout).toContain(leavers[2]?.emailAddr);
    expect((await ops('quarantine', 'list', '--body', 'none')).code).toBe(1);
  }, 30_000);

  it('verify the quarantine again after the secret is fixed: genuine deliveries go on, the others stay and say why', async () => {
    const before = await json('quarantine', 'reverify', '--all', '--dry-run');
    expect(before.out.map(({ did }: { did: string }) => did)).toEqual(['stays', 'stays']);
    await runWithInput(system.dataDir, 'whsec_ZGlmZmVyZW50IGtleSBvZiBIUiBzeXN0ZW0h', 'secret', 'rotate', 'standard-webhooks');

    const dry = await json('quarantine', 'reverify', '--all', '--dry-run');
    const { code, out } = await json('quarantine', 'reverify', '--all');

    const byId = (rows: { eventIds: string[]; did: string; because: string }[]) =>
      rows.map(({ eventIds, did, because }) => [did, ...eventIds, because.split(':')[0]].join(' ')).sort();
    expect(byId(dry.out)).toEqual(['stays not-understood', 'would accept msg_wrong ']);
    expect(byId(out)).toEqual(['accepted msg_wrong ', 'stays not-understood']);
    expect(code).toBe(3);
    expect((await json('quarantine', 'list')).out).toHaveLength(1);
    expect(await settled('msg_wrong')).toMatchObject({ status: 'deactivated', workfrontUserId: leavers[2]?.ID });
  }, 60_000);

  it('accept the good records of a delivery at once, and keep the delivery for the others', async () => {
    const source = system.sources.okta;
    if (source === undefined) throw new Error('expected a source okta, got none');
    const event = { published: new Date().toISOString(), eventType: 'user.lifecycle.activate', target: [{ id: 'nobody', type: 'User' }] };
    const body = JSON.stringify({ data: { events: [{ ...event, uuid: 'good-1' }, { ...event }, { ...event, uuid: 'good-2' }] } });
    const answer = await fetch(source.url, { method: 'POST', body, headers: { authorization: source.secret } });
    expect(answer.status).toBe(200);
    expect(await settled('good-2')).toMatchObject({ status: 'noted' });

    const { out } = await json('quarantine', 'list');
    const [kept] = out.filter((one: { source: string }) => one.source === 'okta');
    expect(kept).toMatchObject({ why: 'unreadable', detail: expect.stringMatching(/^2 accepted, 1 left out; event 1: uuid/) });
    const again = await json('quarantine', 'reverify', kept.id);
    expect(again).toMatchObject({
      code: 3,
      out: [{ did: 'accepted in part', eventIds: ['good-1', 'good-2'], because: expect.stringMatching(/^stays, .*event 1: uuid/) }],
    });
    expect((await json('quarantine', 'list')).out).toHaveLength(2);
  }, 60_000);

  it('show what each dead letter is and why it is there, and send them to the worker again', async () => {
    await sqs.send(new SendMessageCommand({ QueueUrl: urls.LEAVER_QUEUE_URL, MessageBody: 'poison' }));
    const due = { kind: 'due', source: 'standard-webhooks', eventId: 'msg_wrong' };
    await sqs.send(new SendMessageCommand({ QueueUrl: urls.DEAD_LETTER_QUEUE_URL, MessageBody: JSON.stringify(due) }));
    const arrival = {
      ...due,
      kind: 'arrival',
      eventId: 'msg_lost',
      digest: 'a'.repeat(64),
      receivedAt: new Date().toISOString(),
      event: eventAbout(leavers[3]),
    };
    await sqs.send(new SendMessageCommand({ QueueUrl: urls.DEAD_LETTER_QUEUE_URL, MessageBody: JSON.stringify(arrival) }));
    await until(async () => (await json('dlq', 'list')).out.length === 3);

    const { code, out } = await json('dlq', 'list');

    expect(code).toBe(3);
    expect(JSON.stringify(out)).not.toContain('@acme.test');
    expect(out).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ kind: 'unreadable', why: expect.stringContaining('expected JSON') }),
        expect.objectContaining({ kind: 'due', eventId: 'msg_wrong', status: 'deactivated' }),
        expect.objectContaining({ kind: 'arrival', eventId: 'msg_lost', status: 'unknown to the ledger' }),
      ]),
    );
    expect((await ops('dlq', 'redrive')).code).toBe(2);
    expect((await json('dlq', 'redrive', '--yes')).out).toEqual({ moved: 3, finished: true });
    expect(await settled('msg_lost')).toMatchObject({ status: 'deactivated', workfrontUserId: leavers[3]?.ID });
    await until(async () => (await json('dlq', 'list')).out.length === 1);
  }, 60_000);

  it('show, delete and record a dead letter that nobody can read, and refuse to delete one that the worker can read', async () => {
    const readable = { kind: 'due', source: 'standard-webhooks', eventId: 'msg_wrong' };
    await sqs.send(new SendMessageCommand({ QueueUrl: urls.DEAD_LETTER_QUEUE_URL, MessageBody: JSON.stringify(readable) }));
    await until(async () => (await json('dlq', 'list')).out.length === 2);
    const { out } = await json('dlq', 'list');
    const idOf = (expected: string) => out.find(({ kind }: { kind: string }) => kind === expected)?.id;
    const remove = (id: string, ...args: string[]) => ops('dlq', 'delete', id, '--reason', 'a test of another system', ...args);

    expect(await remove(idOf('unreadable'))).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/poison\nnobody can be asked outside a terminal; add --yes/),
    });
    expect(await remove(idOf('due'), '--yes')).toMatchObject({ code: 1, stderr: expect.stringContaining('cancel msg_wrong') });
    expect(await remove('none', '--yes')).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('has no message none; look up the id with dlq list'),
    });
    expect((await json('dlq', 'list')).out).toHaveLength(2);
    expect(await remove(idOf('unreadable'), '--yes')).toMatchObject({ code: 0, stderr: expect.stringContaining('poison') });

    expect((await json('dlq', 'list')).out.map(({ kind }: { kind: string }) => kind)).toEqual(['due']);
    expect((await json('status')).out.changes.at(-1)).toMatchObject({
      by: expect.stringMatching(/^local:/),
      what: expect.stringMatching(/^deleted dead letter [\w-]+ \(sha256 [0-9a-f]{64}\)$/),
      reason: 'a test of another system',
    });
    await ops('dlq', 'redrive', '--yes');
  }, 60_000);

  it('report each leaver once, and none of the tests', async () => {
    const { code, out } = await json('report', '--target', '1h');

    expect(code).toBe(0);
    expect(out.leavers.map(({ userId }: { userId: string | null }) => userId)).toEqual(
      expect.arrayContaining([0, 2, 3].map((index) => leavers[index]?.ID)),
    );
    expect(out.report).toMatchObject({ outcomes: { deactivated: 3 }, pastTarget: 0, tests: 8 });
    expect(JSON.stringify(out)).not.toContain('@acme.test');
    const file = join(tmpdir(), `report-${process.pid}-${Date.now()}.html`);
    expect((await ops('report', '--format', 'html', '--out', file)).code).toBe(0);
    expect(readFileSync(file, 'utf8')).toMatch(/^<!doctype html>[\s\S]*<svg[\s\S]*<\/html>\n$/);
    expect(await ops('report', '--format', 'html', '--out', file)).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('--out cannot be'),
    });
  }, 30_000);

  const settled = (eventId: string) =>
    until(async () => {
      const found = (await listEvents(system)).find((event) => event.eventId === eventId);
      return found !== undefined && found.status !== 'received' && found.status !== 'processing' ? found : undefined;
    });
});

const eventAbout = (row: FakeRow | undefined) => ({
  type: 'employee.terminated',
  employee: { email: row?.emailAddr },
  effective: { immediate: true },
});

async function until<T>(look: () => Promise<T | undefined | false>): Promise<T> {
  for (const deadline = Date.now() + 20_000; ; ) {
    const seen = await look();
    if (seen !== undefined && seen !== false) return seen;
    if (Date.now() > deadline) throw new Error('expected an answer within 20 s');
  }
}
