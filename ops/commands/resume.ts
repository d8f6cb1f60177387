import type { Command } from 'commander';
import * as z from 'zod';
import { whoPaused } from '../orders/try-now.ts';
import type { Session } from '../session.ts';
import { RESUME_QUESTION, resumeStage } from '../stage/resume-stage.ts';
import { newCommand } from '../terminal/command.ts';
import { confirmed } from '../terminal/confirm.ts';
import { EXIT } from '../terminal/exit-code.ts';
import { json, reason } from '../terminal/option-values.ts';
import { readOptions } from '../terminal/read-options.ts';
import { bothTimes } from '../terminal/times.ts';

const resumeOptions = z.object({ json, reason, yes: z.boolean().optional() });

export function addResume(program: Command, { deployment: open, terminal }: Session): void {
  newCommand(program, 'resume', {
    what: 'Ends a pause, and sends the events that waited to the worker at once. Shows first who paused the stage, and why.',
    example: '--local resume --reason "the list is right now"',
  })
    .option('--reason <text>', 'why: kept with the stage', 'resumed')
    .option('--yes', 'do not ask')
    .action(async (raw: unknown) => {
      const { json, reason, yes } = readOptions(resumeOptions, raw);
      const deployment = await open();
      const paused = await whoPaused(deployment);
      if (paused !== undefined) {
        terminal.say(`Paused since ${bothTimes(paused.at)} by ${paused.by}: ${paused.reason}`);
        if (!(await confirmed(RESUME_QUESTION, { yes, terminal }))) {
          process.exitCode = EXIT.failed;
          return;
        }
      }
      const { changed, sent } = await resumeStage(deployment, reason);
      if (json) return terminal.print(JSON.stringify({ changed, sent }));
      await terminal.print(
        changed ? `Resumed. ${sent === 1 ? '1 event' : `${sent} events`} that waited are tried now.` : 'The stage was not paused.',
      );
      process.exitCode = EXIT.done;
    });
}
