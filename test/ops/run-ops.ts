import { spawn } from 'node:child_process';
import { bundled } from '../support/programs/bundled.ts';

export interface Ran {
  code: number | null;
  stdout: string;
  stderr: string;
}

/** Runs the operators' command line as its users do, without a terminal. */
export async function runOps(dataDir: string, ...args: string[]): Promise<Ran> {
  const child = spawn(process.execPath, [bundled('bin/ops.ts'), '--local', '--data', dataDir, ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, NODE_OPTIONS: '', NO_COLOR: '1' },
  });
  const [code, stdout, stderr] = await Promise.all([
    new Promise<number | null>((resolve) => child.once('close', resolve)),
    textOf(child.stdout),
    textOf(child.stderr),
  ]);
  return { code, stdout, stderr };
}

async function textOf(stream: AsyncIterable<Buffer>): Promise<string> {
  let text = '';
  for await (const chunk of stream) text += chunk.toString();
  return text;
}
