import { execFile } from 'node:child_process';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';

const REQUIREMENTS = join(import.meta.dirname, 'requirements.txt');

export const HOME = resolve('.local/emulator');

export const VENV = join(HOME, 'venv');

export const PYTHON = join(VENV, 'bin/python');

/** Installs the pinned emulator into a virtual environment of the project's own, once for each list of requirements. */
export async function installEmulator(signal: AbortSignal): Promise<'installed' | 'there already'> {
  await tool('openssl', ['version'], { signal, expected: 'openssl, with which the emulator makes its certificate', cure: 'install it' });
  const expected = readFileSync(REQUIREMENTS, 'utf8');
  const mark = join(VENV, 'requirements.txt');
  if (existsSync(mark) && readFileSync(mark, 'utf8') === expected) return 'there already';

  rmSync(VENV, { recursive: true, force: true });
  await tool('python3', ['-m', 'venv', VENV], { signal, expected: 'python3 of at least 3.10 with its module venv', cure: 'install it' });
  const pip = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '--no-input', '--requirement', REQUIREMENTS];
  await tool(PYTHON, pip, { signal, expected: 'the emulator from PyPI', cure: 'see whether pip reaches an index (PIP_INDEX_URL)' });
  writeFileSync(mark, expected);
  return 'installed';
}

/** @throws Error that says what was expected, what it got and what to do */
async function tool(
  command: string,
  args: string[],
  { signal, expected, cure }: { signal: AbortSignal; expected: string; cure: string },
): Promise<void> {
  await promisify(execFile)(command, args, { signal }).catch((error: unknown) => {
    if (signal.aborted || !(error instanceof Error)) throw error;
    const said = 'stderr' in error ? String(error.stderr).trim().split('\n').at(-1) : '';
    throw new Error(`expected ${expected}, got ${said || error.message}, ${cure}`, { cause: error });
  });
}
