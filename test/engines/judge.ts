import { spawn } from 'node:child_process';
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import * as z from 'zod';
import { CREDENTIALS, REGION } from '../../local/aws/account.ts';
import { endGroup } from '../support/programs/loopback-process.ts';
import type { Engine } from './engines.ts';

export interface Counts {
  passed: number;
  failed: number;
  skipped: number;
}

const results = z.object({
  numPassedTests: z.number(),
  numFailedTests: z.number(),
  numPendingTests: z.number(),
  numTotalTestSuites: z.number(),
  /** Files that could not even be loaded. */
  numRuntimeErrorTestSuites: z.number(),
});

/**
 * Starts an engine, lets jest run its tests there, and ends the engine.
 *
 * @throws Error if the engine does not start, or if jest does not run every file
 */
export async function judge({ name, tests, start }: Engine, signal: AbortSignal): Promise<{ counts: Counts; output: string }> {
  const running = await start?.(signal);
  const file = join('reports', `engine-${name}.json`);
  rmSync(file, { force: true });
  try {
    const output = await runJest(tests, { file, endpoint: running?.endpoint, signal });
    const ran = results.parse(JSON.parse(readFileSync(file, 'utf8')));
    if (ran.numTotalTestSuites !== tests.length)
      throw new Error(`jest ran ${ran.numTotalTestSuites} of ${tests.length} files; correct their names in engines.ts`);
    return {
      counts: {
        passed: ran.numPassedTests,
        failed: ran.numFailedTests + ran.numRuntimeErrorTestSuites,
        skipped: ran.numPendingTests,
      },
      output,
    };
  } finally {
    await running?.stop();
  }
}

/** @returns its output */
async function runJest(
  tests: readonly string[],
  { file, endpoint, signal }: { file: string; endpoint: string | undefined; signal: AbortSignal },
): Promise<string> {
  const args = ['--testMatch', ...tests.map((test) => `<rootDir>/${test}`), '--runInBand', '--json', '--outputFile', file];
  const child = spawn(process.execPath, ['node_modules/jest/bin/jest.js', ...args], {
    detached: true,
    stdio: ['ignore', 'ignore', 'pipe'],
    env: {
      ...withoutAws(process.env),
      NODE_OPTIONS: '--disable-warning=ExperimentalWarning',
      ...(endpoint === undefined ? {} : usedAsAws(endpoint)),
    },
  });
  const end = () => endGroup(child.pid, 'SIGTERM');
  signal.addEventListener('abort', end);
  const ended = new Promise((done, failed) => child.once('error', failed).once('close', done));
  const [output] = await Promise.all([text(child.stderr), ended]);
  signal.removeEventListener('abort', end);
  signal.throwIfAborted();
  return output;
}

/** Leaves out the settings of the person who runs this: nothing may reach their AWS. */
function withoutAws(environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const nowhere = { AWS_CONFIG_FILE: '/dev/null', AWS_SHARED_CREDENTIALS_FILE: '/dev/null', AWS_EC2_METADATA_DISABLED: 'true' };
  return { ...Object.fromEntries(Object.entries(environment).filter(([name]) => !name.startsWith('AWS_'))), ...nowhere };
}

const usedAsAws = (endpoint: string) => ({
  TEST_ENGINE_URL: endpoint,
  AWS_ENDPOINT_URL: endpoint,
  AWS_REGION: REGION,
  AWS_ACCESS_KEY_ID: CREDENTIALS.accessKeyId,
  AWS_SECRET_ACCESS_KEY: CREDENTIALS.secretAccessKey,
});
