import { setTimeout as sleep } from 'node:timers/promises';
import { runOps } from '../ops/run-ops.ts';
import { listEvents } from '../support/started-system.ts';
import type { Exhibits } from './exhibits.ts';
import type { LoggedSystem } from './logged-system.ts';

const WITHIN_MS = 90_000;
const PAUSE_MS = 1_000;

/** Runs an ops command, and keeps its output and its error output. */
export type Commands = (place: string, ...args: string[]) => Promise<string>;

export const commandsOn =
  ({ dataDir }: Pick<LoggedSystem, 'dataDir'>, exhibits: Exhibits): Commands =>
  async (place, ...args) => {
    const { code, stdout, stderr } = await runOps(dataDir, ...args);
    exhibits.add(place, args.slice(0, 2).join(' '), stdout + stderr);
    if (code === 2) throw new Error(`ops ${args[0]} got wrong options; correct the call: ${stderr}`);
    return stdout;
  };

/** Waits until each of these events has its status, or one of its statuses. */
export async function untilStatus(system: LoggedSystem, expected: Record<string, string | string[]>): Promise<void> {
  for (const deadline = Date.now() + WITHIN_MS; ; await sleep(PAUSE_MS)) {
    const events = new Map((await listEvents(system)).map(({ eventId, status }) => [eventId, status]));
    const missing = Object.entries(expected).filter(([eventId, statuses]) => ![statuses].flat().includes(events.get(eventId) ?? ''));
    if (missing.length === 0) return;
    if (Date.now() > deadline) {
      throw new Error(
        missing.map(([eventId, statuses]) => `${eventId} is ${events.get(eventId)} instead of ${statuses}; see its history`).join('; '),
      );
    }
  }
}
