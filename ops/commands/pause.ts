import type { Command } from 'commander';
import * as z from 'zod';
import { pause } from '../../lambda/domain/stage/stage-orders.ts';
import { changePause } from '../orders/pause-stage.ts';
import type { Session } from '../session.ts';
import { newCommand } from '../terminal/command.ts';
import { EXIT } from '../terminal/exit-code.ts';
import { json, reason } from '../terminal/option-values.ts';
import { readOptions } from '../terminal/read-options.ts';
import { bothTimes } from '../terminal/times.ts';

export function addPause(program: Command, { deployment, terminal, again }: Session): void {
  newCommand(program, 'pause', {
    what: 'Stops all writes to Workfront at once. Events wait.',
    example: '--local pause --reason "HR sent the wrong list"',
  })
    .requiredOption('--reason <text>', 'why: shown to everybody who looks at the stage')
    .action(async (raw: unknown) => {
      const options = readOptions(z.object({ json, reason }), raw);
      const { paused, changed } = await changePause(await deployment(), { decide: pause, reason: options.reason });
      if (options.json) return terminal.print(JSON.stringify({ changed, paused }));
      const since = paused === undefined ? '' : ` since ${bothTimes(paused.at)} by ${paused.by}: ${paused.reason}`;
      await terminal.print(
        changed
          ? `Paused. No new write begins; a write that has begun may still take effect. To go on:\n  ${again('resume')}`
          : `Already paused${since}`,
      );
      process.exitCode = EXIT.done;
    });
}
