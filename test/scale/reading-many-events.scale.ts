import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { aDataDir, type StartedSystem, startSystem } from '../support/started-system.ts';
import { MINUTES_APART, putManyEvents } from './many-events.ts';
import { FEW, HEAP_MB, HEAP_OPTIONS, MANY, SLACK_MB } from './memory.ts';

/** Runs each command with a bounded heap on a ledger of the local system, over few events and over many. */
describe(`over ${MANY} events, in a heap of ${HEAP_MB} MB`, () => {
  let system: StartedSystem;

  beforeAll(async () => {
    const dataDir = aDataDir();
    await putManyEvents(dataDir, MANY, Date.now());
    system = await startSystem({ dataDir, users: 10 });
  }, 600_000);
  afterAll(async () => {
    await system.stop();
  });

  const median = `"p50":${1000 + MANY / 2 - 1},`;
  it.each([
    { command: 'list', says: 'received' },
    { command: 'list --json', says: ']' },
    { command: 'report', says: `${MANY} leavers: ${MANY} deactivated` },
    { command: 'report --format csv', says: 'workfront user' },
    { command: 'report --format json', says: median },
    { command: 'report --format html', says: `All ${MANY} leavers` },
  ])(
    '$command prints each event once, and needs no more memory than for few events',
    async ({ command, says }) => {
      const few = await run(system, { command, says, hours: (FEW * MINUTES_APART) / 60 });
      const many = await run(system, { command, says, hours: 2 + (MANY * MINUTES_APART) / 60 });

      console.log(`ops ${command}: ${few.events} events in at most ${few.peakMb} MB; ${many.events} events in at most ${many.peakMb} MB`);
      expect(many).toMatchObject({ code: 0, events: MANY, most: 1, said: true });
      expect(few.events).toBeGreaterThan(FEW / 2);
      expect(many.peakMb).toBeLessThan(few.peakMb + SLACK_MB);
    },
    600_000,
  );
});

/** Runs a command, and counts the events in its output. */
async function run({ dataDir }: StartedSystem, { command, says, hours }: { command: string; says: string; hours: number }) {
  const args = ['bin/ops.ts', '--local', '--data', dataDir, ...command.split(' '), '--since', `${Math.ceil(hours)}h`];
  const child = spawn(process.execPath, [...HEAP_OPTIONS, ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, NODE_OPTIONS: '' },
  });
  const closed = new Promise<number | null>((resolve) => child.once('close', resolve));
  let errors = '';
  child.stderr.on('data', (chunk) => {
    errors += chunk;
  });
  const times = new Uint8Array(MANY);
  let said = false;
  for await (const line of createInterface({ input: child.stdout })) {
    said ||= line.includes(says);
    const number = Number(/\bevt-(\d+)/.exec(line)?.[1] ?? -1);
    if (number >= 0) times[number] = (times[number] ?? 0) + 1;
  }
  const code = await closed;
  return {
    code,
    said,
    events: times.filter((count) => count > 0).length,
    most: times.reduce((most, count) => Math.max(most, count), 0),
    peakMb: Math.round(Number(/^peak (\d+)$/m.exec(errors)?.[1]) / 1024),
  };
}
