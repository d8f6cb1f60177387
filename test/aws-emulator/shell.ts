import { spawn } from 'node:child_process';
import { appendFileSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { pathToFileURL } from 'node:url';
import { endGroup } from '../support/programs/loopback-process.ts';
import { ACCOUNT, type Emulator } from './emulator.ts';
import { differenceFrom, type GuideCommand } from './guide.ts';
import { PYTHON } from './install-emulator.ts';

/** The output of the commands. */
export const TOOLS_LOG = 'reports/emulator-tools.log';

const FROM_HERE = (name: string) => join(import.meta.dirname, name);
/** The account in the guide. */
const EXAMPLE_ACCOUNT = /\b111122223333\b/g;

export interface Ran {
  code: number | null;
  /** Standard output. */
  out: string;
  /** Standard error. */
  err: string;
}

export type Shell = ReturnType<typeof openShell>;

/** Opens a shell for an operator, in which the emulator is AWS. Nothing is sent anywhere else. */
export function openShell(emulator: Emulator, workfrontUrl: string, signal: AbortSignal) {
  const env = {
    ...process.env,
    ...emulator.environment,
    AWS_CA_BUNDLE: emulator.environment.NODE_EXTRA_CA_CERTS,
    NODE_OPTIONS: `--import=${pathToFileURL(FROM_HERE('reach-api.ts'))}`,
    NO_COLOR: '1',
    TZ: 'UTC',
    CDK_APP: 'node test/aws-emulator/app.ts',
    CDK_OUTPUT: join(emulator.home, 'cdk.out'),
    // Nobody is there to approve the permissions.
    CDK_REQUIRE_APPROVAL: 'never',
    CDK_DISABLE_CLI_TELEMETRY: '1',
    npm_config_update_notifier: 'false',
    EMULATOR_WORKFRONT_URL: workfrontUrl,
  };

  /** Runs a command. @param input its standard input */
  async function run(command: string, args: readonly string[], input = ''): Promise<Ran> {
    signal.throwIfAborted();
    // A process group of its own: the processes of the command end with it.
    const child = spawn(command, args, { env, stdio: 'pipe', detached: true });
    const end = () => endGroup(child.pid, 'SIGTERM');
    signal.addEventListener('abort', end);
    const ended = new Promise<number | null>((done, failed) => child.once('error', failed).once('close', done));
    // A command that refuses before it reads closes its input.
    child.stdin.on('error', () => undefined).end(input);
    const [out, err, code] = await Promise.all([text(child.stdout), text(child.stderr), ended]);
    signal.removeEventListener('abort', end);
    appendFileSync(TOOLS_LOG, `$ ${[command, ...args].join(' ').slice(0, 200)}\n${out}${err}\n`);
    return { code, out, err };
  }

  return {
    run,
    /**
     * Types a command of the guide, and compares its output with the guide.
     *
     * @param secrets by the name after `secret set`: typed at the prompt, and never to be shown
     */
    async follow({ line, exit, prints }: GuideCommand, secrets: Record<string, string>): Promise<string> {
      const typed = `exec 2>&1; ${line.replace(EXAMPLE_ACCOUNT, ACCOUNT)}`;
      const secret = secrets[/ secret set ([\w-]+)$/.exec(line)?.[1] ?? ''];
      const { code, out, err } = await (secret === undefined
        ? run('bash', ['-c', typed])
        : run(PYTHON, [FROM_HERE('typed.py'), typed], secret));
      const printed = out + err;
      if (secret !== undefined && printed.includes(secret)) throw new Error('the command showed the secret; it must not');
      const difference = differenceFrom(prints, printed);
      if (difference !== undefined) throw new Error(`${difference} (the whole output is in ${TOOLS_LOG})`);
      if (code !== exit) throw new Error(`the guide has exit code ${exit}, the command ended with ${code}; correct one of them`);
      return `as in the guide${exit === 0 ? '' : `, with exit code ${exit}`}`;
    },
  };
}

/** @returns its standard output @throws Error with its last lines if it failed */
export function orThrow({ code, out, err }: Ran, what: string): string {
  if (code === 0) return out;
  throw new Error(`${what} ended with exit code ${code}: ${(err || out).trim().split('\n').slice(-3).join(' | ')}`);
}
