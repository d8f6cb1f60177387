import type { Command } from 'commander';
import * as z from 'zod';
import { resume } from '../../lambda/domain/stage/stage-orders.ts';
import { changePause } from '../orders/pause-stage.ts';
import type { Session } from '../session.ts';
import { newCommand } from '../terminal/command.ts';
import { EXIT } from '../terminal/exit-code.ts';
import { json, reason } from '../terminal/option-values.ts';
import { readOptions } from '../terminal/read-options.ts';

export function addResume(program: Command, { deployment, terminal }: Session): void {
  newCommand(program, 'resume', { what: 'Ends a pause, so that events go on.', example: '--local resume --reason "the list is right now"' })
    .option('--reason <text>', 'why: kept with the stage', 'resumed')
    .action(async (raw: unknown) => {
      const options = readOptions(z.object({ json, reason }), raw);
      const { changed } = await changePause(await deployment(), { decide: resume, reason: options.reason });
      if (options.json) return terminal.print(JSON.stringify({ changed }));
      await terminal.print(changed ? 'Resumed. Waiting events go on within minutes.' : 'The stage was not paused.');
      process.exitCode = EXIT.done;
    });
}
