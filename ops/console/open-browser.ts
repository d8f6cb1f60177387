import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const OPENERS: Partial<Record<NodeJS.Platform, readonly [string, ...string[]]>> = {
  darwin: ['open'],
  win32: ['cmd', '/c', 'start', ''],
};

/**
 * Opens an address in the operator's browser. The address has a token, and everybody on a machine sees the arguments of a program: so
 * the browser gets a file that only this user can read, which leads to the address.
 *
 * @returns how to remove the file
 */
export function openBrowser(address: string): () => void {
  const folder = mkdtempSync(join(tmpdir(), 'offboarding-console-'));
  const file = join(folder, 'console.html');
  writeFileSync(file, `<!doctype html><meta http-equiv="refresh" content="0;url=${address}"><title>Console</title>`, { mode: 0o600 });
  const [program, ...args] = OPENERS[process.platform] ?? ['xdg-open'];
  // Without a browser, the address in the terminal is enough.
  spawn(program, [...args, file], { stdio: 'ignore', detached: true, env: process.env })
    .on('error', () => undefined)
    .unref();
  return () => rmSync(folder, { recursive: true, force: true });
}
