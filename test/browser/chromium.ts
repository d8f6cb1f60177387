import { existsSync } from 'node:fs';
import { type Browser, chromium } from 'playwright-core';
import { runTool } from '../support/programs/run-tool.ts';

/** Where Debian's package has it. */
const CHROMIUM = '/usr/bin/chromium';

/** A name that leads to this machine, as a name of an attacker could. */
export const REBOUND = 'console.evil.test';

/** Starts Debian's Chromium, and installs it first if it is missing. @throws Error that says what is missing */
export async function startChromium(): Promise<Browser> {
  if (!existsSync(CHROMIUM)) await install(AbortSignal.timeout(600_000));
  return chromium.launch({
    executablePath: CHROMIUM,
    // As root, Chromium starts without its sandbox only.
    args: ['--no-sandbox', '--disable-gpu', `--host-resolver-rules=MAP ${REBOUND} 127.0.0.1`],
  });
}

async function install(signal: AbortSignal): Promise<void> {
  const needed = { signal, needed: 'the package chromium of Debian', advice: 'run as root, or install it' };
  await runTool('apt-get', ['update', '--quiet'], needed);
  await runTool('apt-get', ['install', '--yes', '--quiet', '--no-install-recommends', 'chromium', 'fonts-dejavu-core'], needed);
}
