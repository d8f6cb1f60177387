import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { freePort, startServerProcess } from '../support/programs/loopback-process.ts';
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

/** The most deactivations in an hour, if it is in the environment. */
export const BRAKE = 'EMULATOR_BRAKE_PER_HOUR';

/** The name of a restored ledger, if it is in the environment. */
export const RESTORED = 'EMULATOR_RESTORED_LEDGER';

/** The address of Workfront in the files of stages of this machine, in place of which a template has that of a stand-in. */
export const ADDRESS = 'https://emulator.preview.workfront.com';

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
  const end = await startMinistack({
    port,
    home,
    log: LOG,
    settings: {
      AWS_ACCESS_KEY_ID: environment.AWS_ACCESS_KEY_ID,
      AWS_SECRET_ACCESS_KEY: environment.AWS_SECRET_ACCESS_KEY,
      // Authorises requests by the policies of their roles, which it ignores by default.
      AUTH: 'true',
      // Records every call, for the comparison with the policies.
      CLOUDTRAIL_RECORDING: '1',
      CLOUDTRAIL_MAX_EVENTS: '100000',
      // Uses TLS, because our policies refuse anything else.
      USE_SSL: '1',
    },
    signal,
  }).catch((error: unknown) => {
    rmSync(home, { recursive: true, force: true });
    throw error;
  });
  const stop = async () => {
    await end();
    rmSync(home, { recursive: true, force: true });
  };
  return { environment, home, stop };
}

/** Starts ministack on the loopback interface only. @returns what ends it and every process that it started */
export function startMinistack({
  port,
  home,
  log,
  settings,
  signal,
}: {
  port: number;
  /** Has a folder `tmp`. */
  home: string;
  log: string;
  settings: Record<string, string>;
  signal: AbortSignal;
}): Promise<() => Promise<void>> {
  const env = {
    PATH: process.env.PATH,
    HOME: home,
    TMPDIR: join(home, 'tmp'),
    GATEWAY_PORT: String(port),
    MINISTACK_HOST: '127.0.0.1',
    MINISTACK_REGION: REGION,
    S3_DATA_DIR: join(home, 's3'),
    // By default it listens on all interfaces, also for MQTT and SFTP.
    BIND_HOST: '127.0.0.1',
    IOT_MTLS_ENABLED: '0',
    SFTP_ENABLED: '0',
    ...settings,
  };
  return startServerProcess({ what: 'the emulator', command: join(VENV, 'bin/ministack'), args: [], cwd: home, env, port, log }, signal);
}
