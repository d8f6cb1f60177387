import type { Command } from 'commander';
import * as z from 'zod';
import { PermanentFailure } from '../../lambda/domain/failures.ts';
import { policy as policySchema } from '../../lambda/domain/policy.ts';
import { functionSettings } from '../deployment/function-settings.ts';
import { openWorkfront } from '../deployment/workfront-access.ts';
import { tryAccessAgain } from '../orders/console-orders.ts';
import { closeHrCircuits, tryAgain, whoPaused } from '../orders/try-now.ts';
import type { Session } from '../session.ts';
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
    if ((await whoPaused(deployment)) !== undefined)
      throw new PermanentFailure('paused', `the stage is paused, so nothing goes on; ask why, then ${again('resume --reason "why"')}`);

    const settings = await functionSettings(deployment);
    const { matchKeys } = policySchema.parse({});
    const { activeUsers } = await openWorkfront(deployment, { settings, matchKeys }).owner();
    await closeHrCircuits(deployment, Object.keys(settings.LOOK_UPS));
    await tryAccessAgain(deployment);
    const sent = await tryAgain(deployment);

    if (options.json) await terminal.print(JSON.stringify({ activeUsers, sent }));
    else
      await terminal.print(
        `Workfront answers. ${sent === 1 ? '1 waiting event is' : `${sent} waiting events are`} tried now.\n  ${again('status')}`,
      );
    process.exitCode = EXIT.done;
  });
}
