import type { Command } from 'commander';
import * as z from 'zod';
import type { Session } from '../session.ts';
import { retryStage } from '../stage/retry-stage.ts';
import { newCommand } from '../terminal/command.ts';
import { EXIT } from '../terminal/exit-code.ts';
import { json } from '../terminal/option-values.ts';
import { readOptions } from '../terminal/read-options.ts';

/** Adds `retry`: the cause is fixed, and nobody wants to wait for the next try. */
export function addRetry(program: Command, { deployment: open, terminal, again }: Session): void {
  newCommand(program, 'retry', {
    what: 'Asks Workfront, only by reading. If it answers, sends every event that waits for trouble to pass to the worker at once.',
    example: '--local retry',
  }).action(async (raw: unknown) => {
    const options = readOptions(z.object({ json }), raw);
    const deployment = await open();
    const { activeUsers, sent } = await retryStage(deployment, { again });

    if (options.json) await terminal.print(JSON.stringify({ activeUsers, sent }));
    else
      await terminal.print(
        `Workfront answers. ${sent === 1 ? '1 waiting event is' : `${sent} waiting events are`} tried now.\n  ${again('status')}`,
      );
    process.exitCode = EXIT.done;
  });
}
