import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import * as z from 'zod';

const readyLine = z.object({ entrance: z.url() });

/** The console as its users start it, in a process of its own. */
export interface StartedConsole {
  entrance: string;
  origin: string;
  /** Presses Ctrl-C. @returns the exit code */
  interrupt(): Promise<number | null>;
  /** What it wrote on standard error so far. */
  errors(): string;
}

/** @param options of Node.js */
export async function startConsole(dataDir: string, options: readonly string[] = []): Promise<StartedConsole> {
  const child = spawn(process.execPath, [...options, 'bin/ops.ts', '--local', '--data', dataDir, 'console', '--no-open', '--json'], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, NODE_OPTIONS: '' },
  });
  let errors = '';
  child.stderr.on('data', (chunk) => {
    errors += chunk;
  });
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
  for await (const line of createInterface({ input: child.stdout })) {
    const { entrance } = readyLine.parse(JSON.parse(line));
    return {
      entrance,
      origin: new URL(entrance).origin,
      async interrupt() {
        child.kill('SIGINT');
        return ended;
      },
      errors: () => errors,
    };
  }
  throw new Error(`the console ended before it was ready: ${errors}`);
}
