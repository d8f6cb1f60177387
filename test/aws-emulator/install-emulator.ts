import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { installPython, runTool } from '../support/programs/run-tool.ts';

const REQUIREMENTS = join(import.meta.dirname, 'requirements.txt');

export const HOME = resolve('.local/emulator');

export const VENV = join(HOME, 'venv');

export const PYTHON = join(VENV, 'bin/python');

/** Installs the pinned emulator into a virtual environment of the project's own, once for each list of requirements. */
export async function installEmulator(signal: AbortSignal): Promise<'installed' | 'already installed'> {
  await runTool('openssl', ['version'], { signal, needed: 'openssl, which makes the certificate of the emulator', advice: 'install it' });
  const expected = readFileSync(REQUIREMENTS, 'utf8');
  const mark = join(VENV, 'requirements.txt');
  if (existsSync(mark) && readFileSync(mark, 'utf8') === expected) return 'already installed';

  await installPython({ venv: VENV, requirements: REQUIREMENTS, what: 'the emulator', signal });
  writeFileSync(mark, expected);
  return 'installed';
}
