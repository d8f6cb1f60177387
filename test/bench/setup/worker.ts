import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';

/** Starts one worker in a process of its own. After SIGTERM it finishes its messages, then ends. */
export const startWorker = (bundle: string, env: Record<string, string>): ChildProcess =>
  spawn(process.execPath, ['--disable-warning=ExperimentalWarning', join(import.meta.dirname, 'worker-process.ts'), bundle], {
    env,
    stdio: ['ignore', 'ignore', 'inherit'],
  });
