import { readFileSync } from 'node:fs';
import { Command, CommanderError } from 'commander';
import * as z from 'zod';
import { parseJson } from '../lambda/domain/parse.ts';
import type { Clock } from '../lambda/domain/ports.ts';
import { addConsoleAccess } from './commands/after/console-access.ts';
import { addImpact } from './commands/after/impact.ts';
import { addNotify } from './commands/after/notify.ts';
import { addRehearse } from './commands/after/rehearse.ts';
import { addUndo } from './commands/after/undo.ts';
import { addApply } from './commands/apply.ts';
import { addBrake } from './commands/brake.ts';
import { addCancel } from './commands/cancel.ts';
import { addConsole } from './commands/console.ts';
import { addDlq } from './commands/dlq.ts';
import { addDoctor } from './commands/doctor.ts';
import { addHoldRecord } from './commands/hold-record.ts';
import { addList } from './commands/list.ts';
import { addInit } from './commands/offline/init.ts';
import { addTry } from './commands/offline/try.ts';
import { addPause } from './commands/pause.ts';
import { addPlan } from './commands/plan.ts';
import { addQuarantine } from './commands/quarantine.ts';
import { addReject } from './commands/reject.ts';
import { addRelease } from './commands/release.ts';
import { addReopen } from './commands/reopen.ts';
import { addReplay } from './commands/replay.ts';
import { addReport } from './commands/report.ts';
import { addResolve } from './commands/resolve.ts';
import { addResume } from './commands/resume.ts';
import { addRetry } from './commands/retry.ts';
import { addAccept } from './commands/returned/accept.ts';
import { addDeactivateAgain } from './commands/returned/deactivate-again.ts';
import { addSecret } from './commands/secret.ts';
import { addSend } from './commands/send.ts';
import { addShow } from './commands/show.ts';
import { addSources } from './commands/sources.ts';
import { addStatus } from './commands/status.ts';
import { addTodo } from './commands/todo.ts';
import { addWatch } from './commands/watch.ts';
import { addWhereOptions, newSession, readWhere } from './session.ts';
import { explainMistakes, pathOf } from './terminal/command.ts';
import { completionFor, SHELLS } from './terminal/completion.ts';
import { EXIT, EXIT_CODES, type ExitCode, Interrupted, Usage } from './terminal/exit-code.ts';
import { oneOf } from './terminal/option-values.ts';
import { readArgument } from './terminal/read-options.ts';
import type { Terminal } from './terminal/terminal.ts';
import { mustSignIn, sentenceOf } from './terminal/trouble.ts';

/** Every command, in the order of the help. */
const COMMANDS = [
  addStatus,
  addTodo,
  addConsole,
  addList,
  addShow,
  addWatch,
  addRelease,
  addReject,
  addCancel,
  addReplay,
  addReopen,
  addDeactivateAgain,
  addAccept,
  addUndo,
  addImpact,
  addRehearse,
  addNotify,
  addPlan,
  addApply,
  addBrake,
  addPause,
  addResume,
  addRetry,
  addConsoleAccess,
  addDlq,
  addQuarantine,
  addSend,
  addTry,
  addResolve,
  addDoctor,
  addSecret,
  addReport,
  addSources,
  addHoldRecord,
  addInit,
];

interface Surroundings {
  terminal: Terminal;
  clock: Clock;
}

/**
 * Runs the operators' command line. Wrong options and arguments are reported before anything is opened.
 *
 * @param args what is typed behind the program's name
 * @returns the exit code; a failure was reported on standard error
 */
export async function runProgram(args: readonly string[], surroundings: Surroundings): Promise<number> {
  const { terminal } = surroundings;
  const program = opsProgram(surroundings);
  try {
    await program.command.parseAsync(args, { from: 'user' });
    return Number(process.exitCode ?? EXIT.done);
  } catch (error) {
    terminal.progress('');
    const script = program.printed();
    if (script !== undefined) await terminal.print(script);
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.done : EXIT.usage;
    const code = exitCodeOf(error);
    if (args.includes('--json')) {
      terminal.say(JSON.stringify({ error: { message: sentenceOf(error), code: codeOfError(error), exitCode: code } }));
      return code;
    }
    terminal.say(sentenceOf(error));
    if (code !== EXIT.usage) return code;
    if (!program.isOpen()) terminal.say(`npm run ops -- ${[program.called(), '--help lists all options.'].join(' ').trim()}`);
    return EXIT.usage;
  }
}

const packageFile = z.looseObject({ version: z.string() });
const versionOf = (): string =>
  parseJson(packageFile, readFileSync(new URL('../package.json', import.meta.url), 'utf8'), 'package.json').version;

function exitCodeOf(error: unknown): ExitCode {
  if (error instanceof Usage) return EXIT.usage;
  if (error instanceof Interrupted) return EXIT.interrupted;
  return mustSignIn(error) ? EXIT.signIn : EXIT.failed;
}

/** A code of ours such as `no-event`, for programs. */
function codeOfError(error: unknown): string {
  if (error instanceof Usage) return 'usage';
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : 'failed';
}

/** The program, which command was called, and whether its deployment was opened. */
export function opsProgram({ terminal, clock }: Surroundings) {
  let called = '';
  let isOpen = false;
  let printed: string | undefined;
  const note = (command: Command) => {
    called = pathOf(command);
  };
  const command: Command = addWhereOptions(new Command('ops'))
    .usage('(--local | --stage NAME) <command> [options]')
    .description('Shows what happened to every leaver, and acts on the events that wait for a person.')
    .version(versionOf(), '--version', 'print the version')
    .option('--completion <shell>', `print the script that completes commands in a shell: ${SHELLS.join(', ')}`)
    .on('option:completion', (shell: string) => {
      printed = completionFor(readArgument(oneOf(SHELLS), { what: '--completion', value: shell }), {
        program: command,
        name: 'offboarding',
      });
      throw new CommanderError(EXIT.done, 'completion', '');
    })
    .helpCommand('help [command]', 'show the help of a command')
    .addHelpText('after', `\n${EXIT_CODES}\n\nExample:\n  npm run ops -- --local list --status held`)
    .configureHelp({ showGlobalOptions: true })
    .exitOverride()
    .hook('preAction', (_, action) => {
      note(action);
      // `secret set workfront --generate` only prints how a key is made, and `init` comes before any deployment
      if (action.getOptionValue('generate') !== true && action.name() !== 'init') readWhere(command);
    });
  const session = newSession(command, {
    terminal,
    clock,
    onOpen: () => {
      isOpen = true;
    },
  });
  for (const add of COMMANDS) add(command, session);
  explainMistakes(command, note);
  return { command, called: () => called, isOpen: () => isOpen, printed: () => printed };
}
