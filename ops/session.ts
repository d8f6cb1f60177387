import { Command, CommanderError } from 'commander';
import * as z from 'zod';
import { InvalidInput } from '../lambda/domain/failures.ts';
import { parse } from '../lambda/domain/parse.ts';
import { type Deployment, openDeployment } from './deployment/deployment.ts';
import { EXIT, EXIT_CODES, type ExitCode, Usage } from './terminal/exit-code.ts';
import { quoted } from './terminal/quoted.ts';
import { processTerminal, type Terminal } from './terminal/terminal.ts';
import { sentenceOf } from './terminal/trouble.ts';

/** What every command is given. */
export interface Session {
  /** The deployment named on the command line; found once. @throws Usage, PermanentFailure */
  deployment(): Promise<Deployment>;
  /** The line that runs another command on the same deployment. */
  again(command: string): string;
  terminal: Terminal;
}

const whereOptions = z.object({
  local: z.boolean().optional(),
  data: z.string(),
  stage: z
    .string()
    .regex(/^[a-z][a-z0-9-]{0,31}$/, 'a stage such as test or production')
    .optional(),
  region: z.string().optional(),
});

export function opsProgram(): { program: Command; session: Session } {
  const program = new Command('ops')
    .usage('(--local | --stage NAME) <command> [options]')
    .description('Sees what became of every leaver, and acts on what waits for a person.')
    .option('--local', 'the system that npm start runs on this machine')
    .option('--data <dir>', 'its data directory', '.local')
    .option('--stage <name>', 'a deployed stage, found by its stack, with your own AWS identity')
    .option('--region <region>', "the stage's AWS region, else the one of your AWS settings")
    .addHelpText('after', `\n${EXIT_CODES}\n\nExample:\n  npm run ops -- --local list --status held`)
    .configureHelp({ showGlobalOptions: true })
    .showHelpAfterError('(add --help for what there is)')
    .exitOverride();

  let opened: Promise<Deployment> | undefined;
  const where = () => readOptions(whereOptions, program.opts());
  const session: Session = {
    terminal: processTerminal(),
    deployment: () => {
      opened ??= openDeployment(where());
      return opened;
    },
    again: (command) => {
      const { local, data, stage, region } = where();
      const which = local ? ['--local', ...(data === '.local' ? [] : ['--data', data])] : ['--stage', stage ?? 'NAME'];
      return `npm run ops -- ${[...which, ...(region === undefined ? [] : ['--region', region])].map(quoted).join(' ')} ${command}`;
    },
  };
  return { program, session };
}

/** A command as each is: `--json`, and a help that ends in an example. */
export function newCommand(parent: Command, name: string, { what, example }: { what: string; example: string }): Command {
  return parent
    .command(name)
    .description(what)
    .option('--json', 'for programs')
    .addHelpText('after', `\nExample:\n  npm run ops -- ${example}`);
}

/** Reads what commander parsed. @throws Usage */
export function readOptions<Schema extends z.core.$ZodType>(schema: Schema, options: unknown): z.output<Schema> {
  try {
    return parse(schema, options, 'options');
  } catch (failure) {
    if (failure instanceof InvalidInput) throw new Usage(failure.message);
    throw failure;
  }
}

/** Runs the command line. @returns the exit code; a failure was said on standard error */
export async function run(program: Command, { terminal }: Session): Promise<ExitCode | number> {
  try {
    await program.parseAsync();
    return Number(process.exitCode ?? EXIT.done);
  } catch (error) {
    terminal.progress('');
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.done : EXIT.usage;
    terminal.say(sentenceOf(error));
    return error instanceof Usage ? EXIT.usage : EXIT.failed;
  }
}
