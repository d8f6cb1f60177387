import { spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';
import { bundled } from '../support/programs/bundled.ts';
import type { Ran } from './run-ops.ts';

/** Runs the operators' command line with a text on standard input, as after a pipe. */
export async function runWithInput(dataDir: string, input: string, ...args: string[]): Promise<Ran> {
  const child = spawn(process.execPath, [bundled('bin/ops.ts'), '--local', '--data', dataDir, ...args], {
    stdio: ['pipe', 'pipe', 'pipe'],
    env: { ...process.env, NODE_OPTIONS: '', NO_COLOR: '1' },
  });
  // A program that refuses before it reads closes its end.
  child.stdin.on('error', () => undefined);
  child.stdin.end(input);
  const closed = new Promise<number | null>((resolve) => child.once('close', resolve));
  const [code, stdout, stderr] = await Promise.all([closed, text(child.stdout), text(child.stderr)]);
  return { code, stdout, stderr };
}
