import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
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
import { type Ran, runOps } from '../run-ops.ts';

/** One local system with the default rules, from its first mass lay-off on. Each test continues where the last one ended. */
describe('the ops commands', () => {
  let system: StartedSystem;
  let people: FakeRow[];
  const ops = (...args: string[]): Promise<Ran> => runOps(system.dataDir, ...args);
  const inactive = async () => (await allUsers(system)).filter(({ isActive }) => !isActive).length;
  let inactiveBefore = 0;

  beforeAll(async () => {
    system = await startSystem();
    const users = await allUsers(system);
    people = users.filter(({ isActive, isAdmin }) => isActive && !isAdmin);
    inactiveBefore = await inactive();
  }, 60_000);
  afterAll(async () => {
    await system.stop();
  });

  const terminate = (number: number, data: object = {}) =>
    post(system, aBody(people[number]?.emailAddr ?? '', data), { id: `msg_${number}` });

  it('show that the brake holds what is too much in an hour, and everything after that', async () => {
    await Promise.all(Array.from({ length: 30 }, (_, number) => terminate(number)));
    await untilSettled(system, 30);
    expect((await inactive()) - inactiveBefore).toBe(20);
    await terminate(30);
    await untilSettled(system, 31);

    const held = await ops('list', '--status', 'held', '--reason', 'brake', '--json');

    expect(held.code).toBe(3);
    expect(JSON.parse(held.stdout)).toHaveLength(11);
    expect((await inactive()) - inactiveBefore).toBe(20);
    expect((await ops('brake', 'status', '--json')).code).toBe(3);
  }, 60_000);

  it('refuse to release more than ten events without --yes, and change nothing with --dry-run', async () => {
    const refused = await ops('release', '--all-held', '--reason', 'x');
    const dry = await ops('release', '--all-held', '--reason', 'x', '--dry-run', '--json');

    expect(refused).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('11 events selected to release; more than 10 need --yes. Try --dry-run first'),
    });
    expect(dry.code).toBe(0);
    expect(JSON.parse(dry.stdout)).toHaveLength(11);
    expect(await listEvents(system, '--status', 'held')).toHaveLength(11);
  }, 30_000);

  it('release the brake and the events it holds', async () => {
    const released = await ops('brake', 'release', '--events', '--reason', 'the list is right', '--yes', '--json');

    expect(released.code).toBe(0);
    expect(JSON.parse(released.stdout)).toEqual(
      Array.from({ length: 11 }, () => expect.objectContaining({ was: 'held', status: 'deactivated' })),
    );
    expect((await inactive()) - inactiveBefore).toBe(31);
    const status = await ops('brake', 'status', '--json');
    expect(JSON.parse(status.stdout)).toMatchObject({
      lastHour: { count: 0, limit: 20 },
      held: 0,
      log: [
        { by: 'worker', what: 'latched' },
        { by: expect.stringMatching(/^local:/), what: 'released', reason: 'the list is right' },
      ],
    });
  }, 30_000);

  it('show what happened to an event, and who released it', async () => {
    const [, released] = (await listEvents(system)).filter(({ history }) => history.some(({ to }) => to === 'held'));

    const shown = await ops('show', released?.eventId ?? '');

    expect(shown.code).toBe(0);
    expect(shown.stdout).toMatch(/a termination, effective at once; HR names the leaver by email/);
    expect(shown.stdout).toMatch(/released from brake: the list is right \(local:/);
    expect(shown.stdout).not.toContain('@acme.test');
  }, 30_000);

  it('leave a finished event as it is when it is replayed', async () => {
    const replayed = await ops('replay', 'msg_0', '--json');

    expect(replayed.code).toBe(0);
    expect(JSON.parse(replayed.stdout)).toEqual([
      expect.objectContaining({ eventId: 'msg_0', did: 'nothing', why: 'already finished: deactivated' }),
    ]);
  }, 30_000);

  it('find an event by the leaver or the user, and never print the leaver', async () => {
    const found = await ops('list', '--employee', (people[3]?.emailAddr ?? '').toUpperCase(), '--json');
    const byUser = await ops('list', '--user', people[3]?.ID ?? '', '--limit', '5');

    expect(JSON.parse(found.stdout)).toMatchObject([{ eventId: 'msg_3' }]);
    expect(found.stdout).not.toContain('@acme.test');
    expect(byUser.stdout.match(/msg_\d+/g)).toEqual(['msg_3']);
  }, 30_000);

  it('let everything wait while the stage is paused, and go on after', async () => {
    expect((await ops('pause', '--reason', 'HR sent the wrong list')).code).toBe(0);
    await terminate(40);
    const waiting = await until(
      async () => JSON.parse((await ops('status', '--json')).stdout),
      ({ waiting }) => waiting.total === 1,
    );

    expect(waiting).toMatchObject({
      paused: { reason: 'HR sent the wrong list' },
      waiting: { longest: [{ eventId: 'msg_40', code: 'paused' }] },
    });
    expect(JSON.parse((await ops('list', '--reason', 'paused', '--json')).stdout)).toMatchObject([{ eventId: 'msg_40' }]);
    expect((await ops('pause', '--reason', 'again')).stdout).toContain('Already paused');
    expect((await ops('resume', '--yes')).code).toBe(0);
    const events = await untilSettled(system, 32);
    expect(events.find(({ eventId }) => eventId === 'msg_40')?.status).toBe('deactivated');
  }, 60_000);

  it('cancel a scheduled event', async () => {
    await terminate(41, { effective: { at: '2099-01-01T00:00:00Z' } });
    await untilSettled(system, 33);

    const cancelled = await ops('cancel', 'msg_41', '--reason', 'the contract was extended', '--yes', '--json');

    expect(cancelled.code).toBe(0);
    expect(JSON.parse(cancelled.stdout)).toMatchObject([{ was: 'scheduled', status: 'cancelled' }]);
  }, 30_000);

  it('refuse to reject an event that is not held, or that does not exist', async () => {
    const refused = await ops('reject', 'msg_41', 'msg_0', '--reason', 'x', '--json');
    const unknown = await Promise.all(['release', 'reject', 'cancel', 'replay'].map((order) => ops(order, 'msg_none', '--reason', 'x')));

    expect(JSON.parse(refused.stdout)).toMatchObject([{ did: 'nothing' }, { did: 'nothing' }]);
    for (const { code, stderr } of unknown)
      expect({ code, stderr }).toEqual({
        code: 1,
        stderr: 'no event matches msg_none, so nothing was done; look up the event id with list\n',
      });
  }, 30_000);

  it('say which options chose no event', async () => {
    const released = await ops('release', '--guard', 'stale', '--reason', 'x');
    const listed = await ops('list', '--source', 'okta', '--since', '1h');

    expect(released).toMatchObject({ code: 0, stdout: 'No event matches --guard stale. Nothing was done.\n' });
    expect(listed).toMatchObject({ code: 0, stdout: 'No event matches --source okta --since 1h.\n' });
  }, 30_000);

  it('plan many and apply exactly that, once', async () => {
    const administrators = (await allUsers(system))
      .filter(({ isActive, isAdmin, emailAddr }) => isActive && isAdmin && !emailAddr.startsWith('workfront-api'))
      .slice(0, 2);
    for (const [number, { emailAddr }] of administrators.entries()) await post(system, aBody(emailAddr), { id: `msg_admin_${number}` });
    await untilSettled(system, 33 + administrators.length);
    const file = join(mkdtempSync(join(tmpdir(), 'plan-')), 'plan.json');

    const planned = await ops('plan', 'release', '--reason', 'administrator', '--note', 'both have left', '--out', file);
    const applied = await ops('apply', file, '--json');
    const again = await ops('apply', file);

    expect(planned).toMatchObject({ code: 0, stdout: expect.stringContaining('2 events in the plan') });
    expect(JSON.parse(applied.stdout)).toMatchObject([
      { was: 'held', did: 'sent' },
      { was: 'held', did: 'sent' },
    ]);
    expect(await listEvents(system, '--status', 'held', '--reason', 'administrator')).toEqual([]);
    expect(again).toMatchObject({ code: 1, stderr: expect.stringContaining('already applied this plan') });
  }, 60_000);

  it('end with exit code 2 after a usage error', async () => {
    const wrong = [
      ['list', '--status', 'gone'],
      ['list', '--since', 'tomorrow'],
      ['reject', 'msg_0'],
      ['release', 'msg_0', '--all-held', '--reason', 'x'],
      ['replay'],
      ['replay', 'msg_0', '--wait', 'long'],
      ['--stage', 'test', 'list'],
      ['delete'],
    ];

    const ran = await Promise.all(wrong.map((args) => ops(...args)));

    expect(ran.map(({ code }) => code)).toEqual(wrong.map(() => 2));
  }, 60_000);

  it('end well if the reader has read enough', async () => {
    const { spawn } = await import('node:child_process');
    const command = `node bin/ops.ts --local --data '${system.dataDir}' list --json | head -1; echo "\${PIPESTATUS[0]}"`;
    const child = spawn('bash', ['-c', command], { env: { ...process.env, NODE_OPTIONS: '' } });
    let text = '';
    child.stdout.on('data', (chunk) => {
      text += chunk;
    });
    child.stderr.on('data', (chunk) => {
      text += chunk;
    });
    await new Promise((resolve) => child.once('close', resolve));

    expect(text).toMatch(/^\[\n(0|3)\n$/);
  }, 30_000);
});

async function until<T>(look: () => Promise<T>, good: (seen: T) => boolean): Promise<T> {
  for (const deadline = Date.now() + 20_000; ; ) {
    const seen = await look();
    if (good(seen) || Date.now() > deadline) return seen;
  }
}
