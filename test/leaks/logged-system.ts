import { spawn } from 'node:child_process';
import { closeSync, mkdirSync, mkdtempSync, openSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import * as z from 'zod';
import { awsEndpoint } from '../../local/aws/aws-endpoint.ts';
import { listenOnLoopback } from '../../local/aws/loopback-server.ts';
import { type Ready, readyLine } from '../support/started-system.ts';

const environmentFile = z.record(z.string(), z.string());

const START_WITHIN_MS = 60_000;

export interface LoggedSystem extends Ready {
  dataDir: string;
  /** The directory for temporary files of this system and of the ops commands. */
  temporaryDir: string;
  /** The directory for files that a command writes on request. */
  outDir: string;
  /** Everything that the functions and the process printed, except the line that says ready. */
  output(): string;
  /** The environment in which the ops commands find this system. */
  environment(): Record<string, string>;
  /** Everything that was put on the event bus. */
  outcomes: unknown[];
  stop(): Promise<void>;
}

/** Starts the local system in a process of its own, and records everything: logs of every level, metrics, outcome events. */
export async function startLoggedSystem({ users, policy }: { users: number; policy: object }): Promise<LoggedSystem> {
  const root = mkdtempSync(join(tmpdir(), 'leaks-'));
  const [dataDir, temporaryDir, outDir] = [join(root, 'data'), join(root, 'tmp'), join(root, 'out')];
  for (const made of [dataDir, temporaryDir, outDir]) mkdirSync(made);
  const outcomes: unknown[] = [];
  const bus = await listenOnLoopback(
    awsEndpoint(({ body }) => {
      outcomes.push(body);
      return { FailedEntryCount: 0, Entries: [{ EventId: crypto.randomUUID() }] };
    }, 'ValidationException'),
  );

  const file = join(root, 'output');
  const descriptor = openSync(file, 'w', 0o600);
  const args = ['--port', '0', '--workfront-port', '0', '--data', dataDir, '--users', String(users), '--policy', JSON.stringify(policy)];
  const child = spawn(process.execPath, ['bin/local.ts', ...args, '--no-demo', '--json'], {
    stdio: ['ignore', descriptor, descriptor],
    env: {
      ...process.env,
      NODE_OPTIONS: '',
      TMPDIR: temporaryDir,
      POWERTOOLS_LOG_LEVEL: 'DEBUG',
      POWERTOOLS_METRICS_DISABLED: 'false',
      OUTCOME_BUS: 'default',
      AWS_ENDPOINT_URL_EVENTBRIDGE: bus.url,
    },
  });
  closeSync(descriptor);
  const ended = new Promise((resolve) => child.once('exit', resolve));
  const lines = () => readFileSync(file, 'utf8').split('\n');
  const isReady = (line: string) => line.startsWith('{"ready":true');
  for (const deadline = Date.now() + START_WITHIN_MS; !lines().slice(0, -1).some(isReady); await sleep(100)) {
    if (child.exitCode !== null || Date.now() > deadline)
      throw new Error(`the local system did not start; its output is:\n${lines().join('\n')}`);
  }

  return {
    ...readyLine.parse(JSON.parse(lines().find(isReady) ?? '')),
    dataDir,
    temporaryDir,
    outDir,
    outcomes,
    environment: () => environmentFile.parse(JSON.parse(readFileSync(join(dataDir, 'environment.json'), 'utf8'))),
    output: () =>
      lines()
        .filter((line) => !isReady(line))
        .join('\n'),
    async stop() {
      child.kill('SIGTERM');
      await ended;
      await bus.close();
    },
  };
}
