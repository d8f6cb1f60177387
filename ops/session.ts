import type { Command } from 'commander';
import * as z from 'zod';
import type { Clock } from '../lambda/domain/ports.ts';
import { type Deployment, openDeployment, type Where } from './deployment/deployment.ts';
import { Usage } from './terminal/exit-code.ts';
import { quoted } from './terminal/quoted.ts';
import { readOptions } from './terminal/read-options.ts';
import type { Terminal } from './terminal/terminal.ts';

/** What every command gets. */
export interface Session {
  /** The deployment named on the command line; it is opened once. @throws Usage, PermanentFailure */
  deployment(): Promise<Deployment>;
  /** The line that runs another command on the same deployment. */
  again(command: string): string;
  terminal: Terminal;
  clock: Clock;
}

const DATA_DIR = '.local';
/** Settings of the shell. */
const STAGE = 'OFFBOARDING_STAGE';
const REGION = 'OFFBOARDING_REGION';

const whereOptions = z.object({
  local: z.boolean().optional(),
  data: z.string().min(1, 'the path of a directory'),
  stage: z
    .string()
    .regex(/^[a-z][a-z0-9-]{0,31}$/, 'the name of a stage, such as test or production')
    .optional(),
  region: z
    .string()
    .regex(/^[a-z]{2,6}(-[a-z]+)+-\d{1,2}$/, 'an AWS region such as eu-west-1')
    .optional(),
});

/** Adds the options that name the deployment. */
export function addWhereOptions(program: Command): Command {
  return program
    .option('--local', 'the system that npm start runs on this machine')
    .option('--data <dir>', 'the data directory of the local system', DATA_DIR)
    .option('--stage <name>', `a deployed stage: its stack is found with your own AWS identity; without it and --local, ${STAGE}`)
    .option('--region <region>', `the AWS region of the stage; without it, ${REGION}, else the region of your AWS settings`);
}

/** Reads the options that name the deployment, and opens nothing. @throws Usage */
export function readWhere(program: Command): Where {
  const where = readOptions(whereOptions, withDefaults(program.opts()));
  const { local = false, stage, region } = where;
  const use = `use either --local or --stage NAME, or set ${STAGE}`;
  if (local && stage !== undefined) throw new Usage(`--local and --stage exclude each other; ${use}`);
  if (!local && stage === undefined) throw new Usage(`neither --local nor --stage is given; ${use}`);
  if (local && region !== undefined) throw new Usage('--region is for --stage only; leave it out');
  if (!local && program.getOptionValueSource('data') === 'cli') throw new Usage('--data is for --local only; leave it out');
  return where;
}

/** The stage of the environment, so that nobody types it at night; what is typed wins, and with `--local` there is none. */
function withDefaults(options: Record<string, unknown>, environment: NodeJS.ProcessEnv = process.env): Record<string, unknown> {
  if (options.local === true || options.stage !== undefined) return withRegion(options, environment);
  const stage = environment[STAGE];
  return stage ? withRegion({ ...options, stage }, environment) : options;
}

function withRegion(options: Record<string, unknown>, environment: NodeJS.ProcessEnv): Record<string, unknown> {
  const region = environment[REGION];
  return options.local === true || options.region !== undefined || !region ? options : { ...options, region };
}

/** Reads the stage that a command writes into a file, `test` if none is named. @throws Usage */
export function readWhereToWrite(program: Command): string {
  const { local, stage = 'test' } = readOptions(whereOptions, program.opts());
  if (local) throw new Usage('--local is not for this command; leave it out, or name the stage by --stage NAME');
  return stage;
}

/** @param onOpen is called just before the deployment is opened */
export function newSession(
  program: Command,
  { terminal, clock, onOpen }: { terminal: Terminal; clock: Clock; onOpen: () => void },
): Session {
  let opened: Promise<Deployment> | undefined;
  return {
    terminal,
    clock,
    deployment: () => {
      const where = readWhere(program);
      onOpen();
      opened ??= openDeployment(where);
      return opened;
    },
    again: (command) => {
      const { local, data, stage, region } = readOptions(whereOptions, withDefaults(program.opts()));
      const which = local ? ['--local', ...(data === DATA_DIR ? [] : ['--data', data])] : ['--stage', stage ?? 'NAME'];
      return `npm run ops -- ${[...which, ...(region === undefined ? [] : ['--region', region])].map(quoted).join(' ')} ${command}`;
    },
  };
}
