import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { runOps } from '../ops/run-ops.ts';
import { aBody, allUsers, post, type StartedSystem, startSystem, untilSettled } from '../support/started-system.ts';
import { onTerminal, startLatchedBrake } from './a-latched-brake.ts';

const page = readFileSync('docs/runbook.md', 'utf8');
/** What follows the write has a test of its own: after-the-write.test.ts. */
const text = page.replace(/\n## After the write\n[\s\S]*?(?=\n## )/, '');
const recordings = [...text.matchAll(/(?<!columns:\n\n)```\n\$ npm run ops -- --local (.+)\n([\s\S]*?)```/g)].map(
  ([, command = '', printed = '']) => ({
    command,
    printed,
  }),
);

/** Without what differs each time: ids, times, lengths of time, addresses, versions; and where a terminal's width folds a line. */
const normalised = (printed: string): string =>
  printed
    .replace(/ --data \S+/g, '')
    .replace(/\b[0-9a-f]{32}\b/g, '<id>')
    .replace(/\d{4}-\d{2}-\d{2} \d{2}:\d{2}:\d{2}/g, '<time>')
    .replace(/\+\d+(\.\d+)? (ms|s|min)( \d+ s)?\b/g, '<length>')
    .replace(/127\.0\.0\.1:\d+/g, '<address>')
    .replace(/\b\d+\.\d+\.\d+$/gm, '<version>')
    .replace(/\s+/g, ' ')
    .trim();

/** The night that docs/runbook.md shows, on a local system: each test goes on where the last ended. */
describe('the recordings in docs/runbook.md', () => {
  let system: StartedSystem;
  const behave = (behaviour: object) => fetch(`${system.workfront}/_fake/behaviour`, { method: 'PUT', body: JSON.stringify(behaviour) });

  beforeAll(async () => {
    process.env.TZ = 'UTC';
    system = await startSystem({ users: 200 });
    const leavers = (await allUsers(system)).filter(({ isActive, isAdmin }) => isActive && !isAdmin);
    const leave = (index: number) => post(system, aBody(leavers[index]?.emailAddr ?? ''), { id: `term-1004${index + 1}` });
    await leave(0);
    await untilSettled(system, 1);
    await behave({ readOnlyCredential: true });
    await leave(1);
    // The order in which they fail is the one that the page shows.
    await sleep(2000);
    await leave(2);
    await untilSettled(system, 3);
  }, 60_000);
  afterAll(async () => {
    await system.stop();
  });

  it('are of show, doctor and replay, in this order', () => {
    expect(recordings.map(({ command }) => command.split(' ')[0])).toEqual(['show', 'doctor', 'replay']);
  });

  it.each(recordings)(
    'is what is printed now: $command',
    async ({ command, printed }) => {
      if (command.startsWith('replay')) await behave({ readOnlyCredential: false });

      const now = await runOps(system.dataDir, ...wordsOf(command));

      expect(now.stderr).toBe('');
      expect(normalised(now.stdout)).toBe(normalised(printed));
    },
    30_000,
  );
});

/** As a shell parts them, as far as double quotes go. */
const wordsOf = (command: string): string[] => [...command.matchAll(/"([^"]*)"|(\S+)/g)].map(([, quoted, bare = '']) => quoted ?? bare);

const onTerminals = [...text.matchAll(/At (\d+) columns:\n\n```\n\$ npm run ops -- --local (.+)\n([\s\S]*?)\n```/g)].map(
  ([, width = '', command = '', printed = '']) => ({ width: Number(width), command, printed }),
);

/** Without what differs each time, but as wide as it was: where a line ends is part of the recording. */
const asWide = (printed: string): string =>
  printed
    .replace(/\b[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\b/g, '<delivery>')
    .replace(/\d{4}-\d{2}-\d{2} \d{2}:\d{2}:\d{2}/g, '<time>')
    .replace(/ +\+\d+(\.\d+)? (ms|s|min)( \d+ s)?\b/g, '<length>')
    .replace(/127\.0\.0\.1:\d+/g, '<address>');

/** The night in which the brake latches: nothing in it changes anything. */
describe('the recordings of a terminal in docs/runbook.md', () => {
  let night: Awaited<ReturnType<typeof startLatchedBrake>>;
  beforeAll(async () => {
    night = await startLatchedBrake();
  }, 60_000);
  afterAll(async () => {
    await night.system.stop();
  });

  it('are at 80 and at 120 columns', () => {
    expect(new Set(onTerminals.map(({ width }) => width))).toEqual(new Set([80, 120]));
    expect(onTerminals.length).toBeGreaterThan(6);
  });

  it.each(onTerminals)('is what is printed now, to the end of each line: $command at $width', async ({ width, command, printed }) => {
    const now = onTerminal(['--local', ...wordsOf(command)], { directory: night.directory, width });

    expect(asWide(now)).toBe(asWide(printed));
  });

  it.each(onTerminals)('is no wider than the terminal, and cuts nothing: $command at $width', ({ width, printed }) => {
    const wide = printed.split('\n').filter((line) => line.length > width && line.trim().includes(' '));

    expect(wide).toEqual([]);
    expect(printed).not.toContain('…');
  });
});
