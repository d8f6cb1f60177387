import { execFile } from 'node:child_process';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';

const REQUIREMENTS = join(import.meta.dirname, 'requirements.txt');

export const HOME = resolve('.local/emulator');

export const VENV = join(HOME, 'venv');

export const PYTHON = join(VENV, 'bin/python');

/** Installs the pinned emulator into a virtual environment of the project's own, once for each list of requirements. */
export async function installEmulator(signal: AbortSignal): Promise<'installed' | 'already installed'> {
  await tool('openssl', ['version'], { signal, needed: 'openssl, which makes the certificate of the emulator', advice: 'install it' });
  const expected = readFileSync(REQUIREMENTS, 'utf8');
  const mark = join(VENV, 'requirements.txt');
  if (existsSync(mark) && readFileSync(mark, 'utf8') === expected) return 'already installed';

  rmSync(VENV, { recursive: true, force: true });
  await tool('python3', ['-m', 'venv', VENV], { signal, needed: 'python3 of at least 3.10 with its module venv', advice: 'install it' });
  const pip = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '--no-input', '--requirement', REQUIREMENTS];
  await tool(PYTHON, pip, { signal, needed: 'the emulator from PyPI', advice: 'check that pip can reach an index (PIP_INDEX_URL)' });
  writeFileSync(mark, expected);
  return 'installed';
}

/** Runs a tool. @throws Error that names what is needed, what went wrong and what to do */
async function tool(
  command: string,
  args: string[],
  { signal, needed, advice }: { signal: AbortSignal; needed: string; advice: string },
): Promise<void> {
  await promisify(execFile)(command, args, { signal }).catch((error: unknown) => {
    if (signal.aborted || !(error instanceof Error)) throw error;
    const lastLine = 'stderr' in error ? String(error.stderr).trim().split('\n').at(-1) : '';
    throw new Error(`this needs ${needed} (${lastLine || error.message}); ${advice}`, { cause: error });
  });
}
