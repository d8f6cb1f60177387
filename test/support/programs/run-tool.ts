import { execFile } from 'node:child_process';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';

/** How a tool is run, and what to say if it cannot do its work. */
interface ToolRun {
  signal: AbortSignal;
  /** What is needed, as a noun. */
  needed: string;
  advice: string;
  cwd?: string;
}

const MOST_OUTPUT = 64 * 1024 * 1024;

/** Runs a tool. @throws Error that names what is needed, what went wrong and what to do */
export async function runTool(command: string, args: readonly string[], { needed, advice, ...how }: ToolRun): Promise<void> {
  await promisify(execFile)(command, args, { ...how, maxBuffer: MOST_OUTPUT }).catch((error: unknown) => {
    if (how.signal.aborted || !(error instanceof Error)) throw error;
    const lastLine = 'stderr' in error ? String(error.stderr).trim().split('\n').at(-1) : '';
    throw new Error(`this needs ${needed} (${lastLine || error.message}); ${advice}`, { cause: error });
  });
}

/** Makes a virtual environment with the packages of a list, in place of the one that is there. */
export async function installPython({
  venv,
  requirements,
  what,
  signal,
}: {
  venv: string;
  requirements: string;
  /** What the packages are, as a noun. */
  what: string;
  signal: AbortSignal;
}): Promise<void> {
  rmSync(venv, { recursive: true, force: true });
  await runTool('python3', ['-m', 'venv', venv], { signal, needed: 'python3 of at least 3.10 with its module venv', advice: 'install it' });
  const pip = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '--no-input', '--requirement', requirements];
  const advice = 'check that pip can reach an index (PIP_INDEX_URL)';
  await runTool(join(venv, 'bin/python'), pip, { signal, needed: `${what} from PyPI`, advice });
}
