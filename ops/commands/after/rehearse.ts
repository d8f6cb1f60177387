import type { Command } from 'commander';
import * as z from 'zod';
import { openRehearsal, rehearse, type Step } from '../../after/rehearse.ts';
import type { Session } from '../../session.ts';
import { newCommand } from '../../terminal/command.ts';
import { confirmed } from '../../terminal/confirm.ts';
import { EXIT } from '../../terminal/exit-code.ts';
import { folded } from '../../terminal/folded.ts';
import { interruptible } from '../../terminal/interrupt.ts';
import { DEFAULT_WAIT, json, wait } from '../../terminal/option-values.ts';
import { readOptions } from '../../terminal/read-options.ts';
import { printable } from '../../terminal/terminal.ts';
import { lengthOf } from '../../terminal/times.ts';

const rehearseOptions = z.object({ json, yes: z.boolean().optional(), wait });

export function addRehearse(program: Command, session: Session): void {
  newCommand(program, 'rehearse', {
    what:
      "Deactivates the stage's test user by a signed termination through the real endpoint, and activates them again by an undo: the proof " +
      'that credential, rights and API version really write. It is about nobody else.',
    example: '--local rehearse --yes',
  })
    .option('--yes', 'do not ask')
    .option('--wait <seconds>', 'how long each step may take, 0 to 3600', DEFAULT_WAIT)
    .action(async (raw: unknown) => {
      const { json, yes, wait } = readOptions(rehearseOptions, raw);
      const { terminal } = session;
      const stage = await openRehearsal(await session.deployment());
      const question = `The test user ${stage.user.id} of ${stage.deployment.name} loses access for some seconds. Rehearse?`;
      if (!(await confirmed(question, { yes, terminal }))) {
        process.exitCode = EXIT.failed;
        return;
      }
      const print = async ({ step, ms, saw }: Step) => {
        const line = printable(`${step.padEnd(5)} ${`+${lengthOf(ms)}`.padStart(9)}  ${saw}`);
        for (const text of folded(line, { width: terminal.width, hang: 17 })) await terminal.print(text);
      };
      await interruptible(async (signal) => {
        const done = await rehearse(stage, { seconds: wait, signal, onStep: json ? async () => undefined : print });
        if (json) await terminal.print(JSON.stringify(done, null, 2));
        else await terminal.print(`event ${done.eventId}; doctor shows the right to edit now`);
      });
      process.exitCode = EXIT.done;
    });
}
