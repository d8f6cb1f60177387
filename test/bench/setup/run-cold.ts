import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import * as z from 'zod';

const seen = z.object({
  loadMs: z.number(),
  readyAt: z.number(),
  cpuMs: z.number(),
  answeredAt: z.number(),
  warmMs: z.number(),
  warmCpuMs: z.number(),
  answers: z.array(z.unknown()),
  megabytes: z.number(),
  startedUndici: z.boolean(),
});

/** One cold start. */
export interface ColdRun {
  /** The time to load the bundle. */
  loadMs: number;
  /** From the start of the process to a handler that can be called. */
  readyMs: number;
  /** CPU time of the process until then, for all threads. */
  cpuMs: number;
  /** From the start of the process to the last answer that belongs to the start. */
  answeredMs: number;
  /** Time and CPU time of all later events together, for all threads. */
  warmMs: number;
  warmCpuMs: number;
  answers: unknown[];
  /** The peak of memory. */
  megabytes: number;
  /** Whether it has loaded Node.js's own HTTP client, which takes 20 to 30 ms. */
  startedUndici: boolean;
}

/**
 * Loads a bundle in a process of its own, as Lambda does, and gives it some events one by one.
 *
 * @param warmAfter the number of events that belong to the start; all by default
 * @throws Error with the output of the process if it did not finish
 */
export async function runCold({
  file,
  events,
  environment,
  flags = [],
  warmAfter = events.length,
}: {
  file: string;
  events: readonly object[];
  environment: Record<string, string>;
  flags?: readonly string[];
  warmAfter?: number;
}): Promise<ColdRun> {
  const folder = mkdtempSync(join(tmpdir(), 'cold-'));
  const [eventsFile, seenFile] = [join(folder, 'events.json'), join(folder, 'seen.json')];
  try {
    writeFileSync(eventsFile, JSON.stringify(events));
    const startedAt = performance.timeOrigin + performance.now();
    const args = [join(import.meta.dirname, 'cold-child.cjs'), file, eventsFile, seenFile, String(warmAfter)];
    const child = spawn(process.execPath, [...flags, ...args], {
      env: environment,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const [output, errors] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'exit')]);
    if (!existsSync(seenFile)) throw new Error(`the cold start of ${file} failed; its output is: ${output} ${errors}`);

    const { readyAt, answeredAt, ...rest } = seen.parse(JSON.parse(readFileSync(seenFile, 'utf8')));
    return { ...rest, readyMs: readyAt - startedAt, answeredMs: answeredAt - startedAt };
  } finally {
    rmSync(folder, { recursive: true });
  }
}
