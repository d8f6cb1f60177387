import { spawn } from 'node:child_process';
import { appendFileSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import type { Emulator } from './emulator.ts';
import { REGION } from './emulator.ts';

export const STAGE = 'emulator';
export const STACK = `workfront-offboarding-${STAGE}`;

const APP = ['--app', 'node test/aws-emulator/app.ts'];

/** What `cdk` and the ops command line print. */
export const TOOLS_LOG = 'reports/emulator-tools.log';

/** The CDK's own command line against the emulator; nothing is sent anywhere else. */
export function cdkOn(emulator: Emulator, workfrontUrl: string, signal: AbortSignal) {
  const output = ['--output', join(emulator.home, 'cdk.out')];
  const environment = {
    ...emulator.environment,
    AWS_CA_BUNDLE: emulator.environment.NODE_EXTRA_CA_CERTS,
    CDK_HOME: join(emulator.home, 'cdk'),
    CDK_DISABLE_CLI_TELEMETRY: '1',
    npm_config_update_notifier: 'false',
    EMULATOR_WORKFRONT_URL: workfrontUrl,
  };
  const cdk = (...args: string[]) => run('cdk', [...args, ...APP, ...output], { environment, signal });
  return {
    bootstrap: () => cdk('bootstrap', `aws://000000000000/${REGION}`),
    deploy: () => cdk('deploy', STACK, '--require-approval', 'never', '--progress', 'events'),
  };
}

/** @returns all that it printed @throws Error where it fails */
export async function run(
  command: string,
  args: string[],
  { environment, signal }: { environment: NodeJS.ProcessEnv; signal: AbortSignal },
): Promise<string> {
  const child = spawn(command, args, { env: { ...process.env, ...environment }, stdio: ['ignore', 'pipe', 'pipe'], signal });
  const ended = new Promise<number | null>((done, failed) => child.once('error', failed).once('close', done));
  const [out, err, code] = await Promise.all([text(child.stdout), text(child.stderr), ended]);
  appendFileSync(TOOLS_LOG, `$ ${command} ${args.join(' ')}\n${out}${err}\n`);
  if (code !== 0) throw new Error(`${command} ${args[0]} ended with ${code}: ${lastLines(err || out)}`);
  return out + err;
}

const lastLines = (output: string) => output.trim().split('\n').slice(-3).join(' | ');
