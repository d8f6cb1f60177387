import { spawn } from 'node:child_process';
import { closeSync, mkdirSync, mkdtempSync, openSync, rmSync, writeFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { HOME, VENV } from './install-emulator.ts';

/** The output of the emulator. */
export const LOG = 'reports/emulator.log';

export const REGION = 'eu-west-1';

/** The account of every caller in the emulator. */
export const ACCOUNT = '000000000000';

/** The stage that the run deploys. */
export const STAGE = 'test';

export const STACK = `workfront-offboarding-${STAGE}`;

/** With this in its environment, the stage production has one more resource, made last and in vain. */
export const REFUSED = 'EMULATOR_REFUSES_LAST';

export interface Emulator {
  /** The environment in which a process uses the emulator as AWS. */
  environment: Record<string, string>;
  /** A directory that is removed with the emulator. */
  home: string;
  /** Ends it and every process that it started. */
  stop(): Promise<void>;
}

/** Starts an empty emulator on a free port, on the loopback interface only. */
export async function startEmulator(signal: AbortSignal): Promise<Emulator> {
  const home = mkdtempSync(join(HOME, 'run-'));
  mkdirSync(join(home, 'tmp'));
  // The functions are CommonJS, as on AWS; the project around them is not.
  writeFileSync(join(home, 'package.json'), '{}');
  const port = await freePort();
  const environment = {
    AWS_ENDPOINT_URL: `https://127.0.0.1:${port}`,
    AWS_REGION: REGION,
    AWS_DEFAULT_REGION: REGION,
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: 'test',
    NODE_EXTRA_CA_CERTS: join(home, 'tmp/ministack-tls/server.crt'),
    CDK_HOME: join(home, 'cdk'),
  };

  mkdirSync('reports', { recursive: true });
  const log = openSync(LOG, 'w');
  // A process group of its own: the functions' processes end with it.
  const child = spawn(join(VENV, 'bin/ministack'), [], {
    cwd: home,
    detached: true,
    stdio: ['ignore', log, log],
    env: {
      PATH: process.env.PATH,
      HOME: home,
      TMPDIR: join(home, 'tmp'),
      AWS_ACCESS_KEY_ID: environment.AWS_ACCESS_KEY_ID,
      AWS_SECRET_ACCESS_KEY: environment.AWS_SECRET_ACCESS_KEY,
      GATEWAY_PORT: String(port),
      MINISTACK_HOST: '127.0.0.1',
      MINISTACK_REGION: REGION,
      S3_DATA_DIR: join(home, 's3'),
      // By default it listens on all interfaces, also for MQTT and SFTP.
      BIND_HOST: '127.0.0.1',
      IOT_MTLS_ENABLED: '0',
      SFTP_ENABLED: '0',
      // Authorises requests by the policies of their roles, which it ignores by default.
      AUTH: 'true',
      // Records every call, for the comparison with the policies.
      CLOUDTRAIL_RECORDING: '1',
      CLOUDTRAIL_MAX_EVENTS: '100000',
      // Uses TLS, because our policies refuse anything else.
      USE_SSL: '1',
    },
  });
  closeSync(log);
  const ended = new Promise<void>((done) => child.once('exit', () => done()).once('error', () => done()));

  const stop = async () => {
    endGroup(child.pid, 'SIGTERM');
    await Promise.race([ended, sleep(3000, undefined, { ref: false })]);
    endGroup(child.pid, 'SIGKILL');
    await ended;
    rmSync(home, { recursive: true, force: true });
  };
  try {
    await answering(port, () => child.exitCode !== null, signal);
  } catch (error) {
    await stop();
    throw error;
  }
  return { environment, home, stop };
}

async function answering(port: number, isOver: () => boolean, signal: AbortSignal): Promise<void> {
  for (;;) {
    if (await isListening(port)) return;
    if (isOver()) throw new Error(`the emulator ended at once; see ${LOG}`);
    await sleep(100, undefined, { signal });
  }
}

const isListening = (port: number) =>
  new Promise<boolean>((answer) => {
    const socket = connect(port, '127.0.0.1', () => answer(true)).once('error', () => answer(false));
    socket.once('connect', () => socket.destroy());
  });

/** Ends all processes of a group that this run started. */
export function endGroup(pid: number | undefined, signal: NodeJS.Signals): void {
  try {
    if (pid !== undefined) process.kill(-pid, signal);
  } catch {
    // The group has ended already.
  }
}

/** Finds a port that is free now. */
async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const address = server.address();
  await new Promise((closed) => server.close(closed));
  if (typeof address !== 'object' || address === null) throw new Error('no port is free; end a program that listens');
  return address.port;
}
