import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { aBody, allUsers, post, type StartedSystem, startSystem, untilSettled } from '../../support/started-system.ts';
import { behave } from '../mass-trouble.ts';
import { runOps } from '../run-ops.ts';

describe('while Workfront is down', () => {
  let system: StartedSystem;
  beforeAll(async () => {
    system = await startSystem({ users: 100 });
  }, 60_000);
  afterAll(async () => {
    await system.stop();
  });

  it('terminations wait, as status says, and all finish when it is up; watch shows each step', async () => {
    const [one, two] = (await allUsers(system)).filter(({ isActive, isAdmin }) => isActive && !isAdmin);
    const watching = watch(system);
    await behave(system, { down: true });

    await post(system, aBody(one?.emailAddr ?? ''), { id: 'msg_one' });
    await post(system, aBody(two?.emailAddr ?? ''), { id: 'msg_two' });

    const status = await untilWaiting(system, 2);
    expect(status.code).toBe(status.stopped ? 3 : 0);
    await behave(system, { down: false });
    const events = await untilSettled(system, 2);
    expect(events.map((event) => event.status)).toEqual(['deactivated', 'deactivated']);
    const watched = await watching.end();
    expect(watched.code).toBe(0);
    for (const eventId of ['msg_one', 'msg_two']) {
      expect(watched.steps.filter((step) => step.eventId === eventId).map(({ to }) => to)).toEqual([
        'received',
        'processing',
        'deactivated',
      ]);
    }
  }, 90_000);
});

async function untilWaiting({ dataDir }: StartedSystem, count: number) {
  for (const deadline = Date.now() + 30_000; ; ) {
    const { code, stdout } = await runOps(dataDir, 'status', '--json');
    const { waiting, circuit } = JSON.parse(stdout);
    if (waiting.total === count) return { code, stopped: circuit.open !== undefined };
    if (Date.now() > deadline) throw new Error(`expected ${count} waiting events, got ${waiting.total}`);
  }
}

function watch({ dataDir }: StartedSystem) {
  const child = spawn(
    process.execPath,
    ['bin/ops.ts', '--local', '--data', dataDir, 'watch', '--json', '--since', '1m', '--every', '0.5'],
    {
      stdio: ['ignore', 'pipe', 'inherit'],
      env: { ...process.env, NODE_OPTIONS: '' },
    },
  );
  const steps: { eventId: string; to: string }[] = [];
  createInterface({ input: child.stdout }).on('line', (line) => steps.push(JSON.parse(line)));
  const closed = new Promise<number | null>((resolve) => child.once('close', resolve));
  return {
    /** Presses Ctrl-C after the last step is shown. */
    async end() {
      for (const deadline = Date.now() + 10_000; steps.length < 6 && Date.now() < deadline; )
        await new Promise((resolve) => setTimeout(resolve, 100));
      child.kill('SIGINT');
      return { code: await closed, steps };
    },
  };
}
