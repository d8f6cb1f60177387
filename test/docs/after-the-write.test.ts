import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { runOps } from '../ops/run-ops.ts';
import { aBody, allUsers, post, type StartedSystem, startSystem, untilSettled } from '../support/started-system.ts';

const [section = ''] = /\n## After the write\n[\s\S]*?(?=\n## )/.exec(readFileSync('docs/runbook.md', 'utf8')) ?? [];
const recordings = [...section.matchAll(/```\n\$ npm run ops -- --local (.+)\n([\s\S]*?)```/g)].map(([, command = '', printed = '']) => ({
  command,
  printed,
}));

/** A user of every local system with 200 users. */
const TEST_USER = '005dd47451f2951a39a4d21bbbba2754';

/** Without what differs each time: ids, times, lengths of time, addresses. */
const normalised = (printed: string): string =>
  printed
    .replace(/\b[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\b/g, '<uuid>')
    .replace(/\b[0-9a-f]{32}\b/g, '<id>')
    .replace(/\d{4}-\d{2}-\d{2} \d{2}:\d{2}:\d{2}/g, '<time>')
    .replace(/\+\d+(\.\d+)? (ms|s|min)( \d+ s)?(?= )/g, '<length>')
    .replace(/127\.0\.0\.1:\d+/g, '<address>')
    .replace(/\s+/g, ' ')
    .trim();

/** As a shell parts them, as far as double quotes go. */
const wordsOf = (command: string): string[] => [...command.matchAll(/"([^"]*)"|(\S+)/g)].map(([, quoted, bare = '']) => quoted ?? bare);

/** Each test goes on where the last ended. */
describe('the recordings of what follows the write, in docs/runbook.md', () => {
  let system: StartedSystem;
  let leaver: string;

  beforeAll(async () => {
    process.env.TZ = 'UTC';
    // No other leaver would get past this brake: a rehearsal does.
    const policy = { rehearsal: { user: TEST_USER, source: 'standard-webhooks' }, brake: { perHour: 1 } };
    system = await startSystem({ users: 200, policy });
    const [, , , ana] = (await allUsers(system)).filter(({ isActive, isAdmin, ID }) => isActive && !isAdmin && ID !== TEST_USER);
    leaver = ana?.ID ?? '';
    const own = (type: string, fields: object) =>
      fetch(`${system.workfront}/_fake/objects/${type}`, { method: 'POST', body: JSON.stringify(fields) });
    for (const status of ['CUR', 'PLN', 'CPL']) await own('project', { ownerID: leaver, status });
    await own('awaitingapproval', { approverID: leaver });
    await own('portalsection', { runAsUserID: leaver });
    await post(system, aBody(ana?.emailAddr ?? ''), { id: 'term-10044' });
    await untilSettled(system, 1);
  }, 60_000);
  afterAll(async () => {
    await system.stop();
  });

  it('are of impact, undo and rehearse, in this order', () => {
    expect(recordings.map(({ command }) => command.split(' ')[0])).toEqual(['impact', 'undo', 'rehearse']);
  });

  it.each(recordings)(
    'is what is printed now: $command',
    async ({ command, printed }) => {
      const now = await runOps(system.dataDir, ...wordsOf(command));

      expect(now.stderr).toBe('');
      expect(normalised(now.stdout)).toBe(normalised(printed));
    },
    30_000,
  );

  it('leave everybody active, and doctor green under the right to edit', async () => {
    const active = (await allUsers(system)).filter(({ ID }) => [TEST_USER, leaver].includes(ID)).map(({ isActive }) => isActive);
    const { stdout } = await runOps(system.dataDir, 'doctor');

    expect(active).toEqual([true, true]);
    expect(stdout).toMatch(/green\s+right to edit\s+last deactivated a user at .*, in a rehearsal/);
  });

  it('end there: there is nobody else to rehearse with, and nothing to undo twice', async () => {
    const again = await runOps(system.dataDir, 'undo', 'term-10044', '--reason', 'once more', '--yes');

    expect(again.stdout).toContain('already undone');
  });
});
